/** The whole path of one column: where it comes from, step by step, and where it goes. */
import type { Analysis, ColumnAddress, ColumnEdge } from '../../analyze/contract.ts';
import type { LineageGraph } from './graph.ts';

export interface Trace {
  focus: ColumnAddress;
  /** Edges that carry its value, above and below. */
  values: ColumnEdge[];
  /** Columns that decide which rows its node has; not followed further: soon that would be everything. */
  filters: ColumnEdge[];
  /** Nodes whose rows it decides; not followed further. */
  decides: ColumnEdge[];
}

export function trace(analysis: Pick<Analysis, 'edges'>, focus: ColumnAddress): Trace {
  const value = analysis.edges.filter(({ kind }) => kind !== 'filter');
  const filter = analysis.edges.filter(({ kind }) => kind === 'filter');
  const onPath = new Set([
    ...follow(value, focus, (edge) => [target(edge), key(edge.from)]),
    ...follow(value, focus, (edge) => [key(edge.from), target(edge)]),
  ]);
  return {
    focus,
    values: value.filter((edge) => onPath.has(edge)),
    filters: filter.filter((edge) => edge.to.node === focus.node),
    decides: filter.filter((edge) => key(edge.from) === key(focus) && edge.to.node !== focus.node),
  };
}

/** Edges reached from `focus` when each is walked from the first of its ends to the second. */
function follow(
  edges: readonly ColumnEdge[],
  focus: ColumnAddress,
  ends: (edge: ColumnEdge) => readonly [string, string],
): Set<ColumnEdge> {
  const leaving = new Map<string, ColumnEdge[]>();
  for (const edge of edges) {
    const [from] = ends(edge);
    const others = leaving.get(from);
    if (others === undefined) leaving.set(from, [edge]);
    else others.push(edge);
  }
  const found = new Set<ColumnEdge>();
  const seen = new Set([key(focus)]);
  // grows while it is walked
  for (const place of seen) {
    for (const edge of leaving.get(place) ?? []) {
      found.add(edge);
      seen.add(ends(edge)[1]);
    }
  }
  return found;
}

/** One text for an address. No unique id holds a tab. */
export function key({ node, column }: ColumnAddress): string {
  return `${node}\t${column}`;
}

function target({ to }: ColumnEdge): string {
  return key({ node: to.node, column: to.column ?? '' });
}

/** Nodes that a trace touches. */
export function tracedNodes({ focus, values, filters, decides }: Trace): Set<string> {
  const nodes = new Set([focus.node]);
  for (const { from, to } of [...values, ...filters, ...decides]) nodes.add(from.node).add(to.node);
  return nodes;
}

/** `graph` (of the traced nodes) with the trace in it: of each node the columns on the path alone. */
export function withTrace(graph: LineageGraph, traced: Trace, analysis: Analysis): LineageGraph {
  const columnEdges = [...traced.values, ...traced.filters, ...traced.decides];
  const touched = new Set([key(traced.focus)]);
  for (const { from, to } of columnEdges) {
    touched.add(key(from));
    if (to.column !== null) touched.add(key({ node: to.node, column: to.column }));
  }
  const linked = new Set(columnEdges.map(({ from, to }) => `${from.node}\t${to.node}`));
  return {
    nodes: graph.nodes.map((node) => ({
      ...node,
      columns: columnsOf(node.id, columnEdges, traced.focus, analysis).filter(({ name }) =>
        touched.has(key({ node: node.id, column: name })),
      ),
    })),
    edges: graph.edges.filter(({ from, to }) => linked.has(`${from}\t${to}`)),
    columnEdges,
    focus: traced.focus,
  };
}

/** What analysis knows of them; columns that only an edge names (of a source without YAML) come after. */
function columnsOf(
  id: string,
  edges: readonly ColumnEdge[],
  focus: ColumnAddress,
  analysis: Analysis,
): { name: string; type: string | null }[] {
  const columns = new Map<string, string | null>();
  for (const { name, type } of analysis.nodes.get(id)?.columns ?? []) columns.set(name, type);
  const add = ({ node, column }: { node: string; column: string | null }) => {
    if (node === id && column !== null && !columns.has(column)) columns.set(column, null);
  };
  add(focus);
  for (const { from, to } of edges) {
    add(from);
    add(to);
  }
  return [...columns].map(([name, type]) => ({ name, type }));
}
