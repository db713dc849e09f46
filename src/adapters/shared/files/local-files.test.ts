/** What a location means on disk, and with which message it is refused. */
import { mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { LoadBench } from '../../../testing/load-files.ts';

const bench = new LoadBench();
afterAll(() => bench.close());

const names = async (location: string, options: Record<string, unknown> = {}) =>
  (await bench.list({ columns: 'a int4', external: { location, options } })).files.map(({ name }) => name);
const refusal = (location: unknown, options: Record<string, unknown> = {}) =>
  bench.errorOf(() => bench.list({ columns: 'a int4', external: { location: location as string, options } }));

beforeEach(() => {
  bench.data({
    'logs/2018/11/b.json': '{}',
    'logs/2018/11/a.json': '{}',
    'logs/2018/12/c.json': '{}',
    'logs/2018/12/c.csv': '',
    'logs/_SUCCESS': '',
    'logs/.DS_Store': '',
    'logs/.ipynb_checkpoints/a-checkpoint.json': '{}',
    'logs/_temporary/0/d.json': '{}',
    'logs_old/e.json': '{}',
    'logs.json': '{}',
    'weird [1]*?.json': '{"a":1}',
  });
});

const LOGS = [
  'data/logs/2018/11/a.json',
  'data/logs/2018/11/b.json',
  'data/logs/2018/12/c.csv',
  'data/logs/2018/12/c.json',
];

describe('a location on disk', () => {
  it.each(['data/logs', 'data/logs/', './data/logs', 'data/logs//'])(
    '%s is every file below it that is not hidden, and no look-alike',
    async (location) => {
      expect(await names(location)).toEqual(LOGS);
    },
  );

  it.each([
    ['data/logs.json', ['data/logs.json']],
    ['data/logs/_temporary/0/', ['data/logs/_temporary/0/d.json']],
    [
      'data/logs/**/*.json',
      ['data/logs/2018/11/a.json', 'data/logs/2018/11/b.json', 'data/logs/2018/12/c.json'],
    ],
    ['data/logs/2018/*/c.*', ['data/logs/2018/12/c.csv', 'data/logs/2018/12/c.json']],
    [
      'data/logs/2018/1[12]/?.json',
      ['data/logs/2018/11/a.json', 'data/logs/2018/11/b.json', 'data/logs/2018/12/c.json'],
    ],
    ['data/logs/2018/{11,13}/*', ['data/logs/2018/11/a.json', 'data/logs/2018/11/b.json']],
    ['data/logs*/*.json', ['data/logs_old/e.json']],
    ['data/logs/_temporary/**', ['data/logs/_temporary/0/d.json']],
  ])('%s', async (location, found) => {
    expect(await names(location)).toEqual(found);
  });

  it('may be absolute, or an address', async () => {
    const found = LOGS.map((name) => `${bench.dir}/${name}`);
    expect(await names(`${bench.dir}/data/logs`)).toEqual(found);
    expect(await names(`file://${bench.dir}/data/logs`)).toEqual(found);
  });

  it('counts what was passed over', async () => {
    expect((await bench.list({ columns: 'a int4', external: { location: 'data/logs' } })).hidden).toBe(4);
  });

  it('follows links, once on each way down', async () => {
    mkdirSync(join(bench.dir, 'data/links/deep'), { recursive: true });
    symlinkSync('../logs/2018/11', join(bench.dir, 'data/links/eleven'));
    symlinkSync('..', join(bench.dir, 'data/links/deep/up'));
    symlinkSync('nowhere', join(bench.dir, 'data/links/broken'));
    expect(await names('data/links')).toEqual(['data/links/eleven/a.json', 'data/links/eleven/b.json']);
  });

  it('takes names with signs of patterns as they are', async () => {
    bench.data({ 'weird [1]*?.json': '{"a":1}', 'weird 1x.json': '{"a":2}' });
    expect(await bench.rows({ columns: 'a int4' })).toEqual([[1], [2]]);
  });
});

describe('a location that holds nothing', () => {
  it('is told with the place where it is declared, and what may be meant', async () => {
    bench.write({
      'models/sources.yml':
        'sources:\n  - name: raw\n    tables:\n      - name: other\n      - name: files\n        external:\n          format: json\n          location: data/lgs\n',
    });
    expect(await refusal('data/lgs')).toBe(
      [
        'Compilation Error',
        '  Source raw.files has no files: there is no file or folder data/lgs.',
        '  at models/sources.yml:8:11',
        '  hint: did you mean data/logs?',
      ].join('\n'),
    );
    expect(await refusal('nowhere/at/all')).toContain('hint: looked for <dir>/nowhere/at/all');
    expect(await refusal('data/logs.json/')).toContain('there is no file or folder data/logs.json.');
  });

  it.each([
    [undefined, 'Source raw.files has no location: external.location is missing.'],
    [null, 'Source raw.files has no location: external.location is null.'],
    ['', 'Source raw.files has no location: external.location is "".'],
    ['None', 'Source raw.files has no location: external.location is "None".'],
    ['gs://bucket/x', 'The location gs://bucket/x of source raw.files cannot be read.'],
    ['data/logs/*.parquet', 'Source raw.files has no files: nothing matches data/logs/*.parquet'],
  ])('%s', async (location, message) => {
    expect(await refusal(location)).toContain(message);
  });

  it('says what was passed over in an empty folder, unless nothing is wanted', async () => {
    bench.data({ _SUCCESS: '' });
    expect(await refusal('data/')).toBe(
      [
        'Compilation Error',
        '  Source raw.files has no files: data/ is empty; 1 hidden name was passed over (names that begin with . or _).',
        '  at models/sources.yml:8:11',
        '  hint: options: {allow_empty: true} loads nothing instead',
      ].join('\n'),
    );
    expect(await names('data/', { allow_empty: true })).toEqual([]);
    expect(await bench.rows({ columns: 'a int4', external: { options: { allow_empty: true } } })).toEqual([]);
  });
});
