/** Bytes that should be UTF-8. */
import { isUtf8 } from 'node:buffer';

/** The text, or where it stops being UTF-8: offset of the byte (from 0) and its value. */
export function utf8Text(bytes: Buffer): string | { offset: number; byte: number } {
  if (isUtf8(bytes)) return bytes.toString('utf8');
  const offset = invalidAt(bytes, 0);
  return { offset, byte: bytes[offset] as number };
}

/** ACCEPTINVCHARS: every byte that is not part of a character becomes `mark`. */
export function replaceInvalid(bytes: Buffer, mark: string): string {
  let out = '';
  for (let start = 0; start < bytes.length; ) {
    const bad = invalidAt(bytes, start);
    out += bytes.toString('utf8', start, bad);
    if (bad >= bytes.length) break;
    out += mark;
    start = bad + 1;
  }
  return out;
}

/** Offset of the first byte from `start` that begins no valid character; the length when there is none. */
function invalidAt(bytes: Buffer, start: number): number {
  for (let i = start; i < bytes.length; ) {
    const length = characterLength(bytes[i] as number);
    if (length === 0 || (length > 1 && !isUtf8(bytes.subarray(i, i + length)))) return i;
    i += length;
  }
  return bytes.length;
}

function characterLength(byte: number): number {
  if (byte < 0x80) return 1;
  if (byte >= 0xc2 && byte < 0xe0) return 2;
  if (byte >= 0xe0 && byte < 0xf0) return 3;
  return byte >= 0xf0 && byte < 0xf5 ? 4 : 0;
}
