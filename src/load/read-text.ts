import { readFileSync } from 'node:fs';
import { SqError } from '../errors.ts';
import type { ProjectFile } from './contract.ts';

/** What JavaScript puts in the place of bytes that are no UTF-8. */
const REPLACEMENT = '\uFFFD';

/** A file of the author as text. Throws SqError kind Parsing at the first byte that is not UTF-8. */
export function readText({ absolute, path }: Pick<ProjectFile, 'absolute' | 'path'>): string {
  const text = readFileSync(absolute, 'utf8');
  if (!text.includes(REPLACEMENT)) return text;
  const offset = firstBadCharacter(readFileSync(absolute));
  if (offset === undefined) return text;
  const before = text.slice(0, offset).split('\n');
  throw new SqError({
    kind: 'Parsing',
    code: 'not-utf8',
    message: `${path} is not a text in UTF-8`,
    at: { path, line: before.length, column: before.at(-1)!.length + 1 },
    hint: 'save the file as UTF-8; a file that is no text does not belong there',
  });
}

/** Offset in the decoded text; undefined when the replacement character itself is what was written. */
function firstBadCharacter(bytes: Buffer): number | undefined {
  const text = bytes.toString('utf8');
  const written = Buffer.from(REPLACEMENT);
  for (let at = text.indexOf(REPLACEMENT); at !== -1; at = text.indexOf(REPLACEMENT, at + 1)) {
    const place = Buffer.byteLength(text.slice(0, at));
    if (!bytes.subarray(place, place + written.length).equals(written)) return at;
  }
  return undefined;
}
