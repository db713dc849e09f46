import { describe, expect, it } from 'vitest';
import { SqError } from '../errors.ts';
import { parseTemplate, scanBlocks } from './index.ts';

const ALL = ['macro', 'test', 'data_test', 'materialization', 'snapshot', 'docs'];

function scan(text: string, allowed = ALL) {
  return scanBlocks(text, 'macros/m.sql', allowed);
}

function failure(text: string): string {
  try {
    scan(text);
  } catch (thrown) {
    if (thrown instanceof SqError) return thrown.body;
  }
  throw new Error('expected an SqError');
}

describe('blocks', () => {
  it('gives type, name, text and places; text outside is ignored', () => {
    expect(
      scan(
        "a comment\n  {% macro one(x) %}body{% endmacro %} between {% docs two %}it's {{ prose{% enddocs %}\n",
      ),
    ).toEqual([
      {
        type: 'macro',
        name: 'one',
        fullText: '{% macro one(x) %}body{% endmacro %}',
        contents: 'body',
        span: { path: 'macros/m.sql', offset: 12, line: 2, column: 3 },
        contentsSpan: { path: 'macros/m.sql', offset: 30, line: 2, column: 21 },
      },
      {
        type: 'docs',
        name: 'two',
        fullText: "{% docs two %}it's {{ prose{% enddocs %}",
        contents: "it's {{ prose",
        span: { path: 'macros/m.sql', offset: 57, line: 2, column: 48 },
        contentsSpan: { path: 'macros/m.sql', offset: 71, line: 2, column: 62 },
      },
    ]);
  });

  it('`-%}` and `{%-` take the whitespace beside the contents', () => {
    const [block] = scan('{%- snapshot s -%}\n  select 1\n{%- endsnapshot -%}');
    expect(block).toMatchObject({
      name: 's',
      contents: 'select 1',
      fullText: '{%- snapshot s -%}\n  select 1\n{%- endsnapshot -%}',
      contentsSpan: { offset: 21, line: 2, column: 3 },
    });
  });

  it.each([
    ['a quoted end of tag', "{% macro a(x='%}') %}x{% endmacro %}", 'x'],
    ['a quoted end tag', "{% macro a() %}{{ '{% endmacro %}' }}{% endmacro %}", "{{ '{% endmacro %}' }}"],
    ['an escaped quote', "{% macro a(x='it\\'s %}') %}x{% endmacro %}", 'x'],
    [
      'an end tag in a comment',
      '{% macro a() %}{# {% endmacro %} #}x{% endmacro %}',
      '{# {% endmacro %} #}x',
    ],
    [
      'an end tag in raw',
      '{% macro a() %}{% raw %}{% endmacro %}{% endraw %}{% endmacro %}',
      '{% raw %}{% endmacro %}{% endraw %}',
    ],
    ['an apostrophe in the text', "{% macro a() %}it's{% endmacro %}", "it's"],
    [
      'a dict in an expression',
      "{% macro a() %}{{ {'a': {'b': '}}'}} }}{% endmacro %}",
      "{{ {'a': {'b': '}}'}} }}",
    ],
    [
      'control flow',
      '{% macro a() %}{% if x %}{% for y in z %}{% endfor %}{% endif %}{% endmacro %}',
      '{% if x %}{% for y in z %}{% endfor %}{% endif %}',
    ],
  ])('survives %s', (_, text, contents) => {
    expect(scan(text).map((block) => block.contents)).toEqual([contents]);
  });

  it.each([
    ['a comment', '{# {% macro a() %} #}'],
    ['a raw block', '{% raw %}{% macro a() %}{% endraw %}'],
    ['a string', "{{ '{% macro a() %}' }}"],
    ['a type that is not asked for', '{% snapshot a %}x{% endsnapshot %}'],
  ])('finds no block in %s', (_, text) => {
    expect(scan(text, ['macro'])).toEqual([]);
  });

  it('every type has its own end tag; names of tests and materializations are read by the parser', () => {
    const blocks = scan(
      "{% test t(model) %}{% endtest %}{% data_test d(model) %}{% enddata_test %}{% materialization v, adapter='duckdb' %}{% endmaterialization %}",
    );
    expect(blocks.map(({ type, name }) => `${type} ${name}`)).toEqual([
      'test t',
      'data_test d',
      'materialization v',
    ]);
    const registered = blocks.map((block) => parseTemplate(block.fullText, block.span).macros[0]!.name);
    expect(registered).toEqual(['test_t', 'test_d', 'materialization_v_duckdb']);
  });

  it("docs are prose: control flow and unclosed expressions in them are nobody's business", () => {
    const text = '{% docs a %}write {% if x %} or {{ this{% enddocs %}{% docs b %}b{% enddocs %}';
    expect(scan(text, ['docs']).map(({ name }) => name)).toEqual(['a', 'b']);
  });
});

describe('what is wrong with a file', () => {
  it('a block that is not closed', () => {
    expect(failure('x\n{% macro a() %}\nbody')).toBe(
      [
        'Reached EOF without finding a close tag for macro (searched from line 2)',
        'at macros/m.sql:2:1',
        '2 | {% macro a() %}',
        '  | ^',
        'hint: close the macro with {% endmacro %}',
      ].join('\n'),
    );
  });

  it('a block in a block', () => {
    expect(failure('{% macro a() %}\n  {% macro b() %}{% endmacro %}')).toBe(
      [
        'Got nested tags: macro (started at 0) did not have a matching {% endmacro %} before a subsequent macro was found (started at 18)',
        'at macros/m.sql:2:3',
        '2 |   {% macro b() %}{% endmacro %}',
        '  |   ^',
        'hint: the macro that is still open starts in line 1',
      ].join('\n'),
    );
  });

  it.each([
    [
      '{% if x %}{% macro a() %}{% endmacro %}{% endif %}',
      'Got a block definition inside control flow at 1:10. All dbt block definitions must be at the top level',
    ],
    [
      '{% endif %}',
      'Got an unexpected control flow end tag, got endif but never saw a preceeding if (@ 1:0)',
    ],
    [
      '{% if x %}{% endfor %}',
      'Got an unexpected control flow end tag, got endfor but expected endif next (@ 1:10)',
    ],
    ['{% macro a(', 'unexpected EOF, expected %}, got "{% macro a("'],
    ['{{ x', 'unexpected EOF, expected }}, got "{{ x"'],
    ['{# x', 'unexpected EOF, expected #}, got "{# x"'],
    ["{{ 'x }}", 'unexpected EOF, expected string, got "{{ \'x }}"'],
    ['{% raw %}x', 'unexpected EOF, expected {% raw %}...{% endraw %}, got "{% raw %}x"'],
  ])('%s', (text, message) => {
    expect(failure(text).split('\n')[0]).toBe(message);
  });
});
