/** Literal rows for DuckDB: many rows go as one long text per column, which parses six times faster than VALUES. */
import type { Column } from '../../manifest/column.ts';
import { type LiteralCell, literalRows } from '../shared/literal-rows.ts';

/** From here on the form that is quick to parse is used; below, the one that is pleasant to read. */
const MANY_ROWS = 200;
const SEPARATOR = '\u001f';
const NULL_MARK = '\u001e';

const spelling = {
  quote: (name: string) => `"${name.replaceAll('"', '""')}"`,
  literal: (text: string) => `'${text.replaceAll("'", "''")}'`,
};

/** A query that gives `rows` typed as `columns`. */
export function literalRowsSql(
  columns: readonly Column[],
  rows: readonly (readonly LiteralCell[])[],
): string {
  if (rows.length < MANY_ROWS || hasMarks(rows)) return literalRows(spelling, columns, rows);
  const lists = columns.map((_, i) => {
    const text = rows.map((row) => row[i] ?? NULL_MARK).join(SEPARATOR);
    return `unnest(string_split(${spelling.literal(text)}, chr(31))) as c${i + 1}`;
  });
  const casts = columns.map(
    (column, i) => `cast(nullif(c${i + 1}, chr(30)) as ${column.dataType}) as ${spelling.quote(column.name)}`,
  );
  return `select ${casts.join(', ')} from (select ${lists.join(', ')})`;
}

function hasMarks(rows: readonly (readonly LiteralCell[])[]): boolean {
  return rows.some((row) =>
    row.some((cell) => cell !== null && (cell.includes(SEPARATOR) || cell.includes(NULL_MARK))),
  );
}
