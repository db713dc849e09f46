/**
 * Many small JSON files as one: opening fifteen thousand one-line files costs DuckDB seconds, reading them
 * here and handing over one file costs a tenth. Only files that are plainly one object a line go in.
 */
import { createHash } from 'node:crypto';
import { closeSync, openSync, readSync, writeSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import type { LocalFile } from '../../shared/files/local-file.ts';

export interface Packing {
  /** The file that holds the small ones, one object a line; undefined when nothing was packed. */
  pack: string | undefined;
  /** Files that DuckDB reads itself: large ones, and ones whose objects span lines. */
  rest: LocalFile[];
  /** Of the packed files, when asked for: objects and MD5. */
  rows: Map<string, number>;
  etags: Map<string, string>;
}

/** Larger files are read by DuckDB itself. */
export const SMALL_FILE = 1024 * 1024;
/** Fewer files are not worth packing. */
const FEW_FILES = 16;
const CHUNK = 8 * SMALL_FILE;
const NEWLINE = 10;

export interface PackOptions {
  /** The file to write. */
  target: string;
  /** Files are compressed whatever their name. */
  gzip: boolean;
  /** Count objects and hash contents. */
  facts: boolean;
}

/** Reads every small file once, in bounded memory. Throws what the file system throws. */
export function packSmallFiles(files: readonly LocalFile[], options: PackOptions): Packing {
  const packing: Packing = { pack: undefined, rest: [], rows: new Map(), etags: new Map() };
  if (files.length < FEW_FILES && files.every((file) => file.part === undefined)) {
    packing.rest = [...files];
    return packing;
  }
  const out = new ChunkWriter(options.target);
  try {
    for (const file of files) {
      const room = out.room(SMALL_FILE + 2);
      const length = readSmall(file, room);
      if (length === undefined) {
        packing.rest.push(file);
        continue;
      }
      const zipped = options.gzip || file.name.endsWith('.gz');
      const content = zipped ? unzipped(room.subarray(0, length)) : room.subarray(0, length);
      const rows = content === undefined ? undefined : plainLines(content);
      if (content === undefined || rows === undefined) {
        packing.rest.push(file);
        continue;
      }
      if (options.facts) {
        packing.rows.set(file.name, rows);
        packing.etags.set(file.name, createHash('md5').update(room.subarray(0, length)).digest('hex'));
      }
      if (zipped) out.append(content);
      else out.take(length);
      if (rows > 0) out.endLine();
      packing.pack = options.target;
    }
    out.flush();
  } finally {
    out.close();
  }
  return packing;
}

/** Bytes read into `room`, or undefined when there are more than a small file has. */
function readSmall(file: LocalFile, room: Buffer): number | undefined {
  const descriptor = openSync(file.path, 'r');
  try {
    const { offset, length } = file.part ?? { offset: null, length: SMALL_FILE + 1 };
    if (length > SMALL_FILE + 1) return undefined;
    let read = 0;
    while (read < length) {
      const got = readSync(descriptor, room, read, length - read, offset === null ? null : offset + read);
      if (got === 0) break;
      read += got;
      // a file that ends here answers short; asking again would cost another call for every file
      if (read < length && file.part === undefined) break;
    }
    return file.part === undefined && read > SMALL_FILE ? undefined : read;
  } finally {
    closeSync(descriptor);
  }
}

/** Undefined for what is no gzip or grows beyond bounds: DuckDB reads it, or says what is wrong. */
function unzipped(content: Buffer): Buffer | undefined {
  try {
    return gunzipSync(content, { maxOutputLength: 64 * SMALL_FILE });
  } catch {
    return undefined;
  }
}

/**
 * How many lines hold an object, or undefined when a line is not one from its first to its last character
 * (objects over several lines, a byte order mark, a list): that file is read on its own.
 */
function plainLines(content: Buffer): number | undefined {
  let rows = 0;
  for (let start = 0; start < content.length; ) {
    let end = content.indexOf(NEWLINE, start);
    if (end < 0) end = content.length;
    let first = start;
    let last = end - 1;
    while (first <= last && isBlank(content[first] as number)) first += 1;
    while (last >= first && isBlank(content[last] as number)) last -= 1;
    if (first <= last) {
      if (content[first] !== 0x7b || content[last] !== 0x7d) return undefined;
      rows += 1;
    }
    start = end + 1;
  }
  return rows;
}

function isBlank(byte: number): boolean {
  return byte === 0x20 || byte === 0x09 || byte === 0x0d;
}

/** Collects what files hold and writes it in large pieces. */
class ChunkWriter {
  private readonly buffer = Buffer.allocUnsafe(CHUNK);
  private used = 0;
  private readonly descriptor: number;

  constructor(path: string) {
    this.descriptor = openSync(path, 'w');
  }

  /** Where the next file is read to. */
  room(bytes: number): Buffer {
    if (this.buffer.length - this.used < bytes) this.flush();
    return this.buffer.subarray(this.used);
  }

  /** Keeps what was read into the room. */
  take(bytes: number): void {
    this.used += bytes;
  }

  append(content: Buffer): void {
    this.flush();
    writeSync(this.descriptor, content);
  }

  endLine(): void {
    this.room(1)[0] = NEWLINE;
    this.used += 1;
  }

  flush(): void {
    if (this.used > 0) writeSync(this.descriptor, this.buffer, 0, this.used);
    this.used = 0;
  }

  close(): void {
    closeSync(this.descriptor);
  }
}
