/** One package that has been found: what it is called, what it needs itself, how it gets into its folder. */

import { createHash } from 'node:crypto';
import { cpSync, existsSync, lstatSync, mkdirSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { type Invocation, scrub } from '../invocation.ts';
import { loadProject, readProjectFile } from '../load/index.ts';
import type { GitPackage, HubPackage, LocalPackage, PackageSpec, TarballPackage } from './contract.ts';
import { dependencyError } from './dependency-error.ts';
import { fetchInto } from './fetch-file.ts';
import { checkOut } from './git.ts';
import type { Chosen, Hub } from './hub.ts';
import { packagesFrom, readPackagesFile } from './packages-file.ts';
import { refuseLinksOutside, unpack } from './unpack.ts';

export interface DepsContext {
  invocation: Invocation;
  /** Absolute folder of the root project. */
  projectDir: string;
  /** Absolute; emptied at the end. */
  downloads: string;
  hub: Hub;
}

export interface Pinned {
  /** As `Installing x` says it. */
  shown: string;
  /** The project's name, and the folder below dbt_packages. */
  projectName: string;
  needs: PackageSpec[];
  /** Entry of package-lock.yml, without its name. */
  lock: Record<string, string>;
  /** `version 1.1.1`, `revision 0a1b...`. */
  versionName: string;
  /** Of hub packages: what could be installed. */
  latest?: string;
  version?: string;
  subdirectory?: string;
  /** Puts it into an absolute folder that is not there. */
  place(target: string): Promise<void>;
}

/** Looks a package up, fetching what that needs. Throws SqError. */
export function pin(spec: PackageSpec, context: DepsContext): Promise<Pinned> {
  switch (spec.kind) {
    case 'hub':
      return pinHub(spec, context);
    case 'git':
      return pinGit(spec, context);
    case 'local':
      return pinLocal(spec, context);
    case 'tarball':
      return pinTarball(spec, context);
  }
}

async function pinHub(spec: HubPackage, context: DepsContext): Promise<Pinned> {
  const chosen = await context.hub.choose(spec);
  const { specs } = await packagesFrom(chosen.packages, 'packages.yml', context.invocation);
  return {
    shown: spec.package,
    projectName: checkedName(chosen.name, spec.package),
    needs: specs,
    lock: { package: spec.package, version: chosen.version },
    versionName: `version ${chosen.version}`,
    version: chosen.version,
    latest: chosen.latest,
    place: async (target) => moveInto(await fetchArchive(chosen, spec.package, context), target),
  };
}

async function fetchArchive(chosen: Chosen, name: string, context: DepsContext): Promise<string> {
  const archive = join(context.downloads, `${name.replace('/', '.')}.${chosen.version}.tar.gz`);
  await fetchInto(chosen.tarball, archive, context.hub.folder, context.invocation);
  return unpack(archive, `${archive}_untarred`, name);
}

async function pinGit(spec: GitPackage, context: DepsContext): Promise<Pinned> {
  const { invocation, downloads } = context;
  const shown = scrub(spec.written, invocation.secrets);
  const full = spec.subdirectory ? `${spec.git}/${spec.subdirectory}` : spec.git;
  const folder = join(
    downloads,
    createHash('md5')
      .update(`${full}@${spec.revision ?? ''}`)
      .digest('hex'),
  );
  const { path, commit } = await checkOut(spec, folder, invocation);
  tellUnpinned(spec, shown, invocation);
  refuseLinksOutside(folder, shown);
  const project = await metadataOf(path, shown, invocation);
  const lock: Record<string, string> = spec.private
    ? { private: spec.private.name, revision: commit }
    : { git: maskedForLock(spec.written, invocation), revision: commit };
  if (spec.private?.provider) lock.provider = spec.private.provider;
  if (spec.subdirectory) lock.subdirectory = spec.subdirectory;
  return {
    ...project,
    shown: spec.subdirectory ? `${shown}/${spec.subdirectory}` : shown,
    lock,
    versionName: `revision ${spec.revision ?? commit}`,
    version: commit,
    ...(spec.subdirectory && { subdirectory: spec.subdirectory }),
    place: async (target) => moveInto(path, target),
  };
}

function tellUnpinned({ revision, warnUnpinned }: GitPackage, shown: string, invocation: Invocation): void {
  if (!warnUnpinned || (revision !== undefined && !['HEAD', 'main', 'master'].includes(revision))) return;
  const how =
    revision === 'main' || revision === 'master'
      ? `pinned to the "${revision}" branch`
      : 'not pinned, using HEAD (default branch)';
  const msg = `The git package "${shown}" \n\tis ${how}.\n\tThis can introduce breaking changes into your project without warning!\n\nSee https://docs.getdbt.com/docs/package-management#section-specifying-package-versions`;
  invocation.emit({ name: 'Warning', event_name: 'DepsUnpinned', msg });
}

/** Never a secret in the lock file; dbt warns that the file then serves for nothing but comparing. */
function maskedForLock(written: string, invocation: Invocation): string {
  const masked = scrub(written, invocation.secrets);
  if (masked !== written) {
    const msg = `Detected secret env var in ${masked}. dbt will write a scrubbed representation to the lock file. This will cause issues with subsequent 'dbt deps' using the lock file, requiring 'dbt deps --upgrade'`;
    invocation.emit({ name: 'Warning', event_name: 'DepsScrubbedPackageName', msg });
  }
  return masked;
}

async function pinLocal({ local }: LocalPackage, { invocation, projectDir }: DepsContext): Promise<Pinned> {
  const path = resolve(projectDir, local.replace(/^~(?=\/|$)/, invocation.env.HOME ?? '~'));
  return {
    ...(await metadataOf(path, local, invocation)),
    shown: local,
    lock: { local },
    versionName: `<local @ ${local}>`,
    place: async (target) => {
      try {
        symlinkSync(path, target, 'dir');
      } catch {
        cpSync(path, target, { recursive: true, dereference: true });
      }
    },
  };
}

async function pinTarball(spec: TarballPackage, context: DepsContext): Promise<Pinned> {
  const { invocation, downloads, projectDir } = context;
  const shown = scrub(spec.written, invocation.secrets);
  const archive = join(downloads, `${createHash('md5').update(spec.tarball).digest('hex')}.tar.gz`);
  await fetchInto(spec.tarball, archive, projectDir, invocation);
  const path = await unpack(archive, `${archive}_untarred`, shown);
  const project = await metadataOf(path, shown, invocation);
  return {
    ...project,
    projectName: checkedName(spec.name, shown),
    shown: spec.name,
    lock: { tarball: maskedForLock(spec.written, invocation), name: spec.name },
    versionName: `tarball (url: ${shown})`,
    version: 'tarball',
    place: async (target) => moveInto(path, target),
  };
}

async function metadataOf(
  path: string,
  shown: string,
  invocation: Invocation,
): Promise<{ projectName: string; needs: PackageSpec[] }> {
  if (!existsSync(join(path, 'dbt_project.yml'))) {
    throw dependencyError(
      'no-project-in-package',
      `No dbt_project.yml found at expected path ${path}\nVerify that each entry within packages.yml (and their transitive dependencies) contains a file named dbt_project.yml\n`,
      { kind: 'Runtime', hint: `it is package ${shown}` },
    );
  }
  const file = readProjectFile(path);
  const config = await loadProject({ invocation, file, isPackage: true });
  const { specs } = await readPackagesFile(path, invocation);
  return { projectName: checkedName(config.name, shown), needs: specs };
}

/** The name becomes a folder: it must be one word. */
function checkedName(name: string, shown: string): string {
  if (/^[A-Za-z_]\w*$/.test(name)) return name;
  throw dependencyError(
    'package-name',
    `Package ${shown} calls itself '${name}', which is not the name of a project`,
    {
      hint: 'a name has letters, digits and underscores',
    },
  );
}

function moveInto(from: string, target: string): void {
  mkdirSync(dirname(target), { recursive: true });
  if (lstatSync(target, { throwIfNoEntry: false })) rmSync(target, { recursive: true, force: true });
  try {
    renameSync(from, target);
  } catch {
    cpSync(from, target, { recursive: true });
  }
}
