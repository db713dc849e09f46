/** What stands in front of every statement: who sent it, as dbt's default query comment says it. */
import { DBT_VERSION } from '../../../version.ts';
import type { StatementOwner } from '../../contract.ts';
import type { RedshiftSettings } from '../settings.ts';

/** A comment that holds JSON, and a line end; stl_query and sys_query_history show it. */
export function queryComment(settings: RedshiftSettings, owner: StatementOwner): string {
  const isNode = /^[a-z_]+\.[^.]+\./.test(owner.name);
  const fields = {
    app: 'dbt',
    dbt_version: DBT_VERSION,
    profile_name: settings.profileName,
    target_name: settings.targetName,
    [isNode ? 'node_id' : 'connection_name']: owner.name,
  };
  const text = `{${Object.entries(fields)
    .map(([key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(value)}`)
    .join(', ')}}`;
  // a name may not end the comment
  return `/* ${text.replaceAll('*/', '* /').replaceAll('/*', '/ *')} */\n`;
}
