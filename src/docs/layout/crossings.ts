import type { Layered } from './layered.ts';

/** How many pairs of edges between neighbouring layers cross, in n log n: inversions, counted with a tree of sums. */
export function crossings(graph: Layered, order: readonly Int32Array[], place: Float64Array): number {
  const { children, rank } = graph;
  let total = 0;
  for (let layer = 0; layer + 1 < order.length; layer++) {
    const ends: number[] = [];
    for (const v of order[layer]!) {
      const first = ends.length;
      for (let k = children.start[v]!; k < children.start[v + 1]!; k++) {
        const child = children.target[k]!;
        if (rank[child] === layer + 1) ends.push(place[child]!);
      }
      sortFrom(ends, first);
    }
    total += inversions(ends, order[layer + 1]!.length);
  }
  return total;
}

/** `place` counts from 0 within a layer, so that it can be the index of the tree. */
function inversions(ends: readonly number[], size: number): number {
  const tree = new Int32Array(size + 1);
  let total = 0;
  for (let i = ends.length - 1; i >= 0; i--) {
    const end = ends[i]!;
    for (let j = end; j > 0; j -= j & -j) total += tree[j]!;
    for (let j = end + 1; j <= size; j += j & -j) tree[j]! += 1;
  }
  return total;
}

function sortFrom(values: number[], first: number): void {
  // insertion: the children of one vertex are few
  for (let i = first + 1; i < values.length; i++) {
    const value = values[i]!;
    let j = i - 1;
    for (; j >= first && values[j]! > value; j--) values[j + 1] = values[j]!;
    values[j + 1] = value;
  }
}
