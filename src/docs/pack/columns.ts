/** The chunk of columns: what each vertex has, and which column is made from which. */
import type { AnalysedNode } from '../../analyze/contract.ts';
import { COLUMN_ORIGINS, type ColumnsChunk, EDGE_KINDS } from '../chunks.ts';
import type { DocsInput } from '../contract.ts';
import { Dictionary } from './dictionary.ts';
import { authorsColumns, type Subject, type Vertex } from './subject.ts';

export interface PackedColumns {
  chunk: ColumnsChunk;
  /** Place of a column by vertex and name, in any case; -1 where there is none. */
  find(vertex: number, name: string): number;
}

interface Listed {
  origin: (typeof COLUMN_ORIGINS)[number];
  columns: { name: string; type: string | null }[];
  problem?: string | undefined;
}

export function packColumns(input: DocsInput, subject: Subject): PackedColumns {
  const names = new Dictionary<string>();
  const types = new Dictionary<string>();
  const places: Map<string, number>[] = [];
  const chunk: ColumnsChunk = {
    names: names.values,
    types: types.values,
    start: [0],
    name: [],
    type: [],
    edges: [],
    kinds: '',
    filters: [],
    origins: '',
    problems: [],
  };
  for (const [v, vertex] of subject.vertices.entries()) {
    const listed = columnsOf(input, vertex);
    const own = new Map<string, number>();
    for (const { name, type } of listed.columns) {
      own.set(name.toLowerCase(), chunk.name.length);
      chunk.name.push(names.place(name));
      chunk.type.push(type === null || type === '' ? -1 : types.place(type));
    }
    places.push(own);
    chunk.start.push(chunk.name.length);
    chunk.origins += COLUMN_ORIGINS.indexOf(listed.origin);
    if (listed.problem !== undefined) chunk.problems.push([v, listed.problem]);
  }
  const find = (vertex: number, name: string) => places[vertex]?.get(name.toLowerCase()) ?? -1;
  packEdges(input, subject, chunk, find);
  return { chunk, find };
}

function packEdges(
  { analysis }: DocsInput,
  { place }: Subject,
  chunk: ColumnsChunk,
  find: PackedColumns['find'],
): void {
  const kinds: number[] = [];
  for (const { from, to, kind } of analysis?.edges ?? []) {
    const source = place.get(from.node);
    const target = place.get(to.node);
    if (source === undefined || target === undefined) continue;
    const column = find(source, from.column);
    if (column === -1) continue;
    if (to.column === null) {
      chunk.filters.push(column, target);
      continue;
    }
    const reached = find(target, to.column);
    if (reached === -1) continue;
    chunk.edges.push(column, reached);
    kinds.push(EDGE_KINDS.indexOf(kind));
  }
  chunk.kinds = kinds.join('');
}

function columnsOf(input: DocsInput, vertex: Vertex): Listed {
  const analysed = input.analysis?.nodes.get(vertex.id);
  if (analysed !== undefined) return fromAnalysis(analysed);
  const table = input.catalog.nodes[vertex.id] ?? input.catalog.sources[vertex.id];
  if (table !== undefined) {
    const columns = Object.values(table.columns).sort((a, b) => a.index - b.index);
    return { origin: 'catalog', columns };
  }
  const columns = Object.values(authorsColumns(vertex.node) ?? {});
  return {
    origin: columns.length === 0 ? 'none' : 'yaml',
    columns: columns.map(({ name, data_type: type }) => ({ name, type })),
  };
}

function fromAnalysis({ origin, columns, problem }: AnalysedNode): Listed {
  return { origin, columns, problem };
}
