import type { ColumnEdge } from '../../analyze/contract.ts';
import type { ResourceType } from '../../manifest/nodes.ts';
import type { LineageGraph, LineageNode } from '../lineage/graph.ts';
import { key } from '../lineage/trace.ts';

/** Readable on white and on black alike: GitHub draws both. */
const COLOURS: Readonly<Partial<Record<ResourceType, string>>> = {
  source: 'fill:#e0f3e7,stroke:#12803f,color:#161b22',
  seed: 'fill:#e0f3e7,stroke:#12803f,color:#161b22',
  model: 'fill:#e6effc,stroke:#2f6bdb,color:#161b22',
  snapshot: 'fill:#efe8fb,stroke:#7547c9,color:#161b22',
  exposure: 'fill:#fdf0d5,stroke:#b3560b,color:#161b22',
};

/** A flowchart that GitHub, GitLab and most wikis draw where it stands between ```mermaid and ```. */
export function mermaid(graph: LineageGraph): string {
  const ids = new Map(graph.nodes.map(({ id }, i) => [id, `n${i}`]));
  const traced = graph.focus !== null;
  return `${[
    'flowchart LR',
    ...graph.nodes.flatMap((node) => (traced ? group(node, ids) : [`  ${box(node, ids.get(node.id)!)}`])),
    ...(traced
      ? columnArrows(graph, ids)
      : graph.edges.map(
          ({ from, to, indirect }) => `  ${ids.get(from)} ${indirect ? '-.->' : '-->'} ${ids.get(to)}`,
        )),
    ...classes(graph.nodes, ids),
  ].join('\n')}\n`;
}

function box({ name, type, kind }: LineageNode, id: string): string {
  const text = `"${label(name)}"`;
  if (type === 'source') return `${id}[(${text})]`;
  if (type === 'seed') return `${id}[/${text}/]`;
  if (type === 'snapshot') return `${id}[[${text}]]`;
  if (type === 'exposure') return `${id}>${text}]`;
  return kind === 'ephemeral' ? `${id}([${text}])` : `${id}[${text}]`;
}

/** A frame with its columns; an arrow that only bears on rows ends at the frame. */
function group(node: LineageNode, ids: ReadonlyMap<string, string>): string[] {
  const id = ids.get(node.id)!;
  if (node.columns.length === 0) return [`  ${box(node, id)}`];
  return [
    `  subgraph ${id}["${label(node.name)}"]`,
    ...node.columns.map(({ name }, i) => `    ${id}c${i}["${label(name)}"]`),
    '  end',
  ];
}

function columnArrows(graph: LineageGraph, ids: ReadonlyMap<string, string>): string[] {
  const places = new Map<string, string>();
  for (const node of graph.nodes) {
    for (const [i, { name }] of node.columns.entries()) {
      places.set(key({ node: node.id, column: name }), `${ids.get(node.id)}c${i}`);
    }
  }
  const end = ({ to }: ColumnEdge) =>
    to.column === null ? ids.get(to.node) : places.get(key({ node: to.node, column: to.column }));
  return graph.columnEdges.map((edge) => {
    const from = places.get(key(edge.from));
    const to = end(edge);
    return edge.kind === 'copied' ? `  ${from} --> ${to}` : `  ${from} ${ARROWS[edge.kind]} ${to}`;
  });
}

const ARROWS = { renamed: '-->|renamed|', transformed: '==>|transformed|', filter: '-.->|filter|' } as const;

function classes(nodes: readonly LineageNode[], ids: ReadonlyMap<string, string>): string[] {
  return Object.entries(COLOURS).flatMap(([type, colours]) => {
    const members = nodes.filter((node) => node.type === type).map(({ id }) => ids.get(id));
    if (members.length === 0) return [];
    return [`  classDef ${type} ${colours}`, `  class ${members.join(',')} ${type}`];
  });
}

/** Names come from files of the author: everything that Mermaid or HTML could read as its own is a character code. */
function label(text: string): string {
  return text.replace(/[^\p{L}\p{N} _.,:/+-]/gu, (char) => `#${char.codePointAt(0)};`);
}
