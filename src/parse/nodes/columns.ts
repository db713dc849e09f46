/** `columns:` of a property file -> dbt's column map, descriptions rendered. */
import type { ColumnInfo } from '../../manifest/nodes.ts';
import { isRecord, listOf } from '../config/merge.ts';
import type { DocIndex } from '../docs.ts';
import type { KeyPath } from '../properties/index.ts';
import type { PackageSource, ParseSession, SqErrorPlace } from '../session.ts';
import { constraintsOf } from './constraints.ts';

export interface ColumnsInput {
  session: ParseSession;
  pkg: PackageSource;
  docs: DocIndex;
  columns: readonly { raw: Readonly<Record<string, unknown>>; keys: KeyPath }[];
  /** Place of the value at `keys` of a column. */
  at: (keys: KeyPath) => SqErrorPlace;
  /** False for a disabled resource: its descriptions stay as written. */
  enabled: boolean;
}

const KNOWN = new Set([
  'name',
  'description',
  'meta',
  'data_type',
  'constraints',
  'quote',
  'tags',
  'config',
  'granularity',
  'data_tests',
  'tests',
  'doc_blocks',
  'path',
  'dimension',
  'entity',
]);

export function columnMap(input: ColumnsInput): Record<string, ColumnInfo> {
  const out: Record<string, ColumnInfo> = {};
  for (const { raw, keys } of input.columns) {
    if (typeof raw.name === 'string') out[raw.name] = columnInfo(input, raw, keys);
  }
  return out;
}

/** The columns of a list as they stand, for `columnMap`. */
export function listedColumns(columns: unknown, keys: KeyPath): ColumnsInput['columns'] {
  return listOf(columns).flatMap((raw, i) => (isRecord(raw) ? [{ raw, keys: [...keys, i] }] : []));
}

function columnInfo(input: ColumnsInput, raw: Record<string, unknown>, keys: KeyPath): ColumnInfo {
  const { session, pkg, docs } = input;
  const render = (key: string) => session.renderYaml(raw[key], pkg, () => input.at([...keys, key]));
  const config = isRecord(raw.config) ? (render('config') as Record<string, unknown>) : {};
  const { text, blocks } = docs.describe(
    raw.description,
    session,
    pkg,
    () => input.at([...keys, 'description']),
    input.enabled,
  );
  const meta = { ...recordOf(render('meta')), ...recordOf(config.meta) };
  const tags = [...new Set([...listOf(render('tags')), ...listOf(config.tags)].map(String))];
  const column: ColumnInfo = {
    name: String(raw.name),
    description: text,
    meta,
    data_type: raw.data_type === undefined || raw.data_type === null ? null : String(render('data_type')),
    constraints: constraintsOf(render('constraints'), 'column', `column ${String(raw.name)}`, () =>
      input.at([...keys, 'constraints']),
    ),
    quote: typeof raw.quote === 'boolean' ? raw.quote : null,
    config: { meta, tags },
    tags,
    granularity: typeof raw.granularity === 'string' ? raw.granularity : null,
    dimension: raw.dimension ?? null,
    entity: raw.entity ?? null,
    doc_blocks: blocks,
  };
  for (const key of Object.keys(raw)) if (!KNOWN.has(key)) column[key] = render(key);
  if (raw.path !== undefined) column.path = String(raw.path);
  return column;
}

function recordOf(value: unknown): Record<string, unknown> {
  return isRecord(value) ? value : {};
}
