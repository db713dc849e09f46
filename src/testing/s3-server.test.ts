/** The store of the tests, asked by the real client. */
import { Readable } from 'node:stream';
import {
  DeleteObjectCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  paginateListObjectsV2,
  S3Client,
} from '@aws-sdk/client-s3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { S3Server } from './s3-server.ts';

let server: S3Server;
let client: S3Client;
const Bucket = 'lake';

beforeAll(async () => {
  server = await S3Server.start({ pageSize: 10 });
  server.buckets.set(Bucket, new Map());
  client = new S3Client({
    endpoint: server.endpoint,
    region: 'us-east-1',
    forcePathStyle: true,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' },
  });
});
afterAll(async () => {
  client.destroy();
  await server.stop();
});

const textOf = async (Key: string, Range?: string) =>
  (await client.send(new GetObjectCommand({ Bucket, Key, Range }))).Body?.transformToString();

describe('the store of the tests', () => {
  it('keeps what is put, also streamed in chunks with a checksum behind', async () => {
    await client.send(new PutObjectCommand({ Bucket, Key: 'a/plain.txt', Body: 'plain' }));
    const long = 'x'.repeat(100_000);
    const Body = Readable.from([Buffer.from(long)]);
    await client.send(
      new PutObjectCommand({ Bucket, Key: 'a/streamed.txt', Body, ContentLength: long.length }),
    );
    expect(await textOf('a/plain.txt')).toBe('plain');
    expect(await textOf('a/streamed.txt')).toBe(long);
  });

  it('answers ranges, heads and conditions', async () => {
    server.put(Bucket, 'digits', '0123456789');
    expect(await textOf('digits', 'bytes=2-4')).toBe('234');
    expect(await textOf('digits', 'bytes=-3')).toBe('789');
    expect(await textOf('digits', 'bytes=7-')).toBe('789');
    const head = await client.send(new HeadObjectCommand({ Bucket, Key: 'digits' }));
    expect([head.ContentLength, head.ETag]).toEqual([10, '"781e5e245d69b566979b86e28d23f2c7"']);
    const other = client.send(new GetObjectCommand({ Bucket, Key: 'digits', IfMatch: '"other"' }));
    await expect(other).rejects.toMatchObject({ name: 'PreconditionFailed' });
  });

  it('lists page after page, in order, with any sign in a key', async () => {
    const keys = Array.from({ length: 25 }, (_, i) => `pages/k${String(i).padStart(2, '0')}`);
    keys.push('pages/with space & <sign> "ü" +%.json');
    for (const key of [...keys].reverse()) server.put(Bucket, key, key);
    const found: (string | undefined)[] = [];
    let pages = 0;
    for await (const page of paginateListObjectsV2({ client }, { Bucket, Prefix: 'pages/' })) {
      pages += 1;
      found.push(...(page.Contents ?? []).map(({ Key }) => Key));
    }
    expect(found).toEqual(keys);
    expect(pages).toBe(3);
    expect(await textOf(keys.at(-1) as string)).toBe(keys.at(-1));
  });

  it('folds folders at a delimiter', async () => {
    server.put(Bucket, 'tree/a/1', '');
    server.put(Bucket, 'tree/a/2', '');
    server.put(Bucket, 'tree/b', '');
    const listed = await client.send(new ListObjectsV2Command({ Bucket, Prefix: 'tree/', Delimiter: '/' }));
    expect(listed.CommonPrefixes?.map(({ Prefix }) => Prefix)).toEqual(['tree/a/']);
    expect(listed.Contents?.map(({ Key }) => Key)).toEqual(['tree/b']);
  });

  it('deletes, and says what is not there', async () => {
    server.put(Bucket, 'gone', 'x');
    await client.send(new DeleteObjectCommand({ Bucket, Key: 'gone' }));
    await expect(textOf('gone')).rejects.toMatchObject({ name: 'NoSuchKey' });
    const nowhere = client.send(new ListObjectsV2Command({ Bucket: 'nowhere' }));
    await expect(nowhere).rejects.toMatchObject({ name: 'NoSuchBucket' });
  });

  it('fails when the test wishes', async () => {
    server.put(Bucket, 'secret', 'x');
    server.fault = (request) =>
      request === 'GET /lake/secret' ? { status: 403, code: 'AccessDenied' } : undefined;
    await expect(textOf('secret')).rejects.toMatchObject({ name: 'AccessDenied' });
    server.fault = undefined;
  });
});
