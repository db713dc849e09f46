/** An external model whose location is one file: written beside, then put in its place by a rename. */
import { renameSync, rmSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import type { Session } from '../../contract.ts';
import type { UnloadAnswer, UnloadRequest } from '../../loader-contract.ts';
import { absolutePath } from '../../shared/files/location.ts';
import { diskError, engineDiskError, makeFolder } from '../../shared/lake/disk-error.ts';
import { folderAbove } from '../../shared/lake/local-folder.ts';
import { insideOther } from '../../shared/lake/replace-files.ts';
import { copyToStatement, UNFINISHED } from './copy-to.ts';
import { globText } from './glob-text.ts';
import { lakeQuery } from './lake-query.ts';
import type { UnloadContext } from './unload.ts';

export async function writeOneFile(
  order: UnloadRequest,
  session: Session,
  { projectDir }: UnloadContext,
): Promise<UnloadAnswer> {
  const path = resolve(absolutePath(projectDir, order.location));
  const beside = join(dirname(path), `.${basename(path)}.${order.runId}.${UNFINISHED}`);
  const statement = copyToStatement(order, beside);
  const view = lakeQuery(order, globText(path));
  if (order.preview) return { statements: [statement], rows: 0, files: 0, table: null, view };
  const above = folderAbove(path);
  if (above !== undefined) throw insideOther(order.location, above);
  try {
    makeFolder(dirname(path));
    const { columns, rows } = await session.query(statement);
    const counted = columns[0]?.name === 'filename' ? rows.map((row) => row[1]) : [rows[0]?.[0]];
    renameSync(beside, path);
    const all = counted.reduce<number>((sum, count) => sum + Number(count ?? 0), 0);
    return { statements: [statement], rows: all, files: 1, table: null, view };
  } catch (cause) {
    const { code = '' } = cause as NodeJS.ErrnoException;
    throw /^E[A-Z]+$/.test(code)
      ? diskError(order.location, cause)
      : (engineDiskError(cause, { shown: order.location, path: beside }) ?? cause);
  } finally {
    rmSync(beside, { force: true });
  }
}
