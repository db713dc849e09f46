import { SyntaxFailure } from './syntax-failure.ts';

const SIMPLE: Readonly<Record<string, string>> = {
  '\n': '',
  '"': '"',
  "'": "'",
  '\\': '\\',
  a: '\u0007',
  b: '\b',
  f: '\f',
  n: '\n',
  r: '\r',
  t: '\t',
  v: '\v',
};

const ESCAPE = /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([0-7]{1,3})|([\s\S]))/gu;

/**
 * The text of a string literal's body. An escape that Python does not know keeps its backslash: `'\d'` is a
 * backslash and a d, which SQL's regular expressions rely on.
 */
export function unescapeString(body: string, pos: number): string {
  if (!body.includes('\\')) return body;
  return body.replace(ESCAPE, (whole, hex2, hex4, hex8, octal, other: string | undefined) => {
    const hex = (hex2 ?? hex4 ?? hex8) as string | undefined;
    if (hex !== undefined) return codePoint(Number.parseInt(hex, 16), pos);
    if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal as string, 8));
    const simple = SIMPLE[other!];
    if (simple !== undefined) return simple;
    if (/[xuUN]/.test(other!)) throw new SyntaxFailure(`truncated \\${other} escape in a string`, pos);
    // Python reads the text as ASCII with escapes, so a backslash before any other letter doubles up with it
    return other! > '\u007f' ? `\\${asciiEscape(other!)}` : (whole as string);
  });
}

function codePoint(code: number, pos: number): string {
  if (code > 0x10ffff) throw new SyntaxFailure('illegal Unicode character in a string', pos);
  return String.fromCodePoint(code);
}

function asciiEscape(char: string): string {
  const code = char.codePointAt(0)!;
  if (code < 0x100) return `x${code.toString(16).padStart(2, '0')}`;
  return code < 0x10000 ? `u${code.toString(16).padStart(4, '0')}` : `U${code.toString(16).padStart(8, '0')}`;
}
