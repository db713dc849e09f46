/** The lines of a file, in bounded memory, unzipped where needed. */
import { createReadStream } from 'node:fs';
import type { Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';

export interface ReadableFile {
  path: string;
  part?: { offset: number; length: number };
}

const NEWLINE = 10;

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
  const stream = createReadStream(path, { highWaterMark: 1024 * 1024, ...range });
  if (!gzip) {
    yield* stream;
    return;
  }
  const unzipped: Readable = stream.pipe(createGunzip());
  stream.once('error', (error) => unzipped.destroy(error));
  yield* unzipped;
}
