/** Columns whose values are names of folders: which can be, how a reader gets them back, which values cannot. */
import { SqError } from '../../../errors.ts';
import type { Column } from '../../../manifest/column.ts';
import type { UnloadRequest } from '../../loader-contract.ts';
import { literal } from '../load/spelling.ts';

type Keys = Pick<UnloadRequest, 'columns' | 'partitionBy'>;

/** Lists, structs and bytes have no text that a reader would make them of again. */
const NO_NAME = /\[\d*\]$|^(struct|map|union|variant|blob|bit|geometry)\b/i;
const ENUM = /^enum\b/i;

export function isKey(name: string, partitionBy: readonly string[]): boolean {
  return partitionBy.some((key) => key.toLowerCase() === name.toLowerCase());
}

/** Throws SqError kind Compilation for a column that cannot name folders, before anything is written. */
export function refuseUnnamable({ columns, partitionBy, table }: Keys & { table: string }): void {
  const wrong = keysOf({ columns, partitionBy }).find(({ dataType }) => NO_NAME.test(dataType));
  if (wrong === undefined) return;
  throw new SqError({
    kind: 'Compilation',
    code: 'lake-partition',
    message: `partition_by of ${table} names '${wrong.name}', and values of type ${wrong.dataType} cannot name folders.`,
    hint: 'partition by a text, a number, a date or a moment',
  });
}

/** Throws SqError for a folder whose value readers take for NULL, before anything is published. */
export function refuseNullText(partition: string, table: string): void {
  const [, column, value] = /(?:^|\/)([^/=]+)=(null)(?:\/|$)/i.exec(partition) ?? [];
  if (column === undefined) return;
  throw new SqError({
    kind: 'Runtime',
    code: 'lake-partition',
    message: `Column ${column} of ${table} holds the text '${value}', and readers of a folder ${column}=${value} take it for NULL. Nothing was replaced.`,
    hint: `give it another word in the query, or make it NULL: nullif(${column}, '${value}')`,
  });
}

/** `hive_types` of a reader; the types are texts because `decimal(38,2)` is no word. */
export function hiveTypes(keys: Keys): string {
  const types = keysOf(keys).map(
    ({ name, dataType }) => `${literal(name)}: ${literal(ENUM.test(dataType) ? 'VARCHAR' : dataType)}`,
  );
  return `hive_types = {${types.join(', ')}}`;
}

/** True for a type that a reader of folders does not know: read as text, and cast. */
export function isCastFromName(dataType: string): boolean {
  return ENUM.test(dataType);
}

function keysOf({ columns, partitionBy }: Keys): Column[] {
  return columns.filter(({ name }) => isKey(name, partitionBy));
}
