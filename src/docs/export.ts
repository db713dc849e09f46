/** A lineage graph as text for other programs, and as a picture. */
import type { LineageGraph } from './lineage/graph.ts';

export const LINEAGE_FORMATS = ['tree', 'mermaid', 'dot', 'json', 'svg', 'openlineage'] as const;
export type LineageFormat = (typeof LINEAGE_FORMATS)[number];

export interface ExportContext {
  project: string;
  /** `duckdb`, `postgres`, `redshift`. */
  adapter: string;
  target: string;
  /** ISO time for what needs one (openlineage). */
  generatedAt: string;
  /** Of sq. */
  version: string;
  /** OpenLineage's own variable; default: the project's name. */
  jobNamespace: string | undefined;
}

/** Every format but `tree`, which has colours and is made for the terminal. Ends with a line break. */
export async function exportLineage(
  format: Exclude<LineageFormat, 'tree'>,
  graph: LineageGraph,
  context: ExportContext,
): Promise<string> {
  switch (format) {
    case 'mermaid':
      return (await import('./export/mermaid.ts')).mermaid(graph);
    case 'dot':
      return (await import('./export/dot.ts')).dot(graph);
    case 'json':
      return (await import('./export/json.ts')).json(graph);
    case 'svg':
      return (await import('./export/svg.ts')).svg(graph, context.project);
    case 'openlineage':
      return (await import('./export/openlineage.ts')).openlineage(graph, context);
  }
}
