/**
 * Loading files into tables: what the `copy` materialization asks of an engine's loader. The loader lists
 * files, fetches them where needed, and fills a table beside the target; everything after that (publishing,
 * the ledger, audits) is statements of the plan.
 */
import type { Column } from '../manifest/column.ts';
import type { SourceNode } from '../manifest/nodes.ts';
import type { Relation } from '../manifest/relation.ts';

/** A file (or object) of an external source. */
export interface SourceFile {
  /** As the author would write it: location and path below it; `s3://bucket/key` for objects. */
  name: string;
  /** Bytes; null when nobody has looked (no ledger is kept). */
  size: number | null;
  /** The ETag of an object; of a local file the MD5 where it had to be read for the comparison, otherwise empty. */
  etag: string;
  /** Modification time in whole milliseconds since 1970; null for objects and when nobody has looked. */
  mtimeMs: number | null;
  /** When an object was written, where its listing tells. */
  modifiedMs?: number;
  /** `new`: not in the ledger (or no ledger is kept); `loaded`: as the ledger says; `changed`: other content. */
  state: 'new' | 'loaded' | 'changed';
}

/** What the ledger says of a file that was loaded before. */
export interface LoadedFile {
  name: string;
  size: number;
  etag: string;
  mtimeMs: number | null;
}

/** One row that could not be loaded, in the words of STL_LOAD_ERRORS. */
export interface LoadError {
  file: string;
  /** Counts from 1; for parquet the row. Null when the engine cannot tell. */
  line: number | null;
  /** Undefined when the row as a whole cannot be read. */
  column?: string;
  /** The column's type as declared. */
  type?: string;
  /** The value as written; at most 1,024 characters. */
  value?: string;
  /** The row as written; at most 1,024 characters. */
  rawLine: string;
  /** `'abc' is not an integer`. */
  reason: string;
}

/** What both requests say of the load. */
interface LoadOrder {
  source: SourceNode;
  /** Names of the columns to load, in this order; null for all declared ones. */
  columns: readonly string[] | null;
  /** The table to fill: made (or replaced) by the load, never the target itself. */
  into: Relation;
}

/** Find the files. Only reads: also done under --dry-run. */
export interface ListRequest extends LoadOrder {
  kind: 'list';
  /** With a ledger, what it says; files of state `changed` are part of the load only with `changed: 'append'`. */
  ledger: { loaded: readonly LoadedFile[]; changed: 'error' | 'append' | 'skip' } | null;
}

export interface ListAnswer {
  /** Every file found, in the order of names. */
  files: SourceFile[];
  /** The columns `into` will have, types in the engine's spelling. */
  columns: Column[];
  /** What the load runs, as far as it can be said before it runs; shown by --dry-run. */
  statements: string[];
  /** Hidden files and folders that were passed over. */
  hidden: number;
  /** For the user, one line each. */
  notices: string[];
}

/** Fill `into` from `files`. Writes; all or nothing, in a transaction of its own. */
export interface LoadRequest extends LoadOrder {
  kind: 'load';
  files: readonly SourceFile[];
  /** Of the list answer: `--dry-run` prints them and does not call the loader. */
  statements: readonly string[];
  /** How many rows may be left out (MAXERROR). */
  maxErrors: number;
  /** Count the rows of each file (a ledger is kept). */
  countRows: boolean;
}

export type LoadAnswer =
  | {
      loaded: true;
      rows: number;
      /** Rows by file name, when they were counted. */
      rowsByFile: Record<string, number>;
      /** MD5 of local files by file name, when a ledger is kept. */
      etags: Record<string, string>;
      /** Rows left out, at most `maxErrors`. */
      errors: LoadError[];
      /** For the user, one line each. */
      notices: string[];
    }
  /** Nothing was loaded and `into` does not exist. `complete`: every row was looked at, so these are all errors. */
  | { loaded: false; errors: LoadError[]; complete: boolean; engineMessage: string };

/** Write a query's rows as files, and put a table of the engine's own over them where the profile or model asks. */
export interface UnloadRequest {
  sql: string;
  /** Columns of the query. */
  columns: readonly Column[];
  /**
   * A folder, with a slash at its end: `s3://bucket/folder/`, or (where the capability `unloadsToDisk` is there)
   * relative to the project or absolute. Without a slash: one file.
   */
  location: string;
  format: 'parquet' | 'csv' | 'json';
  partitionBy: readonly string[];
  /** `insert_overwrite`: only partitions that the rows touch are replaced. Redshift's CLEANPATH does no other. */
  mode: 'overwrite' | 'insert_overwrite';
  /** Of the writer, e.g. `compression`. */
  options: Readonly<Record<string, string | number | boolean>>;
  /** Eight hex digits of the run, for names of its own. */
  runId: string;
  /** Name of the table over the files, and its schema where the model names one. */
  table: string;
  externalSchema: string | null;
  /** Where the model stands; the table over the files too, where the engine has no other place for it. */
  into?: Relation;
  /** Role where the model names one. */
  role: string | null;
  /** Only say what would be sent. */
  preview: boolean;
}

export interface UnloadAnswer {
  statements: string[];
  rows: number;
  files: number;
  /** Schema and name of the table over the files. */
  table: { schema: string; name: string } | null;
  /** A query over the files, where the engine has no tables over files: the plan makes the model's view of it. */
  view?: string;
  /** For the user, one line each. */
  notices?: string[];
  /** More partitions than a reader lists quickly: said as a warning. */
  manyPartitions?: string;
}

export type LoaderRequest = ListRequest | LoadRequest;
export type LoaderAnswer = ListAnswer | LoadAnswer;

/** What `--dry-run` answers in place of a load. */
export function dryRunAnswer(): LoadAnswer {
  return { loaded: true, rows: 0, rowsByFile: {}, etags: {}, errors: [], notices: [] };
}
