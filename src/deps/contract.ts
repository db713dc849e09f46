/** Packages that a project asks for, as data. Keys are those of packages.yml. */

export interface HubPackage {
  kind: 'hub';
  /** `namespace/name`. */
  package: string;
  /** Requirements, each one version with an operator. */
  versions: readonly string[];
  installPrerelease: boolean;
}

export interface GitPackage {
  kind: 'git';
  /** What git is given: a URL, `git@host:path`, or a folder. It may hold a secret. */
  git: string;
  /** As written, with its `{{ env_var(...) }}`: what is shown and locked. */
  written: string;
  revision: string | undefined;
  subdirectory: string | undefined;
  warnUnpinned: boolean;
  /** Of a `private:` package: its provider and what was written. */
  private?: { name: string; provider: string | undefined };
}

export interface LocalPackage {
  kind: 'local';
  /** Relative to the project. */
  local: string;
}

export interface TarballPackage {
  kind: 'tarball';
  /** http(s), file:, or a path relative to the project. */
  tarball: string;
  written: string;
  name: string;
}

export type PackageSpec = HubPackage | GitPackage | LocalPackage | TarballPackage;

/** packages.yml or dependencies.yml, read and rendered. */
export interface PackagesFile {
  /** Its name. */
  file: string;
  specs: PackageSpec[];
  /** dbt's hash of what was asked for: a lock file that has it is current. */
  hash: string;
}
