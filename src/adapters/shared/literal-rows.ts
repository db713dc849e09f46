/** Literal rows as a query: how seeds and rejected rows reach a warehouse. */
import type { Column } from '../../manifest/column.ts';
import type { Dialect } from '../contract.ts';

/** A cell as text in the engine's own form, or null. Its column's type says what it is. */
export type LiteralCell = string | null;

/**
 * `select cast(c1 as integer) as "id", ... from (values ('1', ...), ...) as sq_rows (c1, ...)`: every cell is a
 * text that the engine casts, so no value passes through a JavaScript number. `rows` must not be empty.
 */
export function literalRows(
  dialect: Pick<Dialect, 'quote' | 'literal'>,
  columns: readonly Column[],
  rows: readonly (readonly LiteralCell[])[],
): string {
  const casts = columns.map(
    (column, i) => `cast(c${i + 1} as ${column.dataType}) as ${dialect.quote(column.name)}`,
  );
  const values = rows.map(
    (row) => `(${row.map((cell) => (cell === null ? 'null' : dialect.literal(cell))).join(', ')})`,
  );
  return `select ${casts.join(', ')} from (values\n${values.join(',\n')}\n) as sq_rows (${columns.map((_, i) => `c${i + 1}`).join(', ')})`;
}
