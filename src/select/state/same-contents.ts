/**
 * When two vertices of one unique id are the same, by dbt's rules (`contracts/graph/nodes.py`): what was
 * written is compared, not what it became, so that another target or another environment is no change.
 */
import { type CompiledNode, type GraphNode, isCompiled, type SourceNode } from '../../manifest/nodes.ts';
import type { StateComparison } from './contract.ts';
import { sameValue } from './same-value.ts';

type Loose = Readonly<Record<string, unknown>>;

/** Configs that are compared as names in the warehouse, or not at all. */
const NOT_COMPARED = new Set(['alias', 'schema', 'database', 'tags', 'group']);

/** The only configs of a data test that change what it does. */
const TEST_CONFIGS = [
  'severity',
  'where',
  'limit',
  'fail_calc',
  'warn_if',
  'error_if',
  'store_failures',
  'store_failures_as',
  'sql_header',
];

/** `state:modified.body`: the text as written; of seeds the file's checksum. */
export function sameBody(
  one: CompiledNode,
  old: CompiledNode,
  warn: NonNullable<StateComparison['warn']>,
): boolean {
  if (one.resource_type !== 'seed') return (one.raw_code ?? '') === (old.raw_code ?? '');
  const same = sameValue(one.checksum, old.checksum);
  if (one.checksum.name === 'path') warnOfLargeSeed(one, old, same, warn);
  return same;
}

function warnOfLargeSeed(
  { name, package_name }: CompiledNode,
  old: CompiledNode,
  same: boolean,
  warn: NonNullable<StateComparison['warn']>,
): void {
  const seed = `Found a seed (${package_name}.${name}) >1MiB in size`;
  const tell = (event_name: string, msg: string) => warn({ name: 'Warning', event_name, msg });
  if (old.checksum?.name !== 'path') {
    tell(
      'SeedIncreased',
      `${seed}. The previous file was <=1MiB, so it will be treated as modified: its contents are not compared`,
    );
  } else if (same) {
    tell(
      'SeedExceedsLimitSamePath',
      `${seed} at the same path, dbt cannot tell if it has changed: assuming they are the same`,
    );
  } else {
    tell(
      'SeedExceedsLimitAndPathChanged',
      `${seed}. The previous file was in a different location, assuming it has changed`,
    );
  }
}

/** `state:modified.configs`. */
export function sameConfig(one: GraphNode, old: GraphNode): boolean {
  const [mine, others] = [unrendered(one), unrendered(old)];
  switch (one.resource_type) {
    case 'test':
      return TEST_CONFIGS.every((key) => sameKey(mine, others, key));
    case 'semantic_model':
    case 'saved_query':
      return sameValue(one.config, old.config);
    default: {
      const compiled = isCompiled(one);
      const keys = new Set([...Object.keys(mine), ...Object.keys(others)]);
      for (const key of keys) {
        const left = compiled ? NOT_COMPARED.has(key) : one.resource_type === 'metric' && key === 'group';
        if (!left && !sameKey(mine, others, key)) return false;
      }
      return true;
    }
  }
}

function sameKey(mine: Loose, others: Loose, key: string): boolean {
  if (Object.hasOwn(mine, key) !== Object.hasOwn(others, key)) return false;
  return sameValue(mine[key], others[key]);
}

function unrendered(node: GraphNode): Loose {
  return ((node as Loose).unrendered_config ?? {}) as Loose;
}

/** `state:modified.relation`: database, schema and alias as configured. */
export function sameRelation(one: GraphNode, old: GraphNode, compareUnrendered: boolean): boolean {
  if (one.resource_type !== 'source') {
    const [mine, others] = [unrendered(one), unrendered(old)];
    return ['database', 'schema', 'alias'].every((key) => (mine[key] ?? null) === (others[key] ?? null));
  }
  const [source, before] = [one as SourceNode, old as SourceNode];
  const keys = compareUnrendered
    ? (['unrendered_database', 'unrendered_schema', 'identifier'] as const)
    : (['database', 'schema', 'identifier'] as const);
  return keys.every((key) => (source[key] ?? null) === (before[key] ?? null));
}

/** `state:modified.persisted_descriptions`: only where they are written into the warehouse. */
export function samePersistedDescription(one: CompiledNode, old: CompiledNode): boolean {
  const persist = (one.config.persist_docs ?? {}) as Loose;
  if (persist.relation && one.description !== old.description) return false;
  return !persist.columns || sameValue(descriptions(one), descriptions(old));
}

function descriptions({ columns }: CompiledNode): Record<string, string> {
  return Object.fromEntries(
    Object.entries(columns ?? {}).map(([name, column]) => [name, column.description]),
  );
}

/** All but a node's contract: that has consequences of its own. `old` undefined: the vertex is new. */
export function sameContents(
  one: GraphNode,
  old: GraphNode | undefined,
  { warn = () => {}, compareUnrendered = true }: Omit<StateComparison, 'previous'>,
): boolean {
  // a new source or exposure changes no table: `state:new` selects it, `state:modified` does not
  if (old === undefined) return !isCompiled(one) && one.resource_type !== 'unit_test';
  const sameFqn = sameValue(one.fqn, old.fqn);
  if (isCompiled(one)) {
    const before = old as CompiledNode;
    if (one.test_metadata !== undefined) return sameConfig(one, before) && sameFqn;
    return (
      sameBody(one, before, warn) &&
      sameConfig(one, before) &&
      samePersistedDescription(one, before) &&
      sameFqn &&
      sameRelation(one, before, compareUnrendered) &&
      sameReferences(one, before) &&
      sameSignature(one, before)
    );
  }
  if (one.resource_type === 'source') {
    return (
      sameFqn &&
      sameRelation(one, old, compareUnrendered) &&
      sameConfig(one, old) &&
      sameMembers(one, old, ['quoting', 'freshness', 'loaded_at_field', 'external'])
    );
  }
  return sameReferring(one as unknown as Loose, old as unknown as Loose, () => sameConfig(one, old));
}

/** What refs to a model can break on. */
function sameReferences(one: CompiledNode, old: CompiledNode): boolean {
  return (
    one.resource_type !== 'model' || sameMembers(one, old, ['latest_version', 'access', 'deprecation_date'])
  );
}

function sameSignature(one: CompiledNode, old: CompiledNode): boolean {
  return one.resource_type !== 'function' || sameMembers(one, old, ['arguments', 'returns', 'overloads']);
}

function sameReferring(one: Loose, old: Loose, config: () => boolean): boolean {
  switch (one.resource_type) {
    case 'unit_test':
      return one.checksum === old.checksum;
    case 'exposure': {
      const parents = (node: Loose) => [...((node.depends_on as { nodes?: string[] })?.nodes ?? [])].sort();
      const members = ['fqn', 'type', 'owner', 'maturity', 'url', 'description', 'label'];
      return sameMembers(one, old, members) && sameValue(parents(one), parents(old)) && config();
    }
    case 'metric':
      return sameMembers(one, old, ['type', 'description', 'label']) && config();
    case 'semantic_model':
      return (
        sameMembers(one, old, ['model', 'description', 'defaults', 'entities', 'dimensions', 'measures']) &&
        sameMembers(one, old, ['primary_entity', 'group']) &&
        config()
      );
    default:
      return (
        sameMembers(one, old, ['query_params', 'description', 'label', 'group', 'exports', 'tags']) &&
        config()
      );
  }
}

function sameMembers(one: object, old: object, keys: readonly string[]): boolean {
  const value = (node: object, key: string) => (node as Loose)[key] ?? null;
  return keys.every((key) => sameValue(value(one, key), value(old, key)));
}
