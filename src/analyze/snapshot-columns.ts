/** The columns that a snapshot adds to those of its query. */
import type { CompiledNode } from '../manifest/nodes.ts';
import { type Finding, type FindingEdge, KINDS } from './finding.ts';

const ADDED = ['dbt_scd_id', 'dbt_updated_at', 'dbt_valid_from', 'dbt_valid_to'] as const;
const RENAMED = KINDS.indexOf('renamed');
const TRANSFORMED = KINDS.indexOf('transformed');

/**
 * `dbt_updated_at` and `dbt_valid_from` are the column `updated_at` as it is (timestamp strategy; in the others they
 * are the time of the run), `dbt_valid_to` is one of a later version, and the id is made of the key and the time.
 */
export function withSnapshotColumns(finding: Finding, node: CompiledNode): Finding {
  if (finding.columns.length === 0 && finding.problem !== undefined) return finding;
  const { config } = node;
  const names = (config.snapshot_meta_column_names ?? {}) as Record<string, string | null>;
  const added: string[] = [...ADDED, ...(config.hard_deletes === 'new_record' ? ['dbt_is_deleted'] : [])];
  const known = new Set(finding.columns.map(({ name }) => name.toLowerCase()));
  const columns = [...finding.columns];
  const edges = [...finding.edges];
  const updatedAt = config.strategy === 'timestamp' ? placesOf(finding, [config.updated_at]) : [];
  const key = placesOf(finding, [config.unique_key].flat());
  const timeType = updatedAt.length === 1 ? finding.columns[updatedAt[0]!]!.type : null;
  for (const meta of added) {
    const name = names[meta] ?? meta;
    // columns from the catalog hold them already
    if (known.has(name.toLowerCase())) continue;
    const to =
      columns.push({
        name,
        type: meta === 'dbt_scd_id' ? 'VARCHAR' : meta === 'dbt_is_deleted' ? null : timeType,
      }) - 1;
    if (meta === 'dbt_is_deleted') continue;
    const made = meta === 'dbt_scd_id' || meta === 'dbt_valid_to';
    const sources = meta === 'dbt_scd_id' ? [...key, ...updatedAt] : updatedAt;
    edges.push(...throughPlaces(finding.edges, sources, to, made));
  }
  // what is given out is in a value now
  const inValues = new Set(edges.filter((edge) => edge.to !== -1).map(sourceOf));
  return {
    ...finding,
    columns,
    edges: edges.filter((edge) => edge.to !== -1 || !inValues.has(sourceOf(edge))),
  };
}

function placesOf({ columns }: Finding, names: readonly unknown[]): number[] {
  const wanted = new Set(names.filter((name) => typeof name === 'string').map((name) => name.toLowerCase()));
  return columns.flatMap(({ name }, i) => (wanted.has(name.toLowerCase()) ? [i] : []));
}

/** Edges of some of the query's columns, once more to another column. */
function throughPlaces(
  edges: readonly FindingEdge[],
  places: readonly number[],
  to: number,
  made: boolean,
): FindingEdge[] {
  const found = new Map<string, FindingEdge>();
  for (const edge of edges) {
    if (!places.includes(edge.to)) continue;
    const kind = made || edge.kind === TRANSFORMED ? TRANSFORMED : RENAMED;
    found.set(sourceOf(edge), { ...edge, to, kind });
  }
  return [...found.values()];
}

function sourceOf({ parent, column }: FindingEdge): string {
  return `${parent}\u0000${column.toLowerCase()}`;
}
