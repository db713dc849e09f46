/**
 * The deps room: packages.yml -> dbt_packages/. It resolves what a project and its packages ask for, writes
 * package-lock.yml, and puts each package into a folder of its own. The program git and the network are used here
 * and nowhere else; nothing of a package is run.
 */
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Invocation } from '../invocation.ts';
import type { AddedPackage } from './add-package.ts';
import { Hub } from './hub.ts';
import { readLockFile, writeLockFile } from './lock-file.ts';
import { packagesFrom, readPackagesFile } from './packages-file.ts';
import { type DepsContext, type Pinned, pin } from './pinned.ts';
import { resolvePackages } from './resolve.ts';

export type { AddedPackage, Source } from './add-package.ts';

export interface DepsRequest {
  invocation: Invocation;
  /** Absolute. */
  projectDir: string;
  projectName: string;
  /** `packages-install-path`, absolute. */
  installPath: string;
  add?: AddedPackage | undefined;
  /** Choose anew, whatever the lock file says. */
  upgrade?: boolean | undefined;
  /** Write the lock file only. */
  lockOnly?: boolean | undefined;
}

/** Throws SqError (Dependency, Runtime) when a package cannot be found or fetched; what was installed is then incomplete. */
export async function installPackages(request: DepsRequest): Promise<void> {
  const { invocation, projectDir, add } = request;
  if (add !== undefined) await (await import('./add-package.ts')).addPackage(add, projectDir, invocation);
  const downloads = mkdtempSync(join(tmpdir(), 'sq-deps-'));
  try {
    const context: DepsContext = { invocation, projectDir, downloads, hub: new Hub(invocation) };
    const locked = await lock(request, context);
    if (request.lockOnly) return;
    await install(request, context, locked);
  } finally {
    rmSync(downloads, { recursive: true, force: true });
  }
}

/** Writes the lock file where it is not current; answers what was resolved for that. */
async function lock(request: DepsRequest, context: DepsContext): Promise<Pinned[] | undefined> {
  const { invocation, projectDir } = request;
  const asked = await readPackagesFile(projectDir, invocation);
  const known = readLockFile(projectDir);
  if (known !== undefined && !request.upgrade && known.hash === asked.hash) return undefined;
  if (asked.specs.length === 0) {
    if (request.lockOnly || known === undefined) invocation.emit({ name: 'DepsNoPackagesFound' });
    return [];
  }
  const pinned = await resolvePackages(asked.specs, context, request.projectName);
  const lock_filepath = await writeLockFile(projectDir, pinned, asked.hash);
  invocation.emit({ name: 'DepsLockUpdating', lock_filepath });
  return pinned;
}

async function install(
  request: DepsRequest,
  context: DepsContext,
  resolved: Pinned[] | undefined,
): Promise<void> {
  const { invocation, installPath, projectDir } = request;
  rmSync(installPath, { recursive: true, force: true });
  mkdirSync(installPath, { recursive: true });
  const entries = readLockFile(projectDir)?.packages ?? [];
  if (entries.length === 0) {
    if (resolved === undefined) invocation.emit({ name: 'DepsNoPackagesFound' });
    return;
  }
  const packages = resolved ?? (await pinnedAgain(entries, context));
  const outdated: string[] = [];
  for (const one of packages) {
    invocation.signal.throwIfAborted();
    invocation.emit({ name: 'DepsStartPackageInstall', package_name: one.shown });
    await one.place(join(installPath, one.projectName));
    invocation.emit({ name: 'DepsInstallInfo', version_name: one.versionName });
    if (one.latest !== undefined) {
      if (one.latest === one.version) invocation.emit({ name: 'DepsUpToDate' });
      else {
        outdated.push(one.shown);
        invocation.emit({ name: 'DepsUpdateAvailable', version_latest: one.latest });
      }
    }
    if (one.subdirectory) invocation.emit({ name: 'DepsListSubdirectory', subdirectory: one.subdirectory });
  }
  if (outdated.length > 0) invocation.emit({ name: 'DepsNotifyUpdatesAvailable', packages: outdated });
}

/** The packages of a current lock file, at the versions that it names. */
async function pinnedAgain(entries: unknown[], context: DepsContext): Promise<Pinned[]> {
  const { specs } = await packagesFrom(entries, 'package-lock.yml', context.invocation);
  const pinned: Pinned[] = [];
  for (const spec of specs) pinned.push(await pin(spec, context));
  return pinned;
}
