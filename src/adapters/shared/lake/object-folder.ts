/** A folder of the lake on an object store, through sq's own client. */
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { isHidden } from '../files/location.ts';
import { openS3, PARALLEL } from '../files/s3-client.ts';
import type { FilesContext } from '../files/source-files.ts';
import type { LakeFolder } from './lake-folder.ts';
import { MANIFEST_NAME } from './lake-manifest.ts';
import { folderTaken, type StoreFailure, storeError } from './store-error.ts';

/** Files up to this size are held in memory while they are sent, 32 at a time. */
const WHOLE_BYTES = 8 * 1024 * 1024;

/** `url`: `s3://bucket/prefix/`. */
export async function objectFolder(url: string, context: FilesContext): Promise<LakeFolder> {
  const [, bucket = '', prefix = ''] = /^s3:\/\/([^/]+)\/(.*)$/s.exec(url) ?? [];
  const { sdk, client, endpoint } = await openS3({}, context);
  const { signal } = context.invocation;
  const keyOf = (path: string) => ({ Bucket: bucket, Key: prefix + path });
  const asked = async <T>(what: string, doing: StoreFailure['doing'], work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw storeError({ url: what, bucket, endpoint, doing, error });
    }
  };
  /** Of the small files as this run knows them; null: there was none. */
  const etags = new Map<string, string | null>();
  const text = async (key: { Bucket: string; Key: string }) => {
    const { Body, ETag } = await client.send(new sdk.GetObjectCommand(key));
    return { text: (await Body?.transformToString()) ?? '', etag: ETag };
  };
  /** Only what this run has read is replaced, where the store can hold that. */
  const put = async (path: string, body: string, conditional = true): Promise<void> => {
    const etag = conditional ? etags.get(path) : undefined;
    const condition = etag === undefined ? {} : etag === null ? { IfNoneMatch: '*' } : { IfMatch: etag };
    try {
      const { ETag } = await client.send(
        new sdk.PutObjectCommand({ ...keyOf(path), Body: body, ...condition }),
      );
      if (ETag === undefined) etags.delete(path);
      else etags.set(path, ETag);
    } catch (error) {
      const status = (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode;
      if (status === 501 && etag !== undefined) return put(path, body, false);
      if (status !== 412 && status !== 409) throw error;
      // the answer to an earlier try may have been lost
      const standing = await text(keyOf(path)).catch(() => undefined);
      if (standing?.text !== body) throw folderTaken(url);
      if (standing.etag !== undefined) etags.set(path, standing.etag);
    }
  };
  return {
    shown: url,
    replacesInPlace: false,
    read: async (path) =>
      asked(url + path, 'read', async () => {
        try {
          const found = await text(keyOf(path));
          if (found.etag !== undefined) etags.set(path, found.etag);
          return found.text;
        } catch (error) {
          if ((error as Error).name !== 'NoSuchKey') throw error;
          etags.set(path, null);
          return undefined;
        }
      }),
    write: async (path, body) => asked(url + path, 'written', () => put(path, body)),
    above: async () => {
      for (let at = folderOf(prefix); at !== undefined; at = folderOf(at)) {
        // credentials may end below: then nobody can know
        const found = await text({ Bucket: bucket, Key: at + MANIFEST_NAME }).catch(() => undefined);
        if (found !== undefined) return `s3://${bucket}/${at}`;
      }
      return undefined;
    },
    list: () =>
      asked(url, 'listed', async () => {
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
        asked(url + file.path, 'written', async () => {
          signal.throwIfAborted();
          // the client sends bytes again when the store is busy; of a stream it cannot
          const content = file.bytes > WHOLE_BYTES ? createReadStream(from) : await readFile(from);
          const body = { Body: content, ContentLength: file.bytes };
          await client.send(new sdk.PutObjectCommand({ ...keyOf(file.path), ...body }));
        }),
      ),
    remove: (paths) =>
      together(paths, (path) =>
        asked(url + path, 'deleted', async () => {
          await client.send(new sdk.DeleteObjectCommand(keyOf(path)));
        }),
      ),
    close: () => client.destroy(),
  };
}

/** `a/b/` -> `a/` -> ``; undefined for the bucket itself. */
function folderOf(prefix: string): string | undefined {
  return prefix === '' ? undefined : prefix.replace(/[^/]*\/$/, '');
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
