/** An external model whose location is one file: written beside, then put in its place by a rename. */
import { mkdirSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { SqError } from '../../../errors.ts';
import type { Session } from '../../contract.ts';
import type { UnloadAnswer, UnloadRequest } from '../../loader-contract.ts';
import { absolutePath } from '../../shared/files/location.ts';
import { copyToStatement, UNFINISHED } from './copy-to.ts';
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
  const view = lakeQuery(order, path);
  if (order.preview) return { statements: [statement], rows: 0, files: 0, table: null, view };
  try {
    mkdirSync(dirname(path), { recursive: true });
    const { columns, rows } = await session.query(statement);
    const counted = columns[0]?.name === 'filename' ? rows.map((row) => row[1]) : [rows[0]?.[0]];
    renameSync(beside, path);
    const all = counted.reduce<number>((sum, count) => sum + Number(count ?? 0), 0);
    return { statements: [statement], rows: all, files: 1, table: null, view };
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (code === undefined || !/^E[A-Z]+$/.test(code)) throw cause;
    throw new SqError({
      kind: 'Runtime',
      code: 'lake-disk',
      message: `${order.location} cannot be written: ${message}.`,
      hint: 'location must name a file in a folder in which sq may write',
      cause,
    });
  } finally {
    rmSync(beside, { force: true });
  }
}
