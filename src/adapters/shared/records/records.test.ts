/** Records of broken and unbroken files, whatever stands in them. */

import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { CsvRecords } from './csv-records.ts';
import { lineBlocks } from './file-lines.ts';
import { jsonProblem } from './json-problem.ts';
import { JsonRecords } from './json-records.ts';
import type { FileRecord } from './record.ts';
import { replaceInvalid, utf8Text } from './utf8.ts';

const dir = mkdtempSync(join(tmpdir(), 'sq-records-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

const linesOf = (text: string) => text.split('\n').map((line) => Buffer.from(line));
const objects = fc.dictionary(fc.string(), fc.jsonValue());

function jsonRecords(text: string): FileRecord[] {
  const reader = new JsonRecords(undefined);
  return [...reader.push(linesOf(text)), ...reader.end()];
}

describe('JSON', () => {
  it('objects in any layout come out as they are', () => {
    const layouts = fc.array(
      fc.tuple(objects, fc.constantFrom(0, 2), fc.constantFrom('\n', ' ', '', '\n\n')),
    );
    fc.assert(
      fc.property(layouts, (parts) => {
        const text = parts
          .map(([value, indent, after]) => JSON.stringify(value, null, indent) + after)
          .join('');
        const found = jsonRecords(text);
        expect(found.map(({ problem }) => problem)).toEqual(parts.map(() => undefined));
        expect(found.map(({ json }) => JSON.parse(json as string))).toEqual(
          parts.map(([value]) => JSON.parse(JSON.stringify(value))),
        );
        expect(found.every(({ json }) => !json?.includes('\n'))).toBe(true);
      }),
    );
  });

  it('one broken line costs one record, and has its number', () => {
    const broken = fc.constantFrom(
      '{"a":',
      '{"a":1,,}',
      '{',
      '}',
      '"x"',
      'x',
      '{"a":"',
      '{"a":1}}',
      '[1]x',
      '{a:1}',
    );
    fc.assert(
      fc.property(fc.array(objects, { minLength: 1 }), fc.nat(), broken, (values, at, line) => {
        const lines = values.map((value) => JSON.stringify(value));
        const position = 1 + (at % lines.length);
        lines.splice(position, 0, line);
        const found = jsonRecords(lines.join('\n'));
        expect(found.filter(({ problem }) => problem !== undefined).map((record) => record.line)).toEqual([
          position + 1,
        ]);
        expect(found.length).toBe(lines.length);
      }),
    );
  });

  it('what JSON.parse takes has no problem; what it refuses has one with a place', () => {
    const almost = fc
      .tuple(fc.json(), fc.nat(), fc.constantFrom('', ',', '"', '}', ']', '{', 'x', '\\', ':', '0'))
      .map(([text, at, sign]) => {
        const place = at % (text.length + 1);
        return text.slice(0, place) + sign + text.slice(place + (sign === '' ? 1 : 0));
      });
    fc.assert(
      fc.property(fc.oneof(fc.json(), almost), (text) => {
        const problem = jsonProblem(text);
        let valid = true;
        try {
          JSON.parse(text);
        } catch {
          valid = false;
        }
        if (valid) expect(problem).toBeUndefined();
        // a comma behind the last value is let pass
        else if (problem === undefined) expect(text).toMatch(/,\s*[}\]]/);
        else expect(problem.offset).toBeLessThanOrEqual(text.length);
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ['{"a" 1}', 5, "expected ':' after the key, found '1'"],
    ['{"a":1', 6, 'the object is not closed'],
    ['[1,', 3, 'the list is not closed'],
    ['', 0, 'the line ends'],
    ['{"a":01}', 5, "expected a value, found '0'"],
    ['{"a":"\\x"}', 6, "'\\x' is no escape of JSON"],
    ['{1:2}', 1, "expected a key in double quotes, found '1'"],
  ])('%s', (text, offset, reason) => {
    expect(jsonProblem(text)).toEqual({ offset, reason });
  });

  it('nests as deep as it likes', () => {
    expect(jsonProblem('['.repeat(100_000) + ']'.repeat(100_000))).toBeUndefined();
  });
});

describe('CSV', () => {
  const shape = {
    delimiter: ',',
    quote: '"',
    header: 0,
    fields: 3,
    fill: false,
    nullText: '\\N',
    mark: undefined,
  };

  it('fields of any content come out as they are', () => {
    const field = fc
      .oneof(fc.string(), fc.string({ unit: fc.constantFrom('"', ',', '\n', 'a', '\\') }))
      .filter((text) => !/\r/.test(text));
    const quoted = (text: string | null) => (text === null ? '\\N' : `"${text.replaceAll('"', '""')}"`);
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.option(field), field, field)), (rows) => {
        const reader = new CsvRecords(shape);
        const text = rows.map((row) => row.map(quoted).join(',')).join('\n');
        const found = [...reader.push(linesOf(text)), ...reader.end()];
        expect(found.map(({ json }) => JSON.parse(json as string))).toEqual(rows);
      }),
    );
  });
});

describe('bytes', () => {
  it('are UTF-8 or not, as the platform says; the first that is not is told', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 24 }), (array) => {
        const bytes = Buffer.from(array);
        const text = utf8Text(bytes);
        if (typeof text === 'string') expect(Buffer.from(text)).toEqual(bytes);
        else {
          expect(text.byte).toBe(bytes[text.offset]);
          expect(typeof utf8Text(bytes.subarray(0, text.offset))).toBe('string');
        }
        const mended = replaceInvalid(bytes, '?');
        expect(mended).not.toContain('\ufffd'.repeat(25));
        if (typeof text === 'string') expect(mended).toBe(text);
      }),
    );
  });

  it('come as lines, however the blocks fall, zipped or not', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.string()), fc.boolean(), async (texts, gzip) => {
        const content = Buffer.from(texts.map((text) => text.replaceAll('\n', ' ')).join('\n'));
        const path = join(dir, 'lines');
        writeFileSync(path, gzip ? gzipSync(content) : content);
        const lines: string[] = [];
        for await (const block of lineBlocks({ path }, gzip)) lines.push(...block.map(String));
        expect(lines.join('\n')).toBe(
          content
            .toString()
            .replace(/^\ufeff/, '')
            .replace(/\n$/, ''),
        );
      }),
      { numRuns: 50 },
    );
    const long = 'x'.repeat(3_000_000);
    writeFileSync(join(dir, 'long'), `${long}\n${long}\n`);
    const sizes: number[] = [];
    for await (const block of lineBlocks({ path: join(dir, 'long') }, false))
      sizes.push(...block.map(({ length }) => length));
    expect(sizes).toEqual([3_000_000, 3_000_000]);
  });
});
