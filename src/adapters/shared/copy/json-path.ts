/** JSONPaths of COPY: where in an object the value of a column stands. */

/** Keys and list positions from the top of the object. */
export type JsonPath = readonly (string | number)[];

/**
 * `$['a']['b'][0]` or `$.a.b[0]`. Answers what is wrong with it as text. COPY's rules: bracket or dot
 * notation, not both in one path; no wildcards.
 */
export function parseJsonPath(text: string): JsonPath | { problem: string } {
  const path = text.trim();
  if (!path.startsWith('$')) return { problem: 'it does not begin with $' };
  const keys: (string | number)[] = [];
  const notations = new Set<'bracket' | 'dot'>();
  let rest = path.slice(1);
  while (rest !== '') {
    const step =
      /^(?:\.([^.[\]'"*\s]+)|\[\s*(\d+)\s*\]|\[\s*'((?:[^'\\]|\\.)*)'\s*\]|\[\s*"((?:[^"\\]|\\.)*)"\s*\])/.exec(
        rest,
      );
    if (step === null) {
      return {
        problem: /^(?:\.\*|\[\s*\*|\.\.)/.test(rest)
          ? 'COPY knows no wildcards'
          : `'${rest}' is not understood`,
      };
    }
    if (step[1] !== undefined) {
      notations.add('dot');
      keys.push(step[1]);
    } else if (step[2] !== undefined) {
      keys.push(Number(step[2]));
    } else {
      notations.add('bracket');
      keys.push((step[3] ?? step[4] ?? '').replace(/\\(.)/g, '$1'));
    }
    rest = rest.slice(step[0].length);
  }
  if (keys.length === 0) return { problem: 'it names no key' };
  if (notations.size > 1) return { problem: 'bracket and dot notation are mixed' };
  return keys;
}

/** The same as a JSON pointer (RFC 6901): `/a/b/0`. */
export function jsonPointer(path: JsonPath): string {
  return path.map((key) => `/${String(key).replaceAll('~', '~0').replaceAll('/', '~1')}`).join('');
}

/** In COPY's bracket notation: `$['a'][0]`. */
export function writeJsonPath(path: JsonPath): string {
  return `$${path.map((key) => (typeof key === 'number' ? `[${key}]` : `['${key.replace(/['\\]/g, '\\$&')}']`)).join('')}`;
}
