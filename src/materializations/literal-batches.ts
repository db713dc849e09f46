/** Rows cut into as many as a dialect takes in one statement of literals. */
import type { Dialect } from '../adapters/contract.ts';

type Row = readonly (string | null)[];

/** Bytes of `cast('…' as character varying(65535)), ` around a cell. */
const AROUND = 44;

/** Parts of `batches`, none of them empty; as they are where the dialect has no limits. Lazy. */
export function* literalBatches(
  batches: Iterable<readonly Row[]>,
  columns: number,
  { literalLimits }: Pick<Dialect, 'literalLimits'>,
): Generator<readonly Row[], undefined, undefined> {
  if (literalLimits === undefined) {
    for (const batch of batches) yield batch;
    return;
  }
  const most = Math.max(1, Math.floor(literalLimits.cells / Math.max(1, columns)));
  for (const batch of batches) {
    let part: Row[] = [];
    let bytes = 0;
    for (const row of batch) {
      const size = row.reduce((sum, cell) => sum + AROUND + (cell === null ? 0 : Buffer.byteLength(cell)), 0);
      if (part.length > 0 && (part.length >= most || bytes + size > literalLimits.bytes)) {
        yield part;
        part = [];
        bytes = 0;
      }
      part.push(row);
      bytes += size;
    }
    if (part.length > 0) yield part;
  }
}
