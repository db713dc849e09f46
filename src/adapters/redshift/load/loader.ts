/** Redshift's answers to the `loader` steps of the copy materialization: COPY from S3 into a table beside. */
import { randomBytes } from 'node:crypto';
import { type Relation, renderRelation } from '../../../manifest/relation.ts';
import type { Session } from '../../contract.ts';
import type {
  ListAnswer,
  ListRequest,
  LoadAnswer,
  LoadError,
  LoaderAnswer,
  LoaderRequest,
  LoadRequest,
  SourceFile,
} from '../../loader-contract.ts';
import { absolutePath } from '../../shared/files/location.ts';
import { contentMd5, type FilesContext, listFiles } from '../../shared/files/source-files.ts';
import type { RedshiftSettings } from '../settings.ts';
import { copyError } from './copy-error.ts';
import { copyStatement, copyText } from './copy-statement.ts';
import { isLoadRefusal, type LoadMoment, type LoadQueries, loadErrors, loadMoment } from './load-errors.ts';
import { isOnS3, type LoadOrder, loadOrder, manifestText, tableColumns } from './load-order.ts';
import { StagingArea } from './staging-area.ts';
import { wholePrefix } from './whole-prefix.ts';

export interface LoaderContext {
  settings: RedshiftSettings;
  files: FilesContext;
}

/** Rows of the system tables that are read after a load that failed. */
const MOST_SHOWN = 100;

/** To be a driver's `loader`. `session` must not be inside a transaction. */
export function createRedshiftLoader(
  given: LoaderContext,
): (request: LoaderRequest, session: Session) => Promise<LoaderAnswer> {
  const context = { ...given, files: awsFiles(given) };
  return async (request, session) => {
    const order = await loadOrder(request.source, request.columns, context);
    return request.kind === 'list'
      ? list(request, order, context)
      : load(request, session, { order, context });
  };
}

async function list(request: ListRequest, order: LoadOrder, context: LoaderContext): Promise<ListAnswer> {
  const { ledger, into } = request;
  // sizes belong into the manifest of columnar files, so a listing is asked for them in any case
  const { files, hidden } = await listFiles(order.source, context.files, ledger?.loaded ?? []);
  const taken = files.filter(
    ({ state }) => state === 'new' || (state === 'changed' && ledger?.changed === 'append'),
  );
  const place = placeOf(context, '<load>');
  return {
    files,
    columns: tableColumns(order.columns),
    statements: [
      createStatement(order, into),
      ...byCompression(order, taken).map(({ gzip }, i) =>
        copyStatement({
          ...copyParts(order, { into, maxErrors: order.source.options.maxerror }),
          from: place === undefined ? order.source.location : `${place}/manifest-${i + 1}`,
          manifest: place !== undefined,
          json: jsonText(order, place === undefined ? '' : `${place}/jsonpaths.json`),
          gzip,
        }),
      ),
      ...dropStatements(order, into),
    ],
    hidden,
    notices: mixedCase(order),
  };
}

interface Job {
  order: LoadOrder;
  context: LoaderContext;
}

async function load(request: LoadRequest, session: Session, { order, context }: Job): Promise<LoadAnswer> {
  const name = `${request.into.identifier ?? 'load'}-${randomBytes(4).toString('hex')}`;
  const staging = await StagingArea.open(
    { settings: context.settings, invocation: context.files.invocation },
    name,
  );
  try {
    const prepared = await prepare(request, { order, context, staging });
    return await copyAll(request, session, { order, context, ...prepared });
  } finally {
    await staging?.clear();
  }
}

interface Prepared {
  statements: string[];
  /** What the author calls the object of that address. */
  nameOf(url: string): string;
}

async function prepare(
  request: LoadRequest,
  { order, context, staging }: Job & { staging: StagingArea | undefined },
): Promise<Prepared> {
  const { source } = order;
  const local = !isOnS3(source);
  const names = new Map<string, string>();
  const json =
    'paths' in order.json && staging !== undefined
      ? await staging.put('jsonpaths.json', JSON.stringify({ jsonpaths: order.json.paths }, null, 1))
      : '';
  const statements: string[] = [];
  for (const [i, { gzip, files }] of byCompression(order, request.files).entries()) {
    if (files.length === 0) continue;
    const paths = files.map((file) => absolutePath(context.files.projectDir, file.name));
    const urls =
      local && staging !== undefined ? await staging.putFiles(paths) : files.map((file) => file.name);
    urls.forEach((url, n) => {
      names.set(url, (files[n] as SourceFile).name);
    });
    const from =
      staging === undefined
        ? await wholePrefix(source, context.files, files)
        : await staging.put(`manifest-${i + 1}`, manifestText(urls, files));
    statements.push(
      copyStatement({
        ...copyParts(order, request),
        from,
        manifest: staging !== undefined,
        json: jsonText(order, json),
        gzip,
      }),
    );
  }
  return { statements, nameOf: (url) => names.get(url) ?? url };
}

async function copyAll(
  request: LoadRequest,
  session: Session,
  { order, context, statements, nameOf }: Job & Prepared,
): Promise<LoadAnswer> {
  const { into, maxErrors } = request;
  const moment = await loadMoment(session);
  let rows = 0;
  const queries: number[] = [];
  await session.begin();
  try {
    await session.execute(createStatement(order, into));
    for (const sql of statements) {
      await session.execute(sql);
      const counted = await session.query('select pg_last_copy_count(), pg_last_copy_id()');
      const [count, query] = counted.rows[0] ?? [];
      rows += Number(count ?? 0);
      queries.push(Number(query));
    }
    for (const sql of dropStatements(order, into)) await session.execute(sql);
    await session.commit();
  } catch (error) {
    await session.rollback();
    if (!isLoadRefusal(error)) throw copyError(error, order);
    const errors = await errorsOf(session, moment, { of: 'newest', limit: MOST_SHOWN, nameOf });
    // COPY stops at the first row too many
    return { loaded: false, errors, complete: false, engineMessage: error.engine.message };
  }
  return {
    loaded: true,
    rows,
    rowsByFile: request.countRows
      ? await countsOf(session, { moment, queries, header: order.source.options.ignoreheader, nameOf })
      : {},
    etags: request.countRows ? localEtags(order, request.files, context) : {},
    errors: maxErrors > 0 ? await errorsOf(session, moment, { of: queries, limit: maxErrors, nameOf }) : [],
    notices: [],
  };
}

async function errorsOf(
  session: Session,
  moment: LoadMoment,
  { nameOf, ...which }: { of: LoadQueries; limit: number; nameOf(url: string): string },
): Promise<LoadError[]> {
  const errors = await loadErrors(session, moment, which);
  return errors.map((error) => ({ ...error, file: nameOf(error.file) }));
}

interface Counting {
  moment: LoadMoment;
  queries: readonly number[];
  /** Lines at the start of each file that are no rows. */
  header: number;
  nameOf(url: string): string;
}

/** Rows of each file, where the system tables tell them: the first for clusters, the second for both kinds. */
async function countsOf(
  session: Session,
  { moment: { pid, since }, queries, header, nameOf }: Counting,
): Promise<Record<string, number>> {
  const asked = [
    `select trim(filename), sum(lines_scanned) from stl_load_commits where query in (${queries.join(', ') || 'null'}) group by 1`,
    `select trim(d.file_name), sum(d.lines_scanned)
from sys_load_detail d join sys_load_history h on h.query_id = d.query_id
where h.session_id = ${pid} and h.start_time >= cast(${copyText(since)} as timestamp) group by 1`,
  ];
  for (const sql of asked) {
    const rows = await session.query(sql).then(
      (result) => result.rows,
      () => [],
    );
    if (rows.length > 0)
      return Object.fromEntries(
        rows.map(([url, lines]) => [nameOf(String(url)), Math.max(0, Number(lines) - header)]),
      );
  }
  return {};
}

function localEtags(
  order: LoadOrder,
  files: readonly SourceFile[],
  { files: { projectDir } }: LoaderContext,
) {
  if (isOnS3(order.source)) return {};
  return Object.fromEntries(
    files.map(({ name }) => [name, contentMd5({ name, path: absolutePath(projectDir, name) })]),
  );
}

function copyParts(order: LoadOrder, { into, maxErrors }: { into: Relation; maxErrors: number }) {
  const { source, filled, role } = order;
  const columns = tableColumns(filled).map(({ name }) => name);
  return { into, columns, format: source.format, role, options: source.options, maxErrors };
}

function jsonText({ json }: LoadOrder, uploaded: string): string {
  return 'word' in json ? json.word : 'url' in json ? json.url : uploaded;
}

function createStatement({ filled }: LoadOrder, into: Relation): string {
  const columns = tableColumns(filled).map(
    ({ name, dataType }) => `"${name.replaceAll('"', '""')}" ${dataType}`,
  );
  return `create table ${renderRelation(into)} (${columns.join(', ')})`;
}

/** Fields that were loaded by position and are not asked for. */
function dropStatements({ filled, columns }: LoadOrder, into: Relation): string[] {
  return tableColumns(filled.filter((one) => !columns.includes(one))).map(
    ({ name }) => `alter table ${renderRelation(into)} drop column "${name.replaceAll('"', '""')}"`,
  );
}

/** COPY reads all files of one statement alike; sq's other engines go by the name. */
function byCompression(
  { source }: LoadOrder,
  files: readonly SourceFile[],
): { gzip: boolean; files: SourceFile[] }[] {
  if (source.format === 'parquet') return [{ gzip: false, files: [...files] }];
  const zipped = (file: SourceFile) => source.options.gzip || file.name.endsWith('.gz');
  const groups = [
    { gzip: false, files: files.filter((file) => !zipped(file)) },
    { gzip: true, files: files.filter(zipped) },
  ].filter((group) => group.files.length > 0);
  return groups;
}

/** `auto` looks for keys in the column's own spelling, which Redshift keeps in lower case. */
function mixedCase({ source, columns }: LoadOrder): string[] {
  if (source.format !== 'json' || source.jsonpaths !== 'auto') return [];
  return columns
    .filter(({ name }) => name !== name.toLowerCase())
    .map(
      ({ name }) =>
        `source ${source.name}: \`jsonpaths: auto\` fills column ${name} from the key '${name.toLowerCase()}', as COPY does; say auto_ignorecase to match '${name}'`,
    );
}

function placeOf({ settings }: LoaderContext, name: string): string | undefined {
  return settings.s3StagingDir === undefined ? undefined : `${settings.s3StagingDir}/${name}`;
}

/** Files are listed with the profile's region, keys and addresses; what it does not say comes from the environment. */
export function awsFiles({ settings: { aws }, files }: LoaderContext): FilesContext {
  const env: Record<string, string | undefined> = { ...files.invocation.env };
  if (aws.endpoints.s3 !== undefined) env.AWS_ENDPOINT_URL_S3 = aws.endpoints.s3;
  if (aws.region !== undefined) env.AWS_REGION ??= aws.region;
  if (aws.accessKeyId !== undefined && aws.secretAccessKey !== undefined) {
    env.AWS_ACCESS_KEY_ID = aws.accessKeyId;
    env.AWS_SECRET_ACCESS_KEY = aws.secretAccessKey;
    env.AWS_SESSION_TOKEN = aws.sessionToken;
  }
  const { invocation } = files;
  return {
    ...files,
    invocation: { env, signal: invocation.signal, emit: (event) => invocation.emit(event) },
  };
}
