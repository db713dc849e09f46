import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { cleanFolder, isInside } from './clean-folder.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'sq-clean-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function write(path: string): string {
  const file = join(root, path);
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, '');
  return file;
}

test('deletes a folder with all that is in it', () => {
  write('target/compiled/a.sql');
  write('target/manifest.json');
  expect(cleanFolder(join(root, 'target'))).toEqual([]);
  expect(existsSync(join(root, 'target'))).toBe(false);
});

test('keeps DuckDB files and the folders they are in', () => {
  const database = write('target/db/shop.duckdb');
  const wal = write('target/db/shop.duckdb.wal');
  write('target/manifest.json');
  expect(cleanFolder(join(root, 'target')).sort()).toEqual([database, wal]);
  expect(existsSync(database)).toBe(true);
  expect(existsSync(join(root, 'target/manifest.json'))).toBe(false);
});

test('deletes a link, not what it leads to', () => {
  const kept = write('elsewhere/data.csv');
  mkdirSync(join(root, 'target'));
  symlinkSync(join(root, 'elsewhere'), join(root, 'target/link'));
  cleanFolder(join(root, 'target'));
  expect(existsSync(kept)).toBe(true);
  expect(existsSync(join(root, 'target'))).toBe(false);
});

test('a folder that is not there is clean', () => {
  expect(cleanFolder(join(root, 'nothing'))).toEqual([]);
});

test.each([
  ['target', true],
  ['a/b', true],
  ['..data', true],
  ['.', false],
  ['..', false],
  ['../other', false],
  ['/', false],
])('%s lies inside: %s', (path, inside) => {
  expect(isInside(join(root, path === '/' ? '../..' : path), root)).toBe(inside);
});

test('a link that leads outside is not inside', () => {
  symlinkSync(tmpdir(), join(root, 'target'));
  expect(isInside(join(root, 'target'), root)).toBe(false);
});
