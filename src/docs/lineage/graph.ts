/** A selection as a graph to draw: what `sq lineage` exports in every format. */
import type { ColumnAddress, ColumnEdge } from '../../analyze/contract.ts';
import { topologicalOrder } from '../../manifest/graph.ts';
import type { Manifest, NodeSummary } from '../../manifest/manifest.ts';
import type { ResourceType } from '../../manifest/nodes.ts';

export interface LineageColumn {
  name: string;
  type: string | null;
}

export interface LineageNode {
  id: string;
  /** As people say it: `songplays`, `raw.songs` of a source, `songs.v2`. */
  name: string;
  type: ResourceType;
  /** `table`, `dashboard`, `json files`: what kind of its type. Empty where there is nothing to say. */
  kind: string;
  /** Of the last run; null where nobody knows. */
  rows: number | null;
  relation: { database: string | null; schema: string; identifier: string } | null;
  /** Those that are drawn. */
  columns: LineageColumn[];
}

export interface LineageEdge {
  from: string;
  to: string;
  /** Through nodes that are not part of the graph. */
  indirect: boolean;
}

export interface LineageGraph {
  /** Parents before children. */
  nodes: LineageNode[];
  edges: LineageEdge[];
  columnEdges: ColumnEdge[];
  /** The column that was asked for; then the graph is its trace. */
  focus: ColumnAddress | null;
}

/** What is a vertex of the picture; tests and operations are not. */
export const DRAWN: ReadonlySet<ResourceType> = new Set<ResourceType>([
  'source',
  'seed',
  'model',
  'snapshot',
  'function',
  'semantic_model',
  'metric',
  'saved_query',
  'exposure',
]);

/** `rowsOf`: rows that the last run wrote. */
export function lineageGraph(
  manifest: Manifest,
  selected: Iterable<string>,
  rowsOf: (uniqueId: string) => number | null = () => null,
): LineageGraph {
  const drawn = new Set([...selected].filter((id) => isDrawn(manifest, id)));
  const order = topologicalOrder(manifest, drawn);
  return {
    nodes: order.map((id) => lineageNode(manifest, manifest.index.get(id)!, rowsOf(id))),
    edges: edgesBetween(manifest, order, drawn),
    columnEdges: [],
    focus: null,
  };
}

function isDrawn(manifest: Manifest, id: string): boolean {
  const type = manifest.index.get(id)?.resource_type;
  return type !== undefined && DRAWN.has(type);
}

/** Direct edges, and for a parent that is left out those of the nearest ones above it that are not. */
function edgesBetween(manifest: Manifest, order: readonly string[], drawn: Set<string>): LineageEdge[] {
  const above = new Map<string, ReadonlySet<string>>();
  const edges: LineageEdge[] = [];
  for (const id of order) {
    const parents = manifest.index.get(id)!.parents;
    const direct = new Set(parents.filter((parent) => drawn.has(parent)));
    for (const from of direct) edges.push({ from, to: id, indirect: false });
    for (const parent of parents) {
      if (drawn.has(parent)) continue;
      for (const from of nearestDrawn(manifest, parent, drawn, above)) {
        if (direct.has(from)) continue;
        direct.add(from);
        edges.push({ from, to: id, indirect: true });
      }
    }
  }
  return edges;
}

function nearestDrawn(
  manifest: Manifest,
  start: string,
  drawn: ReadonlySet<string>,
  known: Map<string, ReadonlySet<string>>,
): ReadonlySet<string> {
  const before = known.get(start);
  if (before !== undefined) return before;
  const found = new Set<string>();
  const seen = new Set([start]);
  // grows while it is walked
  for (const id of seen) {
    for (const parent of manifest.index.get(id)?.parents ?? []) {
      if (drawn.has(parent)) found.add(parent);
      else seen.add(parent);
    }
  }
  known.set(start, found);
  return found;
}

function lineageNode(manifest: Manifest, summary: NodeSummary, rows: number | null): LineageNode {
  return {
    id: summary.unique_id,
    name: shownName(summary),
    type: summary.resource_type,
    kind: kindOf(manifest, summary),
    rows,
    relation: summary.relation ?? null,
    columns: [],
  };
}

/** `raw.songs` of a source, `songs.v2` of a version, else the name. */
export function shownName(summary: NodeSummary): string {
  if (summary.source_name !== undefined) return `${summary.source_name}.${summary.name}`;
  return summary.version === undefined ? summary.name : `${summary.name}.v${summary.version}`;
}

function kindOf(manifest: Manifest, { unique_id, resource_type, materialized }: NodeSummary): string {
  if (resource_type === 'model') return materialized;
  // these two are few, and what they are stands only in the whole node
  if (resource_type !== 'source' && resource_type !== 'exposure') return '';
  const node = manifest.get(unique_id) as { type?: unknown; external?: { format?: unknown } | null };
  if (typeof node?.type === 'string') return node.type;
  return typeof node?.external?.format === 'string' ? `${node.external.format} files` : '';
}

/** `table · 6,820 rows`; what kind of thing it is where nothing more is known. */
export function detailOf({ type, kind, rows }: LineageNode): string {
  const what = kind === '' || type === 'source' ? [type.replace('_', ' '), kind].filter(Boolean) : [kind];
  return [...what, ...(rows === null ? [] : [countedRows(rows)])].join(' · ');
}

export function countedRows(rows: number): string {
  return `${rows.toLocaleString('en-US')} ${rows === 1 ? 'row' : 'rows'}`;
}
