/** Places and lines of the focus view: cards, edges between them, edges between their columns. */
import { layout } from '../../layout.ts';
import type { Columns } from '../data/columns.ts';
import type { Project } from '../data/project.ts';
import { neighbours } from '../data/reach.ts';
import type { Trace } from '../data/trace.ts';
import { type Box, CARD_WIDTH, curve, FOOT, HEAD, MOST_ROWS, type Point, ROW } from './geometry.ts';

export interface Card {
  v: number;
  x: number;
  y: number;
  height: number;
  /** Columns drawn, and how many more there are. */
  columns: number[];
  more: number;
}

export interface CardEdge {
  from: number;
  to: number;
  path: string;
}

export interface ColumnEdge {
  from: number;
  /** -1 of a filter, which reaches the whole card. */
  to: number;
  /** Place in EDGE_KINDS. */
  kind: number;
  path: string;
}

export interface Picture {
  cards: Card[];
  /** Place in `cards` of a vertex. */
  at: ReadonlyMap<number, number>;
  edges: CardEdge[];
  columnEdges: ColumnEdge[];
  box: Box;
}

export interface PictureInput {
  project: Project;
  columns?: Columns | undefined;
  vertices: ReadonlySet<number>;
  /** Vertices with all their columns open. */
  opened: ReadonlySet<number>;
  /** Only the columns on a path. */
  trace?: Trace | undefined;
}

const FILTER = 3;

export function picture({ project, columns, vertices, opened, trace }: PictureInput): Picture {
  const ids = [...vertices].sort((a, b) => a - b);
  const at = new Map(ids.map((v, i) => [v, i]));
  const shown = ids.map((v) => shownColumns(v, columns, opened, trace));
  const heights = shown.map(({ columns: own, more }) => cardHeight(own.length + (more > 0 ? 1 : 0)));
  const flat: number[] = [];
  for (const v of ids) {
    for (const child of neighbours(project.children, v)) {
      if (at.has(child)) flat.push(at.get(v)!, at.get(child)!);
    }
  }
  const placed = layout({ count: ids.length, edges: Int32Array.from(flat), heights }, { gap: 18 });
  const step = CARD_WIDTH + Math.min(120, 70 + ids.length);
  const cards = ids.map(
    (v, i): Card => ({
      v,
      x: placed.rank[i]! * step,
      y: placed.y[i]! - heights[i]! / 2,
      height: heights[i]!,
      ...shown[i]!,
    }),
  );
  const bends = new Map<string, Point[]>();
  const edges: CardEdge[] = [];
  for (let e = 0; e < flat.length; e += 2) {
    const [from, to] = [cards[flat[e]!]!, cards[flat[e + 1]!]!];
    const through = (placed.bends?.[e >> 1] ?? []).flatMap(({ layer, y }): Point[] => [
      [layer * step, y],
      [layer * step + CARD_WIDTH, y],
    ]);
    bends.set(`${from.v} ${to.v}`, through);
    edges.push({ from: from.v, to: to.v, path: curve([rightOf(from), ...through, leftOf(to)]) });
  }
  return {
    cards,
    at,
    edges,
    columnEdges: columns === undefined ? [] : lines(columns, cards, at, bends, trace),
    box: {
      width: Math.max(0, ...cards.map((card) => card.x)) + CARD_WIDTH,
      height: Math.max(HEAD, ...cards.map((card) => card.y + card.height)),
    },
  };
}

function cardHeight(rows: number): number {
  return rows === 0 ? HEAD : HEAD + rows * ROW + FOOT;
}

function shownColumns(
  v: number,
  columns: Columns | undefined,
  opened: ReadonlySet<number>,
  trace: Trace | undefined,
): Pick<Card, 'columns' | 'more'> {
  if (columns === undefined || (trace === undefined && !opened.has(v))) return { columns: [], more: 0 };
  const own = columns.of(v).filter((c) => trace === undefined || opened.has(v) || trace.columns.has(c));
  // what is on the path stays, however many columns there are
  const kept = own.filter((c, i) => i < MOST_ROWS || trace?.columns.has(c) === true);
  return { columns: kept, more: own.length - kept.length };
}

function rightOf(card: Card): Point {
  return [card.x + CARD_WIDTH, card.y + HEAD / 2];
}

function leftOf(card: Card): Point {
  return [card.x, card.y + HEAD / 2];
}

/** Edges between columns follow the way of their cards' edge, a little apart from each other. */
function lines(
  columns: Columns,
  cards: readonly Card[],
  at: ReadonlyMap<number, number>,
  bends: ReadonlyMap<string, readonly Point[]>,
  trace: Trace | undefined,
): ColumnEdge[] {
  const found: ColumnEdge[] = [];
  const rows = new Map<number, Point>();
  for (const card of cards) {
    for (const [i, c] of card.columns.entries()) rows.set(c, [card.x, card.y + HEAD + i * ROW + ROW / 2 - 1]);
  }
  const add = (from: number, to: number, kind: number, vertex: number, [x, y]: Point) => {
    const [startX, startY] = rows.get(from)!;
    const apart = ((found.length % 7) - 3) * 2.5;
    const way = (bends.get(`${columns.owner[from]} ${vertex}`) ?? []).map(
      ([px, py]): Point => [px, py + apart],
    );
    found.push({ from, to, kind, path: curve([[startX + CARD_WIDTH, startY], ...way, [x, y]]) });
  };
  for (const c of rows.keys()) {
    if (trace !== undefined && !trace.columns.has(c)) continue;
    for (const child of neighbours(columns.children, c)) {
      const row = rows.get(child);
      if (row === undefined || (trace !== undefined && !trace.columns.has(child))) continue;
      add(c, child, columns.kind(c, child), columns.owner[child]!, row);
    }
  }
  for (const [c, vertex] of trace?.filters ?? []) {
    const card = cards[at.get(vertex) ?? -1];
    if (card !== undefined && rows.has(c)) add(c, -1, FILTER, vertex, leftOf(card));
  }
  return found;
}
