import type { Invocation } from '../invocation.ts';
import { words } from './select-for.ts';

/**
 * Nodes whose name stands in the first selection as typed: `show` and `compile` show these and not what graph
 * operators bring along. As dbt, which says so of every other.
 */
export function onlyAskedFor<T extends { name: string }>(nodes: readonly T[], invocation: Invocation): T[] {
  const [typed] = words(invocation.flags.other.select);
  if (typed === undefined) return [];
  return nodes.filter((node) => {
    if (typed.includes(node.name)) return true;
    invocation.emit({ name: 'Note', msg: `Excluded node '${node.name}' from results`, level: 'debug' });
    return false;
  });
}
