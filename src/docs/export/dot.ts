import type { LineageGraph, LineageNode } from '../lineage/graph.ts';
import { key } from '../lineage/trace.ts';
import { escapeXml } from './escape-xml.ts';

const STYLES = { copied: '', renamed: '', transformed: ' [style=bold]', filter: ' [style=dashed]' } as const;

/** For Graphviz: `sq lineage --format dot | dot -Tpng -o lineage.png`. */
export function dot(graph: LineageGraph): string {
  const traced = graph.focus !== null;
  return `${[
    'digraph lineage {',
    '  rankdir=LR',
    '  node [shape=box style=rounded fontname="Helvetica"]',
    ...graph.nodes.map(
      (node) => `  ${quoted(node.id)} [${traced ? table(node) : `label=${quoted(node.name)}`}]`,
    ),
    ...(traced ? columnEdges(graph) : nodeEdges(graph)),
    '}',
  ].join('\n')}\n`;
}

function nodeEdges({ edges }: LineageGraph): string[] {
  return edges.map(
    ({ from, to, indirect }) => `  ${quoted(from)} -> ${quoted(to)}${indirect ? ' [style=dashed]' : ''}`,
  );
}

/** Columns as rows of a table, each with a port that edges can meet. */
function table({ name, columns }: LineageNode): string {
  const rows = columns.map(
    (column, i) => `<tr><td port="c${i}" align="left">${escapeXml(column.name)}</td></tr>`,
  );
  return `shape=plain label=<<table border="0" cellborder="1" cellspacing="0" cellpadding="4"><tr><td port="name"><b>${escapeXml(name)}</b></td></tr>${rows.join('')}</table>>`;
}

function columnEdges(graph: LineageGraph): string[] {
  const ports = new Map<string, string>();
  for (const { id, columns } of graph.nodes) {
    for (const [i, { name }] of columns.entries()) {
      ports.set(key({ node: id, column: name }), `${quoted(id)}:c${i}`);
    }
  }
  return graph.columnEdges.map(({ from, to, kind }) => {
    const end =
      to.column === null ? `${quoted(to.node)}:name` : ports.get(key({ node: to.node, column: to.column }));
    return `  ${ports.get(key(from))} -> ${end}${STYLES[kind]}`;
  });
}

function quoted(text: string): string {
  return `"${text.replace(/[\\"]/g, '\\$&').replace(/\s+/g, ' ')}"`;
}
