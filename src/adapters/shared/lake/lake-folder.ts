/** A folder of the lake, on this disk or on an object store: what replacing files in it takes. */
import type { LakeFile } from './lake-manifest.ts';

export interface LakeFolder {
  /** As messages name it, with a slash at the end. */
  readonly shown: string;
  /**
   * True where a new file takes the place of an old one of the same name at once (rename). False where readers list
   * names: new names are put first, the old ones go after.
   */
  readonly replacesInPlace: boolean;
  /** Text of a small file; undefined where there is none. */
  read(path: string): Promise<string | undefined>;
  /** On an object store throws SqError code `lake-taken` where another run has written since this one read. */
  write(path: string, text: string): Promise<void>;
  /** The nearest folder above it that is a model's own, as messages name it. */
  above(): Promise<string | undefined>;
  /** Data files below the folder and their sizes; what begins with . or _ is none. */
  list(): Promise<Map<string, number>>;
  /** Moves files of this disk into the folder, under their paths. */
  place(files: readonly { from: string; file: LakeFile }[]): Promise<void>;
  /** Deletes files, and local folders that are empty then. What is gone already is no error. */
  remove(paths: readonly string[]): Promise<void>;
  /** Lets go of connections. */
  close(): void;
}
