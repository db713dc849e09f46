/** Parquet files by COPY's rules: columns by position, and their number must match. No rows are left out. */
import type { Session } from '../../contract.ts';
import type { LoadAnswer, LoadError } from '../../loader-contract.ts';
import type { CopyOptions } from '../../shared/copy/copy-options.ts';
import type { DeclaredType } from '../../shared/copy/declared-type.ts';
import type { ExternalSource } from '../../shared/copy/external-source.ts';
import { reasonOf } from '../../shared/copy/reason.ts';
import type { LocalFile } from '../../shared/files/local-file.ts';
import { contentMd5 } from '../../shared/files/source-files.ts';
import { StatementError } from '../../shared/statement-error.ts';
import { engineType } from './engine-type.ts';
import { fileList, quoted } from './spelling.ts';
import { dropFileColumn, FILE_COLUMN } from './text-columns.ts';
import { strictSql, type ValueSql, valueSql } from './value-sql.ts';

export interface ParquetLoad {
  session: Session;
  source: ExternalSource;
  /** Which column of the files each column of the load is, from 0. */
  positions: readonly number[];
  files: readonly LocalFile[];
  into: string;
  facts: boolean;
}

/** How many bad values are shown. */
const SHOWN = 10;

/** Throws SqError kind Compilation when a file has another number of columns than declared. */
export async function loadParquetFiles(load: ParquetLoad): Promise<LoadAnswer> {
  const { session, files, into, facts } = load;
  const groups = await sameColumns(load);
  const byPath = new Map(files.map((file) => [file.path, file.name]));
  try {
    const done = await session.execute(`create or replace table ${into} as\n${parquetQuery(load, groups)}`);
    const rowsByFile: Record<string, number> = {};
    if (facts) {
      for (const { name } of files) rowsByFile[name] = 0;
      const counted = await session.query(`select ${FILE_COLUMN}, count(*) from ${into} group by 1`);
      for (const [path, count] of counted.rows)
        rowsByFile[byPath.get(String(path)) ?? String(path)] = Number(count);
      await session.execute(dropFileColumn(into));
    }
    const etags = facts ? Object.fromEntries(files.map((file) => [file.name, contentMd5(file)])) : {};
    return { loaded: true, rows: done.rowsAffected ?? 0, rowsByFile, etags, errors: [], notices: [] };
  } catch (error) {
    if (
      !(error instanceof StatementError) ||
      !/^(Invalid Input|Conversion|Out of Range) Error$/.test(error.engine.code ?? '')
    )
      throw error;
    const errors = await badValues(load, groups, byPath);
    return { loaded: false, errors, complete: errors.length < SHOWN, engineMessage: error.message };
  }
}

/** The query of a load, also where a source is read directly: every file has the columns of `groups`' first one. */
export function parquetQuery(
  { source, positions, facts }: Pick<ParquetLoad, 'source' | 'positions' | 'facts'>,
  groups: readonly (readonly string[])[],
): string {
  const parts = groups.map((paths) => parquetRows(source, { positions, list: fileList(paths), facts }));
  return parts.length === 0 ? emptyRows(source, positions, facts) : parts.join('\nunion all\n');
}

/** `list` is an SQL list of files with the same columns. */
export function parquetRows(
  source: Pick<ExternalSource, 'columns' | 'options'>,
  { positions, list, facts }: { positions: readonly number[]; list: string; facts: boolean },
): string {
  const columns = positions.map((position) => {
    const { name, type } = source.columns[position]!;
    const field = `f${position + 1}`;
    return `  ${strictSql(type, parquetValue(type, field, source.options), `${field}::varchar`, name)} as ${quoted(name)}`;
  });
  const names = source.columns.map((_, i) => `f${i + 1}`);
  return `select\n${[...columns, ...(facts ? [`  ${FILE_COLUMN}`] : [])].join(',\n')}\nfrom read_parquet(${list}, hive_partitioning = false${facts ? ', filename = true' : ''}) as files (${[...names, ...(facts ? [FILE_COLUMN] : [])].join(', ')})`;
}

function emptyRows(source: ExternalSource, positions: readonly number[], facts: boolean): string {
  const columns = positions.map((position) => {
    const { name, type } = source.columns[position]!;
    return `null::${engineType(type)} as ${quoted(name)}`;
  });
  return `select ${[...columns, ...(facts ? [`'' as ${FILE_COLUMN}`] : [])].join(', ')} where false`;
}

/** Values of parquet have types: only texts go by the rules for texts, the rest is cast. */
function parquetValue(type: DeclaredType, value: string, options: CopyOptions): ValueSql {
  if (type.family === 'text') return valueSql(type, `${value}::varchar`, options);
  if (type.family === 'json') return { value: `to_json(${value})`, present: undefined };
  return { value: `try_cast(${value} as ${engineType(type)})`, present: `${value} is not null` };
}

/** Files grouped by the names of their columns: DuckDB matches names across files, COPY positions. */
async function sameColumns({ session, source, files }: ParquetLoad): Promise<string[][]> {
  if (files.length === 0) return [];
  const groups = new Map<string, string[]>();
  for (const file of files) {
    const { columns } = await session.query(
      `select * from read_parquet(${fileList([file.path])}, hive_partitioning = false) limit 0`,
    );
    if (columns.length !== source.columns.length) {
      throw source.problem(
        'parquet-columns',
        ['columns'],
        `${file.name} has ${columns.length} columns (${columns.map(({ name }) => name).join(', ')}), and source ${source.name} declares ${source.columns.length}.`,
        'the columns of parquet files are loaded by position: declare all of them, in the order of the files',
      );
    }
    const key = JSON.stringify(columns.map(({ name, type }) => [name, type]));
    groups.set(key, [...(groups.get(key) ?? []), file.path]);
  }
  return [...groups.values()];
}

async function badValues(
  { session, source, positions }: ParquetLoad,
  groups: readonly (readonly string[])[],
  byPath: ReadonlyMap<string, string>,
): Promise<LoadError[]> {
  const errors: LoadError[] = [];
  const names = [...source.columns.map((_, i) => `f${i + 1}`), 'sq_row', FILE_COLUMN].join(', ');
  const checks = positions
    .map((position) => {
      const { value, present } = parquetValue(
        source.columns[position]!.type,
        `f${position + 1}`,
        source.options,
      );
      return present === undefined ? '' : `when (${value}) is null and ${present} then ${position} `;
    })
    .join('');
  const values = positions.map((position) => `when ${position} then f${position + 1}::varchar `).join('');
  for (const paths of groups) {
    const { rows } = await session.query(
      `select ${FILE_COLUMN}, sq_row + 1, bad, case bad ${values}end from (select *, case ${checks}end as bad from read_parquet(${fileList(paths)}, hive_partitioning = false, filename = true, file_row_number = true) as files (${names})) where bad is not null order by 1, 2 limit ${SHOWN}`,
    );
    for (const [path, row, bad, value] of rows) {
      const { name, type } = source.columns[Number(bad)]!;
      const file = byPath.get(String(path)) ?? String(path);
      errors.push({
        file,
        line: Number(row),
        column: name,
        type: type.written,
        value: String(value),
        rawLine: '',
        reason: reasonOf(type, String(value), source.options),
      });
    }
  }
  return errors.slice(0, SHOWN);
}
