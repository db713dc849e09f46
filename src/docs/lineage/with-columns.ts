import type { Analysis } from '../../analyze/contract.ts';
import type { LineageGraph } from './graph.ts';

/** `graph` with all columns of its nodes and the edges between them; edges to nodes outside are left out. */
export function withColumns(graph: LineageGraph, analysis: Analysis): LineageGraph {
  const drawn = new Set(graph.nodes.map(({ id }) => id));
  return {
    ...graph,
    nodes: graph.nodes.map((node) => ({
      ...node,
      columns: (analysis.nodes.get(node.id)?.columns ?? []).map(({ name, type }) => ({ name, type })),
    })),
    columnEdges: analysis.edges.filter(({ from, to }) => drawn.has(from.node) && drawn.has(to.node)),
  };
}
