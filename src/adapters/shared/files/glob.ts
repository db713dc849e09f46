/** Patterns of file names: `*` and `?` within a name, `**` across folders, `[a-z]`, `{a,b}`. */

/** A test for paths with forward slashes. The whole path must match. */
export function globPattern(glob: string): RegExp {
  let out = '';
  for (let i = 0; i < glob.length; i++) {
    const char = glob[i] as string;
    if (char === '*' && glob[i + 1] === '*') {
      const folders = glob[i + 2] === '/' && (i === 0 || glob[i - 1] === '/');
      out += folders ? '(?:[^/]+/)*' : '.*';
      i += folders ? 2 : 1;
    } else if (char === '*') out += '[^/]*';
    else if (char === '?') out += '[^/]';
    else if (char === '[' && glob.indexOf(']', i + 2) > 0) {
      const end = glob.indexOf(']', i + 2);
      out += `[${glob
        .slice(i + 1, end)
        .replace(/^!/, '^')
        .replace(/[\\[]/g, '\\$&')}]`;
      i = end;
    } else if (char === '{' && glob.indexOf('}', i) > 0) {
      const end = glob.indexOf('}', i);
      out += `(?:${glob
        .slice(i + 1, end)
        .split(',')
        .map((part) => globPattern(part).source.slice(1, -1))
        .join('|')})`;
      i = end;
    } else out += char.replace(/[\\^$.|+()[\]{}]/, '\\$&');
  }
  return new RegExp(`^${out}$`, 's');
}

/** The part of a pattern before its first sign, cut at a slash: the folder where a search begins. */
export function globBase(glob: string): string {
  const sign = glob.search(/[*?[{]/);
  const fixed = sign < 0 ? glob : glob.slice(0, sign);
  return fixed.slice(0, fixed.lastIndexOf('/') + 1);
}
