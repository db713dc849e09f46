/** The package index: hub.getdbt.com, another address (DBT_PACKAGE_HUB_URL), or a folder laid out like it. */
import type { Invocation } from '../invocation.ts';
import { isMapping } from '../load/index.ts';
import { DBT_VERSION } from '../version.ts';
import type { HubPackage } from './contract.ts';
import { dependencyError } from './dependency-error.ts';
import { fetchJson, localPath } from './fetch-file.ts';
import { compareVersions, isWithin, parseRequirement, rangeOf, rangeText } from './semver.ts';

export interface HubVersion {
  /** The project's name. */
  name: string;
  version: string;
  /** As a list `packages:` of packages.yml. */
  packages: unknown;
  /** Address of the archive; of a folder, relative to it. */
  tarball: string;
}

export interface Chosen extends HubVersion {
  /** The newest version that could be installed at all. */
  latest: string;
}

type Loose = Record<string, unknown>;

export class Hub {
  private readonly base: string;
  private index: Promise<ReadonlySet<string>> | undefined;
  private readonly packages = new Map<string, Promise<Loose>>();

  constructor(private readonly invocation: Invocation) {
    const { env } = invocation;
    const given = env.DBT_PACKAGE_HUB_URL || env.DBT_ENGINE_PACKAGE_HUB_URL || env.SQ_PACKAGE_HUB_URL;
    const base = given || 'https://hub.getdbt.com/';
    this.base = base.endsWith('/') ? base : `${base}/`;
  }

  /** Where relative addresses of archives count from: the folder of a mirror. */
  get folder(): string {
    return localPath(this.base, this.invocation.cwd) ?? this.invocation.cwd;
  }

  /** The best version for a package. Throws SqError (Dependency) where there is none. */
  async choose({ package: name, versions, installPrerelease }: HubPackage): Promise<Chosen> {
    await this.checkIndex(name);
    const requirements = versions.map(parseRequirement);
    const range = rangeOf(name, requirements);
    const known = await this.versionsOf(name);
    const check = this.invocation.flags.other.version_check !== false;
    const early = installPrerelease || requirements.some((one) => one.prerelease !== undefined);
    const installable = Object.keys(known)
      .map((text) => ({ text, version: parseRequirement(text) }))
      .filter(
        ({ text, version }) => (early || version.prerelease === undefined) && (!check || suits(known[text]!)),
      )
      .sort((a, b) => compareVersions(a.version, b.version));
    const best = installable.filter(({ version }) => isWithin(version, range)).at(-1);
    if (best === undefined) {
      const shown = installable.map(({ text }) => `'${text}'`).join(', ');
      throw dependencyError(
        'no-version',
        `Could not find a matching compatible version for package ${name}\n  Requested range: ${rangeText(range)}\n  Compatible versions: [${shown}]\n` +
          (check
            ? "\n  Not shown: package versions incompatible with installed version of dbt-core\n  To include them, run 'dbt --no-version-check deps'"
            : ''),
      );
    }
    return { ...versionOf(best.text, known[best.text]!, name), latest: installable.at(-1)!.text };
  }

  private async checkIndex(name: string): Promise<void> {
    this.index ??= fetchJson(`${this.base}api/v1/index.json`, this.invocation).then((value) => {
      if (Array.isArray(value)) return new Set(value.map(String));
      throw dependencyError('registry-answer', `${this.base}api/v1/index.json is no list of packages`, {
        hint: 'DBT_PACKAGE_HUB_URL names a hub, or a folder that holds api/v1/index.json',
      });
    });
    if ((await this.index).has(name)) return;
    throw dependencyError('package-not-found', `Package ${name} was not found in the package index`, {
      hint: 'look for its name on hub.getdbt.com: names are namespace/name',
    });
  }

  private async versionsOf(name: string): Promise<Record<string, Loose>> {
    let answer = this.packages.get(name);
    answer ??= fetchJson(`${this.base}api/v1/${name}.json`, this.invocation).then((value) => {
      if (isMapping(value) && isMapping(value.versions)) return value;
      throw dependencyError(
        'registry-answer',
        `${this.base}api/v1/${name}.json tells no versions of ${name}`,
      );
    });
    this.packages.set(name, answer);
    const found = await answer;
    this.tellRedirect(name, found);
    return found.versions as Record<string, Loose>;
  }

  private tellRedirect(name: string, { redirectnamespace, redirectname }: Loose): void {
    if (!redirectnamespace && !redirectname) return;
    const [namespace, short] = name.split('/');
    const msg = `The \`${name}\` package is deprecated in favor of \`${redirectnamespace || namespace}/${redirectname || short}\`. Please update your \`packages.yml\` configuration to use \`${redirectnamespace || namespace}/${redirectname || short}\` instead.`;
    this.invocation.emit({ name: 'Deprecation', event_name: 'PackageRedirectDeprecation', msg });
  }
}

function suits(version: Loose): boolean {
  const wanted = version.require_dbt_version;
  const list = Array.isArray(wanted) ? wanted : wanted ? [wanted] : [];
  const own = parseRequirement(DBT_VERSION);
  return list
    .flatMap((text) => String(text).split(','))
    .every((text) => isWithin(own, rangeOf('dbt', [parseRequirement(text)])));
}

function versionOf(version: string, data: Loose, name: string): HubVersion {
  const downloads = isMapping(data.downloads) ? data.downloads : {};
  return {
    name: typeof data.name === 'string' ? data.name : name.slice(name.indexOf('/') + 1),
    version,
    packages: data.packages ?? [],
    tarball: String(downloads.tarball ?? ''),
  };
}
