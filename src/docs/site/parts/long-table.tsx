/** A table that draws only the rows that can be seen: ten thousand rows would take seconds. */
import type { ComponentChildren } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';

export interface TableColumn<T> {
  name: string;
  cell: (row: T) => ComponentChildren;
  /** Makes the column sortable. */
  key?: (row: T) => string | number;
  /** Figures stand to the right. */
  figures?: boolean;
  /** Left out where the window is narrow. */
  wide?: boolean;
}

export interface LongTableProps<T> {
  label: string;
  rows: readonly T[];
  columns: readonly TableColumn<T>[];
  rowClass?: (row: T) => string;
}

const WINDOWED_FROM = 200;
const ROW_HEIGHT = 39;
const SPARE = 12;

interface Order {
  column: number;
  down: boolean;
}

export function LongTable<T>({ label, rows, columns, rowClass }: LongTableProps<T>) {
  const [order, setOrder] = useState<Order | undefined>();
  const sorted = useMemo(() => sortRows(rows, columns, order), [rows, columns, order]);
  const windowed = sorted.length > WINDOWED_FROM;
  const body = useRef<HTMLTableSectionElement>(null);
  const [first, end] = useWindow(body, sorted.length, windowed);
  const shown = windowed ? sorted.slice(first, end) : sorted;
  const classOf = (column: TableColumn<T>) =>
    [column.figures && 'figures', column.wide && 'wide-only'].filter(Boolean).join(' ');
  return (
    <table class={windowed ? 'windowed' : ''} aria-label={label} aria-rowcount={sorted.length + 1}>
      <thead>
        <tr>
          {columns.map((column, c) => (
            <th scope="col" class={classOf(column)} aria-sort={ariaSort(order, c)} key={column.name}>
              {column.key === undefined ? (
                column.name
              ) : (
                <button type="button" class="sort" onClick={() => setOrder(next(order, c, column))}>
                  {column.name}
                  <span aria-hidden="true">{order?.column === c ? (order.down ? ' ↓' : ' ↑') : ''}</span>
                </button>
              )}
            </th>
          ))}
        </tr>
      </thead>
      <tbody ref={body}>
        {first > 0 && <Gap rows={first} span={columns.length} />}
        {shown.map((row, i) => (
          <tr class={rowClass?.(row)} aria-rowindex={windowed ? first + i + 2 : undefined}>
            {columns.map((column) => (
              <td class={classOf(column)}>{column.cell(row)}</td>
            ))}
          </tr>
        ))}
        {windowed && end < sorted.length && <Gap rows={sorted.length - end} span={columns.length} />}
      </tbody>
    </table>
  );
}

function Gap({ rows, span }: { rows: number; span: number }) {
  return (
    <tr class="gap" aria-hidden="true">
      <td colSpan={span} style={{ height: `${rows * ROW_HEIGHT}px` }} />
    </tr>
  );
}

/** The rows between these are on the screen, with some to spare. */
function useWindow(
  body: { current: HTMLElement | null },
  rows: number,
  windowed: boolean,
): [first: number, end: number] {
  const [range, setRange] = useState<[number, number]>([0, 60]);
  useEffect(() => {
    if (!windowed) return;
    const scroller = document.getElementById('main');
    if (scroller === null) return;
    const look = () => {
      if (body.current === null) return;
      const top = scroller.getBoundingClientRect().top - body.current.getBoundingClientRect().top;
      const first = Math.max(0, Math.min(rows - 1, Math.floor(top / ROW_HEIGHT)) - SPARE);
      const end = Math.min(rows, first + Math.ceil(scroller.clientHeight / ROW_HEIGHT) + 2 * SPARE);
      setRange((known) => (known[0] === first && known[1] === end ? known : [first, end]));
    };
    look();
    scroller.addEventListener('scroll', look, { passive: true });
    addEventListener('resize', look);
    return () => {
      scroller.removeEventListener('scroll', look);
      removeEventListener('resize', look);
    };
  }, [rows, windowed]);
  return windowed ? [Math.min(range[0], Math.max(0, rows - 1)), Math.min(range[1], rows)] : [0, rows];
}

function sortRows<T>(
  rows: readonly T[],
  columns: readonly TableColumn<T>[],
  order: Order | undefined,
): readonly T[] {
  const key = order && columns[order.column]?.key;
  if (order === undefined || key === undefined) return rows;
  const sign = order.down ? -1 : 1;
  return [...rows].sort((a, b) => {
    const [one, other] = [key(a), key(b)];
    return sign * (typeof one === 'string' ? one.localeCompare(String(other), 'en') : one - Number(other));
  });
}

/** Figures begin with the largest, names with the first. */
function next<T>(order: Order | undefined, column: number, { figures }: TableColumn<T>): Order | undefined {
  if (order?.column !== column) return { column, down: figures === true };
  return order.down === (figures === true) ? { column, down: !order.down } : undefined;
}

function ariaSort(order: Order | undefined, column: number): 'ascending' | 'descending' | undefined {
  if (order?.column !== column) return undefined;
  return order.down ? 'descending' : 'ascending';
}
