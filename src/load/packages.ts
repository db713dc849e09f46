/** Packages that are installed: every folder of `packages-install-path` that holds a project. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { SqError } from '../errors.ts';
import type { Invocation } from '../invocation.ts';
import type { ProjectConfig } from './contract.ts';
import { loadProject } from './project.ts';
import { PROJECT_FILE, readProjectFile } from './project-file.ts';
import { isMapping } from './values.ts';
import { parseYaml } from './yaml/document.ts';

export interface LoadPackagesOptions {
  invocation: Invocation;
  project: ProjectConfig;
  /** As for `loadProject`. */
  target?: Readonly<Record<string, unknown>>;
}

/** An installed package. `root` is absolute. */
export interface InstalledPackage {
  root: string;
  config: ProjectConfig;
}

/**
 * Installed packages by folder name. Throws kind Compilation when packages.yml, dependencies.yml or the lock
 * file name more than are installed (code `packages-missing`), or two have one name (`package-name`); kind
 * Runtime for a package whose project file is missing or wrong.
 */
export async function loadPackages(options: LoadPackagesOptions): Promise<InstalledPackage[]> {
  const { invocation, project, target } = options;
  const folders = installedFolders(project);
  checkInstalled(project, folders);
  const packages: InstalledPackage[] = [];
  const names = new Set([project.name]);
  for (const root of folders) {
    const config = await loadPackage(root, invocation, target);
    if (names.has(config.name)) {
      throw new SqError({
        kind: 'Compilation',
        code: 'package-name',
        message: `dbt found more than one package with the name "${config.name}" included in this project. Package names must be unique in a project. Please rename one of these packages.`,
        at: { path: relative(project, root, PROJECT_FILE) },
      });
    }
    names.add(config.name);
    packages.push({ root, config });
  }
  return packages;
}

async function loadPackage(
  root: string,
  invocation: Invocation,
  target: LoadPackagesOptions['target'],
): Promise<ProjectConfig> {
  try {
    return await loadProject({ invocation, file: readProjectFile(root), target, isPackage: true });
  } catch (error) {
    if (!(error instanceof SqError) || error.kind !== 'Runtime') throw error;
    throw new SqError({
      kind: 'Runtime',
      code: error.code,
      message: `Failed to read package: ${error.header}\n${error.message.replace(/^(?=.)/gm, '  ')}\n\nError encountered in ${root}`,
      hint: error.hint,
      cause: error,
    });
  }
}

function installedFolders(project: ProjectConfig): string[] {
  const path = join(project.root, project.packagesInstallPath);
  if (!existsSync(path)) return [];
  return readdirSync(path)
    .filter(
      (name) =>
        !name.startsWith('__') && statSync(join(path, name), { throwIfNoEntry: false })?.isDirectory(),
    )
    .sort()
    .map((name) => join(path, name));
}

function checkInstalled(project: ProjectConfig, folders: readonly string[]): void {
  const asked = specifiedPackages(project);
  if (asked.count === folders.length) return;
  const installed = new Set(folders.map((folder) => folder.slice(folder.lastIndexOf('/') + 1)));
  const missing = asked.names.filter((name) => !installed.has(name));
  throw new SqError({
    kind: 'Compilation',
    code: 'packages-missing',
    message:
      `dbt expects ${asked.count} package(s) based on packages specified in ${asked.file}, but found only ${folders.length} package(s) installed in ${project.packagesInstallPath}. ` +
      (missing.length === 0 ? '' : `Following packages were not found: ${missing.join(', ')}. `) +
      'Run "dbt deps" to install package dependencies.',
    hint: 'run `sq deps`',
  });
}

/** What the lock file names, or what packages.yml or dependencies.yml asks for. */
function specifiedPackages(project: ProjectConfig): { count: number; names: string[]; file: string } {
  const packages = readYaml(project, 'packages.yml');
  const dependencies = readYaml(project, 'dependencies.yml');
  if (packages?.packages !== undefined && dependencies?.packages !== undefined) {
    throw conflict(
      "The 'packages' key cannot be specified in both packages.yml and dependencies.yml",
      'packages.yml',
    );
  }
  if (packages?.projects !== undefined) {
    throw conflict("The 'projects' key cannot be specified in packages.yml", 'packages.yml');
  }
  const file = dependencies?.packages === undefined ? 'packages.yml' : 'dependencies.yml';
  const locked = listOf(readYaml(project, 'package-lock.yml')?.packages);
  const specified =
    locked.length > 0 ? locked : listOf((dependencies?.packages ?? packages?.packages) as unknown);
  const names = locked.flatMap((entry) =>
    isMapping(entry) && typeof entry.name === 'string' ? [entry.name] : [],
  );
  return { count: specified.length, names, file };
}

function readYaml(project: ProjectConfig, name: string): Record<string, unknown> | undefined {
  let text: string;
  try {
    text = readFileSync(join(project.root, name), 'utf8');
  } catch {
    return undefined;
  }
  const { value } = parseYaml(text, name);
  return isMapping(value) ? value : {};
}

function listOf(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

function conflict(message: string, path: string): SqError {
  return new SqError({ kind: 'Runtime', code: 'packages-twice', message, at: { path } });
}

function relative(project: ProjectConfig, root: string, name: string): string {
  return `${root.startsWith(project.root) ? root.slice(project.root.length + 1) : root}/${name}`;
}
