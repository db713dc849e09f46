import { SqError } from '../../errors.ts';
import { type Adjacency, degree } from './adjacency.ts';

/**
 * The layer of every vertex: one right of its furthest parent, then pulled right to its nearest child where that
 * makes edges shorter (a source that only a late model reads stands beside that model, not at the far left).
 * Throws when there is a cycle: then there are no layers.
 */
export function ranks(count: number, parents: Adjacency, children: Adjacency): Int32Array {
  const rank = new Int32Array(count);
  const order = parentsFirst(count, parents, children);
  for (const v of order) {
    for (let k = parents.start[v]!; k < parents.start[v + 1]!; k++) {
      rank[v] = Math.max(rank[v]!, rank[parents.target[k]!]! + 1);
    }
  }
  for (let i = count - 1; i >= 0; i--) {
    const v = order[i]!;
    // moving right shortens the edges to children and lengthens those from parents: worth it where there are more
    if (degree(children, v) <= degree(parents, v)) continue;
    let nearest = Number.POSITIVE_INFINITY;
    for (let k = children.start[v]!; k < children.start[v + 1]!; k++) {
      nearest = Math.min(nearest, rank[children.target[k]!]!);
    }
    rank[v] = Math.max(rank[v]!, nearest - 1);
  }
  return rank;
}

function parentsFirst(count: number, parents: Adjacency, children: Adjacency): Int32Array {
  const order = new Int32Array(count);
  const waiting = new Int32Array(count);
  let found = 0;
  for (let v = 0; v < count; v++) {
    waiting[v] = degree(parents, v);
    if (waiting[v] === 0) order[found++] = v;
  }
  for (let i = 0; i < found; i++) {
    const v = order[i]!;
    for (let k = children.start[v]!; k < children.start[v + 1]!; k++) {
      const child = children.target[k]!;
      waiting[child]! -= 1;
      if (waiting[child] === 0) order[found++] = child;
    }
  }
  if (found < count) throw cycle(waiting);
  return order;
}

function cycle(waiting: Int32Array): SqError {
  const stuck = [...waiting.keys()].filter((v) => waiting[v]! > 0);
  const shown = stuck.slice(0, 5).join(', ') + (stuck.length > 5 ? ', …' : '');
  return new SqError({
    kind: 'Internal',
    code: 'layout-cycle',
    message: `A graph with a cycle has no layers: vertices ${shown} stand in one, or below it`,
  });
}
