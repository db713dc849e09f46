/**
 * `materialized: external` on Spark: a table whose files stand at the location. Its partitions are overwritten, all
 * of them or those that the rows touch; other engines read the folder.
 */
import { resolve } from 'node:path';
import { SqError } from '../../../errors.ts';
import type { Session } from '../../contract.ts';
import type { UnloadAnswer, UnloadRequest } from '../../loader-contract.ts';
import { absolutePath } from '../../shared/files/location.ts';
import type { FilesContext } from '../../shared/files/source-files.ts';
import { tellManyPartitions } from '../../shared/lake/replace-files.ts';
import { sparkDialect } from '../dialect.ts';
import { readEngineError } from '../engine-error.ts';

const { quote, literal } = sparkDialect;

export async function unloadRows(
  request: UnloadRequest,
  session: Session,
  { projectDir }: Pick<FilesContext, 'projectDir'>,
): Promise<UnloadAnswer> {
  const { into, location } = request;
  if (location === '' || into === undefined || into.schema === null) throw noPlace(request.table);
  const path = /^s3a?:\/\//.test(location)
    ? location.replace(/^s3:/, 's3a:')
    : `file://${resolve(absolutePath(projectDir, location))}`;
  const table = { schema: into.schema, name: request.table };
  const name = [into.database, into.schema, request.table]
    .filter((one) => one !== null)
    .map(quote)
    .join('.');
  const statements = [createSql(request, name, path), ...overwriteSql(request, name)];
  if (request.preview) return { statements, rows: 0, files: 0, table };
  // a table of another shape or place is made anew: its files are those of the folder and stay
  if (!(await stands(session, name, path, request))) await session.execute(`drop table if exists ${name}`);
  for (const sql of statements) await session.execute(sql);
  // one look at the folder: with thousands of files it is what takes time
  const counts = await session.query(
    `select count(*), count(distinct file) from (select input_file_name() as file from ${name}) as sq_files`,
  );
  const [rows = 0, files = 0] = (counts.rows[0] ?? []).map(Number);
  const partitions =
    request.partitionBy.length === 0 ? 1 : (await session.query(`show partitions ${name}`)).rows.length;
  return {
    statements,
    rows,
    files,
    table,
    ...tellManyPartitions(request.table, location, partitions),
  };
}

function createSql({ columns, format, partitionBy }: UnloadRequest, name: string, path: string): string {
  const list = columns.map((column) => `${quote(column.name)} ${column.dataType}`);
  return [
    `create table if not exists ${name} (${list.join(', ')})`,
    `using ${format}`,
    ...(format === 'csv' ? ["options (header 'true')"] : []),
    ...(partitionBy.length === 0 ? [] : [`partitioned by (${partitionBy.map(quote).join(', ')})`]),
    `location ${literal(path)}`,
  ].join('\n');
}

/** Partition columns stand last in the table, wherever the query has them. */
function overwriteSql({ sql, columns, partitionBy, mode }: UnloadRequest, name: string): string[] {
  const keys = partitionBy.map((key) => key.toLowerCase());
  const plain = columns.filter((column) => !keys.includes(column.name.toLowerCase()));
  const ordered = [...plain.map((column) => column.name), ...partitionBy].map(quote).join(', ');
  const dynamic = mode === 'insert_overwrite' ? 'dynamic' : 'static';
  const order = partitionBy.length === 0 ? '' : `\ndistribute by ${partitionBy.map(quote).join(', ')}`;
  return [
    `set spark.sql.sources.partitionOverwriteMode=${dynamic}`,
    `insert overwrite table ${name}\nselect ${ordered} from (\n${sql.trim().replace(/;\s*$/, '')}\n) as sq_rows${order}`,
    'reset spark.sql.sources.partitionOverwriteMode',
  ];
}

async function stands(
  session: Session,
  name: string,
  path: string,
  request: UnloadRequest,
): Promise<boolean> {
  try {
    const { rows } = await session.query(`describe table extended ${name}`);
    const at = String(rows.find(([key]) => key === 'Location')?.[1] ?? '')
      .replace(/^file:\/*/, 'file:/')
      .replace(/\/+$/, '');
    const heading = rows.findIndex(([key]) => key === '' || String(key).startsWith('#'));
    const columns = rows
      .slice(0, heading < 0 ? rows.length : heading)
      .map(([key, type]) => `${key} ${type}`)
      .sort();
    const wanted = request.columns.map((column) => `${column.name} ${column.dataType}`).sort();
    return (
      at === path.replace(/^file:\/*/, 'file:/').replace(/\/+$/, '') && String(columns) === String(wanted)
    );
  } catch (error) {
    if (readEngineError(error).missing === true) return false;
    throw error;
  }
}

function noPlace(table: string): SqError {
  return new SqError({
    kind: 'Compilation',
    code: 'external-config',
    message: `materialized: external of ${table} cannot be used: location is missing.`,
    hint: 'give a folder of its own: location: s3://bucket/folder/, or a path that the cluster sees',
  });
}
