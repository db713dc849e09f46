import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Kwargs, type LiteralCall, literalCalls, parseTemplate, renderLiteral, toJs } from './index.ts';

/** Text and calls of the full render, whose functions answer the call itself. */
function rendered(source: string): { text: string; calls: unknown[] } {
  const calls: unknown[] = [];
  const functions = new Map(
    ['config', 'ref', 'source'].map((name) => [
      name,
      (...args: unknown[]) => {
        const last = args.at(-1);
        const kwargs = last instanceof Kwargs ? last.values : {};
        const positional = last instanceof Kwargs ? args.slice(0, -1) : args;
        calls.push(plain({ name, args: positional.map(toJs), kwargs }));
        return answer(calls.length);
      },
    ]),
  );
  const options = { lookup: (name: string) => functions.get(name), undefinedMode: 'capture' as const };
  return { text: parseTemplate(source, { path: 'a.sql' }).render(options), calls };
}

function plain({ name, args, kwargs }: { name: string; args: unknown[]; kwargs: Record<string, unknown> }) {
  return { name, args, kwargs: Object.entries(kwargs).map(([key, value]) => [key, toJs(value)]) };
}

const answer = (count: number) => `<${count}>`;

function fast(source: string): { text: string; calls: unknown[] } | undefined {
  const literal = literalCalls(source);
  if (literal === undefined) return undefined;
  let count = 0;
  const text = renderLiteral(literal, () => answer(++count));
  return { text, calls: literal.calls.map(plain) };
}

describe('a model whose Jinja is only literal calls', () => {
  it('gives the calls in order, with their offsets', () => {
    const source =
      "{{ config(materialized='table', tags=['a', 'b'], meta={'k': -1}, enabled=true) }}\nselect * from {{ ref('p', 'a', v=2) }}";
    const literal = literalCalls(source)!;
    expect(literal.calls).toEqual<LiteralCall[]>([
      {
        name: 'config',
        args: [],
        kwargs: { materialized: 'table', tags: ['a', 'b'], meta: { k: -1 }, enabled: true },
        offset: 0,
      },
      { name: 'ref', args: ['p', 'a'], kwargs: { v: 2 }, offset: source.indexOf('{{ ref') },
    ]);
    expect(literal.pieces).toEqual([literal.calls[0], '\nselect * from ', literal.calls[1]]);
  });

  it.each([
    'select 1',
    '',
    '\n',
    "{{ ref('a') }}\n",
    "{{ ref('a') }}\n\n",
    'a\n{#- c -#}\n',
    'a\n{# c -#}\n',
    "x  {{- ref('a') -}}  y",
    "{{ref('a')}}{{   source( 's' , \"t\" ,)   }}",
    "a\r\n{{ ref('a') }}\r\nb\r\n",
    "{{ config(a=none, b=False, c=[], d={}, e=[[1], {'x': [2]}],) }}",
    "{# {{ ref('no') }} {% if %} #}{{ ref('yes') }}",
    'a { % b } { { c',
    "{{+ ref('a') }}",
    '{{ ref(\'it is "quoted"\') }}',
    '{#-#}',
  ])('%j renders like the full template', (source) => {
    expect(fast(source)).toEqual(rendered(source));
  });

  it.each([
    '{% set x = 1 %}',
    "{{ ref('a') | upper }}",
    "{{ ref(var('a')) }}",
    "{{ ref('a' ~ 'b') }}",
    "{{ ref('a' 'b') }}",
    "{{ ref('a').b }}",
    "{{ ref('a\\n') }}",
    '{{ ref(1.5) }}',
    "{{ ref(a='x', 'y') }}",
    "{{ ref(*['a']) }}",
    "{{ ref(a='x', a='y') }}",
    "{{ config(meta={'b': 1, '1': 2}) }}",
    '{{ config(a=1_000) }}',
    '{{ config(a=12345678901234567890) }}',
    '{{ this }}',
    "{{ ref('a') + }}",
    "{{ ref('a' }}",
    "{{ refx('a') }}",
    "{{ réf('a') }}",
    '{# open',
    "{{ ref('a') }} {{ is_incremental() }}",
  ])('%j is left to the full render', (source) => {
    expect(literalCalls(source)).toBeUndefined();
  });

  it('any mixture renders alike and makes the same calls', () => {
    const literal = fc.constantFrom(
      "'a'",
      '"b c"',
      '1',
      '-20',
      '0',
      'true',
      'None',
      "['x', 1]",
      '[]',
      "{'k': [none]}",
      "{'a': 1, 'b': {}}",
    );
    const call = fc
      .record({
        name: fc.constantFrom('ref', 'source', 'config'),
        args: fc.array(literal, { maxLength: 3 }),
        kwargs: fc.uniqueArray(fc.constantFrom('a', 'b', 'tags'), { maxLength: 2 }),
        value: literal,
        open: fc.constantFrom('{{ ', '{{- ', '{{', '{{+ ', '{{\n'),
        close: fc.constantFrom(' }}', ' -}}', '}}', ',\n}}'),
      })
      .map(({ name, args, kwargs, value, open, close }) => {
        const given = [...args, ...kwargs.map((key) => `${key} = ${value}`)].join(', ');
        const end =
          close.startsWith(',') && given !== '' ? `,)${close.slice(1)}` : `)${close.replace(',', '')}`;
        return `${open}${name}(${given}${end}`;
      });
    const text = fc.constantFrom(
      'select 1',
      '\n',
      ' ',
      '  \n\t',
      '\r\n',
      "it's",
      '%}',
      '}}',
      '{ {',
      '{# c #}',
      '{#- c -#}',
      '-- {# x\n #} y',
      '\u00a0',
      '',
      '#}',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(call, text), { maxLength: 8 }), (parts) => {
        const source = parts.join('');
        const result = fast(source);
        if (result !== undefined) expect(result).toEqual(rendered(source));
      }),
      { numRuns: 500 },
    );
  });
});
