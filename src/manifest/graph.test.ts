import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { manifestOf } from '../testing/manifest.ts';
import { cycleError } from './cycle.ts';
import { ancestors, descendants, findCycle, runGraph, topologicalOrder } from './graph.ts';

/** `a > b c` reads: b and c are children of a. Names become models of package `t`. */
function graphOf(...lines: string[]) {
  const parents = new Map<string, string[]>();
  const vertex = (name: string) => {
    const id = `model.t.${name}`;
    if (!parents.has(id)) parents.set(id, []);
    return id;
  };
  for (const line of lines) {
    const [from, to = ''] = line.split(' > ');
    const parent = vertex(from as string);
    for (const child of to.split(' ').filter(Boolean)) parents.get(vertex(child))?.push(parent);
  }
  for (const id of [...parents.keys()]) parents.set(id, parents.get(id) as string[]);
  return manifestOf([...parents].map(([unique_id, above]) => ({ unique_id, parents: above })));
}

const ids = (names: string) =>
  names
    .split(' ')
    .filter(Boolean)
    .map((name) => `model.t.${name}`);
const names = (found: Iterable<string>) => [...found].map((id) => id.replace('model.t.', '')).join(' ');
const sorted = (found: Iterable<string>) => names([...found].sort());

const diamond = graphOf('a > b c', 'b > d', 'c > d', 'd > e');

describe('ancestors and descendants', () => {
  it.each([
    ['d', undefined, 'a b c'],
    ['d', 1, 'b c'],
    ['e', 2, 'b c d'],
    ['e', 0, ''],
    ['a', undefined, ''],
    ['b c', 1, 'a'],
    ['b d', undefined, 'a b c'],
  ])('above %s within %s: %s', (from, depth, expected) => {
    expect(sorted(ancestors(diamond, ids(from), depth))).toBe(expected);
  });

  it.each([
    ['a', undefined, 'b c d e'],
    ['a', 1, 'b c'],
    ['a', 2, 'b c d'],
    ['a', 0, ''],
    ['e', undefined, ''],
    ['a b', 1, 'b c d'],
  ])('below %s within %s: %s', (from, depth, expected) => {
    expect(sorted(descendants(diamond, ids(from), depth))).toBe(expected);
  });
});

describe('topological order', () => {
  it('puts parents before children', () => {
    expect(names(topologicalOrder(diamond))).toBe('a b c d e');
    expect(names(topologicalOrder(diamond, ids('e d c a')))).toBe('a c d e');
  });

  it('orders A before C when B between them is left out', () => {
    expect(names(topologicalOrder(graphOf('a > b', 'b > c'), ids('c a')))).toBe('a c');
  });

  it('holds for a chain longer than any call stack', () => {
    const chain = manifestOf(
      Array.from({ length: 20_000 }, (_, i) => ({
        unique_id: `model.t.m${i}`,
        parents: i === 19_999 ? [] : [`model.t.m${i + 1}`],
      })),
    );
    const order = topologicalOrder(chain);
    expect([order.length, order[0], order.at(-1)]).toEqual([20_000, 'model.t.m19999', 'model.t.m0']);
  });
});

describe('the graph of a run', () => {
  it('has edges between what was selected', () => {
    const run = runGraph(diamond, ids('d c a b'));
    expect(names(run.order)).toBe('a b c d');
    expect(Object.fromEntries(run.parents)).toEqual({
      'model.t.b': ids('a'),
      'model.t.c': ids('a'),
      'model.t.d': ids('b c'),
    });
    expect(run.bridges.size).toBe(0);
  });

  it('keeps what stands between two selected vertices as a bridge', () => {
    const run = runGraph(graphOf('x > a', 'a > b', 'b > c y'), ids('a c'));
    expect(names(run.order)).toBe('a b c');
    expect(names(run.bridges)).toBe('b');
    expect(Object.fromEntries(run.parents)).toEqual({ 'model.t.b': ids('a'), 'model.t.c': ids('b') });
  });

  it('reads nothing but the vertex itself for a selection of one', () => {
    const run = runGraph({ index: new Map([['model.t.a', { parents: ids('b') }]]) }, ids('a'));
    expect(run).toEqual({ order: ids('a'), parents: new Map(), bridges: new Set() });
  });
});

describe('cycles', () => {
  it('finds none in a graph that can be ordered', () => {
    expect(findCycle(diamond)).toBeUndefined();
    expect(cycleError(diamond)).toBeUndefined();
  });

  it('names the vertices in the direction of the data', () => {
    expect(names(findCycle(graphOf('x > a', 'a > b', 'b > c', 'c > a y')) ?? [])).toBe('a b c');
    expect(names(findCycle(graphOf('a > a')) ?? [])).toBe('a');
  });

  it('tells every edge with its file', () => {
    expect(cycleError(graphOf('x > a', 'a > b', 'b > a c'))?.text).toBe(
      [
        'Compilation Error',
        '  Found a cycle: model.t.a --> model.t.b',
        '    model.t.a reads model.t.b at models/a.sql',
        '    model.t.b reads model.t.a at models/b.sql',
        '  at models/a.sql',
        '  hint: remove one of these references, or move what both sides need into a model of its own',
      ].join('\n'),
    );
  });

  it('tells of the other cycles too', () => {
    const error = cycleError(graphOf('a > a b', 'b > c', 'c > d', 'd > c'));
    expect(error?.message).toBe(
      [
        'Found a cycle: model.t.a',
        '  model.t.a reads model.t.a at models/a.sql',
        'There is another cycle among model.t.c, model.t.d',
      ].join('\n'),
    );
  });

  it('names a cycle of many thousand vertices', () => {
    const ring = manifestOf(
      Array.from({ length: 20_000 }, (_, i) => ({
        unique_id: `model.t.m${i}`,
        parents: [`model.t.m${(i + 19_999) % 20_000}`],
      })),
    );
    expect(cycleError(ring)?.message).toContain('Found a cycle: model.t.m0 --> model.t.m1 --> ');
  });
});

describe('on any graph', () => {
  /** Vertices 0..n-1, each with parents of a smaller number, and a subset of them. */
  const arbitrary = fc
    .integer({ min: 1, max: 12 })
    .chain((n) =>
      fc.record({
        parents: fc.tuple(...Array.from({ length: n }, (_, i) => fc.subarray([...Array(i).keys()]))),
        chosen: fc.subarray([...Array(n).keys()]),
      }),
    )
    .map(({ parents, chosen }) => ({
      graph: manifestOf(
        parents.map((above, i) => ({
          unique_id: `model.t.m${i}`,
          parents: above.map((p) => `model.t.m${p}`),
        })),
      ),
      chosen: chosen.map((i) => `model.t.m${i}`),
    }));

  it('an ancestor in the subset always comes first, and run graphs reach exactly the selected ancestors', () => {
    fc.assert(
      fc.property(arbitrary, ({ graph, chosen }) => {
        const order = topologicalOrder(graph, chosen);
        expect([...order].sort()).toEqual([...chosen].sort());
        const run = runGraph(graph, chosen);
        expect(run.order.filter((id) => !run.bridges.has(id)).sort()).toEqual([...chosen].sort());
        const reached = {
          index: new Map(run.order.map((id) => [id, { parents: run.parents.get(id) ?? [] }])),
        };
        for (const id of chosen) {
          const above = [...ancestors(graph, [id])].filter((other) => chosen.includes(other)).sort();
          for (const other of above) expect(order.indexOf(other)).toBeLessThan(order.indexOf(id));
          expect([...ancestors(reached, [id])].filter((other) => chosen.includes(other)).sort()).toEqual(
            above,
          );
        }
        for (const bridge of run.bridges) expect(run.parents.get(bridge)?.length).toBeGreaterThan(0);
      }),
    );
  });
});
