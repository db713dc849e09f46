import fc from 'fast-check';
import { expect, it } from 'vitest';
import { DynamicOrder } from './dynamic-order.ts';

it('takes an edge that agrees with the order, and one that does not', () => {
  const order = new DynamicOrder(['a', 'b', 'c'], new Map([['c', ['b']]]));
  expect([order.add('a', 'c'), order.add('c', 'a')]).toEqual([true, false]);
  expect(new DynamicOrder(['a', 'b'], new Map()).add('b', 'a')).toBe(true);
});

it('refuses an edge from a vertex to itself', () => {
  expect(new DynamicOrder(['a'], new Map()).add('a', 'a')).toBe(false);
});

it('on any graph, takes an edge exactly when it closes no cycle', () => {
  const edge = fc.tuple(fc.integer({ min: 0, max: 7 }), fc.integer({ min: 0, max: 7 }));
  fc.assert(
    fc.property(fc.array(edge, { maxLength: 40 }), (edges) => {
      const ids = [...Array(8).keys()].map(String);
      const order = new DynamicOrder(ids, new Map());
      const children = new Map(ids.map((id) => [id, new Set<string>()]));
      const reaches = (from: string, to: string): boolean =>
        from === to || [...children.get(from)!].some((child) => reaches(child, to));
      for (const [from, to] of edges.map(([a, b]) => [String(a), String(b)] as const)) {
        const expected = !reaches(to, from);
        expect(order.add(from, to)).toBe(expected);
        if (expected) children.get(from)!.add(to);
      }
    }),
  );
});
