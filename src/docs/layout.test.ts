import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Layout, type LayoutGraph, layout } from './layout.ts';

const graph = (count: number, pairs: readonly (readonly [number, number])[], height = 36): LayoutGraph => ({
  count,
  edges: Int32Array.from(pairs.flat()),
  heights: new Float64Array(count).fill(height),
});

const line = (count: number): [number, number][] =>
  Array.from({ length: count - 1 }, (_, i) => [i, i + 1] as [number, number]);

/** A graph like a project: layers, hubs, edges over several layers. The same for the same numbers. */
function project(count: number, layers: number): [number, number][] {
  let state = 12345;
  const random = () => {
    state = (Math.imul(state, 1103515245) + 12345) >>> 0;
    return state / 2 ** 32;
  };
  const pairs: [number, number][] = [];
  const size = Math.ceil(count / layers);
  for (let v = size; v < count; v++) {
    const layer = Math.floor(v / size);
    for (let k = 0; k < 1 + Math.floor(random() * 3); k++) {
      const above = random() < 0.8 ? layer - 1 : Math.floor(random() * layer);
      const parent = above * size + Math.floor(random() ** 2 * size);
      pairs.push([parent, v]);
    }
  }
  return pairs;
}

function wrongRanks({ edges }: LayoutGraph, { rank }: Layout): number {
  let wrong = 0;
  for (let e = 0; e < edges.length; e += 2) if (rank[edges[e]!]! >= rank[edges[e + 1]!]!) wrong += 1;
  return wrong;
}

function overlaps({ heights }: LayoutGraph, { rank, y, layers }: Layout, gap: number): number {
  const inLayer: number[][] = Array.from({ length: layers }, () => []);
  for (const [v, r] of rank.entries()) inLayer[r]!.push(v);
  let count = 0;
  for (const vertices of inLayer) {
    vertices.sort((a, b) => y[a]! - y[b]!);
    for (const [i, v] of vertices.entries()) {
      const above = vertices[i - 1];
      if (above === undefined) continue;
      if (y[v]! - y[above]! < (heights[v]! + heights[above]!) / 2 + gap - 0.001) count += 1;
    }
  }
  return count;
}

describe('layers', () => {
  it('one right of the furthest parent', () => {
    expect([...layout(graph(4, [...line(4), [0, 3]])).rank]).toEqual([0, 1, 2, 3]);
  });

  it('what only a late vertex reads stands beside it, not at the far left', () => {
    expect([...layout(graph(5, [...line(4), [4, 3]])).rank]).toEqual([0, 1, 2, 3, 2]);
  });

  it('nothing at all, and a vertex alone', () => {
    expect(layout(graph(0, [])).layers).toBe(0);
    const alone = layout(graph(1, []));
    expect([alone.layers, [...alone.y], alone.bends]).toEqual([1, [18], []]);
  });

  it.each([
    ['a line of 5,000', graph(5000, line(5000)), 5000],
    [
      'a star of 5,000',
      graph(
        5001,
        Array.from({ length: 5000 }, (_, i) => [0, i + 1] as const),
      ),
      2,
    ],
    ['a line of 2,000 with skips', graph(2000, [...line(2000), ...skips(1900)]), 2000],
    ['10,000 vertices without an edge', graph(10_000, []), 1],
    ['a project of 10,000', graph(10_000, project(10_000, 12)), undefined],
  ])('%s: every edge goes right and nothing overlaps', (_, given, layers) => {
    const made = layout(given);
    expect([wrongRanks(given, made), overlaps(given, made, 14)]).toEqual([0, 0]);
    if (layers !== undefined) expect(made.layers).toBe(layers);
  });

  it('a cycle is an error that names its vertices', () => {
    expect(() =>
      layout(
        graph(4, [
          [0, 1],
          [1, 2],
          [2, 1],
          [2, 3],
        ]),
      ),
    ).toThrow('A graph with a cycle has no layers: vertices 1, 2, 3 stand in one, or below it');
    expect(() => layout(graph(1, [[0, 0]]))).toThrow('vertices 0 stand in one');
  });
});

function skips(count: number): [number, number][] {
  return Array.from({ length: count }, (_, i) => [i, i + 50 + ((i * 7) % 49)]);
}

describe('for any graph', () => {
  const anyGraph = fc
    .integer({ min: 1, max: 40 })
    .chain((count) =>
      fc.record({
        count: fc.constant(count),
        pairs: fc.array(fc.tuple(fc.nat(count - 1), fc.nat(count - 1)), { maxLength: 120 }),
        heights: fc.array(fc.integer({ min: 1, max: 300 }), { minLength: count, maxLength: count }),
        gap: fc.integer({ min: 0, max: 40 }),
        bends: fc.boolean(),
      }),
    )
    .map(({ count, pairs, heights, gap, bends }) => ({
      // from the lower number to the higher: no cycle
      given: {
        ...graph(
          count,
          pairs.filter(([a, b]) => a !== b).map(([a, b]) => [Math.min(a, b), Math.max(a, b)]),
        ),
        heights,
      },
      gap,
      bends,
    }));

  it('edges go right, nothing overlaps, the top is 0, bends lie in the layers between', () => {
    fc.assert(
      fc.property(anyGraph, ({ given, gap, bends }) => {
        const made = layout(given, { gap, bends });
        expect([wrongRanks(given, made), overlaps(given, made, gap)]).toEqual([0, 0]);
        expect(Math.min(...made.y)).toBeGreaterThan(0);
        for (const [e, points] of (made.bends ?? []).entries()) {
          const [from, to] = [made.rank[given.edges[2 * e]!]!, made.rank[given.edges[2 * e + 1]!]!];
          expect(points.map(({ layer }) => layer)).toEqual(
            Array.from({ length: to - from - 1 }, (_, i) => from + 1 + i),
          );
        }
      }),
      { numRuns: 150 },
    );
  });

  it('the same graph gives the same picture', () => {
    fc.assert(
      fc.property(anyGraph, ({ given, gap }) => {
        expect(layout(given, { gap })).toEqual(layout(given, { gap }));
      }),
      { numRuns: 40 },
    );
  });
});

describe('order', () => {
  it('two lines side by side do not cross', () => {
    expect(
      layout(
        graph(6, [
          [0, 2],
          [2, 4],
          [1, 3],
          [3, 5],
          [0, 4],
          [1, 5],
        ]),
      ).crossings,
    ).toBe(0);
  });

  it.each([
    [100, 6, 342],
    [300, 8, 3628],
    [1000, 10, 41_085],
  ])('a project of %i in %i layers has no more crossings than it had', (count, layers, stored) => {
    expect(layout(graph(count, project(count, layers))).crossings).toBeLessThanOrEqual(stored);
  });

  it('members of a group stay together', () => {
    const given = graph(40, [], 10);
    const groups = Array.from({ length: 40 }, (_, i) => i % 4);
    const { y } = layout(given, { groups });
    const seen = [...groups.keys()].sort((a, b) => y[a]! - y[b]!).map((v) => groups[v]);
    expect(seen.filter((group, i) => group !== seen[i - 1])).toHaveLength(4);
  });

  it('crossings of very large graphs are not counted', () => {
    expect(layout(graph(25_000, [])).crossings).toBeNull();
  });
});
