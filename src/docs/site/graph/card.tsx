/** A vertex of the focus view: what it is, rows, time, state; its columns when they are open. */

import { STATES } from '../../chunks.ts';
import type { Columns } from '../data/columns.ts';
import type { Project } from '../data/project.ts';
import { count, duration, middle, plural, short } from '../format.ts';
import { statePath } from '../parts/status.tsx';
import { TypeIcon } from '../parts/type-icon.tsx';
import { fitText } from './fit-text.ts';
import type { Card } from './focus-layout.ts';
import { CARD_WIDTH, HEAD, ROW } from './geometry.ts';
import { memo } from './memo.ts';

export interface CardActions {
  open(v: number): void;
  toggle(v: number): void;
  trace(c: number): void;
  enter(v: number): void;
  leave(v: number): void;
  key(event: KeyboardEvent, v: number): void;
  enterColumn(c: number): void;
  leaveColumn(c: number): void;
}

export interface CardViewProps {
  project: Project;
  columns: Columns | undefined;
  card: Card;
  /** Reached by Tab; the others by arrows. In SVG the attribute is `tabindex`, in small letters. */
  tabbable: boolean;
  focused: boolean;
  dimmed: boolean;
  open: boolean;
  /** The column that is traced; -1: none. */
  traced: number;
  /** Whether there are columns to open. */
  openable: boolean;
  actions: CardActions;
}

const NAME_WIDTH = CARD_WIDTH - 48 - 30;
const SUB_WIDTH = CARD_WIDTH - 48 - 34;
export const NAME_FONT = { weight: 600, size: 13 };
export const SUB_FONT = { weight: 400, size: 11.5 };

export const CardView = memo(function CardView(props: CardViewProps) {
  const { project, columns, card, tabbable, focused, dimmed, open, traced, openable, actions } = props;
  const { v } = card;
  const type = project.type(v);
  const name = project.name(v);
  const state = project.worst(v);
  const classes = ['node', `type-${type}`, dimmed && 'dim', focused && 'focus', open && 'open'];
  return (
    <g
      class={classes.filter(Boolean).join(' ')}
      transform={`translate(${card.x},${card.y})`}
      onPointerEnter={() => actions.enter(v)}
      onPointerLeave={() => actions.leave(v)}
    >
      <title>{`${project.label(v)}\n${project.file(v)}`}</title>
      <rect
        class="card"
        width={CARD_WIDTH}
        height={card.height}
        rx="10"
        data-v={v}
        role="link"
        tabindex={tabbable ? 0 : -1}
        aria-label={describe(project, v)}
        onFocus={() => actions.enter(v)}
        onKeyDown={(event) => actions.key(event, v)}
        onClick={() => actions.open(v)}
      />
      {/* the name of the link says all of this, and does not cut names */}
      <g class="picture" aria-hidden="true">
        <rect class="badge" x="10" y="10" width="28" height="28" rx="8" />
        <TypeIcon type={type} x="16" y="16" />
        <text class="name" x="48" y="21">
          {fitText(name, NAME_WIDTH, NAME_FONT)}
        </text>
        <text class="sub" x="48" y="37">
          {subtitle(project, v)}
        </text>
        <path class={`state state-${state}`} d={statePath(state, CARD_WIDTH - 16, 17)} />
      </g>
      {openable && (
        <g class="toggle" onClick={() => actions.toggle(v)} aria-hidden="true">
          <rect x={CARD_WIDTH - 29} y="26" width="26" height="20" rx="5" />
          <path d={`M${CARD_WIDTH - 20} ${open ? 38 : 34}l4 ${open ? -4 : 4}l4 ${open ? 4 : -4}`} />
        </g>
      )}
      {columns !== undefined &&
        card.columns.map((c, i) => (
          <ColumnRow
            key={c}
            columns={columns}
            c={c}
            y={HEAD + i * ROW}
            tabbable={tabbable}
            traced={c === traced}
            actions={actions}
          />
        ))}
      {card.more > 0 && (
        <text class="sub" x="16" y={HEAD + card.columns.length * ROW + 13}>
          {`… ${plural(card.more, 'more column')}`}
        </text>
      )}
    </g>
  );
});

interface ColumnRowProps {
  columns: Columns;
  c: number;
  y: number;
  tabbable: boolean;
  traced: boolean;
  actions: CardActions;
}

/** Widths of letters in the two sizes of the row; the font is of one width. */
const NAME_LETTER = 7;
const TYPE_LETTER = 6.2;

function ColumnRow({ columns, c, y, tabbable, traced, actions }: ColumnRowProps) {
  const name = columns.name(c);
  const type = columns.type(c).toLowerCase();
  const room = Math.floor((CARD_WIDTH - 40 - Math.min(name.length, 28) * NAME_LETTER) / TYPE_LETTER);
  return (
    <g
      class={`column${traced ? ' traced' : ''}`}
      transform={`translate(0,${y})`}
      onPointerEnter={() => actions.enterColumn(c)}
      onPointerLeave={() => actions.leaveColumn(c)}
    >
      <title>{`${name}${type === '' ? '' : ` ${type}`}`}</title>
      <rect
        x="6"
        width={CARD_WIDTH - 12}
        height={ROW - 2}
        rx="5"
        data-c={c}
        role="button"
        tabindex={tabbable ? 0 : -1}
        aria-label={`trace column ${name}${type === '' ? '' : `, ${type}`}`}
        aria-pressed={traced}
        onClick={() => actions.trace(c)}
        onFocus={() => actions.enterColumn(c)}
        onKeyDown={(event) => {
          if (event.key === 'Enter' || event.key === ' ') {
            event.preventDefault();
            actions.trace(c);
          } else actions.key(event, columns.owner[c]!);
        }}
      />
      <g class="picture" aria-hidden="true">
        <text class="column-name" x="14" y="13">
          {middle(name, 28)}
        </text>
        {room >= 4 && type !== '' && (
          <text class="column-type" x={CARD_WIDTH - 14} y="13" text-anchor="end">
            {middle(type, room)}
          </text>
        )}
      </g>
    </g>
  );
}

/** `copy · 8,056 rows · 2.14 s`, as far as there is room. */
function subtitle(project: Project, v: number): string {
  const { rows, ms } = project.core;
  const parts = [
    project.built(v),
    rows[v]! >= 0 && `${short(rows[v]!)} rows`,
    ms[v]! >= 0 && duration(ms[v]!),
  ];
  const texts = [3, 2, 1].map((many) => parts.slice(0, many).filter(Boolean).join(' · '));
  return fitText(texts.find((text) => fits(text)) ?? texts[2]!, SUB_WIDTH, SUB_FONT);
}

function fits(text: string): boolean {
  return fitText(text, SUB_WIDTH, SUB_FONT) === text;
}

/** All that the card shows, in words. */
export function describe(project: Project, v: number): string {
  const { rows, state, failing } = project.core;
  const up = project.parents.start[v + 1]! - project.parents.start[v]!;
  const down = project.children.start[v + 1]! - project.children.start[v]!;
  return [
    `${project.type(v).replaceAll('_', ' ')} ${project.label(v)}`,
    project.built(v),
    STATES[state[v]!],
    failing[v]! > 0 && `${plural(failing[v]!, 'test')} failed`,
    rows[v]! >= 0 && `${count(rows[v]!)} rows`,
    `${up} upstream`,
    `${down} downstream`,
  ]
    .filter(Boolean)
    .join(', ');
}
