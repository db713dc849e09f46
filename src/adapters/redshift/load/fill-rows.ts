/** Many rows into a table by COPY: written as CSV objects below the profile's `s3_staging_dir`. */
import { randomBytes } from 'node:crypto';
import type { RowsOrder, Session } from '../../contract.ts';
import { copyOptions } from '../../shared/copy/copy-options.ts';
import { type CopyOrder, copyStatement } from './copy-statement.ts';
import { manifestText } from './load-order.ts';
import type { LoaderContext } from './loader.ts';
import { StagingArea } from './staging-area.ts';

/** Fewer rows are inserted about as soon as objects are written, read and deleted. */
const WORTH_IT = 1_000;
/** Characters of one object: several are read at once by the slices of a cluster. */
const OBJECT_SIZE = 16 * 1024 * 1024;

/** To be a driver's `fillRows`. Answers false where the profile names no bucket, or where the rows are few. */
export async function fillByCopy(
  order: RowsOrder,
  session: Session,
  context: LoaderContext,
): Promise<boolean> {
  if (order.rowCount < WORTH_IT) return false;
  const name = `${order.into.identifier ?? 'rows'}-${randomBytes(4).toString('hex')}`;
  const staging = await StagingArea.open(
    { settings: context.settings, invocation: context.files.invocation },
    name,
  );
  if (staging === undefined) return false;
  // no text of a file is this one
  const nullText = `sq-null-${randomBytes(8).toString('hex')}`;
  try {
    const urls: string[] = [];
    for (const text of csvTexts(order.batches, nullText))
      urls.push(await staging.put(`rows-${urls.length + 1}.csv`, text));
    const from = await staging.put('manifest', manifestText(urls, []));
    await session.execute(
      copyStatement({ ...statementParts(order, nullText), from, role: context.settings.copyIamRole }),
    );
    return true;
  } finally {
    await staging.clear();
  }
}

function statementParts({ into, columns }: RowsOrder, nullText: string): Omit<CopyOrder, 'from' | 'role'> {
  const options = copyOptions({ timeformat: 'auto', dateformat: 'auto', null_as: nullText });
  if ('option' in options) throw new Error(options.message);
  return {
    into,
    columns: columns.map(({ name }) => name.toLowerCase()),
    manifest: true,
    format: 'csv',
    json: '',
    options,
    gzip: false,
    maxErrors: 0,
  };
}

function* csvTexts(batches: RowsOrder['batches'], nullText: string): Generator<string> {
  let parts: string[] = [];
  let size = 0;
  for (const batch of batches) {
    for (const row of batch) {
      const line = `${row.map((cell) => (cell === null ? nullText : `"${cell.replaceAll('"', '""')}"`)).join(',')}\n`;
      parts.push(line);
      size += line.length;
    }
    if (size < OBJECT_SIZE) continue;
    yield parts.join('');
    parts = [];
    size = 0;
  }
  if (parts.length > 0) yield parts.join('');
}
