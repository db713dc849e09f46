/** Objects of a store through the real client and the real wire format. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { LoadBench } from '../../../testing/load-files.ts';
import { S3Server } from '../../../testing/s3-server.ts';

let server: S3Server;
let bench: LoadBench;

beforeAll(async () => {
  server = await S3Server.start({ pageSize: 7 });
});
afterAll(() => server.stop());
beforeEach(async () => {
  await bench?.close();
  server.buckets.clear();
  server.requests.length = 0;
  server.fault = undefined;
  server.put('lake', 'log_data/2018/11/a.json', '{"a":1}\n{"a":2}');
  server.put('lake', 'log_data/2018/12/b.json', '{"a":3}');
  server.put('lake', 'log_data/', '');
  server.put('lake', 'log_data/_SUCCESS', '');
  server.put('lake', 'log_data/.ipynb_checkpoints/a.json', '{"a":-1}');
  server.put('lake', 'log_data_old/c.json', '{"a":99}');
  bench = new LoadBench(server.env);
});
afterAll(() => bench.close());

const at = (location: string, options: Record<string, unknown> = {}) => ({
  columns: 'a int4',
  external: { location, options },
});
const names = async (location: string, options: Record<string, unknown> = {}) =>
  (await bench.list(at(location, options))).files.map(({ name }) => name);
const gets = () => server.requests.filter((request) => request.startsWith('GET'));

describe('a location on a store', () => {
  it.each(['s3://lake/log_data', 's3://lake/log_data/'])(
    '%s stops at the slash: no look-alikes, nothing hidden',
    async (location) => {
      expect(await names(location)).toEqual([
        's3://lake/log_data/2018/11/a.json',
        's3://lake/log_data/2018/12/b.json',
      ]);
      expect(await bench.rows(at(location))).toEqual([[1], [2], [3]]);
    },
  );

  it.each([
    ['s3://lake/log_data/2018/11/a.json', ['a.json']],
    ['s3://lake/log_data/**/b.json', ['b.json']],
    ['s3://lake/*/2018/1?/*.json', ['a.json', 'b.json']],
    ['s3://lake', ['a.json', 'b.json', 'c.json']],
  ])('%s', async (location, found) => {
    expect((await names(location)).map((name) => name.split('/').at(-1))).toEqual(found);
  });

  it('prefix: raw takes whatever begins alike, as COPY', async () => {
    expect(await names('s3://lake/log_data', { prefix: 'raw' })).toContain('s3://lake/log_data_old/c.json');
  });

  it('says so when only look-alikes are there', async () => {
    server.buckets.get('lake')?.clear();
    server.put('lake', 'log_data_old/c.json', '{"a":99}');
    expect(await bench.errorOf(() => bench.list(at('s3://lake/log_data')))).toBe(
      [
        'Compilation Error',
        '  Source raw.files has no files: there is nothing below s3://lake/log_data/.',
        '  at models/sources.yml',
        '  hint: s3://lake/log_data_old/c.json begins alike; options: {prefix: raw} takes every object that does, as COPY',
      ].join('\n'),
    );
  });

  it('lists page after page', async () => {
    for (let i = 0; i < 50; i++) server.put('lake', `many/${i}.json`, `{"a":${i}}`);
    expect((await bench.rows(at('s3://lake/many'))).length).toBe(50);
    expect(server.requests.filter((request) => request.startsWith('LIST')).length).toBeGreaterThan(7);
  });
});

describe('objects on this disk', () => {
  it('are fetched once, and again only when they change', async () => {
    const location = at('s3://lake/log_data/');
    await bench.rows(location);
    expect(gets()).toEqual(['GET /lake/log_data/2018/11/a.json', 'GET /lake/log_data/2018/12/b.json']);
    await bench.rows(location);
    expect(gets().length).toBe(2);
    server.put('lake', 'log_data/2018/12/b.json', '{"a":4}');
    expect(await bench.rows(location)).toEqual([[1], [2], [4]]);
    expect(gets().slice(2)).toEqual(['GET /lake/log_data/2018/12/b.json']);
  });

  it('share files when they are small, and keep what came when one of them fails', async () => {
    for (let i = 0; i < 40; i++) server.put('lake', `many/${i}.json`, `{"a":${i}}`);
    server.fault = (request) =>
      request === 'GET /lake/many/39.json' ? { status: 403, code: 'AccessDenied' } : undefined;
    await bench.errorOf(() => bench.rows(at('s3://lake/many')));
    const asked = gets().length;
    expect(asked).toBeGreaterThan(5);
    server.fault = undefined;
    expect((await bench.rows(at('s3://lake/many'))).length).toBe(40);
    expect(gets().length).toBeLessThan(asked + 40);
    const cached = readdirSync(join(bench.dir, 'cache/sq/s3'), { recursive: true }).map(String);
    expect(cached.filter((name) => name.endsWith('.pack')).length).toBeLessThan(4);
  });

  it('large ones are files of their own; errors have the name of the object', async () => {
    const large = `${'{"a":1,"pad":"0123456789012345678901234567890123456789"}\n'.repeat(25_000)}{"a":"x"}\n`;
    server.put('lake', 'big/large.json', large);
    server.put('lake', 'big/small.json', '{"a":5}\n{"a":6.5}');
    server.put('lake', 'big/zipped.json.gz', gzipSync('{"a":7}\n{"a":"y"}'));
    expect(await bench.refusals(at('s3://lake/big/'))).toEqual([
      "s3://lake/big/large.json:25001 a: 'x' is not an integer",
      "s3://lake/big/small.json:2 a: '6.5' is not an integer: it is written with decimals",
      "s3://lake/big/zipped.json.gz:2 a: 'y' is not an integer",
    ]);
    expect(
      (await bench.load({ ...at('s3://lake/big/'), maxErrors: 3 })).loaded &&
        (await bench.query('select count(*), sum(a) from loaded')),
    ).toEqual([[25_002, 25_012]]);
    expect(gets().length).toBe(3);
  });

  it('spread over lines, and gzip whatever the name', async () => {
    for (let i = 0; i < 20; i++) server.put('lake', `odd/${i}`, gzipSync(`{\n"a": ${i}\n}`));
    expect((await bench.rows(at('s3://lake/odd', { gzip: true }))).length).toBe(20);
  });

  it('a JSONPaths file may be an object', async () => {
    server.put('lake', 'paths.json', '{"jsonpaths":["$[\'a\']"]}');
    const test = {
      columns: 'renamed int4',
      external: { location: 's3://lake/log_data/', jsonpaths: 's3://lake/paths.json' },
    };
    expect(await bench.rows(test)).toEqual([[1], [2], [3]]);
  });

  it('the ledger knows them by ETag', async () => {
    const [a, b] = (await bench.list({ ...at('s3://lake/log_data/'), ledger: [] })).files;
    const known = { name: a!.name, size: a!.size!, etag: a!.etag, mtimeMs: null };
    const listed = await bench.list({
      ...at('s3://lake/log_data/'),
      ledger: [known, { ...known, name: b!.name, etag: 'other' }],
    });
    expect(listed.files.map(({ state }) => state)).toEqual(['loaded', 'changed']);
  });
});

describe('a store that refuses', () => {
  const said = async (location: string, fault?: { status: number; code: string }) => {
    server.fault = fault && (() => fault);
    return (await bench.errorOf(() => bench.list(at(location))))
      .split('\n')
      .filter((line) => !line.includes(' at models'));
  };

  it.each([
    [
      'no such bucket',
      's3://nowhere/x',
      undefined,
      [
        '  Source raw.files cannot be read: there is no bucket nowhere at <store>.',
        '  hint: look at the name in location; AWS_ENDPOINT_URL_S3 names another store than AWS',
      ],
    ],
    [
      'no access',
      's3://lake/x',
      { status: 403, code: 'AccessDenied' },
      [
        '  Source raw.files cannot be read: access to s3://lake/x at <store> is denied (AccessDenied).',
        '  hint: the credentials need s3:ListBucket on the bucket and s3:GetObject on the objects',
      ],
    ],
    [
      'wrong keys',
      's3://lake/x',
      { status: 403, code: 'InvalidAccessKeyId' },
      [
        '  Source raw.files cannot be read: access to s3://lake/x at <store> is denied (InvalidAccessKeyId).',
        '  hint: the credentials need s3:ListBucket on the bucket and s3:GetObject on the objects',
      ],
    ],
    [
      'no bucket named',
      's3:///x',
      undefined,
      [
        '  The location s3:///x of source raw.files names no bucket.',
        '  hint: write it like s3://bucket/prefix/',
      ],
    ],
  ])('%s', async (_, location, fault, lines) => {
    expect(
      (await said(location, fault)).slice(1).map((line) => line.replace(server.endpoint, '<store>')),
    ).toEqual(lines);
  });

  it('nobody there', async () => {
    const other = new LoadBench({ ...server.env, AWS_ENDPOINT_URL_S3: 'http://127.0.0.1:1' });
    expect(await other.errorOf(() => other.list(at('s3://lake/x')))).toContain(
      'http://127.0.0.1:1 cannot be reached (ECONNREFUSED)',
    );
    await other.close();
  });

  it('an object that changes between listing and reading', async () => {
    const put = server.put.bind(server);
    server.fault = (request) => {
      if (request.startsWith('GET')) put('lake', 'log_data/2018/12/b.json', '{"a":33}');
      return undefined;
    };
    expect(await bench.errorOf(() => bench.load(at('s3://lake/log_data/')))).toContain(
      's3://lake/log_data/2018/12/b.json was changed while it was read',
    );
  });
});
