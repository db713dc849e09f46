import type { Adjacency } from './adjacency.ts';
import type { Layered } from './layered.ts';

export interface HeightOptions {
  /** Least distance between two vertices of a layer. */
  gap: number;
  sweeps: number;
}

/** Points of one long edge pull at each other more than cards do: that is what makes the edge straight. */
const STRAIGHT = 8;
/** In a block of vertices that touch, a point moves less easily than a card. */
const POINT_WEIGHT = 3;

/**
 * The middle of every vertex, with the order within the layers kept: each wants the mean of its neighbours, as
 * near as the least distances allow. That is a least-squares problem under a chain of inequalities: isotonic
 * regression, solved exactly by merging blocks that push at each other. The topmost edge is 0.
 */
export function heights(
  graph: Layered,
  order: readonly Int32Array[],
  { gap, sweeps }: HeightOptions,
): Float64Array {
  const y = packed(graph, order, gap);
  const wish = new Float64Array(graph.count);
  for (let sweep = 0; sweep < sweeps; sweep++) {
    const last = sweep === sweeps - 1;
    const rightwards = last || sweep % 2 === 0;
    for (let i = 0; i < order.length; i++) {
      const layer = order[rightwards ? i : order.length - 1 - i]!;
      for (const v of layer) wish[v] = wanted(graph, y, v, last || rightwards, last || !rightwards);
      settle(graph, layer, wish, y, gap);
    }
  }
  let top = Number.POSITIVE_INFINITY;
  for (let v = 0; v < graph.count; v++) top = Math.min(top, y[v]! - graph.height[v]! / 2);
  for (let v = 0; v < graph.count; v++) y[v]! -= top;
  return y;
}

function packed(graph: Layered, order: readonly Int32Array[], gap: number): Float64Array {
  const y = new Float64Array(graph.count);
  for (const layer of order) {
    let bottom = 0;
    for (const v of layer) {
      y[v] = bottom + graph.height[v]! / 2;
      bottom += graph.height[v]! + gap;
    }
    for (const v of layer) y[v]! -= bottom / 2;
  }
  return y;
}

function wanted(graph: Layered, y: Float64Array, v: number, left: boolean, right: boolean): number {
  const { rank, real } = graph;
  let sum = 0;
  let weight = 0;
  const add = (side: Adjacency) => {
    for (let k = side.start[v]!; k < side.start[v + 1]!; k++) {
      const u = side.target[k]!;
      const share = (u >= real && v >= real ? STRAIGHT : 1) / Math.abs(rank[u]! - rank[v]!);
      sum += y[u]! * share;
      weight += share;
    }
  };
  if (left) add(graph.parents);
  if (right) add(graph.children);
  return weight === 0 ? y[v]! : sum / weight;
}

interface Block {
  /** Where its first vertex would stand, if all of its offsets were 0. */
  value: number;
  weight: number;
  count: number;
}

function settle(graph: Layered, layer: Int32Array, wish: Float64Array, y: Float64Array, gap: number): void {
  const offset = new Float64Array(layer.length);
  for (let i = 1; i < layer.length; i++) {
    offset[i] = offset[i - 1]! + (graph.height[layer[i - 1]!]! + graph.height[layer[i]!]!) / 2 + gap;
  }
  const blocks: Block[] = [];
  for (let i = 0; i < layer.length; i++) {
    const v = layer[i]!;
    const block = { value: wish[v]! - offset[i]!, weight: v < graph.real ? 1 : POINT_WEIGHT, count: 1 };
    for (
      let above = blocks.at(-1);
      above !== undefined && above.value >= block.value;
      above = blocks.at(-1)
    ) {
      blocks.pop();
      const weight = block.weight + above.weight;
      block.value = (block.value * block.weight + above.value * above.weight) / weight;
      block.weight = weight;
      block.count += above.count;
    }
    blocks.push(block);
  }
  let i = 0;
  for (const { value, count } of blocks) {
    for (const end = i + count; i < end; i++) y[layer[i]!] = value + offset[i]!;
  }
}
