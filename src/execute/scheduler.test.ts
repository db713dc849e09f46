import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Slot, schedule, type Task, type Verdict } from './scheduler.ts';

/** `b < a c` means: b waits for a and c. A name with `~` in front is a bridge. */
function tasksOf(...lines: string[]): Task[] {
  return lines.map((line) => {
    const [name = '', parents = ''] = line.split('<').map((part) => part.trim());
    const bridge = name.startsWith('~');
    return {
      id: name.replace('~', ''),
      parents: parents === '' ? [] : parents.split(/\s+/),
      ...(bridge && { bridge }),
    };
  });
}

async function story(
  tasks: Task[],
  options: { slots?: number; outcomes?: Record<string, Verdict>; signal?: AbortSignal } = {},
) {
  const lines: string[] = [];
  const left = await schedule({
    tasks,
    slots: options.slots ?? 1,
    signal: options.signal,
    async run(id, slot) {
      lines.push(`${id}@${slot.number}`);
      await Promise.resolve();
      return options.outcomes?.[id] ?? 'done';
    },
    skip: (id, cause) => lines.push(`${id} skipped for ${cause}`),
  });
  return { lines: lines.join(', '), left: left.join(' ') };
}

describe('order', () => {
  it('runs parents first, then what is nearest to the roots, then by name', async () => {
    const tasks = tasksOf('d < b c', 'c < a', 'b < a', 'z', 'a');
    expect((await story(tasks)).lines).toBe('a@1, z@1, b@1, c@1, d@1');
  });

  it('starts as many as there are slots', async () => {
    expect((await story(tasksOf('a', 'b', 'c < a'), { slots: 2 })).lines).toBe('a@1, b@2, c@1');
  });

  it('survives what was not selected: nothing is run at a bridge, but it is waited for', async () => {
    const tasks = tasksOf('c < b2', '~b2 < b1', '~b1 < a', 'a < z', 'z');
    expect((await story(tasks, { slots: 4 })).lines).toBe('z@1, a@1, c@1');
  });

  it('ends at once without tasks', async () => {
    expect(await story([])).toEqual({ lines: '', left: '' });
  });

  it('refuses a cycle and an unknown parent', () => {
    const none = { slots: 1, run: async () => 'done' as const, skip: () => {} };
    expect(() => schedule({ ...none, tasks: tasksOf('a < b', 'b < a') })).toThrow(
      'tasks wait for each other: a, b',
    );
    expect(() => schedule({ ...none, tasks: tasksOf('a < b') })).toThrow(
      'task a waits for b, which is not a task',
    );
  });
});

describe('failure', () => {
  it('skips every descendant, through bridges too, and nothing else', async () => {
    const tasks = tasksOf('a', 'b < a', '~c < b', 'd < c', 'e', 'f < e d');
    expect((await story(tasks, { outcomes: { a: 'failed' } })).lines).toBe(
      'a@1, e@1, b skipped for a, d skipped for a, f skipped for a',
    );
  });

  it('stops at the first one under fail-fast; what runs is waited for', async () => {
    const result = await story(tasksOf('a', 'b', 'c', 'd < a'), { slots: 2, outcomes: { a: 'stop' } });
    expect(result).toEqual({ lines: 'a@1, b@2', left: 'c d' });
  });

  it('passes an exception on after the running tasks have settled', async () => {
    let settled = false;
    const run = async (id: string) => {
      if (id === 'a') throw new Error('boom');
      await new Promise((resolve) => setTimeout(resolve, 5));
      settled = true;
      return 'done' as const;
    };
    await expect(
      schedule({ tasks: tasksOf('a', 'b', 'c < b'), slots: 2, run, skip: () => {} }),
    ).rejects.toThrow('boom');
    expect(settled).toBe(true);
  });
});

describe('abort', () => {
  it('starts nothing any more', async () => {
    const abort = new AbortController();
    const ran: string[] = [];
    const left = await schedule({
      tasks: tasksOf('a', 'b < a', 'c'),
      slots: 1,
      signal: abort.signal,
      async run(id) {
        ran.push(id);
        abort.abort();
        return 'done';
      },
      skip: () => {},
    });
    expect([ran, left]).toEqual([['a'], ['c', 'b']]);
  });

  it('runs nothing when it came before the start', async () => {
    const abort = new AbortController();
    abort.abort();
    expect(await story(tasksOf('a', 'b'), { signal: abort.signal })).toEqual({ lines: '', left: 'a b' });
  });
});

describe('expansion into sub-tasks', () => {
  const pause = () => new Promise((resolve) => setTimeout(resolve, 2));

  it('uses its own slot and idle ones, before tasks that wait', async () => {
    const lines: string[] = [];
    await schedule({
      tasks: tasksOf('a', 'b', 'c'),
      slots: 2,
      async run(id, slot) {
        lines.push(`${id}@${slot.number}`);
        await pause();
        if (id === 'a') {
          await slot.expand(['x', 'y', 'z'], async (item, number) => {
            lines.push(`${item}@${number}`);
            await pause();
          });
        }
        lines.push(`${id} ended`);
        return 'done';
      },
      skip: () => {},
    });
    const at = (line: string) => lines.indexOf(line);
    expect(
      lines
        .filter((line) => /^[xyz]@/.test(line))
        .map((line) => line[0])
        .sort(),
    ).toEqual(['x', 'y', 'z']);
    expect(lines.some((line) => /^[xyz]@2/.test(line))).toBe(true);
    expect(at('a ended')).toBeGreaterThan(
      Math.max(...lines.map((line, i) => (/^[xyz]@/.test(line) ? i : 0))),
    );
  });

  it('gives the first error of its items to the task', async () => {
    const run = async (_: string, slot: Slot) => {
      await slot.expand([1, 2], async () => Promise.reject(new Error('item')));
      return 'done' as const;
    };
    await expect(schedule({ tasks: tasksOf('a'), slots: 2, run, skip: () => {} })).rejects.toThrow('item');
  });
});

describe('on any graph, with any outcomes and any number of slots', () => {
  const arbitrary = fc.integer({ min: 1, max: 14 }).chain((n) =>
    fc.record({
      parents: fc.tuple(...Array.from({ length: n }, (_, i) => fc.subarray([...Array(i).keys()]))),
      outcomes: fc.array(fc.constantFrom<Verdict>('done', 'done', 'done', 'failed', 'stop'), {
        minLength: n,
        maxLength: n,
      }),
      bridges: fc.array(fc.boolean(), { minLength: n, maxLength: n }),
      delays: fc.array(fc.integer({ min: 0, max: 3 }), { minLength: n, maxLength: n }),
      slots: fc.integer({ min: 1, max: 5 }),
      shuffle: fc.shuffledSubarray([...Array(n).keys()], { minLength: n }),
    }),
  );

  it('every task has exactly one outcome, never before its parents, and is skipped when an ancestor failed', async () => {
    await fc.assert(
      fc.asyncProperty(arbitrary, async ({ parents, outcomes, bridges, delays, slots, shuffle }) => {
        const id = (i: number) => `t${i}`;
        const tasks = shuffle.map((i) => ({ id: id(i), parents: parents[i]!.map(id), bridge: bridges[i] }));
        const ended = new Map<string, string>();
        const allOver = (i: number): boolean =>
          parents[i]!.every((p) => (bridges[p] ? allOver(p) : ended.has(id(p))));
        let running = 0;
        let stopSeen = false;
        const left = await schedule({
          tasks,
          slots,
          async run(name) {
            const i = Number(name.slice(1));
            expect(allOver(i) && !ended.has(name)).toBe(true);
            running += 1;
            expect(running).toBeLessThanOrEqual(slots);
            for (let k = 0; k < delays[i]!; k++) await Promise.resolve();
            running -= 1;
            ended.set(name, outcomes[i]!);
            if (outcomes[i] === 'stop') stopSeen = true;
            return outcomes[i]!;
          },
          skip(name, cause) {
            const i = Number(name.slice(1));
            expect(allOver(i) && !ended.has(name)).toBe(true);
            expect(['failed', 'stop']).toContain(ended.get(cause));
            ended.set(name, 'skipped');
          },
        });
        const real = bridges.flatMap((bridge, i) => (bridge ? [] : [id(i)]));
        expect([...ended.keys(), ...left].sort()).toEqual(real.sort());
        if (!stopSeen) expect(left).toEqual([]);
        const failedAbove = (i: number): boolean =>
          parents[i]!.some(
            (p) => (!bridges[p] && /failed|stop|skipped/.test(ended.get(id(p)) ?? '')) || failedAbove(p),
          );
        for (const [name, outcome] of ended) {
          expect(outcome === 'skipped').toBe(failedAbove(Number(name.slice(1))));
        }
      }),
      { numRuns: 300 },
    );
  });
});
