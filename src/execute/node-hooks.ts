/** Hooks of a node: which ones belong to a position, and their text when it is reached. */
import type { Compiler } from '../compile/contract.ts';
import type { CompiledNode, Hook } from '../manifest/nodes.ts';

export interface HookPosition {
  when: 'pre' | 'post';
  /** Inside the node's transaction (dbt's default) or before it begins / after it has committed. */
  transaction: boolean;
}

/** In the order in which they were configured. */
export function hooksOf(node: CompiledNode, { when, transaction }: HookPosition): Hook[] {
  return (node.config[`${when}-hook`] ?? []).filter((hook) => (hook.transaction ?? true) === transaction);
}

/**
 * The hook's SQL; empty when its template renders to nothing. A hook of dbt_project.yml that calls
 * `after_commit()` and its kin renders to their JSON only now.
 */
export async function renderHook(
  compiler: Compiler,
  node: CompiledNode,
  hook: Hook,
  extra: Readonly<Record<string, unknown>>,
): Promise<string> {
  const text = (await compiler.renderText(hook.sql, node, { extra })).trim();
  return text.startsWith('{"sql"') ? String((JSON.parse(text) as { sql: string }).sql).trim() : text;
}

/** `pre-hook: grant select on ...`, for error messages. */
export function hookLabel({ when }: HookPosition, hook: Hook): string {
  const first = hook.sql.trim().split('\n')[0] ?? '';
  return `${when}-hook: ${first.length > 100 ? `${first.slice(0, 97)}...` : first}`;
}
