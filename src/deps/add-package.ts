/** `deps --add-package name@version --source hub|git|local`: an entry for packages.yml, comments of the author kept. */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Document, YAMLMap, YAMLSeq } from 'yaml';
import type { Invocation } from '../invocation.ts';
import { isMapping } from '../load/index.ts';
import { DEPENDENCIES_FILE, PACKAGES_FILE } from './packages-file.ts';

export type Source = 'hub' | 'git' | 'local';

export interface AddedPackage {
  name: string;
  version: string | undefined;
  source: Source;
}

/** Writes the file that packages are listed in; an entry of the same package is replaced. */
export async function addPackage(
  added: AddedPackage,
  projectDir: string,
  invocation: Invocation,
): Promise<void> {
  const { isMap, isSeq, parseDocument } = await import('yaml');
  const path = join(projectDir, listedIn(projectDir));
  const document: Document = parseDocument(existsSync(path) ? readFileSync(path, 'utf8') : 'packages: []\n');
  if (!isMap(document.contents)) document.contents = document.createNode({}) as YAMLMap;
  let list = document.get('packages');
  if (!isSeq(list)) {
    document.set('packages', document.createNode([]));
    list = document.get('packages');
  }
  const packages = list as YAMLSeq;
  packages.flow = false;
  for (let i = packages.items.length - 1; i >= 0; i--) {
    const entry = (packages.get(i, true) as { toJSON?(): unknown } | undefined)?.toJSON?.();
    if (!isMapping(entry) || !isSame(entry, added.name)) continue;
    packages.delete(i);
    const removed = Object.fromEntries(
      Object.entries(entry).filter(([, value]) => typeof value === 'string' || typeof value === 'number'),
    );
    invocation.emit({ name: 'DepsFoundDuplicatePackage', removed_package: removed });
  }
  packages.add(document.createNode(entryOf(added)));
  writeFileSync(path, document.toString({ lineWidth: 0 }));
  invocation.emit({
    name: 'DepsAddPackage',
    package_name: added.name,
    version: added.version ?? '',
    packages_filepath: path,
  });
}

function listedIn(projectDir: string): string {
  const path = join(projectDir, DEPENDENCIES_FILE);
  const inDependencies = existsSync(path) && /^packages:/m.test(readFileSync(path, 'utf8'));
  return inDependencies ? DEPENDENCIES_FILE : PACKAGES_FILE;
}

function entryOf({ name, version, source }: AddedPackage): Record<string, unknown> {
  const entry: Record<string, unknown> = { [source === 'hub' ? 'package' : source]: name };
  if (version === undefined) return entry;
  entry[source === 'git' ? 'revision' : 'version'] = version.includes(',') ? version.split(',') : version;
  return entry;
}

/** The same package, also from another place: `dbt-labs/dbt_utils` and `https://…/dbt-utils.git`. */
function isSame(entry: Record<string, unknown>, name: string): boolean {
  const found = entry.package ?? entry.git ?? entry.local ?? entry.tarball ?? entry.private;
  if (typeof found !== 'string') return false;
  const short = name.slice(name.lastIndexOf('/') + 1);
  const spellings = new Set(
    [name, short].flatMap((one) => [one, one.replaceAll('_', '-'), one.replaceAll('-', '_')]),
  );
  return [...spellings].some((one) => {
    const at = found.indexOf(one);
    const after = found[at + one.length];
    return (
      at !== -1 &&
      (at === 0 || '/.'.includes(found[at - 1]!)) &&
      (after === undefined || '/.'.includes(after))
    );
  });
}
