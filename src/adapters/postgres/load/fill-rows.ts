/** Many rows into a table by COPY FROM STDIN, streamed: what is held of them is a few hundred kilobytes. */
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { renderRelation } from '../../../manifest/relation.ts';
import type { RowsOrder } from '../../contract.ts';
import type { PgSession } from '../../shared/pg/pg-session.ts';
import { copyText } from './copy-text.ts';

/** Rows are sent in pieces of about this many characters. */
const CHUNK = 256 * 1024;

/** To be a driver's `fillRows`. A value that its column does not take is the server's error, which quotes it. */
export async function fillByCopy({ into, columns, batches }: RowsOrder, session: PgSession): Promise<true> {
  const names = columns.map(({ name }) => `"${name.replaceAll('"', '""')}"`).join(', ');
  const sql = `copy ${renderRelation({ ...into, database: null })} (${names}) from stdin`;
  await session.exclusive(sql, async (client) => {
    const { from } = await import('pg-copy-streams');
    await pipeline(Readable.from(chunks(batches)), client.query(from(sql)));
  });
  return true;
}

function* chunks(batches: RowsOrder['batches']): Generator<string> {
  let chunk = '';
  for (const batch of batches) {
    for (const row of batch) {
      chunk += `${row.map((cell) => (cell === null ? '\\N' : copyText(cell))).join('\t')}\n`;
      if (chunk.length < CHUNK) continue;
      yield chunk;
      chunk = '';
    }
  }
  if (chunk !== '') yield chunk;
}
