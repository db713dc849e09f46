import type { Bend } from '../layout.ts';
import { layout } from '../layout.ts';
import { detailOf, type LineageGraph, type LineageNode } from '../lineage/graph.ts';
import { key } from '../lineage/trace.ts';
import { escapeXml } from './escape-xml.ts';

const HEAD = 46;
const ROW = 18;
const BETWEEN_LAYERS = 70;
const MARGIN = 10;
/** Of a letter of a name, and of the line below: generous, because the reader's font is not known. */
const NAME_LETTER = 8.2;
const DETAIL_LETTER = 6.4;
const LONGEST = 32;

const STYLE =
  'svg{font-family:system-ui,sans-serif}path{fill:none;stroke:#8a96a6;stroke-width:1.5}' +
  '.filter,.indirect{stroke-dasharray:4 4}.transformed{stroke-width:2.5}' +
  '.c{fill:#fff;stroke:#d5dbe3}.n{font-size:13px;font-weight:600;fill:#161b22}.s,.k{font-size:11px;fill:#566070}' +
  '.b{fill:#2f6bdb}.source .b,.seed .b{fill:#12803f}.snapshot .b{fill:#7547c9}.exposure .b{fill:#b3560b}' +
  '@media(prefers-color-scheme:dark){.c{fill:#171d26;stroke:#2a3340}.n{fill:#e7ebf1}.s,.k{fill:#9aa6b6}}';

interface Drawn {
  node: LineageNode;
  x: number;
  /** Its top. */
  y: number;
  height: number;
}

/** A picture without scripts and fonts, for a README: it follows the reader's light or dark theme. */
export function svg(graph: LineageGraph, project: string): string {
  const width = Math.max(150, ...graph.nodes.map(neededWidth));
  const step = width + BETWEEN_LAYERS;
  const { cards, bends, layers } = placed(graph, step);
  const number = new Map(graph.nodes.map(({ id }, i) => [id, i]));
  const lines =
    graph.focus === null
      ? graph.edges.map(({ from, to, indirect }, i) => {
          const [a, b] = [cards[number.get(from)!]!, cards[number.get(to)!]!];
          const ends = { from: [a.x + width, a.y + HEAD / 2], to: [b.x, b.y + HEAD / 2] } as const;
          return line(ends, bends?.[i] ?? [], step, width, indirect ? 'indirect' : '');
        })
      : columnLines(graph, cards, number, step, width);
  const right = tidy(MARGIN + Math.max(0, layers - 1) * step + width + MARGIN);
  const bottom = tidy(Math.max(0, ...cards.map(({ y, height }) => y + height)) + MARGIN);
  const title = escapeXml(`Lineage of ${project}: ${graph.nodes.length} nodes`);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${right} ${bottom}" width="${right}" height="${bottom}" role="img" aria-label="${title}"><style>${STYLE}</style>${lines.join('')}${cards.map((card) => cardText(card, width)).join('')}</svg>\n`;
}

function neededWidth(node: LineageNode): number {
  const lines = [shortened(node.name).length * NAME_LETTER, shortened(detailOf(node)).length * DETAIL_LETTER];
  for (const { name } of node.columns) lines.push(shortened(name).length * DETAIL_LETTER);
  return Math.ceil(28 + Math.max(...lines));
}

function placed(graph: LineageGraph, step: number) {
  const number = new Map(graph.nodes.map(({ id }, i) => [id, i]));
  const heights = graph.nodes.map(
    ({ columns }) => HEAD + (columns.length > 0 ? columns.length * ROW + 6 : 0),
  );
  const made = layout(
    {
      count: graph.nodes.length,
      edges: Int32Array.from(graph.edges.flatMap(({ from, to }) => [number.get(from)!, number.get(to)!])),
      heights,
    },
    { gap: 18 },
  );
  const cards = graph.nodes.map((node, i) => ({
    node,
    x: MARGIN + made.rank[i]! * step,
    y: MARGIN + made.y[i]! - heights[i]! / 2,
    height: heights[i]!,
  }));
  return { cards, bends: made.bends, layers: made.layers };
}

interface Ends {
  from: readonly [number, number];
  to: readonly [number, number];
}

/** A curve through the free places of the layers between: level past each layer, bent between two. */
function line({ from, to }: Ends, bends: readonly Bend[], step: number, width: number, name: string): string {
  let [x, y] = from;
  let path = `M${tidy(x)} ${tidy(y)}`;
  const stops = bends.map((bend) => [MARGIN + bend.layer * step, MARGIN + bend.y] as const);
  for (const [i, [nextX, nextY]] of [...stops, to].entries()) {
    const middle = tidy((x + nextX) / 2);
    path += `C${middle} ${tidy(y)} ${middle} ${tidy(nextY)} ${tidy(nextX)} ${tidy(nextY)}`;
    [x, y] = [nextX, nextY];
    if (i < stops.length) {
      x += width;
      path += `H${tidy(x)}`;
    }
  }
  return `<path${name === '' ? '' : ` class="${name}"`} d="${path}"/>`;
}

function columnLines(
  graph: LineageGraph,
  cards: readonly Drawn[],
  number: ReadonlyMap<string, number>,
  step: number,
  width: number,
): string[] {
  const rows = new Map<string, number>();
  for (const { node, y } of cards) {
    for (const [i, { name }] of node.columns.entries()) {
      rows.set(key({ node: node.id, column: name }), y + HEAD + 8 + i * ROW);
    }
  }
  return graph.columnEdges.map(({ from, to, kind }) => {
    const [a, b] = [cards[number.get(from.node)!]!, cards[number.get(to.node)!]!];
    const end =
      to.column === null ? b.y + HEAD / 2 : (rows.get(key({ node: to.node, column: to.column })) ?? b.y);
    const ends = { from: [a.x + width, rows.get(key(from)) ?? a.y], to: [b.x, end] } as const;
    return line(ends, [], step, width, kind === 'filter' || kind === 'transformed' ? kind : '');
  });
}

function cardText({ node, x, y, height }: Drawn, width: number): string {
  const name = shortened(node.name);
  const title = name === node.name ? '' : `<title>${escapeXml(node.name)}</title>`;
  const columns = node.columns.map(
    (column, i) =>
      `<text class="k" x="14" y="${HEAD + 12 + i * ROW}">${escapeXml(shortened(column.name))}</text>`,
  );
  return (
    `<g class="${node.type}" transform="translate(${tidy(x)} ${tidy(y)})">${title}` +
    `<rect class="c" width="${width}" height="${height}" rx="8"/>` +
    `<rect class="b" y="6" width="4" height="${height - 12}" rx="2"/>` +
    `<text class="n" x="14" y="19">${escapeXml(name)}</text>` +
    `<text class="s" x="14" y="36">${escapeXml(shortened(detailOf(node)))}</text>${columns.join('')}</g>`
  );
}

/** In the middle: beginnings and ends of names tell them apart. */
function shortened(text: string): string {
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST / 2)}…${text.slice(1 - LONGEST / 2)}`;
}

function tidy(value: number): number {
  return Math.round(value * 10) / 10;
}
