/**
 * Walks over the graph of a manifest. Everything works on `index` (and `children`) and touches only the
 * vertices that the answer needs; nothing builds a second graph in memory. All walks are iterative, so a
 * chain of any length is fine.
 */
import type { Manifest } from './manifest.ts';

/** The part of a manifest that walking upwards needs. The parse room has it before it has a manifest. */
export interface ParentGraph {
  readonly index: ReadonlyMap<string, { readonly parents: readonly string[] }>;
}

/** The part that walking downwards needs. */
export type ChildGraph = Pick<Manifest, 'children'>;

/**
 * Vertices above `from`, at most `depth` edges away (default: no limit). A vertex of `from` is part of the
 * answer only when it stands above another one of `from`.
 */
export function ancestors(graph: ParentGraph, from: Iterable<string>, depth?: number): Set<string> {
  return layers(from, depth, (id) => graph.index.get(id)?.parents ?? NONE);
}

/** Vertices below `from`, at most `depth` edges away; otherwise as `ancestors`. */
export function descendants(graph: ChildGraph, from: Iterable<string>, depth?: number): Set<string> {
  return layers(from, depth, (id) => graph.children(id));
}

const NONE: readonly string[] = [];

function layers(
  from: Iterable<string>,
  depth = Number.POSITIVE_INFINITY,
  next: (id: string) => readonly string[],
): Set<string> {
  const found = new Set<string>();
  let layer: Iterable<string> = from;
  for (let i = 0; i < depth; i++) {
    const following: string[] = [];
    for (const id of layer) {
      for (const neighbour of next(id)) {
        if (found.has(neighbour)) continue;
        found.add(neighbour);
        following.push(neighbour);
      }
    }
    if (following.length === 0) break;
    layer = following;
  }
  return found;
}

/** What a scheduler needs to run a selection in order. */
export interface RunGraph {
  /** The selection and its bridges, parents before children. */
  order: string[];
  /** Parents of each vertex of `order` within `order`; absent means none. */
  parents: Map<string, string[]>;
  /**
   * Vertices outside the selection that stand between two selected ones: A -> B -> C with B not selected
   * still runs A before C. Nothing is run for a bridge; it is done when its parents are.
   */
  bridges: Set<string>;
}

/**
 * The graph of a selection in which order survives what is left out. Linear in the selection and what stands
 * above it: bridges stay vertices, because edges drawn across them could be as many as the square of the
 * vertices.
 */
export function runGraph(graph: ParentGraph, selection: Iterable<string>): RunGraph {
  const selected = selection instanceof Set ? (selection as ReadonlySet<string>) : new Set(selection);
  const above = selected.size < 2 ? [...selected] : parentsFirst(graph, selected);
  const kept = new Set<string>();
  const result: RunGraph = { order: [], parents: new Map(), bridges: new Set() };
  for (const id of above) {
    const parents = (graph.index.get(id)?.parents ?? NONE).filter((parent) => kept.has(parent));
    if (!selected.has(id)) {
      if (parents.length === 0) continue;
      result.bridges.add(id);
    }
    kept.add(id);
    result.order.push(id);
    if (parents.length > 0) result.parents.set(id, parents);
  }
  return result;
}

/**
 * `subset` (default: every vertex) with parents before children, also where the path between two of them
 * leads through vertices that are not in `subset`. Vertices that are not ordered by the graph keep the order
 * in which they were given.
 */
export function topologicalOrder(
  graph: ParentGraph,
  subset: Iterable<string> = graph.index.keys(),
): string[] {
  const wanted = subset instanceof Set ? (subset as ReadonlySet<string>) : new Set(subset);
  if (wanted.size < 2) return [...wanted];
  const order = parentsFirst(graph, wanted);
  return order.length === wanted.size ? order : order.filter((id) => wanted.has(id));
}

/** `from` and everything above it, each after all of its parents. */
function parentsFirst(graph: ParentGraph, from: Iterable<string>): string[] {
  const order: string[] = [];
  visit(graph, from, (id) => order.push(id));
  return order;
}

/**
 * Vertices of a cycle in the direction of the data (each is a parent of the next, the last of the first), or
 * undefined when there is none. A vertex that is its own parent is a cycle of one.
 */
export function findCycle(graph: ParentGraph): string[] | undefined {
  return visit(graph, graph.index.keys(), () => {});
}

/**
 * Depth first along `parents`; `leave` is called for each vertex once, after its parents. Answers the first
 * cycle met; the edge that closes a cycle is passed over.
 */
function visit(
  graph: ParentGraph,
  from: Iterable<string>,
  leave: (id: string) => void,
): string[] | undefined {
  const left = new Map<string, boolean>();
  const path: string[] = [];
  const edges: (readonly string[])[] = [];
  const positions: number[] = [];
  let cycle: string[] | undefined;
  for (const start of from) {
    if (left.has(start)) continue;
    left.set(start, false);
    path.push(start);
    edges.push(graph.index.get(start)?.parents ?? NONE);
    positions.push(0);
    while (path.length > 0) {
      const top = path.length - 1;
      const position = positions[top] as number;
      const parents = edges[top] as readonly string[];
      if (position === parents.length) {
        const id = path.pop() as string;
        edges.pop();
        positions.pop();
        left.set(id, true);
        leave(id);
        continue;
      }
      positions[top] = position + 1;
      const parent = parents[position] as string;
      const state = left.get(parent);
      if (state === undefined) {
        left.set(parent, false);
        path.push(parent);
        edges.push(graph.index.get(parent)?.parents ?? NONE);
        positions.push(0);
      } else if (state === false && cycle === undefined) {
        cycle = [parent, ...path.slice(path.indexOf(parent) + 1).reverse()];
      }
    }
  }
  return cycle;
}
