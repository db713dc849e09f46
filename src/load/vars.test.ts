import { expect, it } from 'vitest';
import { SqError } from '../errors.ts';
import { pythonRepr, pythonText } from './values.ts';
import { parseYamlOption } from './vars.ts';

function failure(text: string): SqError {
  try {
    parseYamlOption(text, 'vars');
  } catch (error) {
    if (error instanceof SqError) return error;
    throw error;
  }
  throw new Error('it was accepted');
}

it.each([
  ['a: 1', { a: 1 }],
  ['{a: 1, b: [x, yes]}', { a: 1, b: ['x', true] }],
  ['{"a": {"b": null}}', { a: { b: null } }],
  ["{start: '2024-01-01', end: 2024-01-02}", { start: '2024-01-01', end: '2024-01-02' }],
])('--vars %s', (text, expected) => expect(parseYamlOption(text, 'vars')).toEqual(expected));

it.each([
  ['a:1', 'str', "a blank belongs behind the colon: --vars 'a: 1'"],
  ['[a]', 'list', "write --vars '{name: value}'"],
  ['', 'NoneType', "write --vars '{name: value}'"],
])('--vars %j is no mapping', (text, type, hint) => {
  expect(failure(text)).toMatchObject({
    kind: 'Compilation',
    message: `The --vars argument must be a YAML dictionary, but was of type '${type}'`,
    hint,
  });
});

it('--vars that is no YAML', () => expect(failure('{a: ').message).toMatch(/^Syntax error near line 1\n/));

it.each([
  ['it\'s "x"\n', `'it\\'s "x"\\n'`],
  ["it's", `"it's"`],
  ['é\u00a0\u200b', "'é\\xa0\\u200b'"],
  [[1, 1.5, 1e-7, 1e21, true, null], '[1, 1.5, 1e-07, 1000000000000000000000, True, None]'],
  [{ a: { b: [] }, 'c d': {} }, "{'a': {'b': []}, 'c d': {}}"],
  [Number.NaN, 'nan'],
])('repr of %j', (value, expected) => expect(pythonRepr(value)).toBe(expected));

it('str of a text is the text', () =>
  expect([pythonText('a'), pythonText(false), pythonText(['a'])]).toEqual(['a', 'False', "['a']"]));
