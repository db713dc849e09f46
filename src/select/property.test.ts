/** Random graphs and random selections, held against an evaluator that writes the definitions down as sets. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { manifestOf, type SummaryInput } from '../testing/manifest.ts';
import { selectNodes } from './evaluate.ts';
import { parseSelection } from './selection.ts';
import type { IndirectSelection } from './spec.ts';

interface Vertex {
  id: string;
  name: string;
  kind: 'source' | 'model' | 'test';
  tags: string[];
  parents: number[];
}

/** Sources first, then models in order, then tests: parents always have a smaller number. */
const graphs = fc
  .record({
    sources: fc.integer({ min: 0, max: 2 }),
    models: fc.integer({ min: 1, max: 7 }),
    tests: fc.integer({ min: 0, max: 5 }),
  })
  .chain(({ sources, models, tests }) => {
    const ready = sources + models;
    const vertex = (i: number): fc.Arbitrary<Vertex> => {
      const kind = i < sources ? 'source' : i < ready ? 'model' : 'test';
      const above = [...Array(kind === 'source' ? 0 : kind === 'model' ? i : ready).keys()];
      return fc.record({
        id: fc.constant(
          kind === 'source' ? `source.p.s.n${i}` : kind === 'test' ? `test.p.n${i}.h` : `model.p.n${i}`,
        ),
        name: fc.constant(`n${i}`),
        kind: fc.constant(kind),
        tags: fc.subarray(['red', 'blue']),
        parents: fc.subarray(above, {
          minLength: kind === 'test' ? 1 : 0,
          maxLength: Math.min(3, above.length),
        }),
      });
    };
    return fc.tuple(...Array.from({ length: ready + tests }, (_, i) => vertex(i)));
  });

interface Term {
  at: boolean;
  up: '' | '+' | '0+' | '1+' | '2+';
  method: string;
  down: '' | '+' | '+0' | '+1' | '+2';
}

const terms: fc.Arbitrary<Term> = fc
  .record({
    at: fc.boolean(),
    up: fc.constantFrom<Term['up'][]>('', '', '+', '0+', '1+', '2+'),
    method: fc.constantFrom(
      ...[...Array(9).keys()].map((i) => `n${i}`),
      'tag:red',
      'tag:b*',
      'resource_type:test',
      'source:s',
      '*',
    ),
    down: fc.constantFrom<Term['down'][]>('', '', '+', '+0', '+1', '+2'),
  })
  .map((term) => (term.at ? { ...term, down: '' } : term));

/** A union of intersections. */
type Expression = Term[][];
const expressions: fc.Arbitrary<Expression> = fc.array(fc.array(terms, { minLength: 1, maxLength: 3 }), {
  minLength: 1,
  maxLength: 3,
});

const textOf = (expression: Expression) =>
  expression
    .map((part) => part.map(({ at, up, method, down }) => `${at ? '@' : ''}${up}${method}${down}`).join(','))
    .join(' ');

type Ids = ReadonlySet<number>;
/** What is selected, and the tests that wait for a parent. */
type Answer = { in: Ids; waiting: Ids };

function naive(
  graph: readonly Vertex[],
  select: Expression,
  exclude: Expression | undefined,
  mode: IndirectSelection,
) {
  const all = graph.map((_, i) => i);
  const where = (keep: (i: number) => boolean): Ids => new Set(all.filter(keep));
  const union = (...sets: Ids[]) => where((i) => sets.some((set) => set.has(i)));
  const within = (i: number, set: Ids) => graph[i]!.parents.every((parent) => set.has(parent));
  const isTest = (i: number) => graph[i]!.kind === 'test';
  /** Least number of edges from a down to b. */
  const distance = (a: number, b: number): number =>
    a === b
      ? 0
      : 1 + Math.min(...graph[b]!.parents.map((parent) => distance(a, parent)), Number.POSITIVE_INFINITY);
  const above = (set: Ids, depth = Number.POSITIVE_INFINITY) =>
    where((i) =>
      [...set].some((s) => i !== s && distance(i, s) <= depth && distance(i, s) < Number.POSITIVE_INFINITY),
    );
  const below = (set: Ids, depth = Number.POSITIVE_INFINITY) =>
    where((i) =>
      [...set].some((s) => i !== s && distance(s, i) <= depth && distance(s, i) < Number.POSITIVE_INFINITY),
    );

  const matches = (vertex: Vertex, method: string): boolean => {
    if (method === '*') return vertex.kind !== 'source';
    if (method === 'tag:red') return vertex.tags.includes('red');
    if (method === 'tag:b*') return vertex.tags.includes('blue');
    if (method === 'resource_type:test') return vertex.kind === 'test';
    if (method === 'source:s') return vertex.kind === 'source';
    return vertex.kind !== 'source' && vertex.name === method;
  };

  const depthOf = (operator: string) =>
    operator === '+' ? Number.POSITIVE_INFINITY : Number(operator.replace('+', ''));
  const term = ({ at, up, method, down }: Term): Answer => {
    let set = where((i) => matches(graph[i]!, method));
    const named = set;
    if (at) set = union(set, below(named), above(union(named, below(named))));
    if (up !== '') set = union(set, above(named, depthOf(up)));
    if (down !== '') set = union(set, below(named, depthOf(down)));
    const touched = where(
      (i) => isTest(i) && !set.has(i) && graph[i]!.parents.some((parent) => set.has(parent)),
    );
    if (mode === 'empty') return { in: set, waiting: new Set() };
    if (mode === 'eager') return { in: union(set, touched), waiting: new Set() };
    const reach =
      mode === 'cautious'
        ? set
        : union(
            set,
            above(set),
            where((i) => graph[i]!.kind === 'source'),
          );
    const ready = where((i) => touched.has(i) && within(i, reach));
    return { in: union(set, ready), waiting: where((i) => touched.has(i) && !ready.has(i)) };
  };

  const combined = (parts: Answer[], combine: (sets: Ids[]) => Ids, admit: boolean): Answer => {
    const certain = combine(parts.map((part) => part.in));
    const possible = combine(parts.map((part) => union(part.in, part.waiting)));
    const reach = mode === 'buildable' ? union(certain, above(certain)) : certain;
    const admitted = where(
      (i) =>
        admit &&
        (mode === 'cautious' || mode === 'buildable') &&
        possible.has(i) &&
        isTest(i) &&
        within(i, reach),
    );
    return { in: union(certain, admitted), waiting: possible };
  };
  const expression = (parts: Expression): Answer =>
    combined(
      parts.map((part) =>
        combined(part.map(term), (sets) => where((i) => sets.every((set) => set.has(i))), true),
      ),
      (sets) => union(...sets),
      true,
    );

  const included = expression(select);
  if (exclude === undefined) return included.in;
  return combined([included, expression(exclude)], ([a, b]) => where((i) => a!.has(i) && !b!.has(i)), false)
    .in;
}

it('any selection on any graph means what its definition says', () => {
  fc.assert(
    fc.property(
      graphs,
      expressions,
      fc.option(expressions, { nil: undefined }),
      fc.constantFrom<IndirectSelection[]>('eager', 'cautious', 'buildable', 'empty'),
      (graph, select, exclude, mode) => {
        const manifest = manifestOf(
          graph.map(
            (vertex): SummaryInput => ({
              unique_id: vertex.id,
              tags: vertex.tags,
              parents: vertex.parents.map((i) => graph[i]!.id),
            }),
          ),
        );
        const parsed = parseSelection({
          select: [textOf(select)],
          exclude: exclude && [textOf(exclude)],
          indirectSelection: mode,
        });
        const expected = [...naive(graph, select, exclude, mode)].map((i) => graph[i]!.id);
        expect([...selectNodes(manifest, parsed).selected].sort()).toEqual(expected.sort());
      },
    ),
    { numRuns: 500 },
  );
});
