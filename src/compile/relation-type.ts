import type { CompiledNode } from '../manifest/nodes.ts';
import type { Relation } from '../manifest/relation.ts';

/** What a node becomes in the warehouse. */
export function relationType(node: CompiledNode): Relation['type'] {
  switch (node.config.materialized) {
    case 'view':
      return 'view';
    case 'materialized_view':
      return 'materialized_view';
    case 'external':
      return 'external';
    default:
      return 'table';
  }
}
