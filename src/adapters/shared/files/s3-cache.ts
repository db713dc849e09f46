/**
 * Objects on this disk, known by bucket, key, ETag and size. Small ones share files: fifteen thousand objects
 * of 200 bytes would take 60 MB as files of their own, and seconds to open.
 */
import { createHash, randomUUID } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import type { LocalFile } from './local-file.ts';

export interface ObjectName {
  key: string;
  etag: string;
  size: number;
}

/** Larger objects are files of their own. */
export const SMALL_OBJECT = 1024 * 1024;
/** What was not used for this long is removed when something else is fetched. */
const KEPT_MS = 30 * 24 * 60 * 60 * 1000;

/** key, ETag, size, offset in the pack. */
type IndexEntry = [string, string, number, number];

export class ObjectCache {
  private readonly folder: string;
  private index: Map<string, { pack: string; offset: number }> | undefined;

  /** `store` and `bucket` say whose objects these are. */
  constructor(root: string, store: string, bucket: string) {
    const id = createHash('sha256').update(`${store}\0${bucket}`).digest('hex').slice(0, 16);
    this.folder = join(root, id);
  }

  /** Where the object is, or undefined. `name` is what the file will be called in messages. */
  find(object: ObjectName, name: string): LocalFile | undefined {
    if (object.size > SMALL_OBJECT) {
      const path = this.pathOf(object);
      if (!existsSync(path) || statSync(path).size !== object.size) return undefined;
      touch(path);
      return { name, path };
    }
    this.index ??= this.readIndex();
    const found = this.index.get(idOf(object));
    return found === undefined
      ? undefined
      : { name, path: found.pack, part: { offset: found.offset, length: object.size } };
  }

  /** A file to write a large object to; `keep` makes it known under its name. */
  large(object: ObjectName): { path: string; keep(): void } {
    mkdirSync(this.folder, { recursive: true });
    const path = join(this.folder, `${randomUUID()}.part`);
    return { path, keep: () => renameSync(path, this.pathOf(object)) };
  }

  /** Keeps small objects together in one file. */
  keepSmall(objects: readonly { object: ObjectName; content: Uint8Array }[]): void {
    if (objects.length === 0) return;
    mkdirSync(this.folder, { recursive: true });
    const pack = join(this.folder, `${randomUUID()}.pack`);
    const entries: IndexEntry[] = [];
    let offset = 0;
    for (const { object, content } of objects) {
      entries.push([object.key, object.etag, object.size, offset]);
      offset += content.length;
    }
    writeFileSync(
      pack,
      Buffer.concat(
        objects.map(({ content }) => content),
        offset,
      ),
    );
    // the index makes the pack known, so it comes last and whole
    writeFileSync(`${pack}.part`, JSON.stringify(entries));
    renameSync(`${pack}.part`, `${pack}.json`);
    this.index = undefined;
  }

  /** Removes what was not used for a month, and pieces of fetches that were cut off a day ago. */
  prune(now: number): void {
    if (!existsSync(this.folder)) return;
    for (const name of readdirSync(this.folder)) {
      const path = join(this.folder, name);
      const age = now - (statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? now);
      if (age > KEPT_MS || (name.endsWith('.part') && age > KEPT_MS / 30)) rmSync(path, { force: true });
    }
  }

  private pathOf(object: ObjectName): string {
    const ending = /(\.[a-z0-9]{1,8}){1,2}$/i.exec(object.key)?.[0] ?? '';
    return join(this.folder, createHash('sha256').update(idOf(object)).digest('hex') + ending);
  }

  private readIndex(): Map<string, { pack: string; offset: number }> {
    const index = new Map<string, { pack: string; offset: number }>();
    if (!existsSync(this.folder)) return index;
    for (const name of readdirSync(this.folder)) {
      if (!name.endsWith('.pack.json')) continue;
      const path = join(this.folder, name);
      const pack = path.slice(0, -'.json'.length);
      const entries = entriesOf(path);
      if (entries === undefined || !existsSync(pack)) continue;
      touch(path);
      touch(pack);
      for (const [key, etag, size, offset] of entries) index.set(idOf({ key, etag, size }), { pack, offset });
    }
    return index;
  }
}

function idOf({ key, etag, size }: ObjectName): string {
  return `${key}\0${etag}\0${size}`;
}

/** An index that cannot be read counts as absent: its objects are fetched again. */
function entriesOf(path: string): IndexEntry[] | undefined {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as IndexEntry[];
  } catch {
    return undefined;
  }
}

/** Times say when something was last used. A cache on a disk that cannot be written stays usable. */
function touch(path: string): void {
  const now = new Date();
  try {
    utimesSync(path, now, now);
  } catch {
    return;
  }
}
