import { describe, expect, it } from 'vitest';
import { fnmatch, globMatch } from './fnmatch.ts';

describe('names, by the rules of fnmatch', () => {
  it.each([
    ['orders', 'orders', true],
    ['orders', 'Orders', false],
    ['orders', 'orders2', false],
    ['*', '', true],
    ['ord*', 'a.orders', false],
    ['*ord*', 'a.orders/b', true],
    ['?', 'a', true],
    ['?', '', false],
    ['[ab]c', 'bc', true],
    ['[a-c]', 'd', false],
    ['[!a-c]', 'd', true],
    ['[!a]', '', false],
    ['[]]', ']', true],
    ['[]', '[]', true],
    ['a[b', 'a[b', true],
    ['[c-a]', 'b', false],
    ['[^a]', '^', true],
    ['a.b', 'axb', false],
    ['(a|b)+', '(a|b)+', true],
    ['x\\*', 'x\\y', true],
    ['*é', 'caf\u00e9', true],
    ['a*', 'a\nb', true],
  ])('%j and %j: %s', (pattern, text, expected) => {
    expect(fnmatch(pattern)(text)).toBe(expected);
  });
});

describe('paths, by the rules of pathlib', () => {
  it.each([
    ['models/a.sql', 'models/a.sql', true],
    ['./models//a.sql', 'models/a.sql', true],
    ['models/', 'models', true],
    ['models/*.sql', 'models/x/a.sql', false],
    ['models/*/a.sql', 'models/x/a.sql', true],
    ['models/**/a.sql', 'models/a.sql', true],
    ['models/**/a.sql', 'models/x/y/a.sql', true],
    ['**/a.sql', 'a.sql', true],
    ['mod**/a.sql', 'models/x/a.sql', false],
    ['models/?.sql', 'models/a.sql', true],
    ['models[!x]a.sql', 'models/a.sql', false],
    ['models/[ab].sql', 'models/b.sql', true],
  ])('%s and %s: %s', (pattern, text, expected) => {
    expect(globMatch(pattern)(text)).toBe(expected);
  });
});
