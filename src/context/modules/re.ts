/** `modules.re`: Python's regular expressions on JavaScript's, with Python's spellings translated. */
import { SqError } from '../../errors.ts';
import { callArguments, Dict, HOST_GET, HOST_ITEM, type HostObject, Tuple } from '../../template/index.ts';
import { Namespace, namespaceOf } from '../host.ts';

const FLAGS = { IGNORECASE: 2, I: 2, MULTILINE: 8, M: 8, DOTALL: 16, S: 16, VERBOSE: 64, X: 64 } as const;

/** A JavaScript expression for a Python pattern; flags are Python's bits. */
function translate(pattern: string, flags: number): RegExp {
  let jsFlags = 'gu';
  let source = pattern;
  let bits = flags;
  const inline = /^\(\?([aimsux]+)\)/.exec(source);
  if (inline) {
    source = source.slice(inline[0].length);
    for (const letter of inline[1]!) bits |= { i: 2, m: 8, s: 16, x: 64, a: 0, u: 0 }[letter] ?? 0;
  }
  if (bits & FLAGS.VERBOSE)
    source = source.replace(/\\.|\[(?:\\.|[^\]])*\]|\s+|#[^\n]*/g, (part) =>
      /^[\s#]/.test(part) ? '' : part,
    );
  source = source
    .replace(/\(\?P<(\w+)>/g, '(?<$1>')
    .replace(/\(\?P=(\w+)\)/g, '\\k<$1>')
    .replace(/\\A/g, '(?<![\\s\\S])')
    .replace(/\\Z/g, '(?![\\s\\S])')
    // with the u flag JavaScript refuses escapes of characters that need none
    .replace(/\\([^\w\s^$\\.*+?()[\]{}|/-])/g, '$1')
    .replace(/\\(["'#%&,:;<=>@`~! _-])/g, (_, char: string) => (char === '-' ? '\\-' : char));
  if (bits & FLAGS.IGNORECASE) jsFlags += 'i';
  if (bits & FLAGS.MULTILINE) jsFlags += 'm';
  if (bits & FLAGS.DOTALL) jsFlags += 's';
  try {
    return new RegExp(source, jsFlags);
  } catch {
    try {
      return new RegExp(source, jsFlags.replace('u', ''));
    } catch (cause) {
      throw new SqError({
        kind: 'Compilation',
        code: 'bad-pattern',
        message: `modules.re cannot read the pattern ${JSON.stringify(pattern)}: ${cause instanceof Error ? cause.message : String(cause)}`,
        cause,
      });
    }
  }
}

class Match implements HostObject {
  constructor(
    private readonly match: RegExpMatchArray,
    private readonly text: string,
  ) {}

  group(key: unknown): unknown {
    if (typeof key === 'string') return this.match.groups?.[key] ?? null;
    return this.match[Number(key ?? 0)] ?? null;
  }

  [HOST_GET](name: string): unknown {
    const start = this.match.index ?? 0;
    switch (name) {
      case 'group':
        return (...keys: unknown[]) =>
          keys.length <= 1 ? this.group(keys[0]) : Tuple.from(keys.map((key) => this.group(key)));
      case 'groups':
        return (fallback: unknown = null) =>
          Tuple.from([...this.match].slice(1).map((part) => part ?? fallback));
      case 'groupdict':
        return () =>
          new Dict(
            Object.entries(this.match.groups ?? {}).map(
              ([key, value]) => [key, value ?? null] as [unknown, unknown],
            ),
          );
      case 'start':
        return () => start;
      case 'end':
        return () => start + this.match[0].length;
      case 'span':
        return () => Tuple.from([start, start + this.match[0].length]);
      case 'string':
        return this.text;
      default:
        return undefined;
    }
  }

  [HOST_ITEM](key: unknown): unknown {
    return this.group(key);
  }

  toString(): string {
    return `<re.Match object; match='${this.match[0]}'>`;
  }
}

function patternMembers(re: RegExp) {
  const first = (text: string, test: (match: RegExpMatchArray) => boolean) => {
    for (const match of text.matchAll(re)) if (test(match)) return new Match(match, text);
    return null;
  };
  return {
    match: (text: unknown) => first(String(text), (m) => m.index === 0),
    fullmatch: (text: unknown) => {
      const whole = new RegExp(`^(?:${re.source})$`, re.flags.replace('m', ''));
      const found = [...String(text).matchAll(whole)][0];
      return found ? new Match(found, String(text)) : null;
    },
    search: (text: unknown) => first(String(text), () => true),
    findall: (text: unknown) =>
      [...String(text).matchAll(re)].map((match) => {
        if (match.length === 1) return match[0];
        return match.length === 2 ? (match[1] ?? '') : Tuple.from(match.slice(1).map((part) => part ?? ''));
      }),
    finditer: (text: unknown) =>
      [...String(text).matchAll(re)].map((match) => new Match(match, String(text))),
    split: (text: unknown, limit: unknown = 0) => splitText(re, String(text), Number(limit)),
    sub: (replacement: unknown, text: unknown, count: unknown = 0) =>
      substitute(re, replacement, String(text), Number(count))[0],
    subn: (replacement: unknown, text: unknown, count: unknown = 0) =>
      Tuple.from(substitute(re, replacement, String(text), Number(count))),
  };
}

function splitText(re: RegExp, text: string, limit: number): (string | null)[] {
  const parts: (string | null)[] = [];
  let at = 0;
  let done = 0;
  for (const match of text.matchAll(re)) {
    if (limit > 0 && done >= limit) break;
    parts.push(text.slice(at, match.index), ...match.slice(1).map((part) => part ?? null));
    at = match.index + match[0].length;
    done += 1;
  }
  parts.push(text.slice(at));
  return parts;
}

function substitute(re: RegExp, replacement: unknown, text: string, count: number): [string, number] {
  let out = '';
  let at = 0;
  let done = 0;
  for (const match of text.matchAll(re)) {
    if (count > 0 && done >= count) break;
    out += text.slice(at, match.index);
    out +=
      typeof replacement === 'function'
        ? String(replacement(new Match(match, text)))
        : expand(String(replacement), match);
    at = match.index + match[0].length;
    done += 1;
  }
  return [out + text.slice(at), done];
}

/** Python's template: `\1`, `\g<1>`, `\g<name>`, `\n`. */
function expand(template: string, match: RegExpMatchArray): string {
  return template.replace(
    /\\(?:g<(\w+)>|(\d{1,2})|(.))/g,
    (_, named: string, numbered: string, char: string) => {
      if (named !== undefined)
        return (/^\d+$/.test(named) ? match[Number(named)] : match.groups?.[named]) ?? '';
      if (numbered !== undefined) return match[Number(numbered)] ?? '';
      return { n: '\n', t: '\t', r: '\r', '\\': '\\' }[char] ?? `\\${char}`;
    },
  );
}

export function reModule(): Namespace {
  const compile = (pattern: unknown, flags: unknown = 0) => translate(String(pattern), Number(flags));
  const call =
    (method: keyof ReturnType<typeof patternMembers>, names: string[]) =>
    (...args: unknown[]) => {
      const given = callArguments(args, names);
      const members = patternMembers(compile(given.pattern, given.flags ?? 0)) as Record<
        string,
        (...a: unknown[]) => unknown
      >;
      const rest = names.filter((name) => name !== 'pattern' && name !== 'flags').map((name) => given[name]);
      return members[method]!(...rest);
    };
  return namespaceOf('module re', {
    ...FLAGS,
    compile: (...args: unknown[]) => {
      const given = callArguments(args, ['pattern', 'flags']);
      const re = compile(given.pattern, given.flags ?? 0);
      const members: Record<string, unknown> = { ...patternMembers(re), pattern: String(given.pattern) };
      return new Namespace('re.compile', (name) =>
        Object.hasOwn(members, name) ? members[name] : undefined,
      );
    },
    match: call('match', ['pattern', 'string', 'flags']),
    fullmatch: call('fullmatch', ['pattern', 'string', 'flags']),
    search: call('search', ['pattern', 'string', 'flags']),
    findall: call('findall', ['pattern', 'string', 'flags']),
    finditer: call('finditer', ['pattern', 'string', 'flags']),
    split: call('split', ['pattern', 'string', 'maxsplit', 'flags']),
    sub: call('sub', ['pattern', 'repl', 'string', 'count', 'flags']),
    subn: call('subn', ['pattern', 'repl', 'string', 'count', 'flags']),
    escape: (text: unknown) => String(text).replace(/[^\w]/gu, (char) => `\\${char}`),
  });
}
