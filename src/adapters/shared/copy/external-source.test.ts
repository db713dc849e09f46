/** Declarations of external sources: what is read, and with which whole message the rest is refused. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { SqError } from '../../../errors.ts';
import type { SourceNode } from '../../../manifest/nodes.ts';
import { copyOptions } from './copy-options.ts';
import { declaredType } from './declared-type.ts';
import { externalSource, isExternalSource } from './external-source.ts';
import { jsonPointer, parseJsonPath, writeJsonPath } from './json-path.ts';
import { parseJsonPathsFile } from './json-paths-file.ts';

const dir = mkdtempSync(join(tmpdir(), 'sq-external-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));
mkdirSync(join(dir, 'models'));
writeFileSync(
  join(dir, 'models/sources.yml'),
  `sources:
  - name: raw
    tables:
      - name: files
        external:
          location: data/
          format: json
          options: {timeformat: auto, gzipp: true}
        columns:
          - {name: a, data_type: int4}
          - name: b
            data_type: varchr(20)
            path: "$.x.*"
`,
);

const good = { location: 'data/', format: 'json' };
const a = { name: 'a', data_type: 'int4' };

function source(external: unknown, columns: unknown[] = [a]): SourceNode {
  const named = Object.fromEntries((columns as { name: string }[]).map((column) => [column.name, column]));
  return {
    source_name: 'raw',
    name: 'files',
    original_file_path: 'models/sources.yml',
    external,
    columns: named,
  } as unknown as SourceNode;
}

function refusal(external: unknown, columns?: unknown[]): string {
  try {
    externalSource(source(external, columns), dir);
  } catch (error) {
    return (error as SqError).text;
  }
  return 'no error';
}

const text = (message: string, place: string, hint: string) =>
  `Compilation Error\n  ${message}\n  at models/sources.yml:${place}\n  hint: ${hint}`;

describe('an external source', () => {
  it('is read with its defaults', () => {
    expect(externalSource(source(good), dir)).toMatchObject({
      name: 'raw.files',
      location: 'data/',
      format: 'json',
      jsonpaths: 'auto',
      columns: [{ name: 'a', type: { family: 'integer', bytes: 4, written: 'int4' } }],
    });
  });

  it.each([
    [good, true],
    [{ location: 's3://b/x', file_format: 'parquet' }, false],
    [{ using: 'csv' }, false],
    [null, false],
  ])('%j is one of ours: %s', (external, ours) => {
    expect(isExternalSource(source(external))).toBe(ours);
  });

  it.each([
    [
      'no format',
      { location: 'x', fromat: 'json' },
      text(
        'Source raw.files has no format: external.format is missing.',
        '5:9',
        "did you mean format in place of 'fromat'?",
      ),
    ],
    [
      'another format',
      { location: 'x', format: 'jsn' },
      text("Source raw.files has the format 'jsn', which is not known.", '7:11', "did you mean 'json'?"),
    ],
    [
      'no location',
      { format: 'json' },
      text(
        'Source raw.files has no location: external.location is missing.',
        '6:11',
        'give the folder, file or pattern that holds its files, relative to the project, or s3://bucket/prefix/',
      ),
    ],
    [
      'an option misspelt',
      { ...good, options: { gzipp: true } },
      text(
        "Option 'gzipp' of source raw.files cannot be used: COPY has no such option.",
        '8:43',
        "did you mean 'gzip'?",
      ).replace('8:43', '8:39'),
    ],
    [
      'a key misspelt',
      { ...good, jsonpath: 'x.json' },
      text(
        "Source raw.files has the key 'jsonpath' in external, which means nothing.",
        '5:9',
        "did you mean 'jsonpaths'?",
      ),
    ],
    [
      'a header of JSON files',
      { ...good, options: { ignoreheader: 1 } },
      text(
        "Option 'ignoreheader' of source raw.files would drop the first record of each JSON file.",
        '8:11',
        'JSON files have no header: leave the option out',
      ),
    ],
    [
      'jsonpaths misspelt',
      { ...good, jsonpaths: 'auto_ignorcase' },
      text(
        "jsonpaths of source raw.files is 'auto_ignorcase', which is not known.",
        '5:9',
        "did you mean 'auto_ignorecase'?",
      ),
    ],
  ])('%s', (_, external, expected) => {
    expect(refusal(external)).toBe(expected);
  });

  it.each([
    [
      'a type misspelt',
      [a, { name: 'b', data_type: 'varchr(20)' }],
      text(
        "The data_type 'varchr(20)' of column b of source raw.files is not known.",
        '12:13',
        "did you mean 'varchar(20)'?",
      ),
    ],
    [
      'a type that is none',
      [a, { name: 'b', data_type: 'geography' }],
      text(
        "The data_type 'geography' of column b of source raw.files is not known.",
        '12:13',
        'use the types of Redshift and PostgreSQL: varchar(256), int4, int8, float8, numeric(18,2), boolean, date, timestamp, super',
      ),
    ],
    [
      'no type',
      [a, { name: 'b' }],
      text(
        'Column b of source raw.files has no data_type.',
        '11:11',
        'a table gets exactly the declared columns: say the type of each, e.g. varchar(256)',
      ),
    ],
    [
      'a wildcard',
      [a, { name: 'b', data_type: 'int4', path: '$.x.*' }],
      text(
        'The path $.x.* of column b of source raw.files cannot be used: COPY knows no wildcards.',
        '13:13',
        "write it like $['key'] or $['key']['inner'][0]",
      ),
    ],
    [
      'no columns',
      [],
      text(
        'Source raw.files declares no columns.',
        '4:7',
        'list its columns with name and data_type: the table gets exactly these',
      ),
    ],
  ])('%s', (_, columns, expected) => {
    expect(refusal(good, columns)).toBe(expected);
  });
});

describe('types', () => {
  it.each([
    ['varchar(256)', { family: 'text', maxBytes: 256 }],
    ['CHARACTER VARYING ( 9 )', { family: 'text', maxBytes: 9 }],
    ['varchar', { family: 'text', maxBytes: null }],
    ['varchar(max)', { family: 'text', maxBytes: 65535 }],
    ['char', { family: 'text', maxBytes: 1 }],
    ['double  precision', { family: 'float', bytes: 8 }],
    ['numeric', { family: 'decimal', precision: 18, scale: 0 }],
    ['DECIMAL(10, 2)', { family: 'decimal', precision: 10, scale: 2 }],
    ['timestamp with time zone', { family: 'timestamp', zone: true }],
    ['timestamp(6) without time zone', { family: 'timestamp', zone: false }],
    ['super', { family: 'json' }],
  ])('%s', (written, type) => {
    expect(declaredType(written)).toMatchObject(type);
  });

  it.each(['varchr(20)', 'decimal(40,2)', 'decimal(4,5)', 'int4[]', '', 'varchar(256'])(
    '%s is none',
    (written) => {
      expect(declaredType(written)).toBeUndefined();
    },
  );
});

describe('options', () => {
  it('are read without regard to case, in one word or two', () => {
    expect(
      copyOptions({
        TIMEFORMAT: 'epochsecs',
        'NULL AS': '-',
        GZIP: null,
        truncatecolumns: 'on',
        MaxError: '10',
        IgnoreHeader: 2,
        delimiter: '\\t',
        compupdate: 'off',
        'iam role': 'x',
      }),
    ).toMatchObject({
      timeformat: 'epochsecs',
      nullAs: '-',
      gzip: true,
      truncatecolumns: true,
      maxerror: 10,
      ignoreheader: 2,
      delimiter: '\t',
    });
  });

  it.each([
    [
      { trunctecolumns: true },
      {
        option: 'trunctecolumns',
        message: 'COPY has no such option',
        hint: "did you mean 'truncatecolumns'?",
      },
    ],
    [{ gzip: 3 }, { option: 'gzip', message: 'it is 3, and must be true or false' }],
    [
      { maxerror: 'many' },
      { option: 'maxerror', message: 'it is "many", and must be a whole number from 0 to 100000' },
    ],
    [{ delimiter: '||' }, { option: 'delimiter', message: 'it is "||", and must be one character' }],
    [{ bzip2: true }, { option: 'bzip2', message: 'it is not supported', hint: 'compress with gzip' }],
    [
      { access_key_id: 'x' },
      {
        option: 'access_key_id',
        message: 'it is not supported',
        hint: 'credentials belong into the environment, where the AWS SDK looks for them',
      },
    ],
    [
      { encoding: 'latin1' },
      {
        option: 'encoding',
        message: 'it is "latin1", and only UTF-8 is read',
        hint: 'convert the files first',
      },
    ],
    [{ prefix: 'all' }, { option: 'prefix', message: 'it is "all", and must be exact or raw' }],
  ])('%j', (written, problem) => {
    expect(copyOptions(written)).toEqual(problem);
  });
});

describe('JSONPaths', () => {
  it.each([
    ["$['a']['b c'][0]", ['a', 'b c', 0]],
    ['$.a.b[2]', ['a', 'b', 2]],
    ['$["it\'s"]', ["it's"]],
    ["$['it\\'s']", ["it's"]],
  ])('%s', (written, path) => {
    expect(parseJsonPath(written)).toEqual(path);
    expect(parseJsonPath(writeJsonPath(path))).toEqual(path);
  });

  it.each([
    ['a', 'it does not begin with $'],
    ['$', 'it names no key'],
    ['$.*', 'COPY knows no wildcards'],
    ['$..a', 'COPY knows no wildcards'],
    ["$.a['b']", 'bracket and dot notation are mixed'],
    ["$['a'", "'['a'' is not understood"],
  ])('%s: %s', (written, problem) => {
    expect(parseJsonPath(written)).toEqual({ problem });
  });

  it('become pointers', () => {
    expect(jsonPointer(['a/b', 'c~d', 0, ''])).toBe('/a~1b/c~0d/0/');
  });

  const read = (file: string, columns = ['a', 'b']) => {
    try {
      return parseJsonPathsFile(
        file,
        'paths.json',
        columns,
        (message, hint) => new Error(`${message} ${hint}`) as SqError,
      );
    } catch (error) {
      return (error as Error).message;
    }
  };

  it('a file has as many as there are columns, before anything runs', () => {
    expect(read('\ufeff{"jsonpaths": ["$.x", "$.y"]}')).toEqual([['x'], ['y']]);
    expect(read('{"jsonpaths": ["$.x"]}')).toBe(
      'The JSONPaths file paths.json has 1 paths, and the source declares 2 columns. the first path fills the first column, and so on: no path for b',
    );
    expect(read('{"jsonpaths": ["$.x", "$.y", "$.z"]}')).toContain('no column for $.z');
    expect(read('{"jsonPaths": ["$.x", "$.y"]}')).toContain("has no list 'jsonpaths' of texts.");
    expect(read('{')).toContain('The JSONPaths file paths.json is not valid JSON.');
    expect(read('{"jsonpaths": ["$.x", "y"]}')).toBe(
      "Path 2 of the JSONPaths file paths.json, y, cannot be used: it does not begin with $. write it like $['key'] or $['key']['inner'][0]",
    );
  });
});
