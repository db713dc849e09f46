/** A folder of the lake on an object store, through sq's own client. */
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { SqError } from '../../../errors.ts';
import { isHidden } from '../files/location.ts';
import { openS3, PARALLEL } from '../files/s3-client.ts';
import type { FilesContext } from '../files/source-files.ts';
import type { LakeFolder } from './lake-folder.ts';

/** Files up to this size are held in memory while they are sent, 32 at a time. */
const WHOLE_BYTES = 8 * 1024 * 1024;

/** `url`: `s3://bucket/prefix/`. */
export async function objectFolder(url: string, context: FilesContext): Promise<LakeFolder> {
  const [, bucket = '', prefix = ''] = /^s3:\/\/([^/]+)\/(.*)$/s.exec(url) ?? [];
  const { sdk, client, endpoint } = await openS3({}, context);
  const { signal } = context.invocation;
  const keyOf = (path: string) => ({ Bucket: bucket, Key: prefix + path });
  const asked = async <T>(what: string, work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw storeError({ url: what, bucket, endpoint, error });
    }
  };
  return {
    shown: url,
    replacesInPlace: false,
    read: async (path) =>
      asked(url + path, async () => {
        try {
          const { Body } = await client.send(new sdk.GetObjectCommand(keyOf(path)));
          return (await Body?.transformToString()) ?? '';
        } catch (error) {
          if ((error as Error).name === 'NoSuchKey') return undefined;
          throw error;
        }
      }),
    write: async (path, text) =>
      asked(url + path, async () => {
        await client.send(new sdk.PutObjectCommand({ ...keyOf(path), Body: text }));
      }),
    list: () =>
      asked(url, async () => {
        const found = new Map<string, number>();
        for await (const page of sdk.paginateListObjectsV2({ client }, { Bucket: bucket, Prefix: prefix })) {
          signal.throwIfAborted();
          for (const { Key: key = '', Size: size = 0 } of page.Contents ?? []) {
            const path = key.slice(prefix.length);
            if (path !== '' && !path.endsWith('/') && !path.split('/').some(isHidden)) found.set(path, size);
          }
        }
        return found;
      }),
    place: (files) =>
      together(files, ({ from, file }) =>
        asked(url + file.path, async () => {
          signal.throwIfAborted();
          // the client sends bytes again when the store is busy; of a stream it cannot
          const content = file.bytes > WHOLE_BYTES ? createReadStream(from) : await readFile(from);
          const body = { Body: content, ContentLength: file.bytes };
          await client.send(new sdk.PutObjectCommand({ ...keyOf(file.path), ...body }));
        }),
      ),
    remove: (paths) =>
      together(paths, (path) =>
        asked(url + path, async () => {
          await client.send(new sdk.DeleteObjectCommand(keyOf(path)));
        }),
      ),
    close: () => client.destroy(),
  };
}

/** Many requests under way at a time; after a failure no new ones, and all have ended when it throws. */
async function together<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  let next = 0;
  const failures: unknown[] = [];
  const worker = async () => {
    while (next < items.length && failures.length === 0) {
      const item = items[next] as T;
      next += 1;
      await work(item).catch((error: unknown) => failures.push(error));
    }
  };
  await Promise.all(Array.from({ length: Math.min(PARALLEL, items.length) }, worker));
  if (failures.length > 0) throw failures[0];
}

function storeError({
  url,
  bucket,
  endpoint,
  error,
}: {
  url: string;
  bucket: string;
  endpoint: string;
  error: unknown;
}): SqError {
  const thrown = error as {
    name?: string;
    message?: string;
    code?: string;
    $metadata?: { httpStatusCode?: number };
  };
  const at = endpoint === 'aws' ? '' : ` at ${endpoint}`;
  const [why, hint] = reasonOf(thrown, { bucket, at });
  return new SqError({
    kind: 'Runtime',
    code: 'lake-store',
    message: `${url} cannot be written: ${why}.`,
    hint,
    cause: error,
  });
}

function reasonOf(
  {
    name = '',
    message = '',
    code,
    $metadata,
  }: { name?: string; message?: string; code?: string; $metadata?: { httpStatusCode?: number } },
  { bucket, at }: { bucket: string; at: string },
): [why: string, hint: string] {
  if (name === 'AbortError')
    return ['the run was stopped', 'run the model again: what was written is cleared away then'];
  if (name === 'NoSuchBucket')
    return [
      `there is no bucket ${bucket}${at}`,
      'look at the name in location; AWS_ENDPOINT_URL_S3 names another store than AWS',
    ];
  if (/Credentials|Token/.test(name) || /credential/i.test(message))
    return [
      `no valid AWS credentials (${name})`,
      'set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY',
    ];
  if (name === 'AccessDenied' || name === 'SignatureDoesNotMatch' || $metadata?.httpStatusCode === 403)
    return [
      `access${at} is denied (${name})`,
      'the credentials need s3:ListBucket on the bucket, and s3:GetObject, s3:PutObject and s3:DeleteObject below the location',
    ];
  if (code !== undefined && /^E[A-Z_]+$/.test(code))
    return [
      `${at === '' ? 'S3' : at.slice(4)} cannot be reached (${code})`,
      'look at the network, and at AWS_ENDPOINT_URL_S3 or AWS_ENDPOINT_URL',
    ];
  return [
    message || name,
    "the message is the store's own; run the model again: what was half written is cleared away then",
  ];
}
