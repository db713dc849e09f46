/** Cards and lines of at most 250 vertices, as SVG: each card can be reached, read and opened by keyboard. */
import { useMemo, useRef, useState } from 'preact/hooks';
import { EDGE_KINDS } from '../../chunks.ts';
import type { Columns } from '../data/columns.ts';
import type { Project } from '../data/project.ts';
import { neighbours, reach } from '../data/reach.ts';
import type { Trace } from '../data/trace.ts';
import { plural } from '../format.ts';
import { go, lineageHref, nodeHref } from '../route.ts';
import { useCamera } from './camera.ts';
import { type CardActions, CardView } from './card.tsx';
import { type Card, picture } from './focus-layout.ts';
import { CARD_WIDTH } from './geometry.ts';
import { Legend } from './legend.tsx';
import { arrowTarget } from './roving.ts';
import { ZoomButtons } from './zoom-buttons.tsx';

export interface FocusViewProps {
  project: Project;
  /** Absent: the cards have no columns to open. */
  columns?: Columns | undefined;
  vertices: ReadonlySet<number>;
  /** The vertex that it is about; -1: none. */
  focus: number;
  trace?: Trace | undefined;
  opened: ReadonlySet<number>;
  onToggle?: (v: number) => void;
  /** Part of a page that scrolls. */
  embedded?: boolean;
}

const SMALLEST_SCALE = 0.55;
const SMALLEST_EMBEDDED = 0.5;
const LEGEND_ROOM = 36;

export function FocusView(props: FocusViewProps) {
  const { project, columns, vertices, focus, trace, opened, onToggle, embedded = false } = props;
  const svg = useRef<SVGSVGElement>(null);
  const layer = useRef<SVGGElement>(null);
  const [hot, setHot] = useState(-1);
  const [hotColumn, setHotColumn] = useState(-1);
  const drawn = useMemo(() => {
    performance.mark('sq:layout-start');
    const result = picture({ project, columns, vertices, opened, trace });
    performance.measure('sq:layout', 'sq:layout-start');
    return result;
  }, [project, columns, vertices, opened, trace]);
  const near = useMemo(
    () =>
      hot === -1 ? undefined : new Set([...reach(project.parents, [hot]), ...reach(project.children, [hot])]),
    [hot, project],
  );
  const nearColumns = useMemo(() => {
    if (hotColumn === -1 || columns === undefined) return undefined;
    return new Set([...reach(columns.parents, [hotColumn]), ...reach(columns.children, [hotColumn])]);
  }, [hotColumn, columns]);
  const focusCard = drawn.cards[drawn.at.get(trace ? columns!.owner[trace.column]! : focus) ?? -1];
  const fitting = {
    smallest: embedded ? SMALLEST_EMBEDDED : SMALLEST_SCALE,
    below: drawn.columnEdges.length > 0 ? LEGEND_ROOM : 0,
    focus: focusCard && { x: focusCard.x + CARD_WIDTH / 2, y: focusCard.y + focusCard.height / 2 },
  };
  const camera = useCamera(svg, {
    box: drawn.box,
    picture: drawn,
    embedded,
    ...fitting,
    moved: ({ x, y, k }) => layer.current?.setAttribute('transform', `translate(${x},${y}) scale(${k})`),
  });
  const fit = () => camera.fit(drawn.box, fitting);
  const latest = useRef({ drawn, fit, onToggle });
  latest.current = { drawn, fit, onToggle };
  const actions = useMemo((): CardActions => {
    const unlessDragged = (act: () => void) => () => {
      if (!camera.dragged) act();
    };
    const move = (v: number) => {
      const card = latest.current.drawn.cards[latest.current.drawn.at.get(v) ?? -1];
      if (card === undefined) return;
      setHot(v);
      camera.show({ x: card.x, y: card.y, width: CARD_WIDTH, height: card.height });
      svg.current?.querySelector<SVGElement>(`[data-v="${v}"]`)?.focus({ preventScroll: true });
    };
    return {
      open: (v) => unlessDragged(() => go(nodeHref(project.id(v))))(),
      toggle: (v) => unlessDragged(() => latest.current.onToggle?.(v))(),
      trace: (c) => unlessDragged(() => columns && go(lineageHref({ col: columns.address(c) })))(),
      enter: setHot,
      leave: () => setHot(-1),
      enterColumn: setHotColumn,
      leaveColumn: () => setHotColumn(-1),
      key(event, v) {
        const places = latest.current.drawn.cards.map(({ v: key, x, y }) => ({ key, x, y }));
        const to = arrowTarget(event.key, v, places, {
          left: neighbours(project.parents, v),
          right: neighbours(project.children, v),
        });
        if (to !== undefined) move(to);
        else if (event.key === 'Enter') go(nodeHref(project.id(v)));
        else if (event.key === 'c') latest.current.onToggle?.(v);
        else if (event.key === '+') camera.zoom(1.3);
        else if (event.key === '-') camera.zoom(1 / 1.3);
        else if (event.key === '0') latest.current.fit();
        else if (event.key === 'Escape') move(v);
        else if (!event.key.startsWith('Arrow')) return;
        event.preventDefault();
      },
    };
  }, [project, columns, camera]);
  const first = drawn.at.has(hot) ? hot : (focusCard ?? firstCard(drawn.cards))?.v;
  const kinds = new Set(drawn.columnEdges.map(({ kind }) => kind));
  const litEdge = (from: number, to: number) =>
    near === undefined ? '' : near.has(from) && near.has(to) ? 'on' : 'off';
  return (
    <div class="graph" onScroll={keepStill}>
      <svg
        ref={svg}
        role="group"
        aria-label={`Lineage of ${plural(drawn.cards.length, 'node')}. Arrow keys follow the edges, Enter opens${columns ? ', c shows columns, Tab reaches them' : ''}.`}
      >
        <g ref={layer}>
          <g class={`edges${kinds.size > 0 ? ' faint' : ''}`} aria-hidden="true">
            {drawn.edges.map(({ from, to, path }) => (
              <path key={`${from} ${to}`} d={path} class={litEdge(from, to)} />
            ))}
          </g>
          <g class="column-edges" aria-hidden="true">
            {drawn.columnEdges.map(({ from, to, kind, path }) => (
              <path
                key={`${from} ${to} ${path}`}
                d={path}
                class={`${EDGE_KINDS[kind]}${lit(nearColumns, from, to)}`}
              />
            ))}
          </g>
          {drawn.cards.map((card) => (
            <CardView
              key={card.v}
              project={project}
              columns={columns}
              card={card}
              tabbable={card.v === first}
              focused={card === focusCard}
              dimmed={near !== undefined && !near.has(card.v)}
              open={opened.has(card.v)}
              traced={trace?.column ?? -1}
              openable={columns !== undefined && onToggle !== undefined && hasColumns(columns, card.v)}
              actions={actions}
            />
          ))}
        </g>
      </svg>
      {kinds.size > 0 && <Legend kinds={kinds} />}
      <ZoomButtons camera={camera} fit={fit} />
    </div>
  );
}

/** Where reading begins: at the left, then at the top. */
function firstCard(cards: readonly Card[]): Card | undefined {
  return cards.reduce<Card | undefined>(
    (first, card) =>
      first === undefined || card.x < first.x || (card.x === first.x && card.y < first.y) ? card : first,
    undefined,
  );
}

function lit(near: ReadonlySet<number> | undefined, from: number, to: number): string {
  if (near === undefined) return '';
  return near.has(from) && (to === -1 || near.has(to)) ? ' on' : ' off';
}

function hasColumns(columns: Columns, v: number): boolean {
  const [first, end] = columns.range(v);
  return end > first;
}

/** Focus by Tab makes a browser scroll what cannot be scrolled; the camera moves instead. */
function keepStill({ currentTarget }: { currentTarget: HTMLElement }): void {
  currentTarget.scrollTo(0, 0);
}
