/**
 * Puts the files of a run into a folder of the lake. What a run is about to do stands in the folder's manifest
 * before it does it, so that one that is killed leaves every partition old or new, and the next one knows all.
 */
import { SqError } from '../../../errors.ts';
import type { UnloadAnswer } from '../../loader-contract.ts';
import type { LakeFolder } from './lake-folder.ts';
import {
  type LakeFile,
  type LakeManifest,
  MANIFEST_NAME,
  manifestText,
  partitionOf,
  readManifest,
} from './lake-manifest.ts';

/** Older tools and people list folders: beyond this many a listing takes longer than reading. */
const MANY_PARTITIONS = 1_000;

/** What an unload answers of a table with so many; `shown`: its folder as the author wrote it. */
export function tellManyPartitions(
  table: string,
  shown: string,
  count: number,
): Pick<UnloadAnswer, 'manyPartitions'> {
  if (count <= MANY_PARTITIONS) return {};
  const [found, many] = [count, MANY_PARTITIONS].map((number) => number.toLocaleString('en'));
  return {
    manyPartitions: `${table}: ${found} partitions in ${shown}; above ${many} listing the folder takes longer than reading it`,
  };
}

export interface Replacement {
  /** What the new manifest says of the model; `files` are the new ones. */
  manifest: LakeManifest;
  /** Where each new file stands on this disk now. */
  from: ReadonlyMap<LakeFile, string>;
  /** `insert_overwrite`: only the partitions of the new files are replaced. */
  mode: 'overwrite' | 'insert_overwrite';
}

/**
 * What the folder holds, seen before anything is written. Throws SqError for a folder that is another model's or
 * holds files of others, and for columns that files which stay do not have.
 */
export async function lookAtFolder(
  folder: LakeFolder,
  wanted: LakeManifest,
  mode: Replacement['mode'],
): Promise<LakeManifest> {
  const text = await folder.read(MANIFEST_NAME);
  const before = text === undefined ? undefined : readManifest(text, folder.shown + MANIFEST_NAME);
  if (before !== undefined && before.model !== wanted.model) throw otherModel(folder, before, wanted);
  const above = before === undefined ? await folder.above() : undefined;
  if (above !== undefined) throw insideOther(folder.shown, above);
  const found = await folder.list();
  const known = new Map<string, LakeFile>();
  for (const file of before?.files ?? []) known.set(file.path, file);
  for (const file of before?.pending ?? []) {
    const standing = known.get(file.path);
    // a run was killed: the size says which of the two it is, where it can
    if (standing === undefined || found.get(file.path) === file.bytes) known.set(file.path, file);
  }
  const garbage = new Set(before?.garbage);
  if (!folder.replacesInPlace) {
    // the manifest is the switch there: what had not come to it is none of the folder's
    const live = new Set(before?.files.map(({ path }) => path));
    for (const { path } of before?.pending ?? []) if (!live.has(path)) garbage.add(path);
  }
  const foreign = [...found.keys()].filter((path) => !known.has(path) && !garbage.has(path));
  if (foreign.length > 0) throw foreignFiles(folder, foreign);
  const files = [...known.values()]
    .filter(({ path }) => found.has(path) && !garbage.has(path))
    .map((file) =>
      found.get(file.path) === file.bytes ? file : { ...file, bytes: found.get(file.path) ?? 0, rows: null },
    );
  const now: LakeManifest = {
    ...(before ?? wanted),
    files,
    pending: [],
    garbage: [...garbage].filter((path) => found.has(path)),
  };
  if (mode === 'insert_overwrite' && files.length > 0) refuseOtherShape(folder, now, wanted);
  return now;
}

/** Answers what the folder holds then. */
export async function replaceFiles(
  folder: LakeFolder,
  before: LakeManifest,
  { manifest, from, mode }: Replacement,
): Promise<LakeManifest> {
  const added = manifest.files;
  const paths = new Set(added.map(({ path }) => path));
  const touched = new Set(added.map(({ path }) => partitionOf(path)));
  const goes = ({ path }: LakeFile) =>
    !paths.has(path) && (mode === 'overwrite' || touched.has(partitionOf(path)));
  const gone = before.files.filter(goes).map(({ path }) => path);
  const stays = before.files.filter((file) => !goes(file) && !paths.has(file.path));
  const files = [...stays, ...added].sort((a, b) => (a.path < b.path ? -1 : 1));
  const after: LakeManifest = { ...manifest, files, pending: [], garbage: [] };

  await folder.write(MANIFEST_NAME, manifestText({ ...before, pending: [...added] }));
  try {
    await folder.place(added.map((file) => ({ from: from.get(file) as string, file })));
  } catch (error) {
    if (!folder.replacesInPlace) await undo(folder, before, [...paths]);
    throw error;
  }
  const garbage = [...before.garbage, ...gone];
  try {
    if (garbage.length > 0) {
      if (!folder.replacesInPlace) await folder.write(MANIFEST_NAME, manifestText({ ...after, garbage }));
      await folder.remove(garbage);
    }
    await folder.write(MANIFEST_NAME, manifestText(after));
  } catch (error) {
    // another run's manifest stands, and knows nothing of these files
    if ((error as SqError).code === 'lake-taken') await folder.remove([...paths]).catch(() => {});
    throw error;
  }
  return after;
}

/** As well as it goes: what cannot be undone now is by the next run. */
async function undo(folder: LakeFolder, before: LakeManifest, put: readonly string[]): Promise<void> {
  try {
    await folder.remove(put);
    await folder.write(MANIFEST_NAME, manifestText(before));
  } catch {
    return;
  }
}

function refuseOtherShape(folder: LakeFolder, before: LakeManifest, wanted: LakeManifest): void {
  const shape = ({ format, partition_by, columns }: LakeManifest) => [
    `format ${format}`,
    `partition_by ${partition_by.join(', ') || 'nothing'}`,
    `columns ${columns.map(({ name, data_type }) => `${name} ${data_type}`).join(', ')}`,
  ];
  const [old, now] = [shape(before), shape(wanted)];
  const at = old.findIndex((line, i) => line !== now[i]);
  if (at < 0) return;
  throw new SqError({
    kind: 'Compilation',
    code: 'lake-shape',
    message: [
      `The partitions that would stay in ${folder.shown} are not of the model's shape any more.`,
      `They have ${old[at]}.`,
      `The model has ${now[at]}.`,
    ].join('\n'),
    hint: 'run the model with --full-refresh: all partitions are written anew',
  });
}

/** For a folder or file that lies in the folder of another model. */
export function insideOther(shown: string, above: string): SqError {
  return new SqError({
    kind: 'Runtime',
    code: 'foreign-files',
    message: `${shown} lies in ${above}, the folder of another model, whose readers would find its files.`,
    hint: 'give each model a folder of its own in location, beside the others',
  });
}

function otherModel(folder: LakeFolder, before: LakeManifest, wanted: LakeManifest): SqError {
  return new SqError({
    kind: 'Runtime',
    code: 'foreign-files',
    message: `${folder.shown} holds the files of ${before.model}, and ${wanted.model} would delete them.`,
    hint: 'give each model a folder of its own in location; a model that was renamed: delete the folder, or its _sq_manifest and data',
  });
}

function foreignFiles({ shown }: LakeFolder, foreign: readonly string[]): SqError {
  const names = foreign.slice(0, 3).map((path) => shown + path);
  return new SqError({
    kind: 'Runtime',
    code: 'foreign-files',
    message: `${shown} holds ${foreign.length === 1 ? 'a file' : 'files'} that no run of this model has written: ${names.join(', ')}${foreign.length > 3 ? ' …' : ''}`,
    hint: 'give the model a folder of its own in location, or empty this one first',
  });
}
