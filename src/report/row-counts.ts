export interface RowCount {
  relation: string;
  rows: number;
}

/** Tables and their rows in two columns, names left, numbers right; the same order as given. */
export function alignRowCounts(rows: readonly RowCount[]): string {
  const nameWidth = Math.max(0, ...rows.map((row) => row.relation.length));
  const numberWidth = Math.max(0, ...rows.map((row) => String(row.rows).length));
  const lines = rows.map(
    (row) => `  ${row.relation.padEnd(nameWidth)}  ${String(row.rows).padStart(numberWidth)}`,
  );
  return ['Rows in the tables that were built:', ...lines].join('\n');
}
