/** The artefacts of an earlier run (`--state`, `--defer-state`), read when they are asked for. */
import { existsSync, readFileSync } from 'node:fs';
import { isAbsolute, join } from 'node:path';
import { SqError } from '../errors.ts';
import type { GraphNode } from '../manifest/nodes.ts';
import type {
  PreviousFreshness,
  PreviousManifest,
  PreviousResult,
  PreviousState,
} from '../manifest/previous-state.ts';
import { isMapping } from './values.ts';

type Artifact = Record<string, unknown>;

interface Kind {
  file: string;
  /** dbt's name of the artefact's class, for its messages. */
  className: string;
  schema: string;
  /** Newest version first: the one that messages name. */
  versions: readonly number[];
}

const MANIFEST: Kind = {
  file: 'manifest.json',
  className: 'WritableManifest',
  schema: 'manifest',
  versions: [12, 11, 10, 9, 8, 7, 6, 5, 4],
};
const RUN_RESULTS: Kind = {
  file: 'run_results.json',
  className: 'RunResultsArtifact',
  schema: 'run-results',
  versions: [6, 5, 4],
};
const SOURCES: Kind = {
  file: 'sources.json',
  className: 'FreshnessExecutionResultArtifact',
  schema: 'sources',
  versions: [3],
};

export interface PreviousStateOptions {
  /** `--state` as written; relative to the project. */
  path: string;
  projectDir: string;
  /** Absolute target folder, for the sources as they are now. */
  targetPath: string;
}

/**
 * The state of a folder. A member throws SqError (Runtime) when its file cannot be read or is of a version that
 * is not known; it is undefined when there is no such file.
 */
export function previousState({ path, projectDir, targetPath }: PreviousStateOptions): PreviousState {
  const folder = isAbsolute(path) ? path : join(projectDir, path);
  const manifest = once(() => manifestOf(readArtifact(folder, MANIFEST)));
  const results = once(() => listOf<PreviousResult>(readArtifact(folder, RUN_RESULTS)));
  const sources = once(() => listOf<PreviousFreshness>(readArtifact(folder, SOURCES)));
  const currentSources = once(() => listOf<PreviousFreshness>(readArtifact(targetPath, SOURCES)));
  return {
    path,
    get manifest() {
      return manifest();
    },
    get results() {
      return results();
    },
    get sources() {
      return sources();
    },
    get currentSources() {
      return currentSources();
    },
  };
}

/** run_results.json of a folder whole, or undefined when there is none. Throws as `previousState`. */
export function readRunResults(folder: string): Artifact | undefined {
  return readArtifact(folder, RUN_RESULTS);
}

function once<T>(read: () => T): () => T {
  let known: { value: T } | undefined;
  return () => {
    known ??= { value: read() };
    return known.value;
  };
}

function readArtifact(folder: string, kind: Kind): Artifact | undefined {
  const path = join(folder, kind.file);
  if (!existsSync(path)) return undefined;
  const artifact = parsed(path, kind);
  const metadata = isMapping(artifact.metadata) ? artifact.metadata : {};
  const found = metadata.dbt_schema_version;
  if (found === undefined || kind.versions.some((version) => found === schemaUrl(kind, version)))
    return artifact;
  const expected = schemaUrl(kind, kind.versions[0]!);
  throw new SqError({
    kind: 'Runtime',
    code: 'artefact-version',
    message: `Expected a schema version of "${expected}" in ${path}, but found "${String(found)}". Are you running with a different version of dbt?`,
    hint: 'make the artefacts of that folder again with this version of sq, or with dbt 1.8 or later',
  });
}

function parsed(path: string, kind: Kind): Artifact {
  let reason: string;
  try {
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'));
    if (isMapping(value)) return value;
    reason = 'it holds no object';
  } catch (error) {
    reason = (error as Error).message;
  }
  throw new SqError({
    kind: 'Runtime',
    code: 'artefact-unreadable',
    message: `Could not read ${kind.className} at "${path}" as JSON: ${reason}`,
    hint: 'the run that wrote it may have been killed: run it again',
  });
}

function schemaUrl(kind: Kind, version: number): string {
  return `https://schemas.getdbt.com/dbt/${kind.schema}/v${version}.json`;
}

const SECTIONS = [
  'nodes',
  'sources',
  'exposures',
  'metrics',
  'semantic_models',
  'unit_tests',
  'saved_queries',
  'functions',
];

function manifestOf(artifact: Artifact | undefined): PreviousManifest | undefined {
  if (artifact === undefined) return undefined;
  const vertices = new Map<string, GraphNode>();
  for (const section of SECTIONS) {
    const entries = artifact[section];
    if (!isMapping(entries)) continue;
    for (const [uniqueId, node] of Object.entries(entries)) {
      if (isMapping(node)) vertices.set(uniqueId, withPresentNames(node) as unknown as GraphNode);
    }
  }
  const macros = isMapping(artifact.macros) ? artifact.macros : {};
  return { vertices, macros: new Map(Object.entries(macros)) as PreviousManifest['macros'] };
}

/** Before dbt 1.3 code was called SQL. */
function withPresentNames(node: Artifact): Artifact {
  if (node.raw_sql === undefined) return node;
  return { ...node, raw_code: node.raw_sql, compiled_code: node.compiled_sql };
}

function listOf<T>(artifact: Artifact | undefined): T[] | undefined {
  if (artifact === undefined) return undefined;
  return Array.isArray(artifact.results) ? (artifact.results as T[]) : [];
}
