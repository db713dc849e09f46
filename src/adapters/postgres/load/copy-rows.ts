/** Rows of files in COPY's text form. */
import { FileRows, RefusedRows, type RowsOrder } from '../../shared/copy/file-rows.ts';
import { copyText } from './copy-text.ts';

export { RefusedRows };

/** Rows are sent in pieces of about this many characters. */
const CHUNK = 256 * 1024;

export class CopyRows extends FileRows {
  constructor(order: Omit<RowsOrder, 'refuseZero'>) {
    super({ ...order, refuseZero: 'PostgreSQL' });
  }

  async *chunks(): AsyncGenerator<string> {
    let chunk = '';
    for await (const row of this.rows()) {
      if (this.refused) continue;
      chunk += `${row.map((cell) => (cell === null ? '\\N' : copyText(cell))).join('\t')}\n`;
      if (chunk.length < CHUNK) continue;
      yield chunk;
      chunk = '';
    }
    if (this.refused) throw new RefusedRows();
    if (chunk !== '') yield chunk;
  }
}
