/** `.env`: variables for a project, found upwards from the working folder; what the shell sets wins. */
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

type Env = Readonly<Record<string, string | undefined>>;

/**
 * `env` completed by the nearest `.env` of `cwd` or a folder above it, as dbt does (python-dotenv's rules). The
 * file that was used comes with it.
 */
export function withDotenv(
  cwd: string,
  env: Env,
): { env: Record<string, string | undefined>; path: string | undefined } {
  for (let folder = cwd; ; folder = dirname(folder)) {
    const path = join(folder, '.env');
    const text = readText(path);
    if (text !== undefined) return { env: { ...parseDotenv(text, env), ...env }, path };
    if (dirname(folder) === folder) return { env: { ...env }, path: undefined };
  }
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

const LINE =
  /^[ \t]*(?:export[ \t]+)?([\w.-]+|'[^'\n]*')[ \t]*=[ \t]*(?:'((?:\\'|[^'])*)'|"((?:\\"|[^"])*)"|([^\n]*))[ \t]*(?:#[^\n]*)?$/gm;

/** `NAME=value` lines; quotes, `export`, comments and `${NAME:-default}` are understood. */
export function parseDotenv(text: string, env: Env = {}): Record<string, string> {
  const out: Record<string, string> = {};
  for (const [, rawName, single, double, plain] of text.replaceAll('\r\n', '\n').matchAll(LINE)) {
    const name = (rawName as string).replace(/^'|'$/g, '');
    if (single !== undefined) {
      out[name] = single.replace(/\\(['\\])/g, '$1');
      continue;
    }
    const value =
      double === undefined ? (plain as string).replace(/(?:^|\s+)#.*$/, '').trim() : unescaped(double);
    out[name] = expand(value, (other) => env[other] ?? out[other]);
  }
  return out;
}

function unescaped(value: string): string {
  const known: Record<string, string> = { n: '\n', r: '\r', t: '\t' };
  return value.replace(/\\([nrt"'\\$])/g, (_, char: string) => known[char] ?? char);
}

function expand(value: string, get: (name: string) => string | undefined): string {
  return value.replace(
    /\$\{([^}:]+)(?::-([^}]*))?\}/g,
    (_, name: string, fallback = '') => get(name) ?? fallback,
  );
}
