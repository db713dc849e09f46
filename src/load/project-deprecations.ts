/**
 * Keys of dbt_project.yml that nobody knows, `+` that is missing, keys that stand twice. dbt 1.12 checks keys for
 * a few warehouses only; there every one is told (`all`), elsewhere what is near to a known one (`near`), because
 * a slip of the pen in a folder's config is otherwise silently nothing.
 */
import { formatLocation, nearest } from '../errors.ts';
import type { SqEvent } from '../events.ts';
import { CONFIG_KEYS, type ConfigKind, USUAL_CONFIG_KEYS } from './config-keys.ts';
import type { ProjectConfig, YamlDocument } from './contract.ts';
import { CONFIG_TREES, hyphenated, PROJECT_KEYS } from './project-keys.ts';
import { isMapping } from './values.ts';

/** Warehouses for which dbt 1.12 checks keys. */
const CHECKED = new Set(['bigquery', 'databricks', 'redshift', 'snowflake']);

/**
 * Which check of unknown keys applies: dbt's list of warehouses, or those of SQ_TEST_JSONSCHEMA (separated by
 * commas) where that is set.
 */
export function keyCheckFor(
  adapterType: string,
  env: Readonly<Record<string, string | undefined>>,
): 'all' | 'near' {
  const own = env.SQ_TEST_JSONSCHEMA;
  const checked = own ? own.split(',').map((type) => type.trim()) : undefined;
  return (checked ? checked.includes(adapterType) : CHECKED.has(adapterType)) ? 'all' : 'near';
}

/** Config whose value is a mapping: where the `+` is missing it is not taken for a folder. */
const MAPPINGS = new Set([
  'meta',
  'docs',
  'quoting',
  'column_types',
  'contract',
  'grants',
  'persist_docs',
  'freshness',
  'load',
]);

const KIND_OF: Readonly<Record<(typeof CONFIG_TREES)[number], ConfigKind>> = {
  models: 'models',
  seeds: 'seeds',
  snapshots: 'snapshots',
  analyses: 'analyses',
  sources: 'sources',
  data_tests: 'data_tests',
  unit_tests: 'unit_tests',
  metrics: 'metrics',
  'semantic-models': 'semantic_models',
  'saved-queries': 'saved_queries',
  exposures: 'exposures',
  functions: 'functions',
};

/** dbt's deprecations of a dbt_project.yml, in the file's order. */
export function projectDeprecations(
  project: Pick<ProjectConfig, 'document'>,
  check: 'all' | 'near',
): SqEvent[] {
  const { document } = project;
  const found: SqEvent[] = duplicateKeyDeprecations(document);
  const values = hyphenated(document.value as Record<string, unknown>);
  const tell: Tell = (event_name, msg, keys, near) => {
    if (check === 'near' && near === undefined) return;
    const told = () => {
      const at = formatLocation(document.locate(keys, { key: true }));
      return `${msg}${msg.endsWith('.') ? '' : '.'} Did you mean \`${near}\`?\n  at ${at}`;
    };
    found.push({ name: 'Deprecation', event_name, msg: near === undefined ? msg : told() });
  };
  for (const key of Object.keys(values)) {
    if (PROJECT_KEYS.has(key)) continue;
    tell(
      'CustomTopLevelKeyDeprecation',
      `Unexpected top-level key ${key} in file \`${document.path}\``,
      [key],
      nearest(key, PROJECT_KEYS),
    );
  }
  for (const tree of CONFIG_TREES) {
    const written = tree === 'data_tests' && values.data_tests === undefined ? 'tests' : tree;
    const block = values[written];
    if (isMapping(block)) visit(block, [written], { kind: KIND_OF[tree], file: document.path, check, tell });
  }
  return found;
}

/** Keys that stand twice in one mapping of a document; the later one counts. */
export function duplicateKeyDeprecations(document: YamlDocument): SqEvent[] {
  return document.duplicateKeys.map(({ key, line, column }) => ({
    name: 'Deprecation',
    event_name: 'DuplicateYAMLKeysDeprecation',
    msg: `Duplicate key '${key}' in "<unicode string>", line ${line}, column ${column} in file \`${document.path}\``,
  }));
}

/** One finding; `keys` lead to it, `near` is what may have been meant. */
type Tell = (event_name: string, msg: string, keys: readonly string[], near?: string) => void;

function visit(
  block: Record<string, unknown>,
  above: readonly string[],
  visited: { kind: ConfigKind; file: string; check: 'all' | 'near'; tell: Tell },
): void {
  const { kind, file, check, tell } = visited;
  for (const [key, value] of Object.entries(block)) {
    const keys = [...above, key];
    const path = keys.slice(1).join('.');
    const bare = key.replace(/^\+\s*/, '');
    const known = CONFIG_KEYS[kind].has(bare);
    if (key.startsWith('+') ? known : isMapping(value) && !MAPPINGS.has(key)) {
      if (!key.startsWith('+')) visit(value as Record<string, unknown>, keys, visited);
      continue;
    }
    if (known) {
      // works as meant on every warehouse: only dbt's own check complains
      if (check === 'all') {
        tell(
          'MissingPlusPrefixDeprecation',
          `Missing '+' prefix on \`${key}\` found at \`${path}\` in file \`${file}\`. Hierarchical config values without a '+' prefix are deprecated in dbt_project.yml.`,
          keys,
        );
      }
      continue;
    }
    const near = nearest(bare, USUAL_CONFIG_KEYS[kind]);
    tell(
      'CustomKeyInConfigDeprecation',
      `Custom key \`${key}\` found in \`config\` at path \`${path}\` in file \`${file}\`. Custom config keys should move into the \`config.meta\`.`,
      keys,
      near === undefined ? undefined : `+${near}`,
    );
  }
}
