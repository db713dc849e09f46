/** Types of an input's columns where its table is not there: those that its property file declares. */
import type { CompiledNode, GraphNode, SourceNode } from '../manifest/nodes.ts';
import type { RunState } from './run-state.ts';

/** Null: the warehouse is asked (macro get_fixture_sql), which is an error where there is no such relation. */
export async function declaredTypes(
  run: RunState,
  node: GraphNode,
  rows: readonly Record<string, unknown>[],
): Promise<Record<string, string> | null> {
  if ((await run.warehouse.relations.find(run.request.compiler.relationOf(node))) !== null) return null;
  const columns = Object.values((node as CompiledNode | SourceNode).columns ?? {});
  const typed = columns.filter(({ data_type }) => typeof data_type === 'string' && data_type !== '');
  const types = Object.fromEntries(typed.map(({ name, data_type }) => [name, String(data_type)]));
  const known = new Set(Object.keys(types).map((name) => name.toLowerCase()));
  const named = rows.flatMap((row) => Object.keys(row).map((name) => name.toLowerCase()));
  const complete = known.size > 0 && named.every((name) => known.has(name));
  return complete ? types : null;
}
