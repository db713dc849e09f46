/** What a text format must say so that its files can be loaded and its bad rows found. */

import type { LocalFile } from '../../shared/files/local-file.ts';
import type { RecordReader } from './bad-rows.ts';

export interface TextFormat {
  /**
   * Queries that together give `t1, t2, ...` (and FILE_COLUMN) of files that the engine reads itself. `pack` is a
   * file that holds small files, one record a line.
   */
  texts(files: readonly LocalFile[], options: { pack?: string; withFile: boolean }): string[];
  /** The same of a file of records as the reader gives them, one a line. */
  recordTexts(path: string, withFile: boolean): string;
  /** `id, t1, t2, ...` of records `{"i": id, "r": record}` of `from`. */
  checkTexts(from: string): string;
  reader(): RecordReader;
}
