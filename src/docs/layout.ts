/**
 * Where the vertices of a graph stand: layers from left to right, every edge from a layer to a later one. Used by
 * `sq lineage` and, in the browser, by the docs page; therefore it imports nothing of Node. Nothing is random: the
 * same graph gives the same picture. Linear but for a logarithm, so ten thousand vertices take a fraction of a second.
 */
import { adjacency } from './layout/adjacency.ts';
import { heights } from './layout/heights.ts';
import { layered, pointsNeeded } from './layout/layered.ts';
import { order } from './layout/order.ts';
import { ranks } from './layout/ranks.ts';

export interface LayoutGraph {
  /** Vertices are 0 … count - 1. */
  count: number;
  /** Flat: from, to, from, to … An edge given twice is drawn twice. */
  edges: Int32Array;
  /** Of each vertex. */
  heights: ArrayLike<number>;
}

export interface LayoutOptions {
  /** Least distance between two vertices of a layer. Default 14. */
  gap?: number;
  /** Passes that take crossings away. Default 24, for more than 3,000 vertices 8. */
  sweeps?: number;
  /** Passes that make edges level. Default 24, for more than 3,000 vertices 12. */
  heightSweeps?: number;
  /**
   * Whether edges over several layers get a place of their own in each, so that they can be drawn round the cards.
   * Default: where that makes at most 6,000 vertices and points.
   */
  bends?: boolean;
  /** A number for each vertex: those of the same number stay together in a layer. */
  groups?: ArrayLike<number>;
}

export interface Bend {
  layer: number;
  y: number;
}

export interface Layout {
  /** Layer of each vertex, from 0 at the left. */
  rank: Int32Array;
  /** Middle of each vertex; the topmost edge of all is 0. */
  y: Float64Array;
  layers: number;
  /** Of each edge, where it passes the layers between its ends; null where edges have no bends. */
  bends: readonly (readonly Bend[])[] | null;
  /** Crossings between neighbouring layers; null in graphs too large to count. */
  crossings: number | null;
}

const SMALL = 3_000;
const MOST_WITH_BENDS = 6_000;

/** Throws SqError `layout-cycle` for a graph with a cycle. */
export function layout(graph: LayoutGraph, options: LayoutOptions = {}): Layout {
  const { count, edges } = graph;
  const small = count <= SMALL;
  const { gap = 14, sweeps = small ? 24 : 8, heightSweeps = small ? 24 : 12, groups = null } = options;
  const rank = ranks(count, adjacency(count, edges, false), adjacency(count, edges, true));
  const { bends = count + pointsNeeded(edges, rank) <= MOST_WITH_BENDS } = options;
  const whole = layered(graph, rank, bends);
  const ordered = order(whole, { sweeps, groups });
  const y = heights(whole, ordered.order, { gap, sweeps: heightSweeps });
  return {
    rank,
    y: y.slice(0, count),
    layers: whole.layers,
    bends:
      whole.points?.map((points) => points.map((point) => ({ layer: whole.rank[point]!, y: y[point]! }))) ??
      null,
    crossings: Number.isFinite(ordered.crossings) ? ordered.crossings : null,
  };
}
