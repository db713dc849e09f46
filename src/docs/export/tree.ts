/** The lineage for a terminal: the data flows from the top down, and every node is drawn out once. */
import type { ColumnAddress, ColumnEdge } from '../../analyze/contract.ts';
import type { TreeSpan } from '../../events.ts';
import { detailOf, type LineageGraph, type LineageNode } from '../lineage/graph.ts';
import { key, type Trace } from '../lineage/trace.ts';

export type TreeLine = TreeSpan[];

const BRANCH = '├─ ';
const LAST = '└─ ';
const BAR = '│  ';
const BLANK = '   ';

interface Item {
  /** What tells an item drawn out before from a new one. */
  id: string;
  spans: TreeSpan[];
  below(): Item[];
}

/** Sources first, below each what reads it; what has been drawn out further up is only named again. */
export function tree(graph: LineageGraph): TreeLine[] {
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]));
  const below = new Map<string, { id: string; indirect: boolean }[]>();
  const hasParent = new Set<string>();
  for (const { from, to, indirect } of graph.edges) {
    const children = below.get(from) ?? [];
    children.push({ id: to, indirect });
    below.set(from, children);
    hasParent.add(to);
  }
  const item = (id: string, indirect: boolean): Item => ({
    id,
    spans: nodeSpans(nodes.get(id)!, indirect),
    below: () => (below.get(id) ?? []).map((child) => item(child.id, child.indirect)),
  });
  const roots = graph.nodes.filter(({ id }) => !hasParent.has(id));
  return drawn(
    roots.map(({ id }) => item(id, false)),
    false,
  );
}

function nodeSpans(node: LineageNode, indirect: boolean): TreeSpan[] {
  return [
    ...(indirect ? [{ text: '⋯ ', tone: 'dim' } as const] : []),
    { text: node.name, tone: toneOf(node) },
    { text: `  ${detailOf(node)}`, tone: 'dim' },
  ];
}

function toneOf({ type }: LineageNode): TreeSpan['tone'] {
  if (type === 'source' || type === 'seed') return 'source';
  return type === 'exposure' ? 'end' : 'name';
}

/** One column: above the line what it comes from, below what is made of it. */
export function columnTree(graph: LineageGraph, traced: Trace): TreeLine[] {
  const nodes = new Map(graph.nodes.map((node) => [node.id, node]));
  const said = ({ node, column }: ColumnAddress): TreeSpan[] => {
    const own = nodes.get(node);
    const type = own?.columns.find(({ name }) => name === column)?.type;
    return [
      { text: `${own?.name ?? node}.`, tone: 'plain' },
      { text: column, tone: own === undefined ? 'name' : toneOf(own) },
      ...(type ? [{ text: `  ${type}`, tone: 'dim' } as const] : []),
    ];
  };
  const walk = (up: boolean) => {
    const next = new Map<string, ColumnEdge[]>();
    for (const edge of traced.values) {
      const at = up ? key({ node: edge.to.node, column: edge.to.column! }) : key(edge.from);
      next.set(at, [...(next.get(at) ?? []), edge]);
    }
    const items = (address: ColumnAddress): Item[] =>
      (next.get(key(address)) ?? []).map((edge) => {
        const other = up ? edge.from : { node: edge.to.node, column: edge.to.column! };
        return {
          id: key(other),
          spans: [...said(other), { text: `  ${edge.kind}`, tone: 'dim' }],
          below: () => items(other),
        };
      });
    return drawn(items(traced.focus), true);
  };
  const [from, to] = [walk(true), walk(false)];
  const head = said(traced.focus);
  const { filters, decides } = traced;
  return [
    head,
    ...section('comes from', from, 'nothing in the project: made in this node, or read from outside'),
    ...section('goes to', to, 'no column'),
    ...list('which rows there are is decided by', filters, ({ from: { node, column } }) => [
      { text: `${nodes.get(node)?.name ?? node}.${column}`, tone: 'plain' },
    ]),
    ...list('decides which rows there are in', decides, ({ to: { node } }) => [
      { text: nodes.get(node)?.name ?? node, tone: 'plain' },
    ]),
  ];
}

function section(title: string, lines: TreeLine[], none: string): TreeLine[] {
  const body = lines.length === 0 ? [[{ text: none, tone: 'dim' as const }]] : lines;
  return [[{ text: title, tone: 'dim' }], ...body.map(shifted)];
}

function list(
  title: string,
  edges: readonly ColumnEdge[],
  spans: (edge: ColumnEdge) => TreeLine,
): TreeLine[] {
  if (edges.length === 0) return [];
  const seen = new Map(
    edges.map((edge) => [
      spans(edge)
        .map(({ text }) => text)
        .join(''),
      spans(edge),
    ]),
  );
  return [[{ text: title, tone: 'dim' }], ...[...seen.values()].map(shifted)];
}

function shifted(line: TreeLine): TreeLine {
  return [{ text: '  ', tone: 'plain' }, ...line];
}

/** Without recursion: a line of ten thousand models is as deep as it is long. */
function drawn(roots: readonly Item[], branchesAtTop: boolean): TreeLine[] {
  const lines: TreeLine[] = [];
  const seen = new Set<string>();
  const stack = reversed(
    roots.map((item, i) => ({ item, bars: '', last: i === roots.length - 1, top: true })),
  );
  while (stack.length > 0) {
    const { item, bars, last, top } = stack.pop()!;
    const flat = top && !branchesAtTop;
    const lead = bars + (flat ? '' : last ? LAST : BRANCH);
    const children = item.below();
    const again = seen.has(item.id) && children.length > 0;
    seen.add(item.id);
    lines.push([
      ...(lead === '' ? [] : [{ text: lead, tone: 'dim' as const }]),
      ...item.spans,
      ...(again ? [{ text: '  ↑ see above', tone: 'dim' as const }] : []),
    ]);
    if (again) continue;
    const further = bars + (flat ? '' : last ? BLANK : BAR);
    stack.push(
      ...reversed(
        children.map((child, i) => ({
          item: child,
          bars: further,
          last: i === children.length - 1,
          top: false,
        })),
      ),
    );
  }
  return lines;
}

function reversed<T>(items: readonly T[]): T[] {
  return [...items].reverse();
}

/** Without colours: for a file or a pipe. */
export function plainTree(lines: readonly TreeLine[]): string {
  return lines.map((line) => `${line.map(({ text }) => text).join('')}\n`).join('');
}
