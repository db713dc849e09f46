import { describe, expect, it } from 'vitest';
import { parseTemplate, type RenderOptions, ReturnSignal } from './index.ts';

const later = <T>(value: T, milliseconds = 1) =>
  new Promise<T>((resolve) => setTimeout(() => resolve(value), milliseconds));

function optionsOf(names: Record<string, unknown>, more: Partial<RenderOptions> = {}): RenderOptions {
  return { lookup: (name) => names[name], undefinedMode: 'strict-use', ...more };
}

const renderAsync = (text: string, names: Record<string, unknown>) =>
  parseTemplate(text, { path: 'a.sql' }).renderAsync(optionsOf(names));

describe('calls that answer promises', () => {
  const run_query = (sql: unknown) => later([`${sql}1`, `${sql}2`]);

  it.each([
    ['a set', "{% set r = run_query('q') %}{{ r[0] }}", 'q1'],
    ['an output with a filter', "{{ run_query('q') | join('-') }}", 'q1-q2'],
    ['an argument', "{{ join(run_query('q')) }}", 'q1,q2'],
    ['a condition', "{% if run_query('q') | length == 2 %}two{% endif %}", 'two'],
    ['an inline if', "{{ run_query('a')[0] if run_query('b') else 'none' }}", 'a1'],
    ['and / or', "{{ (run_query('a') and run_query('b'))[1] }}", 'b2'],
    ['a loop', "{% for x in run_query('q') %}{{ x }}{{ ',' if not loop.last }}{% endfor %}", 'q1,q2'],
    [
      'a loop test',
      "{% for x in ['q1', 'x'] if x in run_query('q') %}{{ x }}{{ loop.index }}{% endfor %}",
      'q11',
    ],
    ['a macro', "{% macro m(q) %}{% set r = run_query(q) %}{{ r[1] }}{% endmacro %}[{{ m('z') }}]", '[z2]'],
    ['a set block', "{% set t %}<{{ run_query('q')[0] }}>{% endset %}{{ t }}", '<q1>'],
    ['a filter block', "{% filter upper %}{{ run_query('q')[0] }}{% endfilter %}", 'Q1'],
    [
      'a call block',
      "{% macro m() %}({{ caller(run_query('c')) }}){% endmacro %}{% call(r) m() %}{{ r[0] }}{{ run_query('d')[0] }}{% endcall %}",
      '(c1d1)',
    ],
    [
      'a recursive loop',
      '{% for x in [1, [2]] recursive %}{{ loop(x) if x is iterable else run_query(x)[0] }}{% endfor %}',
      '1121',
    ],
    ['a dict and a list', "{{ {'a': [run_query('q')[0]]} }}", "{'a': ['q1']}"],
    ['a default of a parameter', "{% macro m(x=run_query('q')) %}{{ x[0] }}{% endmacro %}{{ m() }}", 'q1'],
  ])('in %s', async (_, text, expected) => {
    const join = (items: unknown) => (items as unknown[]).join(',');
    expect(await renderAsync(text, { run_query, join })).toBe(expected);
  });

  it('a host function may call a macro later and wait for it', async () => {
    const statement = async (...args: unknown[]) => {
      const { caller } = (args.at(-1) as { values: { caller: () => Promise<string> } }).values;
      await later(0);
      return `ran:${await caller()}`;
    };
    expect(
      await renderAsync('{% call statement() %}select {{ one() }}{% endcall %}', {
        statement,
        one: () => later(1),
      }),
    ).toBe('ran:select 1');
  });

  it('return() after a wait answers the macro', async () => {
    const names = {
      run_query,
      return: (value: unknown) => {
        throw new ReturnSignal(value);
      },
    };
    const text = "{% macro m() %}{% set r = run_query('q') %}{{ return(r) }}{% endmacro %}{{ m()[1] }}";
    expect(await renderAsync(text, names)).toBe('q2');
  });

  it('a rejected promise is an error at the call', async () => {
    const query = () => Promise.reject(new Error('no connection'));
    await expect(renderAsync('x\n {{ query() }}', { query })).rejects.toMatchObject({
      message: 'no connection',
      at: { path: 'a.sql', line: 2, column: 5 },
    });
  });
});

describe('renders at the same time', () => {
  const deep = parseTemplate(
    '{% macro m(n) %}{% set x = wait() %}{% if n > 1 %}{{ m(n - 1) }}{% else %}end{% endif %}{% endmacro %}{{ m(40) }}',
    { path: 'a.sql' },
  );
  const names = { wait: () => later(0, 0) };

  it('do not share their depth: 100 renders of 40 macros stay below a limit of 50', async () => {
    const renders = Array.from({ length: 100 }, () => deep.renderAsync(optionsOf(names, { maxDepth: 50 })));
    expect(await Promise.all(renders)).toEqual(Array.from({ length: 100 }, () => 'end'));
  });

  it('not even with one options object', async () => {
    const options = optionsOf(names, { maxDepth: 50 });
    const renders = Array.from({ length: 100 }, () => deep.renderAsync(options));
    expect(await Promise.all(renders)).toEqual(Array.from({ length: 100 }, () => 'end'));
  });

  it('each still has its limit', async () => {
    await expect(deep.renderAsync(optionsOf(names, { maxDepth: 20 }))).rejects.toThrow(/more than 20 deep/);
  });

  it('calling many macros one after the other is no depth', async () => {
    const text = '{% macro m() %}{{ wait() }}{% endmacro %}{% for i in range(200) %}{{ m() }}{% endfor %}';
    const wide = parseTemplate(text, { path: 'a.sql' });
    expect(await wide.renderAsync(optionsOf({ wait: () => later('.', 0) }, { maxDepth: 5 }))).toBe(
      '.'.repeat(200),
    );
    expect(wide.render(optionsOf({ wait: () => '.' }, { maxDepth: 5 }))).toBe('.'.repeat(200));
  });

  it('each error has its own chain', async () => {
    const text = '{% macro m(n) %}{% set x = wait(n) %}{{ fail(n) }}{% endmacro %}{{ m(n) }}';
    const failing = parseTemplate(text, { path: 'a.sql' });
    const results = await Promise.allSettled(
      [3, 1, 2].map((n) =>
        failing.renderAsync(
          optionsOf({
            n,
            wait: () => later(0, n),
            fail: () => {
              throw new Error(`failed ${n}`);
            },
          }),
        ),
      ),
    );
    const seen = results.map((result) => {
      const { message, chain } = (result as PromiseRejectedResult).reason as {
        message: string;
        chain: { name: string | null }[];
      };
      return `${message}: ${chain.map(({ name }) => name ?? 'the template').join(' < ')}`;
    });
    expect(seen).toEqual([
      'failed 3: m < the template',
      'failed 1: m < the template',
      'failed 2: m < the template',
    ]);
  });
});

describe('macros bound for the host', () => {
  const library = parseTemplate(
    '{% macro one(x) %}{{ wait(x) }}{% endmacro %}{% macro two(x) %}{{ one(x) }}{{ one(x) }}{% endmacro %}',
    { path: 'm.sql' },
  );

  it('answer text in sync and a promise in async mode', async () => {
    const sync = library.bindMacro('two', optionsOf({ wait: (x: unknown) => `<${x}>` }), 'sync');
    expect(sync(1)).toBe('<1><1>');
    const async = library.bindMacro('two', optionsOf({ wait: (x: unknown) => later(`<${x}>`) }), 'async');
    expect(await async(2)).toBe('<2><2>');
  });

  it('are there although the top level of their file waits', async () => {
    const file = parseTemplate('{% set x = wait(1) %}{% macro m() %}{{ x }}{% endmacro %}', {
      path: 'm.sql',
    });
    expect(await file.bindMacro('m', optionsOf({ wait: (x: unknown) => later(x) }), 'async')()).toBe('1');
  });
});
