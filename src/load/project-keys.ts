/** The keys of dbt_project.yml. */

/** Blocks that hold config by folder, in dbt's spelling; the names of `ProjectConfig.trees`. */
export const CONFIG_TREES = [
  'models',
  'seeds',
  'snapshots',
  'analyses',
  'sources',
  'data_tests',
  'unit_tests',
  'metrics',
  'semantic-models',
  'saved-queries',
  'exposures',
  'functions',
] as const;

/** Every top-level key that dbt or sq knows, with the old names that dbt still reads. */
export const PROJECT_KEYS: ReadonlySet<string> = new Set([
  ...CONFIG_TREES,
  'analysis-paths',
  'asset-paths',
  'clean-targets',
  'config-version',
  'data-paths',
  'dbt-cloud',
  'dispatch',
  'docs-paths',
  'flags',
  'function-paths',
  'log-path',
  'macro-paths',
  'model-paths',
  'name',
  'on-run-end',
  'on-run-start',
  'osi-paths',
  'packages-install-path',
  'profile',
  'query-comment',
  'quoting',
  'require-dbt-version',
  'restrict-access',
  'seed-paths',
  'snapshot-paths',
  'source-paths',
  'sq',
  'sync',
  'target-path',
  'test-paths',
  'tests',
  'vars',
  'version',
]);

/** Top-level keys in the spelling of `PROJECT_KEYS`: `semantic_models` is `semantic-models`. */
export function hyphenated(values: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const out: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(values)) {
    const hyphens = key.replaceAll('_', '-');
    out[!PROJECT_KEYS.has(key) && PROJECT_KEYS.has(hyphens) ? hyphens : key] = value;
  }
  return out;
}
