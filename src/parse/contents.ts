/** What a cold parse has gathered, before and after linking: plain collections by unique id. */
import type { SelectorDefinition } from '../manifest/manifest.ts';
import type { DocNode, GraphNode, GroupNode, MacroNode } from '../manifest/nodes.ts';

export interface ParsedContents {
  /** Enabled vertices in the order they were found: models, seeds, snapshots, analyses, tests, ... */
  nodes: Map<string, GraphNode>;
  disabled: Map<string, GraphNode[]>;
  macros: MacroNode[];
  docs: DocNode[];
  groups: GroupNode[];
  selectors: Map<string, SelectorDefinition>;
}

export function emptyContents(): ParsedContents {
  return { nodes: new Map(), disabled: new Map(), macros: [], docs: [], groups: [], selectors: new Map() };
}

/** Files a vertex: among the enabled, or among the disabled. */
export function fileNode(contents: ParsedContents, node: GraphNode): void {
  if ((node.config as { enabled?: unknown }).enabled === false) {
    disable(contents, node);
    return;
  }
  contents.nodes.set(node.unique_id, node);
}

export function disable(contents: ParsedContents, node: GraphNode): void {
  (node.config as { enabled?: boolean }).enabled = false;
  contents.nodes.delete(node.unique_id);
  const list = contents.disabled.get(node.unique_id);
  if (list) list.push(node);
  else contents.disabled.set(node.unique_id, [node]);
}
