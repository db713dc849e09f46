import { createHash } from 'node:crypto';
import type { CompiledNode } from '../manifest/nodes.ts';
import type { ProjectContext } from '../parse/index.ts';

/** The node of `--inline SQL`: it stands in no file and in no manifest. Names are dbt's. */
export function inlineNode(sql: string, context: ProjectContext): CompiledNode {
  const { project, settings, invocation } = context;
  const name = 'inline_query';
  const path = 'from remote system.sql';
  return {
    name,
    resource_type: 'sql_operation',
    package_name: project.name,
    path,
    original_file_path: path,
    unique_id: `sql_operation.${project.name}.${name}`,
    fqn: [project.name, 'sql', name],
    database: settings.database,
    schema: settings.schema,
    alias: name,
    checksum: { name: 'sha256', checksum: createHash('sha256').update(sql.trim()).digest('hex') },
    config: { enabled: true, tags: [], meta: {}, materialized: 'view' },
    tags: [],
    description: '',
    columns: {},
    meta: {},
    group: null,
    docs: { show: true, node_color: null },
    patch_path: null,
    build_path: null,
    unrendered_config: {},
    created_at: invocation.startedAt.getTime() / 1000,
    relation_name: null,
    raw_code: sql,
    language: 'sql',
    refs: [],
    sources: [],
    metrics: [],
    functions: [],
    depends_on: { macros: [], nodes: [] },
  };
}
