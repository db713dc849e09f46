/** Redshift's errors that can go away (redshift.md §3.6). Most carry XX000, and the Data API gives a text only. */
import type { CommitOutcome } from '../contract.ts';
import { classifier, type FailureRow } from '../shared/failure-table.ts';
import { readEngineError } from './engine-error.ts';

export const REDSHIFT_FAILURES: readonly FailureRow[] = [
  {
    text: /\b1023\b[\s\S]*serializable isolation violation|serializable isolation violation on table/i,
    kind: 'retry-transaction',
    meaning: 'concurrent transactions, of which one reads what the other writes',
  },
  {
    text: /conflict with concurrent transaction|dropped by concurrent transaction|could not open relation with OID/i,
    kind: 'retry-new-connection',
    meaning: 'a table was dropped or renamed while it was looked at, by a scan of the catalog too',
  },
  {
    text: /\b1018\b[\s\S]*relation does not exist/i,
    kind: 'retry-transaction',
    meaning: 'the snapshot is older than the table',
  },
  { code: /^40P01$/, kind: 'retry-transaction', meaning: 'deadlock' },
  { text: /deadlock detected/i, kind: 'retry-transaction', meaning: 'deadlock, where only a text comes' },
  { code: /^55P03$/, kind: 'retry-transaction', meaning: 'a lock was not to be had in time' },
  {
    text: /too many connections|connection limit ".*" exceeded|connection limit exceeded for user/i,
    kind: 'retry-new-connection',
    meaning: 'the limit of connections is reached for now',
  },
  { code: /^53300$/, kind: 'retry-new-connection', meaning: 'too_many_connections' },
  { code: /^57P03$/, kind: 'retry-new-connection', meaning: 'cannot_connect_now: the cluster is restarting' },
  { code: /^(57P01|57P02)$/, kind: 'connection-lost', meaning: 'the session was ended on the server' },
  { code: /^(08|connection-lost)/, kind: 'connection-lost', meaning: 'the connection is gone' },
  {
    text: /terminating connection|connection terminated unexpectedly/i,
    kind: 'connection-lost',
    meaning: 'the session was ended on the server, where only a text comes',
  },
  { code: /^session-lost$/, kind: 'connection-lost', meaning: 'the session of the Data API has ended' },
];

/**
 * Everything else fails at once: cancelled by a person, WLM or a time-out (policy of the cluster), disk full,
 * rows too wide, refused loads, objects that depend on it.
 */
export const classifyRedshift = classifier(REDSHIFT_FAILURES, readEngineError);

/**
 * SYS_QUERY_HISTORY shows every user what became of their own statements; the transaction's number is in
 * SVV_TRANSACTIONS while it is open. Whether a transaction was undone only superusers may see
 * (SYS_TRANSACTION_HISTORY): without a COMMIT in the history nobody knows, and nothing is repeated.
 */
export const redshiftCommitOutcome: CommitOutcome = {
  markSql: 'select max(xid) from svv_transactions where pid = pg_backend_pid()',
  outcomeSql: (mark) =>
    `select case when count(*) > 0 then 'committed' else 'in progress' end from sys_query_history where transaction_id = ${mark} and status = 'success' and trim(query_text) ilike '%commit'`,
};
