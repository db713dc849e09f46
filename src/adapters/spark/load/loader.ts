/**
 * Spark's answers to the `loader` steps of the copy materialization. Files are read here, by the rules that hold on
 * every engine, and go to Spark as Arrow: its own JSON reader has other rules, and no word for a row it leaves out.
 */
import { renderRelation } from '../../../manifest/relation.ts';
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
import { FileRows } from '../../shared/copy/file-rows.ts';
import { mixedCaseNotices } from '../../shared/copy/key-notices.ts';
import { jsonPathsOf } from '../../shared/files/json-paths-of.ts';
import { contentMd5, type FilesContext, fetchFiles, listFiles } from '../../shared/files/source-files.ts';
import { sparkDialect } from '../dialect.ts';
import type { SparkSession } from '../session.ts';
import { engineType } from './engine-type.ts';
import { insertSql } from './insert-sql.ts';

/** More bad rows than this are not looked for when none is allowed. */
const SHOWN_ERRORS = 99;
const BATCH_ROWS = 10_000;
const VIEW = 'sq_rows_to_load';

export function createSparkLoader(
  context: FilesContext,
  fileFormat: string,
): (request: LoaderRequest, session: SparkSession) => Promise<LoaderAnswer> {
  return async (request, session) => {
    const source = externalSource(request.source, context.projectDir);
    if (source.format === 'parquet') {
      throw source.problem(
        'format',
        ['external', 'format'],
        `Source ${source.name} has files of format parquet, which a copy model on Spark does not load.`,
        'Spark reads them itself: a model with select * from parquet.`path`',
      );
    }
    const columns = chosenColumns(source, request.columns);
    const order = { source, columns, context, fileFormat };
    return request.kind === 'list' ? list(request, order) : load(request, order, session);
  };
}

interface Order {
  source: ExternalSource;
  /** Of the load, in its order. */
  columns: ExternalColumn[];
  context: FilesContext;
  fileFormat: string;
}

async function list({ ledger, into }: ListRequest, order: Order): Promise<ListAnswer> {
  const { source, columns, context } = order;
  const { files, hidden } = await listFiles(source, context, ledger?.loaded ?? null);
  return {
    files,
    columns: typed(columns),
    statements: [
      createSql(renderRelation(into), order),
      insertSql(renderRelation(into), typed(columns), VIEW),
    ],
    hidden,
    notices: mixedCaseNotices(source, columns),
  };
}

/** All rows are read before the first is sent: there is no transaction to take them back. */
async function load(request: LoadRequest, order: Order, session: SparkSession): Promise<LoadAnswer> {
  const { source, columns, context } = order;
  const files = await fetchFiles(source, context, request.files);
  const { maxErrors } = request;
  const into = renderRelation(request.into);
  const reader = new FileRows({
    source,
    columns,
    paths: await jsonPathsOf(source, context),
    files,
    maxErrors,
    limit: Math.max(maxErrors, SHOWN_ERRORS),
  });
  await session.execute(`drop table if exists ${into}`);
  await session.execute(createSql(into, order));
  let count = 0;
  let batch: (string | null)[][] = [];
  const send = async () => {
    if (batch.length === 0) return;
    await session.rowsAsView(VIEW, batch, columns.length);
    await session.execute(insertSql(into, typed(columns), VIEW));
    count += batch.length;
    batch = [];
  };
  try {
    for await (const row of reader.rows()) {
      if (reader.refused) continue;
      batch.push(row);
      if (batch.length >= BATCH_ROWS) await send();
    }
    if (!reader.refused) await send();
  } catch (error) {
    await session.execute(`drop table if exists ${into}`).catch(() => undefined);
    throw error;
  }
  await session.execute(`drop view if exists ${VIEW}`);
  if (reader.refused) {
    await session.execute(`drop table if exists ${into}`);
    return {
      loaded: false,
      errors: reader.errors,
      complete: reader.complete,
      engineMessage: reader.errors[0]?.reason ?? '',
    };
  }
  return {
    loaded: true,
    rows: count,
    rowsByFile: request.countRows ? Object.fromEntries(reader.rowsByFile) : {},
    etags: request.countRows ? Object.fromEntries(files.map((file) => [file.name, contentMd5(file)])) : {},
    errors: reader.errors,
    notices: [],
  };
}

function typed(columns: readonly ExternalColumn[]) {
  return columns.map(({ name, type }) => ({ name, dataType: engineType(type) }));
}

function createSql(into: string, { columns, fileFormat }: Pick<Order, 'columns' | 'fileFormat'>): string {
  const list = typed(columns).map(({ name, dataType }) => `  ${sparkDialect.quote(name)} ${dataType}`);
  return `create table ${into} (\n${list.join(',\n')}\n) using ${fileFormat}`;
}
