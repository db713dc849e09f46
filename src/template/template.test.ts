import { describe, expect, it } from 'vitest';
import { parseTemplate, type RenderOptions, type UndefinedMode } from './index.ts';

function options(
  names: Record<string, unknown> = {},
  undefinedMode: UndefinedMode = 'strict-use',
): RenderOptions {
  return { lookup: (name) => (Object.hasOwn(names, name) ? names[name] : undefined), undefinedMode };
}

describe('a template', () => {
  it('without a tag is its own text, but for the final newline', () => {
    const plain = parseTemplate("select '{' || '}'\r\n\n", { path: 'a.sql' });
    expect(plain.isPlain).toBe(true);
    expect(plain.render(options())).toBe("select '{' || '}'\n");
    expect(parseTemplate('{# c #}', { path: 'a' }).isPlain).toBe(false);
  });

  it('tells its macros under the names dbt registers, with parameters and places', () => {
    const template = parseTemplate(
      [
        '{% macro cents(column, precision: int = 2, tags: list[str] = none) %}{% endmacro %}',
        '{% test unique_ish(model) %}{% endtest %}',
        '{% data_test positive(model) %}{% enddata_test %}',
        "{% materialization table, adapter='duckdb', supported_languages=['sql', 'python'] %}{% endmaterialization %}",
        '{% materialization view, default %}{% endmaterialization %}',
        '{% docs d %}text{% enddocs %}',
      ].join('\n'),
      { path: 'm.sql', offset: 0, line: 10, column: 1 },
    );
    expect(template.macros).toEqual([
      {
        name: 'cents',
        parameters: [
          { name: 'column', hasDefault: false },
          { name: 'precision', hasDefault: true, type: 'int' },
          { name: 'tags', hasDefault: true, type: 'list[str]' },
        ],
        at: { path: 'm.sql', line: 10, column: 4 },
      },
      {
        name: 'test_unique_ish',
        parameters: [{ name: 'model', hasDefault: false }],
        at: { path: 'm.sql', line: 11, column: 4 },
      },
      {
        name: 'test_positive',
        parameters: [{ name: 'model', hasDefault: false }],
        at: { path: 'm.sql', line: 12, column: 4 },
      },
      {
        name: 'materialization_table_duckdb',
        parameters: [{ name: 'supported_languages', hasDefault: true }],
        at: { path: 'm.sql', line: 13, column: 4 },
      },
      {
        name: 'materialization_view_default',
        parameters: [{ name: 'supported_languages', hasDefault: true }],
        at: { path: 'm.sql', line: 14, column: 4 },
      },
      { name: 'docs__d', parameters: [], at: { path: 'm.sql', line: 15, column: 4 } },
    ]);
  });
});

describe('names', () => {
  it('are asked of the lookup once a render, and only when they are used', () => {
    const asked: string[] = [];
    const given: RenderOptions = {
      lookup: (name) => {
        asked.push(name);
        return name === 'f' ? () => 'x' : undefined;
      },
      undefinedMode: 'strict-use',
    };
    const template = parseTemplate(
      '{{ f() }}{{ f() }}{% if false %}{{ never() }}{% endif %}{{ gone }}{{ gone }}',
      { path: 'a' },
    );
    expect(template.render(given)).toBe('xx');
    expect(asked).toEqual(['f', 'gone']);
    template.render(given);
    expect(asked).toEqual(['f', 'gone', 'f', 'gone']);
  });

  it('of the lookup win over globals of Jinja and macros of the file', () => {
    const text = '{% macro m() %}own{% endmacro %}{{ m() }} {{ range(2) }}';
    expect(parseTemplate(text, { path: 'a' }).render(options())).toBe('own range(0, 2)');
    const names = { m: () => 'project', range: () => 'mine' };
    expect(parseTemplate(text, { path: 'a' }).render(options(names))).toBe('project mine');
  });

  it('macros of a file call each other through the lookup too', () => {
    const file = parseTemplate('{% macro a() %}{{ b() }}{% endmacro %}{% macro b() %}own b{% endmacro %}', {
      path: 'm',
    });
    expect(file.bindMacro('a', options(), 'sync')()).toBe('own b');
    expect(file.bindMacro('a', options({ b: () => 'other b' }), 'sync')()).toBe('other b');
  });

  it('a macro can be looked up while it is bound', () => {
    const file = parseTemplate('{% macro down(n) %}{{ n }}{{ down(n - 1) if n > 0 }}{% endmacro %}', {
      path: 'm',
    });
    const given: RenderOptions = {
      lookup: (name) => (name === 'down' ? file.bindMacro('down', given, 'sync') : undefined),
      undefinedMode: 'strict-use',
    };
    expect(parseTemplate('{{ down(3) }}', { path: 'a' }).render(given)).toBe('3210');
  });

  it('assigned names are variables, whatever the lookup says', () => {
    const text = '{{ x }}{% set x = 1 %}{{ x }}{% for x in [2] %}{{ x }}{% endfor %}{{ x }}';
    expect(parseTemplate(text, { path: 'a' }).render(options({ x: 'given ' }))).toBe('given 121');
  });
});

describe('undefined while parsing, as dbt has it', () => {
  const render = (text: string) => parseTemplate(text, { path: 'a' }).render(options({ d: {} }, 'capture'));

  it.each([
    ['{{ a.b.c }}|{{ a["b"]["c"] }}|{{ a[0] }}|{{ d.x.y }}', '|||'],
    ['{{ a() }}|{{ a.b(1, x=2).c }}', '|'],
    ['{{ a.name }} {{ a.b.name }}', 'a b'],
    ['{% for x in a.b %}{% endfor %}{{ a.b | length }}{{ a is defined }}', '0False'],
    ['{% if a.b.c %}{% else %}no{% endif %}', 'no'],
  ])('%s', (text, expected) => {
    expect(render(text)).toBe(expected);
  });

  it('operators refuse it still', () => {
    expect(() => render('{{ a.b + 1 }}')).toThrow("'b' is undefined");
  });
});

describe('bindMacro', () => {
  it('answers text, or what return() was given', () => {
    const file = parseTemplate('{% macro m(a, b=2) %}{{ a }}-{{ b }}{% endmacro %}', { path: 'm.sql' });
    expect(file.bindMacro('m', options(), 'sync')(1)).toBe('1-2');
  });

  it('runs the top level of the file once a render', () => {
    let ran = 0;
    const given = options({ tick: () => String(++ran) });
    const file = parseTemplate(
      '{% set n = tick() %}{% macro a() %}{{ n }}{% endmacro %}{% macro b() %}{{ n }}{% endmacro %}',
      { path: 'm' },
    );
    expect([file.bindMacro('a', given, 'sync')(), file.bindMacro('b', given, 'sync')()]).toEqual(['1', '1']);
  });

  it('refuses a macro that is not there', () => {
    const file = parseTemplate('{% macro m() %}{% endmacro %}', { path: 'm.sql' });
    expect(() => file.bindMacro('n', options(), 'sync')).toThrow("'n' is not a macro of m.sql");
  });
});
