import { type Adjacency, degree } from './adjacency.ts';
import { crossings } from './crossings.ts';
import type { Layered } from './layered.ts';

export interface OrderOptions {
  /** Passes over all layers; each second one goes from right to left. */
  sweeps: number;
  /** Of each vertex given: those of one group stay together within a layer. */
  groups: ArrayLike<number> | null;
}

/** Above this many vertices, crossings are not counted after each pass: the last one is taken. */
const COUNTED = 20_000;
/** Above this many, neighbours are not swapped one by one. */
const SWAPPED = 3_000;

/**
 * The order of the vertices within their layers, with few crossings: every vertex wants the mean place of its
 * neighbours (barycentre), swept to and fro, then neighbours are swapped while that takes crossings away. Tried
 * from two starts where there is time; nothing is random, so one graph has one picture.
 */
export function order(graph: Layered, options: OrderOptions): { order: Int32Array[]; crossings: number } {
  const swaps = graph.count <= SWAPPED && options.groups === null;
  const first = improved(graph, startOrder(graph, true), options, swaps);
  if (!swaps || first.crossings === 0) return first;
  const second = improved(graph, startOrder(graph, false), options, swaps);
  return second.crossings < first.crossings ? second : first;
}

function improved(graph: Layered, start: Int32Array[], options: OrderOptions, swaps: boolean) {
  const place = new Float64Array(graph.count);
  for (const layer of start) number(layer, place);
  let best = copy(start);
  // a start that does not keep groups together is no answer
  const counts = graph.count <= COUNTED && options.groups === null;
  let fewest = counts ? crossings(graph, start, place) : Number.POSITIVE_INFINITY;
  let idle = 0;
  for (let sweep = 0; sweep < options.sweeps && fewest > 0; sweep++) {
    sweepLayers(graph, start, place, sweep % 2 === 0, options.groups);
    if (graph.count > COUNTED) {
      best = start;
      continue;
    }
    // a swap can lead out of the place where the sweeps go to and fro
    if (swaps && sweep % 4 === 3) swapNeighbours(graph, start, place);
    const count = crossings(graph, start, place);
    idle = count < fewest ? 0 : idle + 1;
    if (count < fewest) {
      fewest = count;
      best = copy(start);
    } else if (idle >= 6) break;
  }
  if (swaps && fewest > 0) {
    for (const layer of best) number(layer, place);
    swapNeighbours(graph, best, place);
    fewest = crossings(graph, best, place);
  }
  return { order: best, crossings: fewest };
}

/** Depth first from the roots, which keeps families together; the children of a vertex from the first or the last. */
function startOrder({ count, rank, layers, parents, children }: Layered, forwards: boolean): Int32Array[] {
  const found: number[][] = Array.from({ length: layers }, () => []);
  const seen = new Uint8Array(count);
  const stack: number[] = [];
  for (let root = 0; root < count; root++) {
    if (degree(parents, root) > 0) continue;
    stack.push(root);
    while (stack.length > 0) {
      const v = stack.pop()!;
      if (seen[v]) continue;
      seen[v] = 1;
      found[rank[v]!]!.push(v);
      for (let i = 0, n = degree(children, v); i < n; i++) {
        const child = children.target[children.start[v]! + (forwards ? n - 1 - i : i)]!;
        if (!seen[child]) stack.push(child);
      }
    }
  }
  return found.map((layer) => Int32Array.from(layer));
}

function sweepLayers(
  graph: Layered,
  layers: Int32Array[],
  place: Float64Array,
  rightwards: boolean,
  groups: OrderOptions['groups'],
): void {
  const wish = new Float64Array(graph.count);
  const side = rightwards ? graph.parents : graph.children;
  const relative = relativePlaces(layers, graph.count);
  for (let i = 0; i < layers.length; i++) {
    const layer = layers[rightwards ? i : layers.length - 1 - i]!;
    for (const v of layer) wish[v] = barycentre(graph, side, relative, v);
    if (groups === null) layer.sort((a, b) => wish[a]! - wish[b]! || place[a]! - place[b]!);
    else sortInGroups(layer, wish, place, (v) => (v < graph.real ? groups[v]! : -1 - v));
    number(layer, place);
    for (const [k, v] of layer.entries()) relative[v] = (k + 0.5) / layer.length;
  }
}

/** Layers have different lengths: what is compared is how far down a vertex stands, from 0 to 1. */
function relativePlaces(layers: readonly Int32Array[], count: number): Float64Array {
  const relative = new Float64Array(count);
  for (const layer of layers) for (const [k, v] of layer.entries()) relative[v] = (k + 0.5) / layer.length;
  return relative;
}

/** Near neighbours weigh more than far ones. A vertex without neighbours stays where it is. */
function barycentre(graph: Layered, side: Adjacency, relative: Float64Array, v: number): number {
  let sum = 0;
  let weight = 0;
  for (let k = side.start[v]!; k < side.start[v + 1]!; k++) {
    const neighbour = side.target[k]!;
    const share = 1 / Math.abs(graph.rank[neighbour]! - graph.rank[v]!);
    sum += relative[neighbour]! * share;
    weight += share;
  }
  return weight === 0 ? relative[v]! : sum / weight;
}

function sortInGroups(
  layer: Int32Array,
  wish: Float64Array,
  place: Float64Array,
  groupOf: (v: number) => number,
): void {
  const means = new Map<number, { sum: number; count: number }>();
  for (const v of layer) {
    const mean = means.get(groupOf(v)) ?? { sum: 0, count: 0 };
    mean.sum += wish[v]!;
    mean.count += 1;
    means.set(groupOf(v), mean);
  }
  const wishOf = (group: number) => means.get(group)!.sum / means.get(group)!.count;
  layer.sort((a, b) => {
    const [ga, gb] = [groupOf(a), groupOf(b)];
    if (ga !== gb) return wishOf(ga) - wishOf(gb) || ga - gb;
    return wish[a]! - wish[b]! || place[a]! - place[b]!;
  });
}

function swapNeighbours(graph: Layered, layers: readonly Int32Array[], place: Float64Array): void {
  for (let round = 0; round < 8; round++) {
    let gained = false;
    for (const layer of layers) {
      for (let i = 0; i + 1 < layer.length; i++) {
        const [u, v] = [layer[i]!, layer[i + 1]!];
        const gain = swapGain(u, v, graph.parents, place) + swapGain(u, v, graph.children, place);
        if (gain <= 0) continue;
        gained = true;
        layer[i] = v;
        layer[i + 1] = u;
        place[v] = i;
        place[u] = i + 1;
      }
    }
    if (!gained) return;
  }
}

/** Crossings of the edges of u and v with u above, less those with v above. */
function swapGain(u: number, v: number, side: Adjacency, place: Float64Array): number {
  let gain = 0;
  for (let i = side.start[u]!; i < side.start[u + 1]!; i++) {
    const a = place[side.target[i]!]!;
    for (let j = side.start[v]!; j < side.start[v + 1]!; j++) gain += Math.sign(a - place[side.target[j]!]!);
  }
  return gain;
}

function number(layer: Int32Array, place: Float64Array): void {
  for (let i = 0; i < layer.length; i++) place[layer[i]!] = i;
}

function copy(layers: readonly Int32Array[]): Int32Array[] {
  return layers.map((layer) => layer.slice());
}
