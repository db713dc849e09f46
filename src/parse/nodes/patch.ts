/** What a property file says of a model, seed, snapshot or analysis: its config layer, and the rest put onto the node. */
import type { CompiledNode } from '../../manifest/nodes.ts';
import { isRecord, listOf } from '../config/merge.ts';
import type { DocIndex } from '../docs.ts';
import type { ModelVersion } from '../properties/index.ts';
import type { PropertyEntry } from '../property-files.ts';
import type { PackageSource, ParseSession } from '../session.ts';
import { columnMap, listedColumns } from './columns.ts';
import type { WrittenLayer } from './config.ts';
import { addConstraintParents, checkPrimaryKeys, constraintsOf } from './constraints.ts';
import { applyContract } from './contract.ts';

/** Hooks keep their Jinja: it is rendered when they run. */
const UNRENDERED = new Set(['pre-hook', 'post-hook', 'pre_hook', 'post_hook']);
/** Top-level keys that dbt moves into config. */
const MOVED = ['meta', 'docs', 'group', 'contract', 'access'];

/** The patch's config layer; `version` adds that version's own config. Undefined when there is none. */
export function patchConfig(
  patch: PropertyEntry,
  session: ParseSession,
  version?: ModelVersion,
): WrittenLayer | undefined {
  const { raw, pkg } = patch;
  const layer: Record<string, unknown> = {};
  if (isRecord(raw.config)) Object.assign(layer, raw.config);
  for (const key of MOVED) if (raw[key] !== undefined && raw[key] !== null) layer[key] = raw[key];
  const own = version?.raw.config;
  const all = isRecord(own) ? deepMerge(layer, own) : layer;
  if (version && version.raw.access !== undefined) all.access = version.raw.access;
  if (Object.keys(all).length === 0) return undefined;
  const values = session.renderYaml(all, pkg, () => patch.at(['config']), UNRENDERED) as Record<
    string,
    unknown
  >;
  // dbt lays the text of `config:` over the rendered values, lists one behind the other
  const text = version ? own : raw.config;
  if (patch.section === 'data_tests') return { values, written: values };
  return { values, written: isRecord(text) ? deepMerge(values, text) : values };
}

/** Description, columns and the other properties that are not config, in place. */
export function applyPatch(
  node: CompiledNode,
  patch: PropertyEntry,
  session: ParseSession,
  docs: DocIndex,
  version?: ModelVersion,
): void {
  const { raw, pkg } = patch;
  const described = docs.describe(
    version?.raw.description ?? raw.description,
    session,
    pkg,
    () => patch.at(['description']),
    node.config.enabled !== false,
    node.unique_id,
  );
  node.description = described.text;
  node.doc_blocks = described.blocks;
  node.patch_path = `${pkg.config.name}://${patch.path}`;
  node.columns = columnMap({
    session,
    pkg,
    docs,
    columns: version?.columns ?? listedColumns(raw.columns, [...patch.keys, 'columns']),
    at: (keys) => patch.document.locate(keys),
    enabled: node.config.enabled !== false,
  });
  if (node.resource_type === 'model') applyModelPatch(node, patch, session, pkg, version);
}

function applyModelPatch(
  node: CompiledNode,
  patch: PropertyEntry,
  session: ParseSession,
  pkg: PackageSource,
  version: ModelVersion | undefined,
): void {
  const { raw } = patch;
  const render = (value: unknown, key: string) => session.renderYaml(value, pkg, () => patch.at([key]));
  const own = listOf(version?.raw.constraints);
  node.constraints = constraintsOf(
    render(own.length > 0 ? own : raw.constraints, 'constraints'),
    'model',
    `model ${node.name}`,
    () => patch.at(['constraints']),
  );
  checkPrimaryKeys(node);
  addConstraintParents(node, session, pkg);
  const date = version ? version.raw.deprecation_date : raw.deprecation_date;
  node.deprecation_date = moment(render(date, 'deprecation_date'));
  node.time_spine = version ? null : timeSpine(raw.time_spine);
  applyContract(node);
}

function timeSpine(raw: unknown): unknown {
  if (!isRecord(raw)) return null;
  return {
    standard_granularity_column: raw.standard_granularity_column,
    custom_granularities: listOf(raw.custom_granularities)
      .filter(isRecord)
      .map(({ name, column_name: column }) => ({ name, column_name: column ?? null })),
  };
}

/** A date or time as Python's isoformat writes it; without a zone it is UTC. */
function moment(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  const text = value instanceof Date ? value.toISOString().replace(/\.\d+Z$/, 'Z') : String(value);
  const match =
    /^(\d{4}-\d\d-\d\d)(?:[Tt ]+(\d{1,2}:\d\d(?::\d\d)?)(\.\d+)?)?\s*(Z|[+-]\d\d?(?::?\d\d)?)?$/.exec(text);
  if (!match) return text;
  const [, date, time = '00:00:00', fraction = '', zone = 'Z'] = match;
  const clock = time.length < 6 ? `${time}:00` : time;
  const offset = zone === 'Z' ? '+00:00' : zone.length === 3 ? `${zone}:00` : zone;
  return `${date}T${clock.padStart(8, '0')}${fraction}${offset}`;
}

/** dbt's deep_merge: mappings key by key, lists one behind the other, everything else replaced. */
function deepMerge(under: Record<string, unknown>, over: Record<string, unknown>): Record<string, unknown> {
  const out = { ...under };
  for (const [key, value] of Object.entries(over)) {
    const before = out[key];
    if (isRecord(before) && isRecord(value)) out[key] = deepMerge(before, value);
    else if (Array.isArray(before) && Array.isArray(value)) out[key] = [...value, ...before];
    else out[key] = value;
  }
  return out;
}
