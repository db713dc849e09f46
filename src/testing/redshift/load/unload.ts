/** UNLOAD: a query's rows as objects (DG r_UNLOAD). */
import { gzipSync } from 'node:zlib';
import { refreshLateViews } from '../late-binding.ts';
import { type Field, failure, type Row } from '../protocol/messages.ts';
import type { ClientSession } from '../protocol/session.ts';
import { syntaxError } from '../sql/refusals.ts';
import { literalValue, Statement } from '../sql/tokens.ts';
import {
  assumeRole,
  checkRegion,
  deleteObject,
  detailed,
  listObjects,
  s3Address,
  writeObject,
} from './objects.ts';
import { writeParquet } from './parquet.ts';

interface UnloadStatement {
  query: string;
  to: string;
  format: 'text' | 'csv' | 'json' | 'parquet';
  role: string | undefined;
  region: string | undefined;
  partition: string[];
  include: boolean;
  delimiter: string;
  nullAs: string;
  flags: ReadonlySet<string>;
}

const FLAGS = new Set(
  'MANIFEST VERBOSE HEADER GZIP BZIP2 ZSTD ADDQUOTES ESCAPE ALLOWOVERWRITE CLEANPATH ENCRYPTED AUTO'.split(
    ' ',
  ),
);

export async function unloadToS3(session: ClientSession, statement: Statement): Promise<void> {
  const options = unloadStatement(statement);
  const { world } = session;
  assumeRole(world, options.role, session.user);
  const target = s3Address(options.to);
  checkRegion(world, target.bucket, options.region);
  const inner = new Statement(options.query);
  await refreshLateViews(session, inner);
  if (limitOutside(inner))
    throw failure('0A000', 'Limit clause is not supported in the outermost SELECT of UNLOAD');
  const { fields, rows } = await session.ask(session.translate(options.query));
  const shown = fields.map((field) => ({ ...field, name: session.names.shown(field.name) }));
  const groups = partitioned(options, shown, rows);
  refuseOverwrite(session, options, [...groups.keys()]);
  const suffix = options.format === 'parquet' ? '.parquet' : options.flags.has('GZIP') ? '.gz' : '';
  const written: { url: string; rows: number; bytes: number }[] = [];
  const kept = shown.flatMap((field, at) =>
    options.include || !options.partition.includes(field.name) ? [{ field, at }] : [],
  );
  for (const [folder, group] of groups) {
    const cut = group.map((row) => kept.map(({ at }) => row[at] ?? null));
    const plain = await bodyOf(
      options,
      kept.map(({ field }) => field),
      cut,
    );
    const body = options.flags.has('GZIP') ? gzipSync(plain) : plain;
    const key = `${target.key}${folder}0000_part_00${suffix}`;
    writeObject(world, { bucket: target.bucket, key }, body);
    written.push({ url: `s3://${target.bucket}/${key}`, rows: cut.length, bytes: body.length });
  }
  if (options.flags.has('MANIFEST'))
    manifest(session, options, { written, fields: kept.map(({ field }) => field) });
  await record(session, options, written);
  session.counters['pg_last_unload_id'] = session.counters['pg_last_query_id'] ?? 0;
  session.counters['pg_last_unload_count'] = rows.length;
  session.notice(`UNLOAD completed, ${rows.length} record(s) unloaded successfully.`);
  session.complete('UNLOAD');
}

function unloadStatement(statement: Statement): UnloadStatement {
  const query = statement.list[2];
  if (!statement.is('(', 1) || query?.kind !== 'string')
    throw syntaxError(statement, statement.is('(', 1) ? 2 : 1);
  if (!statement.is(') TO', 3)) throw syntaxError(statement, 4);
  const to = statement.list[5];
  if (to?.kind !== 'string') throw syntaxError(statement, 5);
  const flags = new Set<string>();
  const found: UnloadStatement = {
    query: literalValue(query),
    to: literalValue(to),
    format: 'text',
    role: undefined,
    region: undefined,
    partition: [],
    include: false,
    delimiter: '|',
    nullAs: '',
    flags,
  };
  let at = 6;
  const value = () => {
    if (statement.is('AS', at)) at++;
    const token = statement.list[at];
    if (token?.kind !== 'string') throw syntaxError(statement, at);
    at++;
    return literalValue(token);
  };
  while (at < statement.list.length) {
    const place = at;
    const word = statement.word(at++);
    if (word === 'FORMAT' || word === 'WITH' || (word === 'AS' && place > 6)) continue;
    if (word === 'CSV' || word === 'JSON' || word === 'PARQUET') found.format = word.toLowerCase() as 'csv';
    else if (FLAGS.has(word)) flags.add(word);
    else if (word === 'IAM_ROLE') {
      if (statement.is('DEFAULT', at)) {
        found.role = 'default';
        at++;
      } else found.role = value();
    } else if (word === 'CREDENTIALS') found.role = /aws_iam_role=([^;]+)/.exec(value())?.[1];
    else if (word === 'REGION') found.region = value();
    else if (word === 'DELIMITER') found.delimiter = value();
    else if (word === 'NULL') found.nullAs = value();
    else if (word === 'EXTENSION' || word === 'KMS_KEY_ID') value();
    else if (word === 'PARALLEL') {
      if (!statement.is('ON|OFF|TRUE|FALSE', at++)) throw syntaxError(statement, at - 1);
    } else if (word === 'MAXFILESIZE' || word === 'ROWGROUPSIZE') {
      if (statement.is('AS', at)) at++;
      at++;
      if (statement.is('MB|GB', at)) at++;
    } else if (word === 'PARTITION' && statement.is('BY (', at)) {
      const end = statement.closing(at + 1);
      for (at += 2; at < end; at += 2) found.partition.push(statement.name(at).parts[0] as string);
      at = end + 1;
      if (statement.is('INCLUDE', at)) {
        found.include = true;
        at++;
      }
    } else throw syntaxError(statement, place);
  }
  check(found);
  return found;
}

function check({ format, flags, role }: UnloadStatement): void {
  if (role === undefined) throw failure('XX000', 'IAM_ROLE or CREDENTIALS must be specified for UNLOAD');
  if (format === 'parquet')
    for (const flag of ['HEADER', 'GZIP', 'BZIP2', 'ZSTD', 'ADDQUOTES', 'ESCAPE'])
      if (flags.has(flag)) throw failure('42601', `UNLOAD ${flag} is not supported for PARQUET`);
  if (flags.has('ALLOWOVERWRITE') && flags.has('CLEANPATH'))
    throw failure('42601', 'CLEANPATH and ALLOWOVERWRITE cannot be specified together');
  if (flags.has('VERBOSE') && !flags.has('MANIFEST')) throw failure('42601', 'VERBOSE requires MANIFEST');
}

function limitOutside(statement: Statement): boolean {
  let depth = 0;
  for (let at = 0; at < statement.list.length; at++) {
    if (statement.is('(', at)) depth++;
    if (statement.is(')', at)) depth--;
    if (depth === 0 && statement.is('LIMIT', at)) return true;
  }
  return false;
}

/** Folders (`year=2018/month=11/`) and their rows; one without a name when nothing is partitioned. */
function partitioned(
  { partition }: UnloadStatement,
  fields: readonly Field[],
  rows: readonly Row[],
): Map<string, Row[]> {
  if (partition.length === 0) return new Map([['', [...rows]]]);
  if (partition.length >= fields.length) throw failure('42601', 'All columns cannot be partition columns');
  const places = partition.map((name) => {
    const at = fields.findIndex((field) => field.name === name);
    if (at < 0) throw failure('42703', `column "${name}" does not exist in UNLOAD query`);
    return at;
  });
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const folder = places
      .map(
        (at, index) => `${partition[index]}=${encodeURIComponent(row[at] ?? '__HIVE_DEFAULT_PARTITION__')}/`,
      )
      .join('');
    const group = groups.get(folder) ?? [];
    groups.set(folder, group);
    group.push(row);
  }
  return groups;
}

/** The target must be empty; CLEANPATH empties it (of partitions, only those written). */
function refuseOverwrite(session: ClientSession, options: UnloadStatement, folders: readonly string[]): void {
  const target = s3Address(options.to);
  const existing = listObjects(session.world, target);
  if (options.flags.has('CLEANPATH')) {
    for (const object of existing)
      if (folders.some((folder) => object.key.startsWith(target.key + folder)))
        deleteObject(session.world, object);
  } else if (existing.length > 0 && !options.flags.has('ALLOWOVERWRITE'))
    throw detailed(
      'Specified unload destination on S3 is not empty. Consider using a different bucket / prefix, manually removing the target files in S3, or using the ALLOWOVERWRITE option.',
      8001,
      options.to,
    );
}

async function bodyOf(
  { format, delimiter, nullAs, flags }: UnloadStatement,
  fields: readonly Field[],
  rows: readonly Row[],
): Promise<Buffer> {
  if (format === 'parquet') return writeParquet(fields, rows);
  const lines = rows.map((row) => {
    if (format === 'json')
      return JSON.stringify(
        Object.fromEntries(
          fields.flatMap(({ name, typeOid }, at) =>
            row[at] === null ? [] : [[name, jsonValue(row[at] as string, typeOid)]],
          ),
        ),
      );
    const between = format === 'csv' ? ',' : delimiter;
    return row
      .map((value) =>
        value === null
          ? nullAs
          : format === 'csv' && /[",\n\r]/.test(value)
            ? `"${value.replaceAll('"', '""')}"`
            : value,
      )
      .join(between);
  });
  if (flags.has('HEADER'))
    lines.unshift(fields.map(({ name }) => name).join(format === 'csv' ? ',' : delimiter));
  return Buffer.from(lines.map((line) => `${line}\n`).join(''));
}

/** Booleans are written t and f, numbers as numbers. */
function jsonValue(value: string, typeOid: number): unknown {
  return [20, 21, 23, 700, 701, 1700].includes(typeOid) && Number.isSafeInteger(Math.trunc(Number(value)))
    ? Number(value)
    : value;
}

function manifest(
  session: ClientSession,
  options: UnloadStatement,
  {
    written,
    fields,
  }: { written: readonly { url: string; rows: number; bytes: number }[]; fields: readonly Field[] },
): void {
  const target = s3Address(options.to);
  const verbose = options.flags.has('VERBOSE');
  const entries = written.map(({ url, rows, bytes }) =>
    verbose || options.format === 'parquet'
      ? { url, meta: { content_length: bytes, ...(verbose ? { record_count: rows } : {}) } }
      : { url },
  );
  const total = (of: 'rows' | 'bytes') => written.reduce((sum, file) => sum + file[of], 0);
  const more = verbose
    ? {
        schema: {
          elements: fields.map(({ name, typeOid }) => ({
            name,
            type: { base: BASES[typeOid] ?? 'character varying' },
          })),
        },
        meta: { content_length: total('bytes'), record_count: total('rows') },
        author: { name: 'Amazon Redshift', version: '1.0.0' },
      }
    : {};
  writeObject(
    session.world,
    { bucket: target.bucket, key: `${target.key}manifest` },
    JSON.stringify({ entries, ...more }, null, 2),
  );
}

const BASES: Readonly<Record<number, string>> = {
  16: 'boolean',
  20: 'bigint',
  21: 'smallint',
  23: 'integer',
  700: 'real',
  701: 'double precision',
  1082: 'date',
  1114: 'timestamp without time zone',
  1700: 'numeric',
};

async function record(
  session: ClientSession,
  options: UnloadStatement,
  written: readonly { url: string; rows: number; bytes: number }[],
): Promise<void> {
  const { admin, database } = session.world;
  const query = session.counters['pg_last_query_id'] ?? 0;
  for (const { url, rows, bytes } of written)
    await admin.query(
      'insert into stl_unload_log (query, pid, path, line_count, transfer_size, file_format) values ($1, $2, $3, $4, $5, $6)',
      [query, session.backend.pid, url, rows, bytes, options.format],
    );
  const total = (of: 'rows' | 'bytes') => written.reduce((sum, file) => sum + file[of], 0);
  await admin.query(
    `insert into sys_unload_history (query_id, session_id, database_name, status, file_format, unloaded_location, unloaded_rows, unloaded_files_count, unloaded_files_size)
     values ($1, $2, $3, 'completed', $4, $5, $6, $7, $8)`,
    [
      query,
      session.backend.pid,
      database,
      options.format,
      options.to,
      total('rows'),
      written.length,
      total('bytes'),
    ],
  );
}
