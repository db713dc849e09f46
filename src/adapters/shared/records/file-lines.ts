/** The lines of a file, in bounded memory, unzipped where needed. */
import { closeSync, createReadStream, fstatSync, openSync, readSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';

export interface ReadableFile {
  path: string;
  part?: { offset: number; length: number };
}

const NEWLINE = 10;
/** Bytes up to which a file is read at once. */
const SMALL = 256 * 1024;

/** Lines without their newline, block by block; a byte order mark at the start is left out. */
export async function* lineBlocks(file: ReadableFile, gzip: boolean): AsyncGenerator<Buffer[]> {
  let rest: Buffer[] = [];
  let first = true;
  for await (const read of content(file, gzip)) {
    let chunk = read as Buffer;
    if (first && chunk.length >= 3 && chunk[0] === 0xef && chunk[1] === 0xbb && chunk[2] === 0xbf)
      chunk = chunk.subarray(3);
    first = false;
    const lines: Buffer[] = [];
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, start)) {
      const piece = chunk.subarray(start, end);
      lines.push(rest.length === 0 ? piece : Buffer.concat([...rest, piece]));
      rest = [];
      start = end + 1;
    }
    if (start < chunk.length) rest.push(chunk.subarray(start));
    if (lines.length > 0) yield lines;
  }
  if (rest.length > 0) yield [Buffer.concat(rest)];
}

async function* content({ path, part }: ReadableFile, gzip: boolean): AsyncGenerator<Buffer> {
  const range = part === undefined ? {} : { start: part.offset, end: part.offset + part.length - 1 };
  if (part?.length === 0) return;
  const small = gzip ? undefined : smallContent(path, part);
  if (small !== undefined) {
    if (small.length > 0) yield small;
    return;
  }
  const stream = createReadStream(path, { highWaterMark: 1024 * 1024, ...range });
  if (!gzip) {
    yield* stream;
    return;
  }
  const unzipped: Readable = stream.pipe(createGunzip());
  stream.once('error', (error) => unzipped.destroy(error));
  yield* unzipped;
}

/** All of a small file: a stream for each of ten thousand costs more than what they hold. Undefined for a larger one. */
function smallContent(path: string, part: ReadableFile['part']): Buffer | undefined {
  const descriptor = openSync(path, 'r');
  try {
    const length = part?.length ?? fstatSync(descriptor).size;
    if (length > SMALL) return undefined;
    const room = Buffer.allocUnsafe(length);
    let read = 0;
    while (read < length) {
      const got = readSync(descriptor, room, read, length - read, (part?.offset ?? 0) + read);
      if (got === 0) break;
      read += got;
    }
    return room.subarray(0, read);
  } finally {
    closeSync(descriptor);
  }
}
