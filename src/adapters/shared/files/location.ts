/** What a location of an external source means. */
import { isAbsolute } from 'node:path';
import { fileURLToPath } from 'node:url';

export type FileLocation =
  /** `path` without a slash at the end; a `pattern` has `*`, `?`, `[...]` or `{a,b}` in it. */
  | { kind: 'local'; path: string; pattern: boolean; folder: boolean }
  /** `key` as written: with its slash at the end, if there is one. */
  | { kind: 's3'; bucket: string; key: string; pattern: boolean };

const PATTERN = /[*?[{]/;

/** Reads `s3://bucket/key`, `file:///path`, or a path relative to the project. Undefined for other schemes. */
export function fileLocation(written: string): FileLocation | undefined {
  const scheme = /^([a-z][a-z0-9+.-]+):\/\//i.exec(written)?.[1]?.toLowerCase();
  if (scheme === 's3' || scheme === 's3a' || scheme === 's3n') {
    const [, bucket = '', key = ''] = /^[^:]+:\/\/([^/]*)\/?(.*)$/s.exec(written) ?? [];
    return { kind: 's3', bucket, key, pattern: PATTERN.test(key) };
  }
  if (scheme !== undefined && scheme !== 'file') return undefined;
  const path = scheme === 'file' ? fileURLToPath(written) : written;
  const plain = path.replace(/^(\.\/+)+(?=.)/, '').replace(/(?<=.)\/+$/, '');
  return { kind: 'local', path: plain, pattern: PATTERN.test(plain), folder: path.endsWith('/') };
}

/** Absolute path of a name that counts from the project. */
export function absolutePath(projectDir: string, name: string): string {
  return isAbsolute(name) ? name : `${projectDir}/${name}`;
}

/** Names that hold no data: `.` and `_` begin what tools leave behind (Hadoop's rule, and COPY's). */
export function isHidden(name: string): boolean {
  return name.startsWith('.') || name.startsWith('_');
}
