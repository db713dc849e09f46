/** The whole path of a column: all it is made from, and all that is made from it. */
import type { Columns } from './columns.ts';
import { neighbours, reach } from './reach.ts';

export interface Trace {
  column: number;
  /** Columns on the path, the traced one included. */
  columns: ReadonlySet<number>;
  up: ReadonlySet<number>;
  down: ReadonlySet<number>;
  /** Where a column of the path only decides which rows there are: column, vertex. */
  filters: [column: number, vertex: number][];
  /** Vertices on the path, with those whose rows a column of it decides further down. */
  vertices: Set<number>;
}

export function trace(columns: Columns, column: number): Trace {
  const up = reach(columns.parents, [column]);
  const down = reach(columns.children, [column]);
  const all = new Set([...up, ...down]);
  const vertices = new Set<number>();
  for (const c of all) vertices.add(columns.owner[c]!);
  const filters: Trace['filters'] = [];
  const flat = columns.chunk.filters;
  const reached = new Set<number>();
  /** A line of its own only where the column does not reach the vertex by value as well. */
  const byValue = (from: number, vertex: number) =>
    neighbours(columns.children, from).some((child) => all.has(child) && columns.owner[child] === vertex);
  for (let f = 0; f < flat.length; f += 2) {
    const [from, vertex] = [flat[f]!, flat[f + 1]!];
    // what only decides rows above the traced column is no part of its value; below it, it is an effect
    if (!all.has(from) || !(down.has(from) || vertices.has(vertex))) continue;
    if (byValue(from, vertex)) continue;
    filters.push([from, vertex]);
    reached.add(vertex);
  }
  for (const vertex of reached) vertices.add(vertex);
  return { column, columns: all, up, down, filters, vertices };
}
