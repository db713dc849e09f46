import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { parseDotenv, withDotenv } from './dotenv.ts';

it.each([
  ['A=1', { A: '1' }],
  ['export A = b c  # comment', { A: 'b c' }],
  ['A="x # y"\nB=\'z\'', { A: 'x # y', B: 'z' }],
  ['A="two\\nlines"', { A: 'two\nlines' }],
  ['A=1\nB=${A}0\nC=${NONE:-d}\nD=${HOME_X}', { A: '1', B: '10', C: 'd', D: 'h' }],
  ["A='${B}'", { A: '${B}' }],
  ['# only\n\nA=\n', { A: '' }],
  ['no line of it', {}],
])('%j', (text, expected) => {
  expect(parseDotenv(text, { HOME_X: 'h' })).toEqual(expected);
});

it('is found above the working folder, and the shell wins', () => {
  const root = mkdtempSync(join(tmpdir(), 'sq-env-'));
  try {
    mkdirSync(join(root, 'a/b'), { recursive: true });
    writeFileSync(join(root, '.env'), 'SQ_A=file\nSQ_B=file\n');
    const found = withDotenv(join(root, 'a/b'), { SQ_B: 'shell' });
    expect(found).toEqual({ env: { SQ_A: 'file', SQ_B: 'shell' }, path: join(root, '.env') });
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
});
