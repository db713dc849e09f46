/** What events say of a node: dbt's `node_info`. */
import type { NodeInfo } from '../events.ts';
import type { CompiledNode, GraphNode } from '../manifest/nodes.ts';
import { renderRelation } from '../manifest/relation.ts';

/** When a node started and ended, dbt's ISO form without zone; empty where it has not. */
export interface NodeTimes {
  started: string;
  finished: string;
}

export function nodeInfo(node: GraphNode, status: string, times: NodeTimes): NodeInfo {
  const compiled = node as CompiledNode;
  return {
    node_path: node.path,
    node_name: node.name,
    unique_id: node.unique_id,
    resource_type: node.resource_type,
    materialized: String(compiled.config?.materialized ?? ''),
    node_status: status,
    node_started_at: times.started,
    node_finished_at: times.finished,
    meta: compiled.meta ?? {},
    node_relation: {
      database: compiled.database ?? '',
      schema: compiled.schema ?? '',
      alias: compiled.alias ?? '',
      relation_name: compiled.relation_name ?? '',
    },
    node_checksum: compiled.checksum?.checksum ?? '',
  };
}

/** `main.songs`, with the database where it is not the target's: how progress lines name a relation. */
export function displayName(node: CompiledNode, defaultDatabase: string): string {
  const quote = { database: false, schema: false, identifier: false };
  const database = node.database === defaultDatabase ? null : node.database;
  return renderRelation({
    database,
    schema: node.schema,
    identifier: node.alias,
    type: null,
    quote,
    quoteChar: '"',
  });
}

/** `sql table model main.songs`. */
export function describeModel(node: CompiledNode, defaultDatabase: string): string {
  const { materialized, incremental_strategy: strategy } = node.config;
  const kind = materialized === 'incremental' && strategy === 'microbatch' ? 'microbatch' : materialized;
  return `${node.language ?? 'sql'} ${kind} ${node.resource_type} ${displayName(node, defaultDatabase)}`;
}
