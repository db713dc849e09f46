/** The config of one resource: defaults, folder config, property YAML, in-file config, in dbt's order. */
import type { NodeConfig } from '../../manifest/nodes.ts';
import { defaultConfig } from '../config/defaults.ts';
import { type ConfigLayer, mergeConfig } from '../config/merge.ts';
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

export interface ConfigInput {
  session: ParseSession;
  pkg: PackageSource;
  resourceType: string;
  fqn: readonly string[];
  /** `config:` and config-like keys of the property file, rendered. */
  patch?: ConfigLayer;
  /** `config()` calls of the file itself. */
  inFile?: ConfigLayer;
}

export interface ResolvedConfig {
  config: NodeConfig;
  unrendered: Record<string, unknown>;
}

/** dbt's order: default < own project's folders < property file < file itself < root project's folders (of packages). */
export function resolveConfig(input: ConfigInput): ResolvedConfig {
  const { session, pkg, resourceType, fqn } = input;
  const base = folderConfig(input);
  // layers replace values, they never change them in place: what is copied shallowly stays apart
  const config = { ...base.config };
  const unrendered = { ...base.unrendered };
  const apply = (layer: ConfigLayer | undefined) => {
    if (layer === undefined) return;
    mergeConfig(config, layer);
    for (const key in layer) unrendered[key] = layer[key];
  };
  apply(input.patch);
  apply(input.inFile);
  const treeName = TREE_OF[resourceType];
  if (treeName && !pkg.isRoot)
    for (const layer of session.tree(session.root, treeName).layers(fqn)) apply(layer);
  if (Array.isArray(config.tags)) config.tags = config.tags.map(String);
  return { config: config as unknown as NodeConfig, unrendered };
}

/** Defaults and folder config, made once for the resources of a folder. */
function folderConfig(input: ConfigInput): {
  config: Record<string, unknown>;
  unrendered: Record<string, unknown>;
} {
  const { session, pkg, resourceType, fqn } = input;
  const treeName = TREE_OF[resourceType];
  const layers = treeName ? session.tree(pkg, treeName).layers(fqn) : NONE;
  let made = session.folderConfigs.get(layers)?.get(resourceType);
  if (!made) {
    made = { config: defaultConfig(resourceType), unrendered: {} };
    for (const layer of layers) {
      mergeConfig(made.config, layer);
      Object.assign(made.unrendered, layer);
    }
    const byType = session.folderConfigs.get(layers) ?? new Map();
    byType.set(resourceType, made);
    session.folderConfigs.set(layers, byType);
  }
  return made;
}

const NONE: readonly ConfigLayer[] = [];
