/** Packages of packages: everything that is needed, each once, at a version that suits all who ask. */
import type { PackageSpec } from './contract.ts';
import { dependencyError } from './dependency-error.ts';
import { type DepsContext, type Pinned, pin } from './pinned.ts';

/** In the order in which they were asked for. Throws SqError for requirements that contradict each other. */
export async function resolvePackages(
  specs: readonly PackageSpec[],
  context: DepsContext,
  rootName: string,
): Promise<Pinned[]> {
  const wanted = new Map<string, PackageSpec>();
  const pinned = new Map<string, { spec: string; found: Pinned }>();
  let pending = [...specs];
  while (pending.length > 0) {
    const next: PackageSpec[] = [];
    for (const spec of pending) {
      const key = keyOf(spec);
      const merged = merge(wanted.get(key), spec);
      wanted.set(key, merged);
      const text = JSON.stringify(merged);
      if (pinned.get(key)?.spec === text) continue;
      const found = await pin(merged, context);
      pinned.set(key, { spec: text, found });
      next.push(...found.needs);
    }
    pending = next;
  }
  const all = [...pinned.values()].map(({ found }) => found);
  refuseDuplicates(all, rootName);
  return all;
}

function keyOf(spec: PackageSpec): string {
  switch (spec.kind) {
    case 'hub':
      return spec.package;
    case 'git':
      return `${spec.git.replace(/\.git$/, '')}/${spec.subdirectory ?? ''}`;
    case 'local':
      return spec.local;
    case 'tarball':
      return spec.name;
  }
}

function merge(known: PackageSpec | undefined, spec: PackageSpec): PackageSpec {
  if (known === undefined) return spec;
  if (known.kind !== spec.kind) {
    throw dependencyError(
      'mismatched-packages',
      `Cannot incorporate ${keyOf(spec)} (${spec.kind}) in ${keyOf(known)} (${known.kind}): mismatched types`,
    );
  }
  if (known.kind === 'hub' && spec.kind === 'hub') {
    return { ...known, versions: [...new Set([...known.versions, ...spec.versions])] };
  }
  if (known.kind === 'git' && spec.kind === 'git') {
    const revisions = [...new Set([known.revision, spec.revision].filter((one) => one !== undefined))];
    if (revisions.length > 1) {
      throw dependencyError(
        'git-versions',
        `git dependencies should contain exactly one version. ${known.written} contains: {${revisions.map((one) => `'${one}'`).join(', ')}}`,
      );
    }
    return { ...known, revision: revisions[0], warnUnpinned: known.warnUnpinned && spec.warnUnpinned };
  }
  return spec;
}

function refuseDuplicates(all: readonly Pinned[], rootName: string): void {
  const seen = new Set<string>();
  for (const { projectName, shown } of all) {
    if (seen.has(projectName)) {
      throw dependencyError(
        'duplicate-package',
        `Found duplicate project "${projectName}". This occurs when a dependency has the same project name as some other dependency.`,
        { hint: `the second one is ${shown}` },
      );
    }
    if (projectName === rootName) {
      throw dependencyError(
        'package-of-root',
        `Found a dependency with the same name as the root project "${projectName}". Package names must be unique in a project. Please rename one of these packages.`,
      );
    }
    seen.add(projectName);
  }
}
