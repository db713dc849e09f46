import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { references, sqlTokens } from './sql-tokens.ts';

describe('sqlTokens', () => {
  it('tells words, texts, numbers, comments and Jinja apart', () => {
    expect(
      sqlTokens("select 'a''b', 1.5 -- c\nfrom {{ ref('x') }}").map(({ kind, text }) => [kind, text]),
    ).toEqual([
      ['word', 'select'],
      ['plain', ' '],
      ['text', "'a''b'"],
      ['plain', ', '],
      ['number', '1.5'],
      ['plain', ' '],
      ['comment', '-- c'],
      ['plain', '\n'],
      ['word', 'from'],
      ['plain', ' '],
      ['jinja', "{{ ref('x') }}"],
    ]);
  });

  it('loses no letter of any text, and knows where each piece stands', () => {
    const piece = fc.constantFrom(
      "'",
      '"',
      '--',
      '/*',
      '*/',
      '{{',
      '}}',
      '{%',
      '%}',
      '{#',
      '#}',
      '$$',
      'select',
      '\n',
      ' x1',
      '1',
    );
    fc.assert(
      fc.property(
        fc.array(fc.oneof(piece, fc.string())).map((parts) => parts.join('')),
        (sql) => {
          const tokens = sqlTokens(sql);
          expect(tokens.map(({ text }) => text).join('')).toBe(sql);
          for (const { at, text } of tokens) expect(sql.slice(at, at + text.length)).toBe(text);
        },
      ),
    );
  });
});

it('references are calls of ref and source with literal names', () => {
  expect(
    references("{{ ref('a') }} {{ ref(\"p\", 'b', v=2) }} {{ source('s', 't') }} {{ ref(name) }}").map(
      ({ kind, names }) => [kind, ...names],
    ),
  ).toEqual([
    ['ref', 'a'],
    ['ref', 'p', 'b'],
    ['source', 's', 't'],
  ]);
});
