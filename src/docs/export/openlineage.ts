import type { ColumnEdge, EdgeKind } from '../../analyze/contract.ts';
import type { ExportContext } from '../export.ts';
import type { LineageGraph, LineageNode } from '../lineage/graph.ts';

const PRODUCER = 'https://www.npmjs.com/package/sq-sql';
const SCHEMA = 'https://openlineage.io/spec/2-0-2/OpenLineage.json#/$defs/JobEvent';
const facet = (version: string, name: string) => ({
  _producer: PRODUCER,
  _schemaURL: `https://openlineage.io/spec/facets/${version}/${name}.json#/$defs/${name}`,
});

/** OpenLineage's words for our kinds of edges. */
const TRANSFORMATIONS: Readonly<Record<EdgeKind, { type: string; subtype: string }>> = {
  copied: { type: 'DIRECT', subtype: 'IDENTITY' },
  renamed: { type: 'DIRECT', subtype: 'IDENTITY' },
  transformed: { type: 'DIRECT', subtype: 'TRANSFORMATION' },
  filter: { type: 'INDIRECT', subtype: 'FILTER' },
};

/**
 * One JobEvent a line for each node that is made from others: which datasets it reads, which it writes, and which
 * columns come from which. Written, never sent. Datasets are named `<database>.<schema>.<name>` in the namespace
 * `<adapter>://<target>`; no host is told.
 */
export function openlineage(graph: LineageGraph, context: ExportContext): string {
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]));
  const lines = graph.nodes.flatMap((node) => {
    const parents = graph.edges.filter(({ to }) => to === node.id).map(({ from }) => nodes.get(from)!);
    return parents.length === 0 ? [] : [JSON.stringify(jobEvent(node, parents, graph, nodes, context))];
  });
  return lines.map((line) => `${line}\n`).join('');
}

function jobEvent(
  node: LineageNode,
  parents: readonly LineageNode[],
  graph: LineageGraph,
  nodes: ReadonlyMap<string, LineageNode>,
  context: ExportContext,
) {
  const edges = graph.columnEdges.filter(({ to }) => to.node === node.id);
  return {
    eventTime: context.generatedAt,
    producer: PRODUCER,
    schemaURL: SCHEMA,
    job: {
      namespace: context.jobNamespace ?? context.project,
      name: node.id,
      facets: {
        jobType: {
          ...facet('2-0-3', 'JobTypeJobFacet'),
          processingType: 'BATCH',
          integration: 'SQ',
          jobType: node.type.toUpperCase(),
        },
      },
    },
    inputs: parents.map((parent) => ({ ...dataset(parent, context), facets: schemaFacet(parent) })),
    // an exposure reads and writes nothing
    outputs:
      node.type === 'exposure'
        ? []
        : [
            {
              ...dataset(node, context),
              facets: { ...schemaFacet(node), ...columnFacet(edges, nodes, context) },
            },
          ],
  };
}

function dataset({ id, relation }: LineageNode, { adapter, target }: ExportContext) {
  const parts = relation === null ? [id] : [relation.database, relation.schema, relation.identifier];
  return { namespace: `${adapter}://${target}`, name: parts.filter((part) => part !== null).join('.') };
}

function schemaFacet({ columns }: LineageNode) {
  if (columns.length === 0) return {};
  return {
    schema: {
      ...facet('1-1-1', 'SchemaDatasetFacet'),
      fields: columns.map(({ name, type }) => (type === null ? { name } : { name, type })),
    },
  };
}

function columnFacet(
  edges: readonly ColumnEdge[],
  nodes: ReadonlyMap<string, LineageNode>,
  context: ExportContext,
) {
  if (edges.length === 0) return {};
  const fields: Record<string, { inputFields: object[] }> = {};
  const wholeRows: object[] = [];
  for (const { from, to, kind } of edges) {
    const parent = nodes.get(from.node);
    if (parent === undefined) continue;
    const input = {
      ...dataset(parent, context),
      field: from.column,
      transformations: [{ ...TRANSFORMATIONS[kind], description: '', masking: false }],
    };
    if (to.column === null) wholeRows.push(input);
    else {
      fields[to.column] ??= { inputFields: [] };
      fields[to.column]!.inputFields.push(input);
    }
  }
  return {
    columnLineage: { ...facet('1-2-0', 'ColumnLineageDatasetFacet'), fields, dataset: wholeRows },
  };
}
