/** `columns:` of a property file -> dbt's column map, descriptions rendered. */
import type { ColumnInfo } from '../../manifest/nodes.ts';
import { isRecord, listOf } from '../config/merge.ts';
import type { DocIndex } from '../docs.ts';
import type { PackageSource, ParseSession, SqErrorPlace } from '../session.ts';

export interface ColumnsInput {
  session: ParseSession;
  pkg: PackageSource;
  docs: DocIndex;
  columns: unknown;
  /** Place of the value at `keys` below the columns list. */
  at: (keys: readonly (string | number)[]) => SqErrorPlace;
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
  'policy_tags',
  'path',
  'dimension',
  'entity',
]);

export function columnMap(input: ColumnsInput): Record<string, ColumnInfo> {
  const out: Record<string, ColumnInfo> = {};
  listOf(input.columns).forEach((raw, i) => {
    if (!isRecord(raw) || typeof raw.name !== 'string') return;
    out[raw.name] = columnInfo(input, raw, i);
  });
  return out;
}

function columnInfo(input: ColumnsInput, raw: Record<string, unknown>, index: number): ColumnInfo {
  const { session, pkg, docs } = input;
  const render = (key: string) => session.renderYaml(raw[key], pkg, () => input.at([index, key]));
  const config = isRecord(raw.config) ? (render('config') as Record<string, unknown>) : {};
  const { text, blocks } = docs.describe(raw.description, session, pkg, () =>
    input.at([index, 'description']),
  );
  const meta = { ...recordOf(render('meta')), ...recordOf(config.meta) };
  const tags = [...new Set([...listOf(render('tags')), ...listOf(config.tags)].map(String))];
  const column: ColumnInfo = {
    name: String(raw.name),
    description: text,
    meta,
    data_type: raw.data_type === undefined || raw.data_type === null ? null : String(render('data_type')),
    constraints: listOf(render('constraints')) as Record<string, unknown>[],
    quote: typeof raw.quote === 'boolean' ? raw.quote : null,
    config: { meta, tags },
    tags,
    granularity: typeof raw.granularity === 'string' ? raw.granularity : null,
    doc_blocks: blocks,
  };
  for (const key of Object.keys(raw)) if (!KNOWN.has(key)) column[key] = render(key);
  if (raw.path !== undefined) column.path = String(raw.path);
  return column;
}

function recordOf(value: unknown): Record<string, unknown> {
  return isRecord(value) ? value : {};
}
