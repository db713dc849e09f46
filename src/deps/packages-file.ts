/** Reading packages.yml and dependencies.yml: checked, rendered (`var`, `env_var`, secrets too), hashed as dbt does. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Invocation } from '../invocation.ts';
import { isMapping, parseYaml, renderValues } from '../load/index.ts';
import type { PackageSpec, PackagesFile } from './contract.ts';
import { dependencyError } from './dependency-error.ts';
import { privateUrl } from './private-url.ts';
import { pythonJson } from './python-json.ts';

export const PACKAGES_FILE = 'packages.yml';
export const DEPENDENCIES_FILE = 'dependencies.yml';

type Entry = Record<string, unknown>;

/** What a project (or package) asks for. Throws SqError (Runtime) for files that contradict each other or are wrong. */
export async function readPackagesFile(root: string, invocation: Invocation): Promise<PackagesFile> {
  const packages = readMapping(root, PACKAGES_FILE);
  const dependencies = readMapping(root, DEPENDENCIES_FILE);
  if (packages?.packages !== undefined && dependencies?.packages !== undefined) {
    throw malformed(
      "The 'packages' key cannot be specified in both packages.yml and dependencies.yml",
      PACKAGES_FILE,
    );
  }
  if (packages?.projects !== undefined) {
    throw malformed("The 'projects' key cannot be specified in packages.yml", PACKAGES_FILE);
  }
  const file = dependencies?.packages === undefined ? PACKAGES_FILE : DEPENDENCIES_FILE;
  const written = (file === PACKAGES_FILE ? packages?.packages : dependencies?.packages) ?? [];
  return packagesFrom(written, file, invocation);
}

/** Entries of a list `packages:`, wherever it stands. */
export async function packagesFrom(
  written: unknown,
  file: string,
  invocation: Invocation,
): Promise<PackagesFile> {
  const rendered = await renderValues(written, {
    invocation,
    vars: invocation.vars,
    secrets: true,
    locate: () => ({ path: file }),
  });
  if (!Array.isArray(rendered)) throw malformed(validator(`${typeof rendered} is not of type 'array'`), file);
  const texts: string[] = [];
  const specs: PackageSpec[] = [];
  rendered.forEach((entry: unknown, i) => {
    const original = (written as unknown[])[i];
    if (!isMapping(entry))
      throw malformed(validator(`${String(entry)} is not valid under any of the given schemas`), file);
    specs.push(specOf(entry, original as Entry, file, invocation));
    texts.push(hashedText(entry, original as Entry));
  });
  return { file, specs, hash: createHash('sha1').update(texts.sort().join('\n')).digest('hex') };
}

function readMapping(root: string, name: string): Entry | undefined {
  const path = join(root, name);
  if (!existsSync(path)) return undefined;
  const { value } = parseYaml(readFileSync(path, 'utf8'), name);
  return isMapping(value) ? value : {};
}

function specOf(entry: Entry, written: Entry, file: string, invocation: Invocation): PackageSpec {
  const text = (key: string) =>
    entry[key] === undefined || entry[key] === null ? undefined : String(entry[key]);
  if (entry.package !== undefined) return hubSpec(entry, file);
  if (entry.local !== undefined) return { kind: 'local', local: required(entry, 'local', file) };
  if (entry.tarball !== undefined) {
    return {
      kind: 'tarball',
      tarball: required(entry, 'tarball', file),
      written: String(written.tarball),
      name: required(entry, 'name', file),
    };
  }
  const git = {
    kind: 'git',
    revision: text('revision'),
    subdirectory: text('subdirectory'),
    warnUnpinned: entry['warn-unpinned'] !== false,
  } as const;
  if (entry.private !== undefined) {
    const name = required(entry, 'private', file);
    const provider = text('provider');
    return {
      ...git,
      git: privateUrl(name, provider, invocation),
      written: name,
      private: { name, provider },
    };
  }
  if (entry.git === undefined) {
    throw malformed(
      validator(`${JSON.stringify(written)} is not valid under any of the given schemas`),
      file,
    );
  }
  return { ...git, git: required(entry, 'git', file), written: String(written.git) };
}

function hubSpec(entry: Entry, file: string): PackageSpec {
  const name = required(entry, 'package', file);
  const { version } = entry;
  if (
    version === undefined ||
    version === null ||
    version === '' ||
    (Array.isArray(version) && version.length === 0)
  ) {
    throw malformed(
      validator(
        `${name} is missing the version. When installing from the Hub package index, version is a required property`,
      ),
      file,
    );
  }
  if (!name.includes('/')) {
    throw malformed(
      validator(
        `${name} was not found in the package index. Packages on the index require a namespace, e.g dbt-labs/dbt_utils`,
      ),
      file,
    );
  }
  return {
    kind: 'hub',
    package: name,
    versions: (Array.isArray(version) ? version : [version]).map(String),
    installPrerelease: entry.install_prerelease === true,
  };
}

const KINDS: Record<string, string> = { package: 'hub', local: 'local', git: 'git', tarball: 'tarball' };

function required(entry: Entry, key: string, file: string): string {
  const value = entry[key];
  if (typeof value === 'string' && value !== '') return value;
  const kind = KINDS[key] ?? key;
  throw malformed(validator(`A ${kind} package is missing the value. It is a required property.`), file);
}

/** `json.dumps(package.to_dict(), sort_keys=True)` of dbt's classes. */
function hashedText(entry: Entry, unrendered: Entry): string {
  const own: Entry = { ...entry, unrendered };
  const defaults: Entry =
    entry.package !== undefined
      ? { install_prerelease: false }
      : entry.git !== undefined
        ? { revision: null, subdirectory: null, 'warn-unpinned': null }
        : entry.private !== undefined
          ? { provider: null, revision: null, subdirectory: null, 'warn-unpinned': null }
          : {};
  return pythonJson({ ...defaults, ...own });
}

function validator(error: string): string {
  return `The packages.yml file in this project is malformed. Please double check\nthe contents of this file and fix any errors before retrying.\n\nYou can find more information on the syntax for this file here:\nhttps://docs.getdbt.com/docs/package-management\n\nValidator Error:\n${error}\n`;
}

function malformed(message: string, path: string) {
  return dependencyError('packages-file', message, { kind: 'Runtime', at: { path } });
}
