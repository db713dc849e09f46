/**
 * Shell patterns by the rules of Python's `fnmatch` and `pathlib`, which dbt's selectors use: `*` any text,
 * `?` one character, `[abc]`, `[a-z]`, `[!a]`. Case matters.
 */

/** Characters that make a text a pattern. */
export const WILDCARD = /[*?[\]]/;

/** A test of whole texts. In a name `*` matches everything, dots and slashes too. */
export function fnmatch(pattern: string): (text: string) => boolean {
  if (!WILDCARD.test(pattern)) return (text) => text === pattern;
  if (pattern === '*') return () => true;
  const expression = new RegExp(`^${translate(pattern, '.')}$`, 'su');
  return (text) => expression.test(text);
}

/**
 * A test of paths with forward slashes. `*` stays within one folder, `**` as a whole part spans any number of
 * folders. `.` and slashes too many are passed over.
 */
export function globMatch(pattern: string): (path: string) => boolean {
  const parts = pattern.split('/').filter((part) => part !== '' && part !== '.');
  if (!WILDCARD.test(pattern)) {
    const plain = parts.join('/');
    return (path) => path === plain;
  }
  let expression = '';
  parts.forEach((part, i) => {
    const last = i === parts.length - 1;
    if (part === '**') expression += last ? '(?:.*)' : '(?:[^/]+/)*';
    else expression += translate(part, '[^/]') + (last ? '' : '/');
  });
  const compiled = new RegExp(`^${expression}$`, 'su');
  return (path) => compiled.test(path);
}

function translate(pattern: string, anyCharacter: string): string {
  let out = '';
  for (let i = 0; i < pattern.length; i++) {
    const char = pattern[i] as string;
    if (char === '*') {
      while (pattern[i + 1] === '*') i++;
      out += `${anyCharacter}*`;
    } else if (char === '?') {
      out += anyCharacter;
    } else if (char === '[' && closing(pattern, i) !== -1) {
      const end = closing(pattern, i);
      const set = characterSet(pattern.slice(i + 1, end), anyCharacter);
      out += anyCharacter === '.' ? set : `(?!/)${set}`;
      i = end;
    } else {
      out += char.replace(/[\\^$.*+?()[\]{}|/]/, '\\$&');
    }
  }
  return out;
}

/** Where the set that opens at `start` ends; a `]` at its beginning belongs to it. */
function closing(pattern: string, start: number): number {
  let from = start + 1;
  if (pattern[from] === '!') from++;
  if (pattern[from] === ']') from++;
  return pattern.indexOf(']', from);
}

function characterSet(body: string, anyCharacter: string): string {
  const negated = body.startsWith('!');
  const chars = [...(negated ? body.slice(1) : body)];
  let out = '';
  for (let i = 0; i < chars.length; i++) {
    const from = chars[i] as string;
    const to = chars[i + 2];
    if (chars[i + 1] === '-' && to !== undefined) {
      // A range that runs backwards holds nothing.
      if (from <= to) out += `${escapeInSet(from)}-${escapeInSet(to)}`;
      i += 2;
    } else {
      out += escapeInSet(from);
    }
  }
  if (out === '') return negated ? anyCharacter : '(?!)';
  return negated ? `[^${out}]` : `[${out}]`;
}

function escapeInSet(char: string): string {
  return /[\\^\]\-[]/.test(char) ? `\\${char}` : char;
}
