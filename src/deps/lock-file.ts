/** package-lock.yml: the packages that were chosen, and the hash of what was asked for. */
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { isMapping, parseYaml } from '../load/index.ts';
import type { Pinned } from './pinned.ts';

export const LOCK_FILE = 'package-lock.yml';

export interface LockFile {
  packages: unknown[];
  hash: string | undefined;
}

/** Undefined when there is none. Throws SqError for bad YAML. */
export function readLockFile(projectDir: string): LockFile | undefined {
  const path = join(projectDir, LOCK_FILE);
  if (!existsSync(path)) return undefined;
  const { value } = parseYaml(readFileSync(path, 'utf8'), LOCK_FILE);
  const mapping = isMapping(value) ? value : {};
  return {
    packages: Array.isArray(mapping.packages) ? mapping.packages : [],
    hash: typeof mapping.sha1_hash === 'string' ? mapping.sha1_hash : undefined,
  };
}

export async function writeLockFile(
  projectDir: string,
  pinned: readonly Pinned[],
  hash: string,
): Promise<string> {
  const { stringify } = await import('yaml');
  const packages = pinned.map(({ lock, projectName }) => ({ ...lock, name: lock.name ?? projectName }));
  const path = join(projectDir, LOCK_FILE);
  const text = stringify(
    { packages, sha1_hash: hash },
    { sortMapEntries: true, lineWidth: 0, version: '1.1' },
  );
  writeFileSync(`${path}.tmp`, text);
  renameSync(`${path}.tmp`, path);
  return path;
}
