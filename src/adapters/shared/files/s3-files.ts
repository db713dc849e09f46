/** Files of a location on an object store. */
import { setMaxListeners } from 'node:events';
import { createWriteStream, statSync } from 'node:fs';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { LoadedFile, SourceFile } from '../../loader-contract.ts';
import type { ExternalSource } from '../copy/external-source.ts';
import { globBase, globPattern } from './glob.ts';
import type { LocalFile } from './local-file.ts';
import { type FileLocation, isHidden } from './location.ts';
import { ObjectCache, type ObjectName, SMALL_OBJECT } from './s3-cache.ts';
import { openS3, PARALLEL, type S3Access } from './s3-client.ts';
import { s3Error } from './s3-error.ts';
import type { FilesContext, Listing } from './source-files.ts';

type S3Location = FileLocation & { kind: 's3' };
/** Small objects that are kept together at a time. */
const PACK_BYTES = 32 * 1024 * 1024;

/**
 * Objects below the location. A location without a slash at the end stops at one: `s3://b/log_data` does not take
 * `log_data_old/` (COPY would; `prefix: raw` does). Throws SqError when the store refuses.
 */
export async function listObjects(
  source: ExternalSource,
  location: S3Location,
  context: FilesContext,
  known: ReadonlyMap<string, LoadedFile> | null,
): Promise<Listing> {
  const place = `s3://${location.bucket}/${location.key}`;
  if (location.bucket === '') {
    throw source.problem(
      'external-location',
      ['external', 'location'],
      `The location ${source.location} of source ${source.name} names no bucket.`,
      'write it like s3://bucket/prefix/',
    );
  }
  const { takes, base, prefix } = selection(location, source.options.prefix);
  const access = await openS3(source, context);
  const listing: Listing = { files: [], hidden: 0 };
  let alike: string | undefined;
  try {
    const pages = access.sdk.paginateListObjectsV2(
      { client: access.client },
      { Bucket: location.bucket, Prefix: prefix },
    );
    for await (const page of pages) {
      context.invocation.signal.throwIfAborted();
      for (const { Key: key = '', Size: size = 0, ETag: etag = '', LastModified } of page.Contents ?? []) {
        if (key.endsWith('/')) continue;
        if (!takes(key)) alike ??= key;
        else if (key.slice(base.length).split('/').some(isHidden)) listing.hidden += 1;
        else
          listing.files.push({
            ...described(`s3://${location.bucket}/${key}`, { size, etag: etag.replaceAll('"', '') }, known),
            ...(LastModified && { modifiedMs: LastModified.getTime() }),
          });
      }
    }
  } catch (error) {
    throw s3Error(source, place, error, access.endpoint);
  } finally {
    access.client.destroy();
  }
  if (listing.files.length === 0 && alike !== undefined && !source.options.allow_empty) {
    throw source.problem(
      'location-empty',
      ['external', 'location'],
      `Source ${source.name} has no files: there is nothing below ${place}/.`,
      `s3://${location.bucket}/${alike} begins alike; options: {prefix: raw} takes every object that does, as COPY`,
    );
  }
  return listing;
}

function described(
  name: string,
  { size, etag }: { size: number; etag: string },
  known: ReadonlyMap<string, LoadedFile> | null,
): SourceFile {
  const before = known?.get(name);
  const same = before?.etag === etag && before.size === size;
  return {
    name,
    size,
    etag,
    mtimeMs: null,
    state: before === undefined ? 'new' : same ? 'loaded' : 'changed',
  };
}

/** Which keys a location takes; hidden names count below `base` only. */
function selection(
  { key, pattern }: S3Location,
  mode: 'exact' | 'raw',
): { takes(key: string): boolean; base: string; prefix: string } {
  if (pattern) {
    const test = globPattern(key);
    return {
      takes: (other) => test.test(other),
      base: globBase(key),
      prefix: key.slice(0, key.search(/[*?[{]/)),
    };
  }
  const folder = key.slice(0, key.lastIndexOf('/') + 1);
  if (mode === 'raw' || key === '' || key.endsWith('/'))
    return { takes: () => true, base: folder, prefix: key };
  return { takes: (other) => other === key || other.startsWith(`${key}/`), base: key, prefix: key };
}

/** Every object on this disk; what the cache does not have is fetched. Throws SqError. */
export async function fetchObjects(
  source: ExternalSource,
  context: FilesContext,
  files: readonly SourceFile[],
): Promise<LocalFile[]> {
  const objects = files.map((file) => objectOf(file));
  const bucket = objects[0]?.bucket;
  if (bucket === undefined) return [];
  const { env } = context.invocation;
  const store = env.AWS_ENDPOINT_URL_S3 || env.AWS_ENDPOINT_URL || 'aws';
  const cache = new ObjectCache(context.cacheDir ?? cacheFolder(env), store, bucket);
  const missing = objects.filter((object) => cache.find(object, object.name) === undefined);
  if (missing.length > 0) {
    const access = await openS3(source, context);
    try {
      await fetchAll(
        { source, signal: sharedSignal(context.invocation.signal), access, cache, bucket },
        missing,
      );
    } finally {
      access.client.destroy();
    }
    cache.prune(Date.now());
  }
  return objects.map((object) => cache.find(object, object.name) as LocalFile);
}

/** Content of one object as text. Throws SqError. */
export async function readObject(
  source: ExternalSource,
  { bucket, key }: S3Location,
  context: FilesContext,
): Promise<string> {
  const access = await openS3(source, context);
  try {
    const { Body } = await access.client.send(new access.sdk.GetObjectCommand({ Bucket: bucket, Key: key }), {
      abortSignal: context.invocation.signal,
    });
    return (await Body?.transformToString()) ?? '';
  } catch (error) {
    throw s3Error(source, `s3://${bucket}/${key}`, error, access.endpoint);
  } finally {
    access.client.destroy();
  }
}

interface NamedObject extends ObjectName {
  name: string;
  bucket: string;
}

function objectOf({ name, etag, size }: SourceFile): NamedObject {
  const [, bucket = '', key = ''] = /^s3:\/\/([^/]*)\/(.*)$/s.exec(name) ?? [];
  return { name, bucket, key, etag, size: size ?? 0 };
}

interface Fetching {
  source: ExternalSource;
  signal: AbortSignal;
  access: S3Access;
  cache: ObjectCache;
  bucket: string;
}

async function fetchAll(fetching: Fetching, objects: readonly NamedObject[]): Promise<void> {
  const { cache } = fetching;
  let small: { object: ObjectName; content: Uint8Array }[] = [];
  let bytes = 0;
  const keep = () => {
    cache.keepSmall(small);
    small = [];
    bytes = 0;
  };
  let next = 0;
  const work = async () => {
    while (next < objects.length) {
      const object = objects[next] as NamedObject;
      next += 1;
      if (object.size > SMALL_OBJECT) {
        await fetchLarge(fetching, object);
        continue;
      }
      const content = await fetchSmall(fetching, object);
      small.push({ object, content });
      bytes += content.length;
      if (bytes >= PACK_BYTES) keep();
    }
  };
  const workers = Array.from({ length: Math.min(PARALLEL, objects.length) }, work);
  const ended = await Promise.allSettled(workers);
  // what has come is kept, also when another object failed
  keep();
  const failed = ended.find((one) => one.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}

async function fetchSmall(fetching: Fetching, object: NamedObject): Promise<Uint8Array> {
  return fetchOne(fetching, object, async (body) => {
    const content = await body.transformToByteArray();
    return content.length === object.size ? content : undefined;
  });
}

async function fetchLarge(fetching: Fetching, object: NamedObject): Promise<void> {
  const { path, keep } = fetching.cache.large(object);
  await fetchOne(fetching, object, async (body) => {
    await pipeline(body as unknown as Readable, createWriteStream(path));
    return statSync(path).size === object.size ? true : undefined;
  });
  keep();
}

/** Every request under way listens to it, which is more than Node takes for sound. */
function sharedSignal(signal: AbortSignal): AbortSignal {
  const shared = AbortSignal.any([signal]);
  setMaxListeners(4 * PARALLEL, shared);
  return shared;
}

type Body = { transformToByteArray(): Promise<Uint8Array> };

/** `read` answers undefined when the object came short. */
async function fetchOne<T>(
  { source, signal, access, bucket }: Fetching,
  object: NamedObject,
  read: (body: Body) => Promise<T | undefined>,
): Promise<T> {
  try {
    const command = new access.sdk.GetObjectCommand({
      Bucket: bucket,
      Key: object.key,
      IfMatch: `"${object.etag}"`,
    });
    const { Body } = await access.client.send(command, { abortSignal: signal });
    const content = Body === undefined ? undefined : await read(Body);
    if (content === undefined) throw new Error(`fewer than ${object.size} bytes came`);
    return content;
  } catch (error) {
    throw s3Error(source, object.name, error, access.endpoint);
  }
}

/** The system's folder for caches. */
function cacheFolder(env: Readonly<Record<string, string | undefined>>): string {
  return join(env.XDG_CACHE_HOME || join(env.HOME || homedir(), '.cache'), 'sq', 's3');
}
