/**
 * Neighbours of every vertex as two arrays: those of `v` are `target[start[v]] … target[start[v + 1] - 1]`.
 * Ten thousand vertices are two allocations instead of ten thousand.
 */
export interface Adjacency {
  start: Int32Array;
  target: Int32Array;
}

/** `edges` is flat: from, to, from, to … `down` answers children of each vertex, else parents. */
export function adjacency(count: number, edges: Int32Array, down: boolean): Adjacency {
  const start = new Int32Array(count + 1);
  const near = down ? 0 : 1;
  for (let e = 0; e < edges.length; e += 2) start[edges[e + near]! + 1]! += 1;
  for (let v = 0; v < count; v++) start[v + 1]! += start[v]!;
  const target = new Int32Array(edges.length >> 1);
  const next = start.slice(0, count);
  for (let e = 0; e < edges.length; e += 2) {
    const v = edges[e + near]!;
    target[next[v]!] = edges[e + 1 - near]!;
    next[v]! += 1;
  }
  return { start, target };
}

/** How many neighbours a vertex has. */
export function degree(side: Adjacency, vertex: number): number {
  return side.start[vertex + 1]! - side.start[vertex]!;
}
