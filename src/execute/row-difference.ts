/**
 * How the rows that came differ from those that were expected, whatever their order, as dbt shows it:
 * ```
 * @@ ,id,status
 *    ,1 ,paid
 * →  ,2 ,new→paid
 * +++,3 ,new
 * ---,4 ,new
 * ```
 */
import type { Value } from '../adapters/contract.ts';

type Row = readonly Value[];

interface Line {
  mark: '' | '→' | '+++' | '---' | '...';
  cells: string[];
}

/** Undefined when there is none. `+++`: came and was not expected; `---`: was expected and did not come. */
export function rowDifference(
  names: readonly string[],
  expected: readonly Row[],
  actual: readonly Row[],
): string | undefined {
  const lines = linesOf([...expected].sort(compareRows), [...actual].sort(compareRows));
  if (lines.every(({ mark }) => mark === '')) return undefined;
  return table([{ mark: '@@', cells: [...names] }, ...shortened(lines, names.length)]);
}

function linesOf(expected: readonly Row[], actual: readonly Row[]): Line[] {
  const partner = matched(expected, actual);
  const taken = new Set(partner.values());
  const lines: Line[] = [];
  const added = actual.flatMap((row, i) => (taken.has(i) ? [] : [{ row, i }]));
  const removed: Line[] = [];
  const addThoseBefore = (limit: number) => {
    while (added.length > 0 && added[0]!.i < limit)
      lines.push({ mark: '+++', cells: added.shift()!.row.map(textOf) });
    lines.push(...removed.splice(0));
  };
  for (const [i, row] of expected.entries()) {
    const other = partner.get(i);
    if (other === undefined) {
      removed.push({ mark: '---', cells: row.map(textOf) });
      continue;
    }
    addThoseBefore(other);
    const found = actual[other]!;
    const same = row.every((value, column) => textOf(value) === textOf(found[column]!));
    const cells = row.map((value, column) => changeOf(value, found[column]!));
    lines.push({ mark: same ? '' : '→', cells });
  }
  addThoseBefore(actual.length);
  return lines;
}

/** Position among the actual rows of each expected one: equal rows first, then those told by what they share. */
function matched(expected: readonly Row[], actual: readonly Row[]): Map<number, number> {
  const partner = new Map<number, number>();
  const waiting = new Map<string, number[]>();
  for (const [i, row] of actual.entries()) {
    const key = keyOf(row);
    waiting.set(key, [...(waiting.get(key) ?? []), i]);
  }
  for (const [i, row] of expected.entries()) {
    const found = waiting.get(keyOf(row))?.shift();
    if (found !== undefined) partner.set(i, found);
  }
  const taken = new Set(partner.values());
  for (const [i, row] of expected.entries()) {
    if (partner.has(i)) continue;
    let best: { other: number; shared: number } | undefined;
    for (const [other, candidate] of actual.entries()) {
      if (taken.has(other)) continue;
      const columns = row.flatMap((value, c) => (textOf(value) === textOf(candidate[c]!) ? [c] : []));
      if (
        columns.length <= (best?.shared ?? 0) ||
        !(tells(columns, row, expected) && tells(columns, row, actual))
      )
        continue;
      best = { other, shared: columns.length };
    }
    if (best === undefined) continue;
    partner.set(i, best.other);
    taken.add(best.other);
  }
  return partner;
}

/** True when no second row has the same values in these columns. */
function tells(columns: readonly number[], row: Row, rows: readonly Row[]): boolean {
  return rows.filter((one) => columns.every((c) => textOf(one[c]!) === textOf(row[c]!))).length === 1;
}

/** Of rows that are equal only those beside a difference are shown. */
function shortened(lines: readonly Line[], width: number): Line[] {
  const out: Line[] = [];
  for (const [i, line] of lines.entries()) {
    const near = [lines[i - 1], line, lines[i + 1]].some((one) => one !== undefined && one.mark !== '');
    if (near) out.push(line);
    else if (out.at(-1)?.mark !== '...') out.push({ mark: '...', cells: Array(width).fill('...') });
  }
  return out;
}

function table(lines: readonly { mark: string; cells: string[] }[]): string {
  const rows = lines.map(({ mark, cells }) => [mark, ...cells.map(quoted)]);
  const widths = rows[0]!.map((_, c) => Math.max(...rows.map((row) => row[c]!.length)));
  const last = widths.length - 1;
  return rows
    .map((row) => row.map((cell, c) => (c === last ? cell : cell.padEnd(widths[c]!))).join(','))
    .map((line) => `${line}\n`)
    .join('');
}

function changeOf(expected: Value, actual: Value): string {
  const [from, to] = [textOf(expected), textOf(actual)];
  return from === to ? from : `${from}→${to}`;
}

function quoted(cell: string): string {
  return /[",\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

function textOf(value: Value): string {
  return value === null ? 'NULL' : String(value);
}

function keyOf(row: Row): string {
  return JSON.stringify(row.map((value) => (value === null ? null : String(value))));
}

function compareRows(a: Row, b: Row): number {
  for (const [i, left] of a.entries()) {
    const right = b[i] as Value;
    if (left === right) continue;
    if (left === null) return 1;
    if (right === null) return -1;
    return typeof left === typeof right ? (left < right ? -1 : 1) : String(left) < String(right) ? -1 : 1;
  }
  return 0;
}
