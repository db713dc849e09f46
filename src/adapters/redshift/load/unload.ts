/**
 * UNLOAD, what it wrote read back from its manifest, and the Spectrum table over it (DG r_UNLOAD,
 * r_CREATE_EXTERNAL_TABLE).
 */
import { SqError } from '../../../errors.ts';
import type { Session } from '../../contract.ts';
import type { UnloadAnswer, UnloadRequest } from '../../loader-contract.ts';
import { copyText, roleClause } from './copy-statement.ts';
import type { LoaderContext } from './loader.ts';
import { addressOf, listStaged, readStaged } from './staging-area.ts';

/** Partitions that one ALTER TABLE may add. */
const MOST_PARTITIONS = 100;
const STORED: Readonly<Record<UnloadRequest['format'], string>> = {
  parquet: 'stored as parquet',
  csv: "row format serde 'org.apache.hadoop.hive.serde2.OpenCSVSerde' stored as textfile",
  json: "row format serde 'org.openx.data.jsonserde.JsonSerDe' stored as textfile",
};

interface Manifest {
  entries: { url: string }[];
  meta?: { record_count?: number };
}

/** Outside any transaction: external tables are not made in one. */
export async function unloadRows(
  request: UnloadRequest,
  session: Session,
  context: LoaderContext,
): Promise<UnloadAnswer> {
  const { settings } = context;
  const schema = request.externalSchema ?? settings.externalSchema;
  const table = schema === undefined || schema === null ? null : { schema, name: request.table };
  const sql = unloadStatement(request, request.role ?? settings.copyIamRole);
  if (request.preview)
    return {
      statements: [sql, ...(table === null ? [] : [createStatement(request, table)])],
      rows: 0,
      files: 0,
      table,
    };
  const access = { settings, invocation: context.files.invocation };
  const url = `${request.location}manifest`;
  await refuseForeignFiles(request, await listStaged(access, request.location), url);
  await session.execute(sql);
  const counted = await session.query('select pg_last_unload_count()');
  const rows = Number(counted.rows[0]?.[0] ?? 0);
  const manifest = JSON.parse(await readStaged(access, url)) as Manifest;
  const told = manifest.meta?.record_count;
  if (told !== undefined && Number(told) !== rows) throw incomplete(request, rows, Number(told));
  const statements = [sql];
  if (table !== null) {
    for (const statement of await tableStatements(request, { table, session, manifest })) {
      await session.execute(statement);
      statements.push(statement);
    }
  }
  return { statements, rows, files: manifest.entries.length, table };
}

/**
 * CLEANPATH deletes what an earlier run left, within the partitions that are written. Quotes inside the query are
 * doubled; a LIMIT may not stand in the outermost query.
 */
export function unloadStatement({ sql, location, format, partitionBy }: UnloadRequest, role: string): string {
  const query = `select * from (\n${sql.trim().replace(/;\s*$/, '')}\n) as sq_rows`;
  return [
    `unload (${copyText(query)})`,
    `to ${copyText(location)}`,
    roleClause(role),
    format === 'csv' ? 'format as csv' : `format as ${format}`,
    ...(partitionBy.length === 0 ? [] : [`partition by (${partitionBy.map(quoted).join(', ')})`]),
    'manifest verbose',
    'cleanpath',
  ].join('\n');
}

/** CLEANPATH would delete files that sq did not write: without a manifest of an earlier run the folder must be empty. */
async function refuseForeignFiles(
  { location }: UnloadRequest,
  found: readonly string[],
  manifest: string,
): Promise<void> {
  if (found.length === 0 || found.includes(manifest)) return;
  throw new SqError({
    kind: 'Runtime',
    code: 'foreign-files',
    message: `${location} holds ${found.length === 1 ? 'a file' : 'files'} that no run of this model has written, and UNLOAD would delete them: ${found.slice(0, 3).join(', ')}${found.length > 3 ? ' …' : ''}`,
    hint: 'give the model a folder of its own in location, or empty this one first',
  });
}

async function tableStatements(
  request: UnloadRequest,
  {
    table,
    session,
    manifest,
  }: { table: { schema: string; name: string }; session: Session; manifest: Manifest },
): Promise<string[]> {
  const found = await session.query(
    `select columnname from svv_external_columns where schemaname = ${copyText(table.schema.toLowerCase())} and tablename = ${copyText(table.name.toLowerCase())} order by columnnum`,
  );
  const standing = found.rows.map(([name]) => String(name).trim().toLowerCase());
  const wanted = ordered(request).map(({ name }) => name.toLowerCase());
  const name = `${quoted(table.schema)}.${quoted(table.name)}`;
  const same = standing.length === wanted.length && wanted.every((one) => standing.includes(one));
  const make = same
    ? []
    : [...(standing.length === 0 ? [] : [`drop table ${name}`]), createStatement(request, table)];
  return [...make, ...partitionStatements(request, name, manifest)];
}

/** Partition columns stand last, and not among the others. */
function ordered({ columns, partitionBy }: UnloadRequest) {
  const keys = partitionBy.map((key) => key.toLowerCase());
  const isKey = (name: string) => keys.includes(name.toLowerCase());
  return [
    ...columns.filter(({ name }) => !isKey(name)),
    ...keys.map((key) => columns.find(({ name }) => name.toLowerCase() === key)!),
  ];
}

/** Without partitions the table reads exactly the manifest's files, and not the manifest itself. */
function createStatement(request: UnloadRequest, { schema, name }: { schema: string; name: string }): string {
  const { partitionBy, location, format } = request;
  const all = ordered(request).map((column) => `${quoted(column.name)} ${externalType(column.dataType)}`);
  const plain = all.slice(0, all.length - partitionBy.length);
  const keys = all.slice(all.length - partitionBy.length);
  return [
    `create external table ${quoted(schema)}.${quoted(name)} (${plain.join(', ')})`,
    ...(keys.length === 0 ? [] : [`partitioned by (${keys.join(', ')})`]),
    STORED[format],
    `location ${copyText(keys.length === 0 ? `${location}manifest` : location)}`,
  ].join('\n');
}

function partitionStatements(
  { partitionBy, location }: UnloadRequest,
  name: string,
  manifest: Manifest,
): string[] {
  if (partitionBy.length === 0) return [];
  const folders = [
    ...new Set(manifest.entries.map(({ url }) => url.slice(location.length, url.lastIndexOf('/')))),
  ];
  const parts = folders.map((folder) => {
    const values = folder.split('/').map((part) => {
      const at = part.indexOf('=');
      return `${quoted(part.slice(0, at))} = ${copyText(decodeURIComponent(part.slice(at + 1)))}`;
    });
    return `partition (${values.join(', ')}) location ${copyText(`${location}${folder}/`)}`;
  });
  const statements: string[] = [];
  for (let start = 0; start < parts.length; start += MOST_PARTITIONS)
    statements.push(
      `alter table ${name} add if not exists\n${parts.slice(start, start + MOST_PARTITIONS).join('\n')}`,
    );
  return statements;
}

/** Hive has no SUPER and no zones. */
function externalType(type: string): string {
  return type
    .replace(/^character varying/i, 'varchar')
    .replace(/^text$/i, 'varchar(65535)')
    .replace(/^character\b/i, 'char')
    .replace(/^(timestamp|time) with(?:out)? time zone$/i, '$1')
    .replace(/^numeric/i, 'decimal')
    .replace(/^super$/i, 'varchar(65535)');
}

function quoted(name: string): string {
  return `"${name.toLowerCase().replaceAll('"', '""')}"`;
}

function incomplete({ location }: UnloadRequest, rows: number, told: number): SqError {
  return new SqError({
    kind: 'Runtime',
    code: 'unload-incomplete',
    message: `UNLOAD wrote ${rows} rows to s3://${addressOf(location).Bucket}, and its manifest counts ${told}.`,
    hint: 'another run writes to the same location: give each model a folder of its own, then run this one again',
  });
}
