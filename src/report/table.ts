/** Rows of a query for people: the table `| a | b |` of dbt's `show`, and JSON that loses no digit. */
import type { QueryResult, Value, ValueKind } from '../adapters/contract.ts';

/** Longest cell shown in a table; `--output json` shows all of it. */
const WIDEST = 100;

const LEFT_ALIGNED = new Set<ValueKind>(['text', 'other']);

/** Header, a line of dashes, one line a row; text to the left, the rest to the right; null is an empty cell. */
export function tableText(result: QueryResult): string {
  const names = distinctNames(result.columns.map((column) => column.name));
  const cells = result.rows.map((row) => row.map(cellText));
  const widths = names.map((name, i) =>
    cells.reduce((width, row) => Math.max(width, length(row[i]!)), length(name)),
  );
  const line = (texts: readonly string[]) => {
    const padded = texts.map((text, i) => {
      const fill = ' '.repeat(widths[i]! - length(text));
      return LEFT_ALIGNED.has(result.columns[i]!.kind) ? text + fill : fill + text;
    });
    return `| ${padded.join(' | ')} |`;
  };
  const rule = `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`;
  return [line(names), rule, ...cells.map(line)].join('\n');
}

/**
 * An array of objects, one a line. Numbers are written digit by digit as the engine said them (a decimal or a
 * 64-bit integer too), times in ISO form with a `T`.
 */
export function rowsJson(result: QueryResult): string {
  const names = distinctNames(result.columns.map((column) => column.name));
  const rows = result.rows.map((row) => {
    const members = row.map(
      (value, i) => `${JSON.stringify(names[i])}: ${valueJson(value, result.columns[i]!.kind)}`,
    );
    return `  {\n    ${members.join(',\n    ')}\n  }`;
  });
  return rows.length === 0 ? '[]' : `[\n${rows.join(',\n')}\n]`;
}

function valueJson(value: Value, kind: ValueKind): string {
  if (value === null) return 'null';
  if (typeof value === 'bigint') return value.toString();
  if (kind === 'decimal' && typeof value === 'string' && /^-?\d+(\.\d+)?$/.test(value)) return value;
  if (kind === 'timestamp' && typeof value === 'string') return JSON.stringify(value.replace(' ', 'T'));
  if (typeof value === 'number' && !Number.isFinite(value)) return JSON.stringify(String(value));
  return JSON.stringify(value);
}

function cellText(value: Value): string {
  if (value === null) return '';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  const text = String(value)
    .replaceAll('\\', '\\\\')
    .replaceAll('\r', '\\r')
    .replaceAll('\n', '\\n')
    .replaceAll('\t', '\\t');
  const points = [...text];
  return points.length > WIDEST ? `${points.slice(0, WIDEST - 3).join('')}...` : text;
}

function length(text: string): number {
  let points = 0;
  for (const _ of text) points += 1;
  return points;
}

/** A second column `id` becomes `id_2`, as in dbt's tables. */
function distinctNames(names: readonly string[]): string[] {
  const seen = new Map<string, number>();
  return names.map((name) => {
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    return count === 1 ? name : `${name}_${count}`;
  });
}
