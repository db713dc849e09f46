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
  const config = defaultConfig(resourceType);
  const unrendered: Record<string, unknown> = {};
  const apply = (layer: ConfigLayer | undefined) => {
    if (layer === undefined) return;
    mergeConfig(config, layer);
    for (const key in layer) unrendered[key] = layer[key];
  };
  const treeName = TREE_OF[resourceType];
  if (treeName) for (const layer of session.tree(pkg, treeName).layers(fqn)) apply(layer);
  apply(input.patch);
  apply(input.inFile);
  if (treeName && !pkg.isRoot)
    for (const layer of session.tree(session.root, treeName).layers(fqn)) apply(layer);
  if (Array.isArray(config.tags)) config.tags = config.tags.map(String);
  return { config: config as unknown as NodeConfig, unrendered };
}
