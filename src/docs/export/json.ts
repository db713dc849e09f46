import type { LineageGraph } from '../lineage/graph.ts';

/** Grows only by keys; a change that breaks readers makes it 2. */
const VERSION = 1;

/** `{version, nodes, edges, columnEdges}` for programs; the keys of a node are those of the manifest. */
export function json(graph: LineageGraph): string {
  return `${JSON.stringify(
    {
      version: VERSION,
      nodes: graph.nodes.map(({ id, name, type, kind, rows, relation, columns }) => ({
        unique_id: id,
        name,
        resource_type: type,
        kind,
        rows,
        relation,
        columns,
      })),
      edges: graph.edges,
      columnEdges: graph.columnEdges.map(({ from, to, kind }) => ({ from, to, kind })),
    },
    null,
    2,
  )}\n`;
}
