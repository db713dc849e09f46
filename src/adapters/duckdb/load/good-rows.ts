/** A copy of files without the rows that cannot be loaded, one record a line. */
import { closeSync, openSync, writeSync } from 'node:fs';
import type { LocalFile } from '../../shared/files/local-file.ts';
import { lineBlocks } from '../../shared/records/file-lines.ts';
import type { RecordReader } from './bad-rows.ts';

export interface GoodRowsOptions {
  files: readonly LocalFile[];
  gzip: boolean;
  reader(): RecordReader;
  /** Numbers of the records to leave out, by file. */
  leaveOut: ReadonlyMap<string, ReadonlySet<number>>;
  /** The file to write. */
  target: string;
}

/** Answers how many records of each file were kept. */
export async function writeGoodRows({
  files,
  gzip,
  reader,
  leaveOut,
  target,
}: GoodRowsOptions): Promise<Map<string, number>> {
  const kept = new Map<string, number>();
  const descriptor = openSync(target, 'w');
  try {
    for (const file of files) {
      const records = reader();
      const out = leaveOut.get(file.name);
      let number = 0;
      let count = 0;
      const write = (found: ReturnType<RecordReader['push']>) => {
        const lines: string[] = [];
        for (const record of found) {
          if (record.json !== undefined && !out?.has(number)) lines.push(record.json);
          number += 1;
        }
        count += lines.length;
        if (lines.length > 0) writeSync(descriptor, `${lines.join('\n')}\n`);
      };
      for await (const lines of lineBlocks(file, gzip || file.name.endsWith('.gz')))
        write(records.push(lines));
      write(records.end());
      kept.set(file.name, count);
    }
  } finally {
    closeSync(descriptor);
  }
  return kept;
}
