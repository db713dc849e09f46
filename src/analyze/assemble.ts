/** Findings of single nodes as one analysis: edges with addresses, types in the catalog's words, what is inherited. */
import type { AnalysedColumn, AnalysedNode, Analysis, AnalyzeRequest, ColumnEdge } from './contract.ts';
import { type Finding, KINDS } from './finding.ts';
import { Inheritance, type ValueEdge } from './inherit.ts';
import { parentIds } from './project-analysis.ts';

export function assemble(
  request: AnalyzeRequest,
  order: readonly string[],
  findings: ReadonlyMap<string, Finding>,
): Analysis {
  const nodes = new Map<string, AnalysedNode>();
  const edges: ColumnEdge[] = [];
  const incoming = new Map<AnalysedColumn, ValueEdge[]>();
  for (const id of order) {
    const finding = findings.get(id);
    if (finding === undefined) continue;
    const columns = finding.columns.map((column): AnalysedColumn => ({ ...column }));
    withCatalogTypes(columns, request.catalog?.get(id) ?? []);
    nodes.set(id, {
      unique_id: id,
      columns,
      origin: finding.origin,
      ...(finding.problem === undefined ? {} : { problem: finding.problem }),
    });
    const parents = parentIds(request, id);
    for (const { parent: place, column, to, kind, ...way } of inOrder(finding)) {
      const parent = nodes.get(parents[place]!);
      if (parent === undefined) continue;
      const from = { node: parent.unique_id, column: columnOf(parent, column) };
      const target = columns[to];
      edges.push({ from, to: { node: id, column: target?.name ?? null }, kind: KINDS[kind]! });
      if (target === undefined) continue;
      const list = incoming.get(target) ?? [];
      list.push({ from, kind: KINDS[kind] as ValueEdge['kind'], ...way });
      incoming.set(target, list);
    }
  }
  const inheritance = new Inheritance(request.manifest);
  for (const node of nodes.values()) inheritance.add(node, (column) => incoming.get(column) ?? []);
  return { nodes, edges };
}

/** Edges in the order of the columns, filters last. */
function inOrder({ edges, columns }: Finding): Finding['edges'] {
  const place = (to: number) => (to === -1 ? columns.length : to);
  return [...edges].sort(
    (a, b) => place(a.to) - place(b.to) || a.parent - b.parent || (a.column < b.column ? -1 : 1),
  );
}

function withCatalogTypes(
  columns: readonly AnalysedColumn[],
  catalog: readonly { name: string; dataType: string }[],
): void {
  const types = new Map(catalog.map(({ name, dataType }) => [name.toLowerCase(), dataType]));
  for (const column of columns) column.type = types.get(column.name.toLowerCase()) ?? column.type;
}

/** A column that only its readers know of becomes one of the node's. */
function columnOf(node: AnalysedNode, name: string): string {
  const known = node.columns.find((column) => column.name.toLowerCase() === name.toLowerCase());
  if (known !== undefined) return known.name;
  node.columns.push({ name, type: null });
  return name;
}
