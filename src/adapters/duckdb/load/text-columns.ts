/** Columns as texts: what every text format is brought to before COPY's rules are applied. */
import type { CopyOptions } from '../../shared/copy/copy-options.ts';
import type { ExternalColumn } from '../../shared/copy/external-source.ts';
import { quoted } from './spelling.ts';
import { strictSql, type ValueSql, valueSql } from './value-sql.ts';

/** Column of the load table that holds the file of each row until they are counted, where a ledger is kept. */
export const FILE_COLUMN = 'sq_file';

/** Once the rows are counted, the table has exactly the declared columns. */
export function dropFileColumn(into: string): string {
  return `alter table ${into} drop column ${FILE_COLUMN}`;
}

/**
 * Rows in the declared columns and types; raises on the first value that does not fit. `texts` are queries that
 * give the columns `t1, t2, ...` (and FILE_COLUMN when `withFile`).
 */
export function loadQuery(
  columns: readonly ExternalColumn[],
  options: CopyOptions,
  texts: readonly string[],
  withFile: boolean,
): string {
  const values = valuesOf(columns, options);
  const list = columns.map(
    ({ name, type }, i) =>
      `  ${strictSql(type, values[i] as ValueSql, `t${i + 1}`, name)} as ${quoted(name)}`,
  );
  if (withFile) list.push(`  ${FILE_COLUMN}`);
  return `select\n${list.join(',\n')}\nfrom (\n${texts.join('\nunion all\n')}\n)`;
}

/**
 * The records whose values do not fit: (number of the record, number of its first such column from 0, value as
 * written). `texts` gives `id` and `t1, t2, ...`.
 */
export function checkQuery(columns: readonly ExternalColumn[], options: CopyOptions, texts: string): string {
  const checks = valuesOf(columns, options)
    .map(({ value, present }, i) =>
      present === undefined ? '' : `when (${value}) is null and ${present} then ${i} `,
    )
    .join('');
  if (checks === '') return "select 0, 0, '' where false";
  const written = columns.map((_, i) => `when ${i} then t${i + 1}::varchar `).join('');
  return `select id, bad, case bad ${written}end from (select *, case ${checks}end as bad from (${texts})) where bad is not null order by id`;
}

function valuesOf(columns: readonly ExternalColumn[], options: CopyOptions): ValueSql[] {
  return columns.map(({ type }, i) => valueSql(type, `t${i + 1}`, options));
}
