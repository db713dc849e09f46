/**
 * `materialized: external` on DuckDB. The engine writes into a folder beside; sq puts the files where they belong,
 * partition by partition. (COPY's own `overwrite` deletes every other partition, `append` leaves the old files.)
 */
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import type { Session } from '../../contract.ts';
import type { UnloadAnswer, UnloadRequest } from '../../loader-contract.ts';
import { absolutePath } from '../../shared/files/location.ts';
import type { FilesContext } from '../../shared/files/source-files.ts';
import { diskError, engineDiskError, makeFolder } from '../../shared/lake/disk-error.ts';
import { lockFolder } from '../../shared/lake/folder-lock.ts';
import type { LakeFolder } from '../../shared/lake/lake-folder.ts';
import { emptyManifest, type LakeFile, partitionOf } from '../../shared/lake/lake-manifest.ts';
import { localFolder } from '../../shared/lake/local-folder.ts';
import { lookAtFolder, replaceFiles, tellManyPartitions } from '../../shared/lake/replace-files.ts';
import { copyToStatement, mergeStatement, UNFINISHED } from './copy-to.ts';
import { globText } from './glob-text.ts';
import { lakeQuery } from './lake-query.ts';
import { writeOneFile } from './one-file.ts';
import { refuseNullText, refuseUnnamable } from './partition-keys.ts';

export interface UnloadContext extends FilesContext {
  externalRoot: string;
}

/** What a run that was killed may have left in a folder. */
const BESIDE = /^\.sq-stage-/;

/** Outside any transaction. Throws SqError; files that are published already stay as they are. */
export async function unloadRows(
  request: UnloadRequest,
  session: Session,
  context: UnloadContext,
): Promise<UnloadAnswer> {
  const order = { ...request, location: request.location || usualLocation(request, context.externalRoot) };
  refuseUnnamable(order);
  if (!order.location.endsWith('/')) return writeOneFile(order, session, context);
  const remote = order.location.startsWith('s3://');
  const root = remote ? order.location : `${resolve(absolutePath(context.projectDir, order.location))}/`;
  const pattern = `${globText(root)}${order.partitionBy.length > 0 ? '**/' : ''}*.${order.format}`;
  if (request.preview) {
    const statements = [copyToStatement(order, `${order.location}.sq-stage-${order.runId}/data`)];
    return { statements, rows: 0, files: 0, table: null, view: lakeQuery(order, pattern) };
  }
  const folder = remote
    ? await (await import('../../shared/lake/object-folder.ts')).objectFolder(order.location, context)
    : localFolder(root, order.location);
  if (remote) {
    const stage = mkdtempSync(join(tmpdir(), 'sq-lake-'));
    try {
      return await writeFolder({ order, session, folder, stage, pattern });
    } finally {
      folder.close();
      rmSync(stage, { recursive: true, force: true });
    }
  }
  const free = await takeFolder(root, order.location, context);
  const stage = join(root, `.sq-stage-${order.runId}`);
  try {
    clearStages(root, order.location, stage);
    return await writeFolder({ order, session, folder, stage, pattern });
  } finally {
    rmSync(stage, { recursive: true, force: true });
    free();
  }
}

/** Made where it is not there, and this run's alone from then on. */
async function takeFolder(
  root: string,
  shown: string,
  { invocation: { signal } }: UnloadContext,
): Promise<() => void> {
  try {
    makeFolder(root);
    const free = await lockFolder(root, { shown, signal });
    return () => {
      free();
      try {
        // a run that was refused leaves no empty folder
        rmdirSync(root);
      } catch {
        return;
      }
    };
  } catch (error) {
    throw diskError(shown, error);
  }
}

interface FolderJob {
  order: UnloadRequest;
  session: Session;
  folder: LakeFolder;
  stage: string;
  /** For a reader of the whole folder. */
  pattern: string;
}

async function writeFolder({ order, session, folder, stage, pattern }: FolderJob): Promise<UnloadAnswer> {
  const { table: model, mode } = order;
  const manifest = emptyManifest({ model, ...order });
  const before = await lookAtFolder(folder, manifest, mode);
  const split = order.partitionBy.length > 0;
  const data = join(stage, 'data');
  if (!split) mkdirSync(data);
  const statement = copyToStatement(order, split ? data : join(data, `data_0.${UNFINISHED}`));
  const counts = await written(session, statement).catch((error: unknown) => {
    const shown = folder.replacesInPlace ? folder.shown : tmpdir();
    throw engineDiskError(error, { shown, path: stage }) ?? error;
  });
  const statements = [statement];
  const from = new Map<LakeFile, string>();
  let rows = 0;
  const partitions = byPartition(data);
  for (const partition of partitions.keys()) refuseNullText(partition, model);
  for (const [partition, paths] of partitions) {
    const [path, merge] = await asOne(paths, order, session);
    if (merge !== undefined) statements.push(merge);
    const counted = paths.map((one) => counts.byFile.get(one));
    const file: LakeFile = {
      path: `${partition === '' ? '' : `${partition}/`}${folder.replacesInPlace ? 'data_0' : `data-${order.runId}`}.${order.format}`,
      bytes: statSync(path).size,
      rows: counted.every((count) => count !== undefined)
        ? counted.reduce((sum, count) => sum + count, 0)
        : null,
    };
    rows += file.rows ?? 0;
    from.set(file, path);
  }
  manifest.files = [...from.keys()];
  const after = await replaceFiles(folder, before, { manifest, from, mode });
  const count = new Set(after.files.map((file) => partitionOf(file.path))).size;
  const readable = folder.replacesInPlace || (await readsObjects(session));
  return {
    statements,
    rows: counts.all ?? rows,
    files: from.size,
    table: null,
    ...(readable && { view: lakeQuery(order, after.files.length === 0 ? undefined : pattern) }),
    ...tellManyPartitions(model, folder.shown, count),
    notices: readable
      ? []
      : [
          `${model}: no view over ${folder.shown}, because DuckDB's extension httpfs is not loaded (extensions: [httpfs] in the profile)`,
        ],
  };
}

/** dbt-duckdb's place for a model that names none; in partitions it is a folder. */
function usualLocation({ table, format, partitionBy }: UnloadRequest, root: string): string {
  return `${root.replace(/\/+$/, '')}/${table}${partitionBy.length > 0 ? '/' : `.${format}`}`;
}

/** Inside the folder, so that a file gets to its place by a rename. What killed runs have left is deleted. */
function clearStages(root: string, shown: string, stage: string): void {
  try {
    for (const name of readdirSync(root))
      if (BESIDE.test(name)) rmSync(join(root, name), { recursive: true, force: true });
    mkdirSync(stage);
  } catch (error) {
    throw diskError(shown, error);
  }
}

/** Rows by file where the engine counts them (parquet), and of all. */
async function written(
  session: Session,
  statement: string,
): Promise<{ byFile: Map<string, number>; all: number | undefined }> {
  const { columns, rows } = await session.query(statement);
  const byFile = new Map<string, number>();
  if (columns[0]?.name !== 'filename') return { byFile, all: Number(rows[0]?.[0] ?? 0) };
  for (const [name, count] of rows) byFile.set(String(name), Number(count));
  return { byFile, all: undefined };
}

function byPartition(data: string): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const name of readdirSync(data, { recursive: true, encoding: 'utf8' }).sort()) {
    if (!name.endsWith(`.${UNFINISHED}`)) continue;
    const folder = dirname(name) === '.' ? '' : dirname(name).replaceAll('\\', '/');
    const paths = found.get(folder) ?? [];
    paths.push(join(data, name));
    found.set(folder, paths);
  }
  return found;
}

/** Two threads may have met in a partition: readers must get it as one file, which is replaced at once. */
async function asOne(
  paths: readonly string[],
  order: UnloadRequest,
  session: Session,
): Promise<[path: string, statement?: string]> {
  const [first = '', ...others] = paths;
  if (others.length === 0) return [first];
  const into = join(dirname(first), `merged.${UNFINISHED}`);
  const merge = mergeStatement(order, paths, into);
  if (merge === null) {
    renameSync(first, into);
    for (const other of others) appendFileSync(into, readFileSync(other));
    return [into];
  }
  await session.query(merge);
  return [into, merge.replaceAll(dirname(first), `…/${basename(dirname(first))}`)];
}

async function readsObjects(session: Session): Promise<boolean> {
  const { rows } = await session.query(
    "select 1 from duckdb_extensions() where extension_name = 'httpfs' and loaded",
  );
  return rows.length > 0;
}
