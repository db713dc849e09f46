export interface RowCount {
  relation: string;
  rows: number;
}

/** A table longer than a screen tells nobody anything. */
const MOST = 25;

/** Tables and their rows in two columns, names left, numbers right; the same order as given. */
export function alignRowCounts(all: readonly RowCount[]): string {
  const rows = all.length > MOST ? all.slice(0, MOST - 1) : all;
  const nameWidth = Math.max(0, ...rows.map((row) => row.relation.length));
  const numberWidth = Math.max(0, ...rows.map((row) => String(row.rows).length));
  const lines = rows.map(
    (row) => `  ${row.relation.padEnd(nameWidth)}  ${String(row.rows).padStart(numberWidth)}`,
  );
  if (rows.length < all.length) lines.push(`  and ${all.length - rows.length} more: see run_results.json`);
  return ['Rows in the tables that were built:', ...lines].join('\n');
}
