/**
 * What a folder of the lake holds, written by sq into the folder itself. It says which files are the model's own
 * (only those are ever deleted) and lets a run that was killed be cleaned up by the next one.
 */
import { SqError } from '../../../errors.ts';
import type { Column } from '../../../manifest/column.ts';

/** No `.json` at its end: a reader of `*.json` must not take it for data. Names that begin with _ are no data. */
export const MANIFEST_NAME = '_sq_manifest';

export interface LakeFile {
  /** Below the folder: `year=2018/month=11/data_0.parquet`. */
  path: string;
  bytes: number;
  /** Null where the engine counts no rows a file (csv, json). */
  rows: number | null;
}

export interface LakeManifest {
  version: 1;
  /** Name of the model's table. */
  model: string;
  format: string;
  partition_by: string[];
  columns: { name: string; data_type: string }[];
  /** What the folder holds. */
  files: LakeFile[];
  /** What a run is about to write; empty once it has ended. */
  pending: LakeFile[];
  /** What a run has replaced and is about to delete; empty once it has ended. */
  garbage: string[];
}

export function emptyManifest(facts: {
  model: string;
  format: string;
  partitionBy: readonly string[];
  columns: readonly Column[];
}): LakeManifest {
  return {
    version: 1,
    model: facts.model,
    format: facts.format,
    partition_by: [...facts.partitionBy],
    columns: facts.columns.map(({ name, dataType }) => ({ name, data_type: dataType })),
    files: [],
    pending: [],
    garbage: [],
  };
}

/** One line a file, so that what a run has changed can be seen by comparing two of them. */
export function manifestText(manifest: LakeManifest): string {
  const { files, pending, garbage, ...head } = manifest;
  const list = (items: readonly unknown[]) =>
    items.length === 0 ? '[]' : `[\n${items.map((item) => `    ${JSON.stringify(item)}`).join(',\n')}\n  ]`;
  const facts = Object.entries(head).map(
    ([key, value]) => `  ${JSON.stringify(key)}: ${JSON.stringify(value)}`,
  );
  return `{\n${[...facts, `  "files": ${list(files)}`, `  "pending": ${list(pending)}`, `  "garbage": ${list(garbage)}`].join(',\n')}\n}\n`;
}

/** Throws SqError for a text that is no manifest of sq's. */
export function readManifest(text: string, place: string): LakeManifest {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = undefined;
  }
  const { version, files } = (value ?? {}) as Partial<LakeManifest>;
  if (version !== 1 || !Array.isArray(files)) {
    throw new SqError({
      kind: 'Runtime',
      code: 'lake-manifest',
      message: `${place} is no manifest that this version of sq can read.`,
      hint: 'it says which files belong to the model: put it back, or empty the folder and run the model with --full-refresh',
    });
  }
  const { pending = [], garbage = [], ...rest } = value as LakeManifest;
  return { ...rest, pending, garbage };
}

/** The folder part of a file's path: its partition. */
export function partitionOf(path: string): string {
  const end = path.lastIndexOf('/');
  return end < 0 ? '' : path.slice(0, end);
}
