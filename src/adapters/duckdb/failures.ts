/** DuckDB's errors that can go away: two transactions of this process changed the same thing. */
import { classifier, type FailureRow } from '../shared/failure-table.ts';
import { readEngineError } from './engine-error.ts';

export const DUCKDB_FAILURES: readonly FailureRow[] = [
  {
    text: /Catalog write-write conflict|^TransactionContext Error: .*(?:conflict|Conflict)|Conflict on (?:tuple deletion|update)/,
    kind: 'retry-transaction',
    meaning: 'optimistic concurrency: the other transaction was first',
  },
];

export const classifyDuckDb = classifier(DUCKDB_FAILURES, readEngineError);
