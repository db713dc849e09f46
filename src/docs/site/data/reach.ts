import type { Adjacency } from '../../layout/adjacency.ts';

/** Neighbours of one vertex, without a copy. */
export function neighbours(side: Adjacency, vertex: number): Int32Array {
  return side.target.subarray(side.start[vertex], side.start[vertex + 1]);
}

/** The seeds and all that is reached from them, breadth first, at most `hops` edges away. */
export function reach(
  side: Adjacency,
  seeds: Iterable<number>,
  hops = Number.POSITIVE_INFINITY,
): Set<number> {
  const seen = new Set(seeds);
  let layer = [...seen];
  for (let hop = 0; layer.length > 0 && hop < hops; hop++) {
    const next: number[] = [];
    for (const vertex of layer) {
      for (const neighbour of neighbours(side, vertex)) {
        if (seen.has(neighbour)) continue;
        seen.add(neighbour);
        next.push(neighbour);
      }
    }
    layer = next;
  }
  return seen;
}
