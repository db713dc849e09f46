import { resolve } from 'node:path';
import { type AddedPackage, installPackages, type Source } from '../../deps/index.ts';
import { findProjectFolder, loadProject, readProjectFile } from '../../load/index.ts';
import type { Session } from '../session.ts';
import { UsageError } from '../usage-error.ts';

/** Needs neither a profile nor a connection. */
export async function run({ invocation, projectFile }: Session): Promise<number> {
  const { other } = invocation.flags;
  const add = addedPackage(other);
  const file = projectFile ?? readProjectFile(findProjectFolder(invocation));
  const project = await loadProject({ invocation, file });
  await installPackages({
    invocation,
    projectDir: file.root,
    projectName: project.name,
    installPath: resolve(file.root, project.packagesInstallPath),
    add,
    upgrade: other.upgrade === true,
    lockOnly: other.lock === true,
  });
  return 0;
}

/** `name@version` of the hub or git; a folder has no version. */
function addedPackage(other: Readonly<Record<string, unknown>>): AddedPackage | undefined {
  const text = other.add_package;
  if (typeof text !== 'string') return undefined;
  const source = (other.source ?? 'hub') as Source;
  const at = text.lastIndexOf('@');
  // the @ of git@github.com is none of ours
  const versioned = at > 0 && !(source === 'git' && text.slice(at).includes(':'));
  if (!versioned && source !== 'local') {
    const problem = `String '${text}' must be in the form PACKAGE@VERSION`;
    throw new UsageError(`Invalid value for '--add-package': ${problem}`, 'deps');
  }
  return {
    name: versioned ? text.slice(0, at) : text,
    version: versioned ? text.slice(at + 1) : undefined,
    source,
  };
}
