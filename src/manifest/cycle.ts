/** The error for a graph that cannot be ordered. Loaded only when there is something to say. */
import { createRequire } from 'node:module';
import { formatLocation, type Location, SqError } from '../errors.ts';
import { findCycle, type ParentGraph } from './graph.ts';
import { referencePlace } from './reference-place.ts';

/** A graph whose vertices know their file. */
export interface LocatedGraph extends ParentGraph {
  readonly index: ReadonlyMap<
    string,
    { readonly parents: readonly string[]; readonly original_file_path: string }
  >;
  /** The whole vertex, for the line of a reference. */
  get?(uniqueId: string): object | undefined;
}

/**
 * An error that names the cycle as dbt does (`Found a cycle: a --> b`; the last one leads back to the first),
 * the file in which each edge is written, and how many other knots there are. Undefined for a graph that can
 * be ordered. Kind Compilation, code `cycle`.
 */
export function cycleError(graph: LocatedGraph): SqError | undefined {
  const cycle = findCycle(graph);
  if (cycle === undefined) return undefined;
  const edges = cycle.map((id, i) => {
    const parent = cycle[(i + cycle.length - 1) % cycle.length] as string;
    return `  ${id} reads ${parent} at ${formatLocation(placeOf(graph, id, parent))}`;
  });
  const others = knots(graph).filter((knot) => !knot.includes(cycle[0] as string));
  return new SqError({
    kind: 'Compilation',
    code: 'cycle',
    message: [`Found a cycle: ${cycle.join(' --> ')}`, ...edges, ...others.map(otherKnot)].join('\n'),
    at: placeOf(graph, cycle[0] as string, cycle.at(-1) as string),
    hint: 'remove one of these references, or move what both sides need into a model of its own',
  });
}

/** Where `child` names `parent`. */
function placeOf(graph: LocatedGraph, child: string, parent: string): Location {
  const path = graph.index.get(child)?.original_file_path ?? child;
  const node = graph.get?.(child) as
    | { raw_code?: string; sq_span?: { line: number; column: number } }
    | undefined;
  const name = parent.split('.')[2] ?? parent;
  return { path, ...referencePlace(node?.raw_code, 'ref', name, node?.sq_span) };
}

function otherKnot(knot: readonly string[]): string {
  const shown = knot.slice(0, 5).join(', ');
  return `There is another cycle among ${knot.length > 5 ? `${shown} and ${knot.length - 5} more` : shown}`;
}

/** Sets of vertices that all reach each other. */
function knots(graph: ParentGraph): string[][] {
  const core = withoutEnds(graph);
  const { Graph, alg } = createRequire(import.meta.url)(
    '@dagrejs/graphlib',
  ) as typeof import('@dagrejs/graphlib');
  const drawn = new Graph();
  for (const id of core) {
    for (const parent of graph.index.get(id)?.parents ?? []) if (core.has(parent)) drawn.setEdge(parent, id);
  }
  try {
    return alg.findCycles(drawn).map((knot) => [...knot].sort());
  } catch (error) {
    // The library recurses: a cycle of many thousand vertices is more than the stack holds.
    if (error instanceof RangeError) return [];
    throw error;
  }
}

/** The vertices that are left when those without parents or without children are taken away, again and again. */
function withoutEnds(graph: ParentGraph): Set<string> {
  const children = new Map<string, string[]>();
  for (const [id, { parents }] of graph.index) {
    for (const parent of parents) children.set(parent, [...(children.get(parent) ?? []), id]);
  }
  const core = new Set(graph.index.keys());
  const peel = (next: (id: string) => readonly string[], before: (id: string) => readonly string[]) => {
    const degree = new Map([...core].map((id) => [id, before(id).filter((other) => core.has(other)).length]));
    const free = [...core].filter((id) => degree.get(id) === 0);
    for (const id of free) {
      core.delete(id);
      for (const other of next(id)) {
        if (!core.has(other)) continue;
        const rest = (degree.get(other) as number) - 1;
        degree.set(other, rest);
        if (rest === 0) free.push(other);
      }
    }
  };
  const parentsOf = (id: string) => graph.index.get(id)?.parents ?? [];
  const childrenOf = (id: string) => children.get(id) ?? [];
  peel(childrenOf, parentsOf);
  peel(parentsOf, childrenOf);
  return core;
}
