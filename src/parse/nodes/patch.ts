/** What a property file says of a model, seed, snapshot or analysis: its config layer, and the rest put onto the node. */
import type { CompiledNode } from '../../manifest/nodes.ts';
import { type ConfigLayer, isRecord, listOf } from '../config/merge.ts';
import type { DocIndex } from '../docs.ts';
import type { PackageSource, ParseSession, SqErrorPlace } from '../session.ts';
import { columnMap } from './columns.ts';

/** An entry of `models:`, `seeds:` ... as written, with its file and places. */
export interface Patch {
  /** `models`, `seeds`, `snapshots`, `analyses`, `data_tests`. */
  section: string;
  name: string;
  raw: Readonly<Record<string, unknown>>;
  pkg: PackageSource;
  /** Relative to the package root. */
  path: string;
  at: (keys: readonly (string | number)[]) => SqErrorPlace;
}

/** Hooks keep their Jinja: it is rendered when they run. */
const UNRENDERED = new Set(['pre-hook', 'post-hook', 'pre_hook', 'post_hook']);
/** Top-level keys that dbt moves into config. */
const MOVED = ['meta', 'docs', 'group', 'access'];

/** The patch's config layer, rendered; `version` adds that version's own config. */
export function patchConfig(
  patch: Patch,
  session: ParseSession,
  version?: Record<string, unknown>,
): ConfigLayer {
  const { raw, pkg } = patch;
  const layer: Record<string, unknown> = {};
  for (const key of MOVED) if (raw[key] !== undefined && raw[key] !== null) layer[key] = raw[key];
  if (isRecord(raw.config)) {
    for (const [key, value] of Object.entries(raw.config)) {
      layer[key] = key === 'meta' && isRecord(value) ? { ...(layer.meta as object), ...value } : value;
    }
  }
  if (version) {
    if (isRecord(version.config)) Object.assign(layer, version.config);
    if (version.access !== undefined) layer.access = version.access;
  }
  return session.renderYaml(layer, pkg, () => patch.at(['config']), UNRENDERED) as ConfigLayer;
}

/** Description, columns and the other properties that are not config, in place. */
export function applyPatch(
  node: CompiledNode,
  patch: Patch,
  session: ParseSession,
  docs: DocIndex,
  version?: Record<string, unknown>,
): void {
  const { raw, pkg } = patch;
  const description = docs.describe(version?.description ?? raw.description, session, pkg, () =>
    patch.at(['description']),
  );
  node.description = description.text;
  node.doc_blocks = description.blocks;
  node.patch_path = `${pkg.config.name}://${patch.path}`;
  node.columns = columnMap({
    session,
    pkg,
    docs,
    columns: version ? versionColumns(raw.columns, version.columns) : raw.columns,
    at: (keys) => patch.at(['columns', ...keys]),
  });
  if (node.resource_type !== 'model') return;
  node.constraints = listOf(
    session.renderYaml(raw.constraints, pkg, () => patch.at(['constraints'])),
  ) as Record<string, unknown>[];
  node.deprecation_date = textOf(version?.deprecation_date ?? raw.deprecation_date);
  node.time_spine = raw.time_spine ?? null;
}

/** `columns: [{include: all, exclude: [a]}, {name: b, ...}]` of one version over the model's columns. */
function versionColumns(base: unknown, own: unknown): unknown[] {
  const all = listOf(base).filter(isRecord);
  if (own === undefined || own === null) return all;
  const entries = listOf(own).filter(isRecord);
  const rule = entries.find((entry) => entry.include !== undefined || entry.exclude !== undefined);
  const named = entries.filter((entry) => typeof entry.name === 'string');
  const excluded = new Set(listOf(rule?.exclude).map(String));
  const included =
    rule === undefined || rule.include === 'all' || rule.include === '*'
      ? undefined
      : new Set(listOf(rule.include).map(String));
  const kept = all.filter(
    (column) =>
      !excluded.has(String(column.name)) &&
      (included === undefined || included.has(String(column.name))) &&
      !named.some((entry) => entry.name === column.name),
  );
  return [...kept, ...named];
}

function textOf(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  return value instanceof Date ? value.toISOString() : String(value);
}
