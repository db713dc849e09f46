/** PostgreSQL's errors that can go away (appendix A of its manual), and how it tells what became of a commit. */
import type { CommitOutcome } from '../contract.ts';
import { classifier, type FailureRow } from '../shared/failure-table.ts';
import { readPgError } from '../shared/pg/pg-error.ts';

export const POSTGRES_FAILURES: readonly FailureRow[] = [
  { code: /^40001$/, kind: 'retry-transaction', meaning: 'serialization_failure' },
  { code: /^40P01$/, kind: 'retry-transaction', meaning: 'deadlock_detected' },
  { code: /^55P03$/, kind: 'retry-transaction', meaning: 'lock_not_available: lock_timeout has passed' },
  {
    code: /^XX000$/,
    text: /^tuple concurrently (updated|deleted)|^could not open relation with OID/,
    kind: 'retry-transaction',
    meaning: 'two sessions changed one entry of the catalog',
  },
  {
    code: /^(57P01|57P02)$/,
    kind: 'connection-lost',
    meaning: 'the server is stopped, or ended the session',
  },
  { code: /^57P03$/, kind: 'retry-new-connection', meaning: 'cannot_connect_now: the server is starting' },
  { code: /^53300$/, kind: 'retry-new-connection', meaning: 'too_many_connections' },
  { code: /^(08|connection-lost)/, kind: 'connection-lost', meaning: 'the connection is gone' },
];

export const classifyPostgres = classifier(POSTGRES_FAILURES, readPgError);

/** pg_xact_status knows it for as long as the transaction is not too old to matter. PostgreSQL 13 and later. */
export const postgresCommitOutcome: CommitOutcome = {
  markSql: 'select pg_current_xact_id_if_assigned()::text',
  outcomeSql: (mark) => `select pg_xact_status('${mark}'::xid8)`,
};
