/** `table.print_table()` of a template: agate's layout, with its limits. */
import type { ValueKind } from '../adapters/contract.ts';

export interface PrintLimits {
  rows: number | null;
  columns: number | null;
  columnWidth: number | null;
}

export interface PrintedTable {
  names: readonly string[];
  kinds: readonly ValueKind[];
  rows: readonly { cells: readonly unknown[] }[];
}

const NUMBERS = new Set<ValueKind>(['integer', 'float', 'decimal']);

/** Lines `| a | b |`; what is left out is shown by dots. */
export function printedTable({ names, kinds, rows }: PrintedTable, limits: PrintLimits): string {
  const shown = Math.min(limits.columns ?? names.length, names.length);
  const more = shown < names.length ? ['...'] : [];
  const cut = (text: string) =>
    limits.columnWidth !== null && text.length > limits.columnWidth
      ? `${text.slice(0, Math.max(0, limits.columnWidth - 3))}...`
      : text;
  const header = [...names.slice(0, shown).map(cut), ...more];
  const body = rows
    .slice(0, limits.rows ?? rows.length)
    .map(({ cells }) => [...cells.slice(0, shown).map((cell, i) => cut(cellText(cell, kinds[i]!))), ...more]);
  const widths = header.map((name, i) => Math.max(name.length, ...body.map((row) => row[i]!.length)));
  const line = (cells: readonly string[]) =>
    `| ${cells.map((text, i) => (NUMBERS.has(kinds[i]!) && i < shown ? text.padStart(widths[i]!) : text.padEnd(widths[i]!))).join(' | ')} |`;
  const lines = [
    line(header),
    `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`,
    ...body.map(line),
  ];
  if (body.length < rows.length) lines.push(line(header.map(() => '...')));
  return lines.join('\n');
}

const FORMAT = new Intl.NumberFormat('en-US', { maximumFractionDigits: 3 });

function cellText(cell: unknown, kind: ValueKind): string {
  if (cell === null || cell === undefined) return '';
  if (typeof cell === 'boolean') return cell ? 'True' : 'False';
  if (!NUMBERS.has(kind)) return String(cell);
  return FORMAT.format(typeof cell === 'bigint' ? cell : Number(cell));
}
