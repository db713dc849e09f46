/** `metadata` of manifest.json. */
import { createHash } from 'node:crypto';
import type { ManifestMetadata } from '../manifest/manifest.ts';
import { COMPATIBLE_VERSION } from '../version.ts';
import type { ProjectContext } from './contract.ts';

export const MANIFEST_SCHEMA = 'https://schemas.getdbt.com/dbt/manifest/v12.json';

/** Microseconds are zeros: JavaScript's clock has milliseconds. */
export function isoTime(date: Date): string {
  return date.toISOString().replace(/\.(\d{3})Z$/, '.$1000Z');
}

export function manifestMetadata(context: ProjectContext): ManifestMetadata {
  const { invocation, project, adapter } = context;
  const env = Object.fromEntries(
    Object.entries(invocation.env)
      .filter(([name, value]) => name.startsWith('DBT_ENV_CUSTOM_ENV_') && value !== undefined)
      .map(([name, value]) => [name.slice('DBT_ENV_CUSTOM_ENV_'.length), value!]),
  );
  return {
    dbt_schema_version: MANIFEST_SCHEMA,
    dbt_version: COMPATIBLE_VERSION,
    generated_at: isoTime(invocation.now()),
    invocation_id: invocation.id,
    invocation_started_at: isoTime(invocation.startedAt),
    env,
    project_name: project.name,
    // dbt's anonymous id of a project: md5 of its name
    project_id: createHash('md5').update(project.name).digest('hex'),
    user_id: null,
    send_anonymous_usage_stats: false,
    adapter_type: adapter.type,
    quoting: { database: true, schema: true, identifier: true, column: null, ...project.quoting },
    run_started_at: isoTime(invocation.startedAt),
  };
}
