/** PostgreSQL's answers to the `loader` steps of the copy materialization: the files go through COPY FROM STDIN. */
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Relation, renderRelation } from '../../../manifest/relation.ts';
import type {
  ListAnswer,
  ListRequest,
  LoadAnswer,
  LoaderAnswer,
  LoaderRequest,
  LoadRequest,
} from '../../loader-contract.ts';
import { chosenColumns } from '../../shared/copy/chosen-columns.ts';
import {
  type ExternalColumn,
  type ExternalSource,
  externalSource,
} from '../../shared/copy/external-source.ts';
import { mixedCaseNotices, nullColumnNotice } from '../../shared/copy/key-notices.ts';
import { jsonPathsOf } from '../../shared/files/json-paths-of.ts';
import { contentMd5, type FilesContext, fetchFiles, listFiles } from '../../shared/files/source-files.ts';
import type { PgSession } from '../../shared/pg/pg-session.ts';
import { StatementError } from '../../shared/statement-error.ts';
import { CopyRows, RefusedRows } from './copy-rows.ts';
import { engineType } from './engine-type.ts';

/** More bad rows than this are not looked for when none is allowed. */
const SHOWN_ERRORS = 99;
/** Classes of SQLSTATE that the content of a file can cause. */
const BAD_DATA = /^(22|23)/;

/** To be a driver's `loader`. `session` must not be inside a transaction. */
export function createPostgresLoader(
  context: FilesContext,
): (request: LoaderRequest, session: PgSession) => Promise<LoaderAnswer> {
  return async (request, session) => {
    const source = externalSource(request.source, context.projectDir);
    if (source.format === 'parquet') {
      throw source.problem(
        'format',
        ['external', 'format'],
        `Source ${source.name} has files of format parquet, which PostgreSQL cannot load.`,
        'write them as csv or json, or load them on an engine that reads parquet (duckdb, redshift)',
      );
    }
    const columns = chosenColumns(source, request.columns);
    return request.kind === 'list'
      ? list(request, { source, columns, context })
      : load(request, { source, columns, context }, session);
  };
}

interface Order {
  source: ExternalSource;
  /** Of the load, in its order. */
  columns: ExternalColumn[];
  context: FilesContext;
}

async function list({ ledger, into }: ListRequest, { source, columns, context }: Order): Promise<ListAnswer> {
  const { files, hidden } = await listFiles(source, context, ledger?.loaded ?? null);
  return {
    files,
    columns: columns.map(({ name, type }) => ({ name, dataType: engineType(type) })),
    statements: [createSql(into, columns), copySql(into)],
    hidden,
    notices: mixedCaseNotices(source, columns),
  };
}

async function load(
  request: LoadRequest,
  { source, columns, context }: Order,
  session: PgSession,
): Promise<LoadAnswer> {
  const paths = await jsonPathsOf(source, context);
  const files = await fetchFiles(source, context, request.files);
  const { maxErrors, into } = request;
  const rows = new CopyRows({
    source,
    columns,
    paths,
    files,
    maxErrors,
    limit: Math.max(maxErrors, SHOWN_ERRORS),
  });
  await session.begin();
  try {
    await session.execute(`drop table if exists ${renderRelation(into)}`);
    await session.execute(createSql(into, columns));
    const count = await copyIn(session, copySql(into), rows);
    // models that read it follow at once, long before autovacuum has looked at it
    await session.execute(`analyze ${renderRelation(into)}`);
    await session.commit();
    return {
      loaded: true,
      rows: count,
      rowsByFile: request.countRows ? Object.fromEntries(rows.rowsByFile) : {},
      etags: request.countRows ? Object.fromEntries(files.map((file) => [file.name, contentMd5(file)])) : {},
      errors: rows.errors,
      notices: nullColumns({ source, columns, rows, count }),
    };
  } catch (error) {
    await session.rollback();
    const byData = error instanceof StatementError && BAD_DATA.test(error.engine.code ?? '');
    if (!rows.refused && !byData) throw error;
    const engineMessage = byData ? error.message : (rows.errors[0]?.reason ?? '');
    return { loaded: false, errors: rows.errors, complete: rows.complete, engineMessage };
  }
}

/** Rows that the server has taken. */
function copyIn(session: PgSession, sql: string, rows: CopyRows): Promise<number> {
  return session.exclusive(sql, async (client) => {
    const { from } = await import('pg-copy-streams');
    const stream = client.query(from(sql));
    await pipeline(Readable.from(rows.chunks()), stream).catch((error: unknown) => {
      if (error instanceof RefusedRows) throw refusal(rows);
      throw error;
    });
    return stream.rowCount;
  });
}

/** Not the connection's fault: the transaction is rolled back and the connection goes on. */
function refusal(rows: CopyRows): StatementError {
  return new StatementError('Database', { message: rows.errors[0]?.reason ?? 'refused', code: '22000' });
}

function nullColumns({
  source,
  columns,
  rows,
  count,
}: {
  source: ExternalSource;
  columns: readonly ExternalColumn[];
  rows: CopyRows;
  count: number;
}): string[] {
  if (source.format !== 'json' || source.jsonpaths !== 'auto' || count === 0) return [];
  return columns.flatMap(({ name }, i) => {
    const lower = name.toLowerCase();
    const key =
      rows.filled[i] === 0
        ? [...rows.keys].find((other) => other !== lower && other.toLowerCase() === lower)
        : undefined;
    return key === undefined ? [] : [nullColumnNotice(source, name, key)];
  });
}

function createSql(into: Relation, columns: readonly ExternalColumn[]): string {
  const list = columns.map(({ name, type }) => `  "${name.replaceAll('"', '""')}" ${engineType(type)}`);
  return `create table ${renderRelation(into)} (\n${list.join(',\n')}\n)`;
}

function copySql(into: Relation): string {
  return `copy ${renderRelation({ ...into, database: null })} from stdin`;
}
