/** Findings of single nodes as one analysis: edges with addresses, types in the catalog's words, what is inherited. */
import type { AnalysedColumn, AnalysedNode, Analysis, AnalyzeRequest, ColumnEdge } from './contract.ts';
import { type Finding, KINDS } from './finding.ts';
import { parentIds } from './project-analysis.ts';

export function assemble(
  request: AnalyzeRequest,
  order: readonly string[],
  findings: ReadonlyMap<string, Finding>,
): Analysis {
  const nodes = new Map<string, AnalysedNode>();
  const edges: ColumnEdge[] = [];
  for (const id of order) {
    const finding = findings.get(id);
    if (finding === undefined) continue;
    const columns = finding.columns.map((column): AnalysedColumn => ({ ...column }));
    for (const column of request.catalog?.get(id) ?? []) {
      const same = columns.find(({ name }) => name.toLowerCase() === column.name.toLowerCase());
      if (same !== undefined) same.type = column.dataType;
    }
    nodes.set(id, {
      unique_id: id,
      columns,
      origin: finding.origin,
      ...(finding.problem === undefined ? {} : { problem: finding.problem }),
    });
    const parents = parentIds(request, id);
    for (const edge of finding.edges) {
      const parent = nodes.get(parents[edge.parent]!);
      if (parent === undefined) continue;
      edges.push({
        from: { node: parent.unique_id, column: columnOf(parent, edge.column) },
        to: { node: id, column: edge.to === -1 ? null : columns[edge.to]!.name },
        kind: KINDS[edge.kind]!,
      });
    }
  }
  return { nodes, edges };
}

/** A column that only its readers know of becomes one of the node's. */
function columnOf(node: AnalysedNode, name: string): string {
  const known = node.columns.find((column) => column.name.toLowerCase() === name.toLowerCase());
  if (known !== undefined) return known.name;
  node.columns.push({ name, type: null });
  return name;
}
