/** Spark's errors that can go away. gRPC's own codes stand in front of the text where no SQLSTATE came. */
import { classifier, type FailureRow } from '../shared/failure-table.ts';
import { readEngineError } from './engine-error.ts';

export const SPARK_FAILURES: readonly FailureRow[] = [
  {
    text: /^UNAVAILABLE\b/,
    kind: 'retry-new-connection',
    meaning:
      'the server could not be reached (where it may have had a statement that writes, the text is another)',
  },
  {
    text: /^\[INVALID_HANDLE\.SESSION_(CHANGED|CLOSED|NOT_FOUND)\]/,
    kind: 'retry-new-connection',
    meaning: 'the server has begun anew since the session was opened, and has not taken the statement',
  },
  {
    text: /ConcurrentAppendException|ConcurrentDeleteReadException|CommitFailedException|CONCURRENT/,
    kind: 'retry-transaction',
    meaning: 'another writer was quicker (Delta, Iceberg): nothing of this statement was kept',
  },
];

export const classifySpark = classifier(SPARK_FAILURES, readEngineError);
