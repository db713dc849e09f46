import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import type { SqError } from '../errors.ts';
import { readText } from './read-text.ts';

const folder = mkdtempSync(join(tmpdir(), 'sq-text-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function read(content: string | Buffer): string {
  const absolute = join(folder, 'a.sql');
  writeFileSync(absolute, content);
  return readText({ absolute, path: 'models/a.sql' });
}

test('UTF-8, the replacement character included', () => {
  expect(read("select 'Vårflod 🎵'")).toBe("select 'Vårflod 🎵'");
  expect(read("select '\uFFFD'")).toBe("select '\uFFFD'");
});

test('Latin-1 is refused at its first character beyond ASCII', () => {
  const text = Buffer.concat([Buffer.from("-- \uFFFD is fine\nselect 'V"), Buffer.from('årflod', 'latin1')]);
  try {
    read(text);
    expect.unreachable();
  } catch (error) {
    expect((error as SqError).text).toBe(`Parsing Error
  models/a.sql is not a text in UTF-8
  at models/a.sql:2:10
  hint: save the file as UTF-8; a file that is no text does not belong there`);
  }
});
