import { type Adjacency, adjacency } from './adjacency.ts';

/**
 * The graph that is ordered and placed: the vertices given and, on edges that pass over layers, one point in each
 * layer passed. Such points keep long edges straight and off the cards.
 */
export interface Layered {
  /** Vertices given; those from here on are points of edges. */
  real: number;
  count: number;
  rank: Int32Array;
  height: Float64Array;
  parents: Adjacency;
  children: Adjacency;
  layers: number;
  /** Of each edge given, its points in order; null where edges have none. */
  points: readonly (readonly number[])[] | null;
}

/** A point is thin, but not nothing: two edges beside each other stay two. */
const POINT_HEIGHT = 2;

export function layered(
  graph: { count: number; edges: Int32Array; heights: ArrayLike<number> },
  rank: Int32Array,
  withPoints: boolean,
): Layered {
  const { count, edges } = graph;
  const ranks = Array.from(rank);
  const split: number[] = [];
  const points: number[][] = [];
  for (let e = 0; e < edges.length; e += 2) {
    let from = edges[e]!;
    const to = edges[e + 1]!;
    const own: number[] = [];
    for (let r = rank[from]! + 1; withPoints && r < rank[to]!; r++) {
      const point = ranks.push(r) - 1;
      own.push(point);
      split.push(from, point);
      from = point;
    }
    split.push(from, to);
    points.push(own);
  }
  const all = ranks.length;
  const height = new Float64Array(all).fill(POINT_HEIGHT);
  for (let v = 0; v < count; v++) height[v] = graph.heights[v]!;
  const flat = Int32Array.from(split);
  return {
    real: count,
    count: all,
    rank: Int32Array.from(ranks),
    height,
    parents: adjacency(all, flat, false),
    children: adjacency(all, flat, true),
    layers: ranks.reduce((most, r) => Math.max(most, r + 1), 0),
    points: withPoints ? points : null,
  };
}

/** How many points `layered` would add. */
export function pointsNeeded(edges: Int32Array, rank: Int32Array): number {
  let sum = 0;
  for (let e = 0; e < edges.length; e += 2) sum += rank[edges[e + 1]!]! - rank[edges[e]!]! - 1;
  return sum;
}
