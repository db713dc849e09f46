/** `.dbtignore`: gitignore's patterns, matched against paths relative to the project. */

/** True when the file at `path` (forward slashes) is to be left out. The last pattern that matches decides. */
export type Ignores = (path: string) => boolean;

interface Rule {
  test: RegExp;
  ignore: boolean;
}

/** The rules of a `.dbtignore` text. */
export function ignoreRules(text: string): Ignores {
  const rules = text.split(/\r?\n/).flatMap(ruleOf);
  if (rules.length === 0) return () => false;
  return (path) => {
    let ignored = false;
    for (const { test, ignore } of rules) if (ignore !== ignored && test.test(path)) ignored = ignore;
    return ignored;
  };
}

function ruleOf(line: string): Rule[] {
  let pattern = line.replace(/(?<!\\)\s+$/, '');
  if (pattern === '' || pattern.startsWith('#')) return [];
  const ignore = !pattern.startsWith('!');
  if (!ignore) pattern = pattern.slice(1);
  if (/^\\[#!]/.test(pattern)) pattern = pattern.slice(1);
  const folderOnly = pattern.endsWith('/');
  pattern = pattern.replace(/\/+$/, '');
  const anchored = pattern.includes('/');
  pattern = pattern.replace(/^\/+/, '');
  if (pattern === '') return [];
  const start = anchored && !pattern.startsWith('**/') ? '^' : '^(?:.*/)?';
  const body = source(pattern.replace(/^\*\*\//, ''));
  return [{ test: new RegExp(`${start}${body}${folderOnly ? '/' : '(?:/|$)'}`), ignore }];
}

function source(pattern: string): string {
  let out = '';
  for (let i = 0; i < pattern.length; i++) {
    const char = pattern[i] as string;
    if (pattern.startsWith('/**/', i)) {
      out += '/(?:.*/)?';
      i += 3;
    } else if (pattern.startsWith('/**', i) && i + 3 === pattern.length) {
      out += '/.*';
      i += 2;
    } else if (char === '*') {
      while (pattern[i + 1] === '*') i++;
      out += '[^/]*';
    } else if (char === '?') {
      out += '[^/]';
    } else if (char === '[') {
      const end = pattern.indexOf(']', i + 2);
      if (end < 0) {
        out += '\\[';
      } else {
        const set = pattern.slice(i + 1, end).replaceAll('\\', '\\\\');
        out += `[${set.startsWith('!') ? `^${set.slice(1)}` : set}]`;
        i = end;
      }
    } else if (char === '\\' && i + 1 < pattern.length) {
      out += `\\${pattern[++i]}`.replace(/\\([\w/])/, '$1');
    } else {
      out += char.replace(/[.+^${}()|\\]/g, '\\$&');
    }
  }
  return out;
}
