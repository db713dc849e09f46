/** Texts of users (hooks, templates) that steer the transaction. */

/** Undefined for a text that is anything else than one plain BEGIN, COMMIT or ROLLBACK. */
export function transactionVerb(sql: string): 'begin' | 'commit' | 'rollback' | undefined {
  if (sql.length > 60) return undefined;
  const word = /^\s*(begin|start|commit|end|rollback|abort)(?:\s+(?:transaction|work))?\s*;?\s*$/i.exec(
    sql,
  )?.[1];
  switch (word?.toLowerCase()) {
    case 'begin':
    case 'start':
      return 'begin';
    case 'commit':
    case 'end':
      return 'commit';
    case 'rollback':
    case 'abort':
      return 'rollback';
    default:
      return undefined;
  }
}
