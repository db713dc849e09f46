import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Manifest } from '../manifest/manifest.ts';
import { manifestOf, type SummaryInput } from '../testing/manifest.ts';
import { schedule } from './scheduler.ts';
import { workGraph } from './work-graph.ts';

/** `a > b c`: a is read by b and c. `t! a b`: test t reads a and b, attached to a. `t? a b`: a singular one. */
function project(lines: string[], audited: string[] = []): Manifest {
  const parents = new Map<string, string[]>();
  const tests = new Map<string, SummaryInput>();
  const model = (name: string) => `model.p.${name}`;
  for (const line of lines) {
    const test = /^(\w+)([!?])(w?) (.+)$/.exec(line);
    if (test) {
      const [, name = '', kind, warn, reads = ''] = test;
      const refs = reads.split(' ').map(model);
      const severity = warn === 'w' ? 'WARN' : 'ERROR';
      tests.set(name, {
        unique_id: `test.p.${name}`,
        parents: refs,
        test:
          kind === '!'
            ? { kind: 'generic', attached_node: refs[0]!, severity }
            : { kind: 'singular', severity },
      });
      continue;
    }
    const [from = '', to = ''] = line.split('>').map((part) => part.trim());
    if (!parents.has(from)) parents.set(from, []);
    for (const child of to.split(' ').filter(Boolean))
      parents.set(child, [...(parents.get(child) ?? []), model(from)]);
  }
  const models = [...parents].map(([name, above]) => ({
    unique_id: model(name),
    parents: above,
    materialized: 'table',
    audited: audited.includes(name),
  }));
  return manifestOf([...models, ...tests.values()]);
}

const short = (id: string) => id.split('.').at(-1) as string;

/** What would run, in order, on one thread; guards in brackets behind their node. */
async function plan(
  manifest: Manifest,
  options: { command?: 'build' | 'run' | 'test'; selected?: string[]; fail?: string[] } = {},
) {
  const all = [...manifest.index.keys()];
  const selected = options.selected ? all.filter((id) => options.selected!.includes(short(id))) : all;
  const graph = workGraph({ command: options.command ?? 'build', manifest, selected });
  const lines: string[] = [];
  await schedule({
    tasks: graph.tasks,
    slots: 1,
    async run(id) {
      const guards = (graph.guards.byNode.get(id) ?? []).map(short).join(' ');
      lines.push(short(id) + (guards && ` (${guards})`));
      return options.fail?.includes(short(id)) ? 'failed' : 'done';
    },
    skip: (id) => lines.push(`-${short(id)}`),
  });
  return lines.join(', ');
}

describe('what a command runs', () => {
  const shop = project(['a > b', 'b > c', 't! b']);

  it('run: models in order', async () => {
    expect(await plan(shop, { command: 'run' })).toBe('a, b, c');
  });

  it('test: tests alone', async () => {
    expect(await plan(shop, { command: 'test' })).toBe('t');
  });

  it('build: what stands below a node waits for its tests', async () => {
    expect(await plan(shop)).toBe('a, b, t, c');
  });

  it('a failing test skips what stands below its node', async () => {
    expect(await plan(shop, { fail: ['t'] })).toBe('a, b, t, -c');
  });

  it('order survives selection', async () => {
    expect(await plan(shop, { command: 'run', selected: ['a', 'c'] })).toBe('a, c');
    expect(await plan(shop, { command: 'run', selected: ['c', 'a'], fail: ['a'] })).toBe('a, -c');
  });

  it('leaves out ephemeral models when it counts, and nodes without text altogether', () => {
    const manifest = manifestOf([
      { unique_id: 'model.p.e', materialized: 'ephemeral' },
      { unique_id: 'model.p.n', empty: true },
      { unique_id: 'model.p.m' },
    ]);
    const graph = workGraph({ command: 'run', manifest, selected: [...manifest.index.keys()] });
    expect([graph.total, graph.nodes.map(short)]).toEqual([1, ['e', 'm']]);
  });
});

describe('tests over several nodes', () => {
  it('hold back what stands below all of them only', async () => {
    const manifest = project(['a > c d', 'b > d e', 't! a b']);
    expect(await plan(manifest, { fail: ['t'] })).toBe('a, b, c, e, t, -d');
  });

  it('hold back what stands below the last one when it reads the others', async () => {
    expect(await plan(project(['a > b', 'b > c', 't! b a']), { fail: ['t'] })).toBe('a, b, t, -c');
  });

  it('hold back what stands below the selected ones', async () => {
    const manifest = project(['a > c', 'b > c', 't! a b']);
    expect(await plan(manifest, { selected: ['a', 'c', 't'], fail: ['t'] })).toBe('a, t, -c');
  });
});

describe('guards', () => {
  it('belong to the work of their node', async () => {
    expect(await plan(project(['a > b', 't! a', 'u! a', 'v!w a'], ['a']))).toBe('a (t u), v, b');
  });

  it('exist only under build and for audited nodes', async () => {
    const manifest = project(['a > b', 't! a'], ['a']);
    expect(await plan(manifest, { command: 'run' })).toBe('a, b');
    expect(await plan(project(['a > b', 't! a']))).toBe('a, t, b');
  });

  it('make their node wait for what else they read', async () => {
    expect(await plan(project(['fact >', 'dim >', 't! fact dim'], ['fact']))).toBe('dim, fact (t)');
  });

  it('of a singular test belong to the last of its refs, ties by id', async () => {
    expect(await plan(project(['a > c', 'b >', 't? c a b'], ['a', 'b', 'c']))).toBe('a, b, c (t)');
    expect(await plan(project(['a >', 'b >', 't? b a'], ['a', 'b']))).toBe('a, b (t)');
  });

  it('move to the last participant where the edge would close a cycle, and say so', async () => {
    const manifest = project(['a > b', 't! a b'], ['a', 'b']);
    expect(await plan(manifest)).toBe('a, b (t)');
    const { guards } = workGraph({ command: 'build', manifest, selected: [...manifest.index.keys()] });
    expect(guards.narrowed).toEqual([{ test: 'test.p.t', guards: 'model.p.b', others: ['model.p.a'] }]);
  });

  it('of two nodes that test each other wait in the order of the tests', async () => {
    expect(await plan(project(['a >', 'b >', 't! a b', 'u! b a'], ['a', 'b']))).toBe('b, a (t u)');
  });
});

describe('on any project', () => {
  const arbitrary = fc.integer({ min: 1, max: 7 }).chain((n) =>
    fc.record({
      parents: fc.tuple(...Array.from({ length: n }, (_, i) => fc.subarray([...Array(i).keys()]))),
      tests: fc.array(fc.subarray([...Array(n).keys()], { minLength: 1, maxLength: Math.min(3, n) }), {
        maxLength: 5,
      }),
      audited: fc.array(fc.boolean(), { minLength: n, maxLength: n }),
      slots: fc.integer({ min: 1, max: 3 }),
    }),
  );

  it('build runs everything once, and what stands below all nodes of a test after that test', async () => {
    await fc.assert(
      fc.asyncProperty(arbitrary, async ({ parents, tests, audited, slots }) => {
        const model = (i: number) => `model.p.m${i}`;
        const manifest = manifestOf([
          ...parents.map((above, i) => ({
            unique_id: model(i),
            parents: above.map(model),
            materialized: 'table',
            audited: audited[i]!,
          })),
          ...tests.map((reads, i) => ({
            unique_id: `test.p.t${i}`,
            parents: reads.map(model),
            test: { kind: 'singular' as const, severity: 'ERROR' },
          })),
        ]);
        const graph = workGraph({ command: 'build', manifest, selected: [...manifest.index.keys()] });
        const ended: string[] = [];
        await schedule({
          tasks: graph.tasks,
          slots,
          async run(id) {
            await Promise.resolve();
            ended.push(id, ...(graph.guards.byNode.get(id) ?? []));
            return 'done';
          },
          skip: () => {},
        });
        expect([...ended].sort()).toEqual([...manifest.index.keys()].sort());
        const above = (i: number): Set<number> => new Set(parents[i]!.flatMap((p) => [p, ...above(p)]));
        for (const [i] of parents.entries()) {
          for (const [t, reads] of tests.entries()) {
            if (!reads.every((read) => above(i).has(read))) continue;
            expect(ended.indexOf(model(i))).toBeGreaterThan(ended.indexOf(`test.p.t${t}`));
          }
        }
        for (const [t, reads] of tests.entries()) {
          const narrowed = graph.guards.narrowed.some(({ test }) => test === `test.p.t${t}`);
          for (const read of narrowed ? [] : reads) {
            expect(ended.indexOf(`test.p.t${t}`)).toBeGreaterThan(ended.indexOf(model(read)));
          }
        }
      }),
    );
  });
});
