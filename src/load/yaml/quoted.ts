/** How the lines of a scalar become one text, and what stands behind a backslash. */

/** Folds lines: a line end is a blank, n blank lines between two lines are n line ends. */
export function foldLines(lines: readonly string[]): string {
  let out = lines[0] as string;
  let blanks = 0;
  for (let i = 1; i < lines.length; i++) {
    const line = lines[i] as string;
    if (line === '' && i < lines.length - 1) {
      blanks++;
    } else {
      out += (blanks === 0 ? ' ' : '\n'.repeat(blanks)) + line;
      blanks = 0;
    }
  }
  return out;
}

const ESCAPES: Record<string, string> = {
  '0': '\0',
  a: '\x07',
  b: '\b',
  t: '\t',
  n: '\n',
  v: '\v',
  f: '\f',
  r: '\r',
  e: '\x1b',
  ' ': ' ',
  '"': '"',
  '/': '/',
  '\\': '\\',
  N: '\x85',
  _: '\xa0',
  L: '\u2028',
  P: '\u2029',
};

/** The text of a double-quoted scalar of one line; undefined for an escape that YAML does not know. */
export function unescapeDouble(raw: string): string | undefined {
  let known = true;
  const value = raw.replace(
    /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|U([0-9a-fA-F]{8})|([\s\S]?))/g,
    (_, x, u, long, char) => {
      const code = x ?? u ?? long;
      if (code !== undefined) {
        const point = Number.parseInt(code, 16);
        if (point <= 0x10ffff) return String.fromCodePoint(point);
        known = false;
        return '';
      }
      const escaped = ESCAPES[char];
      if (escaped === undefined) known = false;
      return escaped ?? '';
    },
  );
  return known ? value : undefined;
}
