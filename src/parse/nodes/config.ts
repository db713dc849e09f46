/** The config of one resource: defaults, folder config, property YAML, in-file config, in dbt's order. */
import type { NodeConfig } from '../../manifest/nodes.ts';
import { defaultConfig } from '../config/defaults.ts';
import { type ConfigLayer, isRecord, mergeConfig } from '../config/merge.ts';
import type { PackageSource, ParseSession } from '../session.ts';

/** Which block of dbt_project.yml configures a resource type. */
export const TREE_OF: Record<string, string> = {
  model: 'models',
  seed: 'seeds',
  snapshot: 'snapshots',
  test: 'data_tests',
  analysis: 'analyses',
  source: 'sources',
  exposure: 'exposures',
  metric: 'metrics',
  semantic_model: 'semantic-models',
  saved_query: 'saved-queries',
  unit_test: 'unit_tests',
  function: 'functions',
};

/** A layer, and the same before rendering: what dbt compares to find a changed config. */
export interface WrittenLayer {
  values: ConfigLayer;
  written: ConfigLayer;
}

export interface ConfigInput {
  session: ParseSession;
  pkg: PackageSource;
  resourceType: string;
  fqn: readonly string[];
  /** `config:` and config-like keys of the property file, rendered. */
  patch?: WrittenLayer;
  /** `config()` calls of the file itself. */
  inFile?: WrittenLayer;
}

export interface ResolvedConfig {
  config: NodeConfig;
  unrendered: Record<string, unknown>;
}

/** dbt's order: default < own project's folders < property file < file itself < root project's folders (of packages). */
export function resolveConfig(input: ConfigInput): ResolvedConfig {
  const { session, pkg, fqn } = input;
  const base = folderConfig(input);
  // layers replace values, they never change them in place: what is copied shallowly stays apart
  const config = { ...base.config };
  const unrendered = { ...base.unrendered };
  for (const layer of [input.patch, input.inFile]) {
    if (layer === undefined) continue;
    mergeConfig(config, layer.values);
    Object.assign(unrendered, layer.written);
  }
  const treeName = treeOf(input);
  if (treeName && !pkg.isRoot) {
    for (const layer of session.tree(session.root, treeName).layers(fqn)) mergeConfig(config, layer);
    for (const layer of session.writtenTree(session.root, writtenTreeOf(treeName) ?? '').layers(fqn))
      Object.assign(unrendered, layer);
  }
  finish(config, input.resourceType);
  return { config: config as unknown as NodeConfig, unrendered };
}

/** dbt takes analyses and hooks for models here, unless its flag says that analyses have a block of their own. */
function treeOf({ resourceType, session }: ConfigInput): string | undefined {
  if (resourceType === 'operation') return 'models';
  if (resourceType !== 'analysis') return TREE_OF[resourceType];
  const { flags } = session.context.project;
  return flags.require_corrected_analysis_fqns === true ? 'analyses' : 'models';
}

/** What dbt's config classes do with a finished config. */
function finish(config: Record<string, unknown>, resourceType: string): void {
  if (Array.isArray(config.tags)) config.tags = config.tags.map(String);
  else if (config.tags !== undefined) config.tags = config.tags === null ? [] : [String(config.tags)];
  if (typeof config.static_analysis === 'boolean')
    config.static_analysis = config.static_analysis ? 'on' : 'off';
  if (resourceType === 'test') {
    if (config.store_failures_as === null || config.store_failures_as === undefined) {
      const { store_failures: stores } = config;
      config.store_failures_as = stores === true ? 'table' : stores === false ? 'ephemeral' : null;
    } else config.store_failures = config.store_failures_as !== 'ephemeral';
  }
  if (resourceType === 'model' && config.freshness !== null) config.freshness = buildAfter(config.freshness);
}

/** Freshness of a model without `build_after` is none. */
function buildAfter(freshness: unknown): unknown {
  if (!isRecord(freshness) || !isRecord(freshness.build_after)) return null;
  return {
    ...freshness,
    build_after: { count: null, period: null, updates_on: 'any', ...freshness.build_after },
  };
}

/** Defaults and folder config, made once for the resources of a folder. */
function folderConfig(input: ConfigInput): ResolvedFolder {
  const { session, pkg, resourceType, fqn } = input;
  const treeName = treeOf(input);
  const layers = treeName ? session.tree(pkg, treeName).layers(fqn) : NONE;
  let made = session.folderConfigs.get(layers)?.get(resourceType);
  if (!made) {
    made = { config: defaultConfig(resourceType), unrendered: {} };
    for (const layer of layers) mergeConfig(made.config, layer);
    const written = writtenTreeOf(treeName);
    if (written) Object.assign(made.unrendered, ...session.writtenTree(pkg, written).layers(fqn));
    const byType = session.folderConfigs.get(layers) ?? new Map();
    byType.set(resourceType, made);
    session.folderConfigs.set(layers, byType);
  }
  return made;
}

/** dbt writes the folder config of models beside that of functions: a comparison with its manifest finds it there. */
function writtenTreeOf(treeName: string | undefined): string | undefined {
  return treeName === 'functions' ? 'models' : treeName;
}

interface ResolvedFolder {
  config: Record<string, unknown>;
  unrendered: Record<string, unknown>;
}

const NONE: readonly ConfigLayer[] = [];
