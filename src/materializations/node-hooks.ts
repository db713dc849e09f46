/** The four positions of a node's hooks, as dbt runs them. */
import type { CompiledNode, Hook } from '../manifest/nodes.ts';
import type { Step } from './contract.ts';

/** True when the node has a hook in that position; a plan without hooks sends nothing for them. */
export function hasHooks(node: CompiledNode, when: 'pre' | 'post', transaction: boolean): boolean {
  const hooks: Hook[] | undefined = node.config[`${when}-hook`];
  return hooks?.some((hook) => (hook.transaction ?? true) === transaction) ?? false;
}

export function* hooks(
  node: CompiledNode,
  when: 'pre' | 'post',
  transaction: boolean,
): Generator<Step, void, unknown> {
  if (hasHooks(node, when, transaction)) yield { kind: 'hooks', when, transaction };
}

/** True when a hook has to run in the transaction of the main statement. */
export function hooksNeedTransaction(node: CompiledNode): boolean {
  return hasHooks(node, 'pre', true) || hasHooks(node, 'post', true);
}
