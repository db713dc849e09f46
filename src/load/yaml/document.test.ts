import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import * as yaml from 'yaml';
import { SqError } from '../../errors.ts';
import { Builder } from './builder.ts';
import { parseYaml } from './document.ts';
import { readEveryday } from './everyday-reader.ts';
import { readWithLibrary } from './library-reader.ts';

const value = (text: string) => parseYaml(text, 'models/a.yml').value;
const everyday = (text: string) => readEveryday(text, new Builder())?.value;
const library = (text: string) => readWithLibrary(text, new Builder()).value;

describe('words', () => {
  it.each([
    ['yes', true],
    ['No', false],
    ['on', true],
    ['OFF', false],
    ['y', 'y'],
    ['True', true],
    ['~', null],
    ['null', null],
    ['', null],
    ['12', 12],
    ['-12', -12],
    ['+3', 3],
    ['1_000', 1000],
    ['010', 8],
    ['0x1F', 31],
    ['0b11', 3],
    ['08', '08'],
    ['0', 0],
    ['1.5', 1.5],
    ['-.5', -0.5],
    ['1.0', 1],
    ['1e3', '1e3'],
    ['1.0e+3', 1000],
    ['.inf', Number.POSITIVE_INFINITY],
    ['-.Inf', Number.NEGATIVE_INFINITY],
    ['2024-01-31', '2024-01-31'],
    ['2024-01-31 10:00:00', '2024-01-31 10:00:00'],
    ['12:30', '12:30'],
    ['1.12.3', '1.12.3'],
    ['12345678901234567890', '12345678901234567890'],
    ["ref('a')", "ref('a')"],
    ['a b # c', 'a b'],
    ['a#b', 'a#b'],
    ['http://x', 'http://x'],
  ])('%s is %j', (text, expected) => {
    expect(value(`k: ${text}\n`)).toEqual({ k: expected });
    expect(library(`k: ${text}\n`)).toEqual({ k: expected });
  });

  it('remembers which integral numbers were floats', () => {
    const document = parseYaml('min: 1.0\nmax: 2\nlist: [3.0, 4]\n', 'a.yml');
    const { list } = document.value as { list: number[] };
    expect(document.value).toEqual({ min: 1, max: 2, list: [3, 4] });
    expect(document.isFloat(document.value as object, 'min')).toBe(true);
    expect(document.isFloat(document.value as object, 'max')).toBe(false);
    expect([document.isFloat(list, 0), document.isFloat(list, 1)]).toEqual([true, false]);
  });
});

/** Texts that the everyday reader must read itself, each with its value. */
const EVERYDAY: [string, string, unknown][] = [
  ['nothing', '', null],
  ['only a comment', '# a\n', null],
  ['a document start', '---\na: 1\n', { a: 1 }],
  ['a mapping', 'a: 1\nb:\n  c: x y\n', { a: 1, b: { c: 'x y' } }],
  ['a list under its key', 'a:\n- 1\n- 2\nb: 3\n', { a: [1, 2], b: 3 }],
  ['an indented list', 'a:\n  - 1\n  -   b: 2\n      c: 3\n', { a: [1, { b: 2, c: 3 }] }],
  ['a list of lists', '- - 1\n  - 2\n- - 3\n', [[1, 2], [3]]],
  ['empty items', 'a:\n  -\n  - b:\nc:\n', { a: [null, { b: null }], c: null }],
  ['a nested value below the dash', '-\n  a: 1\n', [{ a: 1 }]],
  ['quoted keys', '"a b": 1\n\'c\' : 2\n', { 'a b': 1, c: 2 }],
  ['quotes', `a: 'it''s'\nb: "x\\ty \\u00e9"\n`, { a: "it's", b: 'x\ty é' }],
  ['Jinja in quotes', `a: "{{ var('x') }}"\n`, { a: "{{ var('x') }}" }],
  ['Jinja behind a word', "a: x_{{ var('x') }}\n", { a: "x_{{ var('x') }}" }],
  [
    'a comment behind a value',
    'a: 1 # one\nb: "x" # two\nc: # three\n  d: 1\n',
    { a: 1, b: 'x', c: { d: 1 } },
  ],
  ['plain text over lines', 'a: one\n  two\n\n  three\nb: 1\n', { a: 'one two\nthree', b: 1 }],
  ['quoted text over lines', 'a: "one\n  two\n\n  three"\nb: 1\n', { a: 'one two\nthree', b: 1 }],
  ['a literal block', 'a: |\n  one\n    two\n\n  three\nb: 1\n', { a: 'one\n  two\n\nthree\n', b: 1 }],
  ['a literal block, stripped', 'a: |-\n  one\n\nb: 1\n', { a: 'one', b: 1 }],
  ['a literal block, kept', 'a: |+\n  one\n\nb: 1\n', { a: 'one\n\n', b: 1 }],
  ['a folded block', 'a: >\n  one\n  two\n\n  three\nb: 1\n', { a: 'one two\nthree\n', b: 1 }],
  ['a literal block in a list', '- |\n  one\n- 2\n', ['one\n', 2]],
  ['flow', `a: [1, 'x', "y", {b: c, d}, []]\n`, { a: [1, 'x', 'y', { b: 'c', d: null }, []] }],
  ['flow over lines', 'a: [\n  1,\n  2,\n]\nb: {\n  c: 1\n}\n', { a: [1, 2], b: { c: 1 } }],
  ['JSON', '{"a": {"b": [1, true, null]}, "c":"d"}', { a: { b: [1, true, null] }, c: 'd' }],
  ['the last of two equal keys', 'a: 1\na: 2\n', { a: 2 }],
];

describe('everyday YAML', () => {
  it.each(EVERYDAY)('%s', (_, text, expected) => {
    expect(everyday(text)).toEqual(expected);
    expect(library(text)).toEqual(expected);
  });

  it('reads the same as the library, or leaves the text to it', () => {
    const words = fc.constantFrom(
      'a',
      'b c',
      'yes',
      '10',
      '1.5',
      "it's",
      'x: y',
      '# no',
      '- d',
      '',
      ' ',
      '{{ x }}',
      'é',
      'a\nb',
      'a\n\nb\n',
      ' lead',
      '0x',
      '~',
      '-',
      '?',
      'x:',
      '[',
      '"',
      '\t',
      '=',
    );
    const tree = fc.letrec((tie) => ({
      node: fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        words,
        fc.integer({ min: -5, max: 5 }),
        fc.boolean(),
        fc.constant(null),
        fc.array(tie('node'), { maxLength: 3 }),
        fc.dictionary(words, tie('node'), { maxKeys: 3 }),
      ),
    })).node;
    const style = fc.record({
      indentSeq: fc.boolean(),
      collectionStyle: fc.constantFrom('any' as const, 'block' as const, 'flow' as const),
      defaultStringType: fc.constantFrom(
        'PLAIN' as const,
        'QUOTE_DOUBLE' as const,
        'QUOTE_SINGLE' as const,
        'BLOCK_LITERAL' as const,
        'BLOCK_FOLDED' as const,
      ),
      lineWidth: fc.constantFrom(0, 20, 80),
    });
    let own = 0;
    fc.assert(
      fc.property(tree, style, (data, options) => {
        const text = yaml.stringify(data, { ...options, version: '1.1', defaultKeyType: 'PLAIN' });
        const found = readEveryday(text, new Builder());
        if (!found) return;
        own++;
        expect(found.value).toEqual(library(text));
      }),
      { numRuns: 1000 },
    );
    expect(own).toBeGreaterThan(300);
  });

  it('reads any mutation of a text the same as the library, or leaves it', () => {
    const base = EVERYDAY.map(([, text]) => text).concat(
      'm:\n  - name: a\n    tests: [x, {y: 1}]\n    d: "q"\n',
    );
    const edit = fc.record({
      at: fc.nat(60),
      remove: fc.nat(2),
      insert: fc.constantFrom(
        '',
        ' ',
        '\n',
        ':',
        '- ',
        '#',
        "'",
        '"',
        '\t',
        '&a ',
        '!x ',
        '{',
        ']',
        '  ',
        '|',
        '\n ',
      ),
    });
    fc.assert(
      fc.property(fc.constantFrom(...base), fc.array(edit, { minLength: 1, maxLength: 3 }), (text, edits) => {
        let changed = text;
        for (const { at, remove, insert } of edits) {
          const from = at % (changed.length + 1);
          changed = changed.slice(0, from) + insert + changed.slice(from + remove);
        }
        const found = readEveryday(changed, new Builder());
        if (!found) return;
        let expected: unknown;
        try {
          expected = library(changed);
        } catch (error) {
          // PyYAML lets quotes and brackets go on in any column, the library does not
          expect(String(error), JSON.stringify(changed)).toMatch(
            /sufficiently indented|Missing closing|unexpected end of stream|Implicit keys|All mapping items/,
          );
          return;
        }
        expect(found.value, JSON.stringify(changed)).toEqual(expected);
      }),
      { numRuns: 1500 },
    );
  });
});

describe('what the library reads', () => {
  it.each([
    ['anchors', 'a: &x {b: 1}\nc: *x\n', { a: { b: 1 }, c: { b: 1 } }],
    ['merges', 'a: &x {b: 1, c: 2}\nd:\n  <<: *x\n  c: 3\n', { a: { b: 1, c: 2 }, d: { b: 1, c: 3 } }],
    [
      'merges of a list',
      'a: &x {b: 1}\ne: &y {b: 2, f: 3}\nd:\n  <<: [*x, *y]\n',
      { a: { b: 1 }, e: { b: 2, f: 3 }, d: { b: 1, f: 3 } },
    ],
    ['tags', 'a: !!str 12\nb: !!int "3"\n', { a: '12', b: 3 }],
    ['an indented folded block', 'a: >\n  one\n    two\n  three\n', { a: 'one\n  two\nthree\n' }],
  ])('%s', (_, text, expected) => {
    expect(everyday(text)).toBeUndefined();
    expect(value(text)).toEqual(expected);
  });
});

describe('places', () => {
  const text =
    'version: 2\n\nmodels:\n  - name: a\n    columns:\n      - {name: id, tests: [unique]}\n      # comment\n      - name: b\n';
  it.each([
    [[], 1, 1],
    [['models'], 3, 1],
    [['models', 0, 'name'], 4, 11],
    [['models', 0, 'columns', 0, 'tests', 0], 6, 28],
    [['models', 0, 'columns', 1, 'name'], 8, 15],
    [['models', 0, 'columns', 1, 'gone', 'deeper'], 8, 9],
  ] as [(string | number)[], number, number][])('the value at %j', (keys, line, column) => {
    expect(parseYaml(text, 'models/a.yml').locate(keys)).toEqual({ path: 'models/a.yml', line, column });
    expect(parseYaml(`${text}x: &a 1\n`, 'models/a.yml').locate(keys)).toEqual({
      path: 'models/a.yml',
      line,
      column,
    });
  });

  it('of a key', () => {
    const document = parseYaml(text, 'models/a.yml');
    expect(document.locate(['models', 0, 'columns'], { key: true })).toMatchObject({ line: 5, column: 5 });
  });

  it('of a key that stands twice', () => {
    expect(parseYaml('a: 1\nb: 2\na: 3\n', 'x.yml').duplicateKeys).toEqual([
      { key: 'a', path: 'x.yml', line: 3, column: 1 },
    ]);
  });

  it('does not care for the kind of line end or a byte order mark', () => {
    const document = parseYaml('\uFEFFa: 1\r\nb:\r\n  c: 2\r\n', 'x.yml');
    expect(document.value).toEqual({ a: 1, b: { c: 2 } });
    expect(document.locate(['b', 'c'])).toEqual({ path: 'x.yml', line: 3, column: 6 });
  });
});

describe('what is wrong', () => {
  const failure = (text: string): SqError => {
    try {
      parseYaml(text, 'models/a.yml');
    } catch (error) {
      if (error instanceof SqError) return error;
      throw error;
    }
    throw new Error('it was accepted');
  };

  it('shows the lines around the place as dbt does', () => {
    expect(failure("models:\n  - name: a\n    description: {{ doc('a') }}\n").text).toBe(
      [
        'Runtime Error',
        '  Syntax error near line 3',
        '  ------------------------------',
        '  1  | models:',
        '  2  |   - name: a',
        "  3  |     description: {{ doc('a') }}",
        '  4  | ',
        '',
        '  Raw Error:',
        '  ------------------------------',
        '  while constructing a mapping, found unhashable key',
        '  at models/a.yml:3:19',
        '  hint: a value that begins with {{ needs quotes: "{{ ... }}"',
      ].join('\n'),
    );
  });

  it.each([
    ['a tab', 'a:\n\tb: 1\n', 2, 'indent with spaces, not with tabs'],
    ['a colon in a text', 'a: b: c\n', 1, 'a text that holds ": " needs quotes; a key needs ": " behind it'],
    ['two documents', 'a: 1\n---\nb: 2\n', 2, 'one document a file: remove the second ---'],
    ['a tag', 'a: !x 1\n', 1, 'text that begins with ! needs quotes'],
    [
      'an open bracket',
      'a: [1, 2\nb: 3\n',
      2,
      'keys of one mapping stand in the same column; quotes and brackets need their end',
    ],
  ])('%s', (_, text, line, hint) => {
    const error = failure(text);
    expect({ line: error.at?.line, hint: error.hint }).toEqual({ line, hint });
  });
});
