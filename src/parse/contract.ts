/**
 * TEXT -> NODES -> MANIFEST, and the parse cache. What parsing needs and what it answers.
 */
import type { Adapter, Settings } from '../adapters/contract.ts';
import type { Invocation } from '../invocation.ts';
import type { Profile, ProjectConfig } from '../load/contract.ts';
import type { Manifest } from '../manifest/manifest.ts';

/** A project that has been found, with its connection chosen and validated, not yet connected. */
export interface ProjectContext {
  project: ProjectConfig;
  profile: Profile;
  adapter: Adapter;
  settings: Settings;
  invocation: Invocation;
  /** Absolute. */
  targetPath: string;
  /** Absolute folder of the project. */
  projectDir: string;
  /** Installed packages with their project files, in dbt's order, and the vars of each by name. */
  packages: readonly { root: string; config: ProjectConfig }[];
  packageVars: ReadonlyMap<string, Readonly<Record<string, unknown>>>;
}

export interface ParsedProject {
  manifest: Manifest;
  /** What was reused from the parse cache: everything, all but some files, nothing (and why). */
  cache: { reuse: 'all' | 'some' | 'none'; reason?: string; files: number; parsedFiles: number };
  /**
   * Writes manifest.json into the target path: body bytes only when they changed, always fresh metadata.
   * `compiled` holds nodes whose compiled fields belong into the artefact. Answers the name of the body written.
   */
  writeManifest(compiled?: ReadonlyMap<string, CompiledFields>): string;
  /** Names this parse: as long as nothing it was made from changes, the next command has one of the same name. */
  readonly body: string;
  /** Fresh metadata for a manifest.json that still holds a body of that name; false, and nothing done, if it does not. */
  restampManifest(body: string): boolean;
}

export interface CompiledFields {
  compiled_code: string;
  compiled_path: string | null;
  extra_ctes: { id: string; sql: string }[];
}
