/** COPY … TO: the rows of a query as files of the lake. */
import type { Column } from '../../../manifest/column.ts';
import type { UnloadRequest } from '../../loader-contract.ts';
import { literal, quoted } from '../load/spelling.ts';
import { globText } from './glob-text.ts';

/** Files that are being written end so: no reader of `*.parquet` finds them, wherever they stand. */
export const UNFINISHED = 'sqpart';

type Order = Pick<UnloadRequest, 'sql' | 'columns' | 'format' | 'partitionBy' | 'options'>;

/** `path`: a folder that is not there yet; without partitions a file. */
export function copyToStatement(order: Order, path: string): string {
  const { format, partitionBy, options } = order;
  const split = partitionBy.length > 0;
  const settings = [
    ...formatSettings(format, split),
    ...Object.entries(options).map(
      ([name, value]) => `${name} ${typeof value === 'string' ? literal(value) : value}`,
    ),
    ...(split
      ? [
          `partition_by (${partitionBy.map(quoted).join(', ')})`,
          `file_extension '${UNFINISHED}'`,
          // NULL and the text that its folder is called by meet in one folder: the second file must not take the place of the first
          "filename_pattern 'data_{uuid}'",
        ]
      : []),
    ...(format === 'parquet' ? ['return_stats'] : []),
  ];
  return `copy (\n${rows(order)}\n) to ${literal(path)} (${settings.join(', ')})`;
}

/** JSON in partitions is beyond COPY: each row becomes its text first, and the text one column of a "CSV" without quotes. */
function formatSettings(format: UnloadRequest['format'], split: boolean): string[] {
  if (format === 'csv') return ['format csv', 'header true'];
  if (format === 'json' && split)
    return ['format csv', 'header false', "quote ''", "escape ''", "delimiter ''"];
  return [`format ${format}`];
}

/** In the order of partitions: otherwise every thread writes a file of its own into each. */
function rows({ sql, columns, format, partitionBy }: Order): string {
  const body = `(\n${sql.trim().replace(/;\s*$/, '')}\n) as sq_rows`;
  const packed = inFiles(columns, partitionBy).map(({ name, dataType }) => ({
    name: quoted(name),
    value: isTextInJson(dataType) ? `cast(${quoted(name)} as varchar)` : quoted(name),
  }));
  if (partitionBy.length === 0) {
    if (format !== 'json') return `select * from ${body}`;
    return `select ${packed.map(({ name, value }) => (name === value ? name : `${value} as ${name}`)).join(', ')} from ${body}`;
  }
  const keys = partitionBy.map(quoted).join(', ');
  const order = `order by ${keys}`;
  if (format !== 'json') return `select * from ${body} ${order}`;
  return `select ${keys}, cast(to_json(struct_pack(${packed.map(({ name, value }) => `${name} := ${value}`).join(', ')})) as varchar) as sq_json from ${body} ${order}`;
}

/** Values of partition columns stand in the names of folders, and nowhere else. */
export function inFiles(columns: readonly Column[], partitionBy: readonly string[]): Column[] {
  const keys = partitionBy.map((key) => key.toLowerCase());
  return columns.filter(({ name }) => !keys.includes(name.toLowerCase()));
}

/** JSON readers take every number for a double, and JSON has no bytes: these are written as texts. */
export function isTextInJson(dataType: string): boolean {
  const digits = /^(?:decimal|numeric)\((\d+)/i.exec(dataType)?.[1];
  if (digits !== undefined) return Number(digits) > 15;
  return /^(decimal|numeric|hugeint|uhugeint|blob|bit|interval)/i.test(dataType);
}

/** Several files of one partition as one; null: they can be put one behind the other as they are. */
export function mergeStatement(
  { columns, format, partitionBy, options }: Order,
  paths: readonly string[],
  into: string,
): string | null {
  const list = `[${paths.map((path) => literal(globText(path))).join(', ')}]`;
  if (format === 'json') return null;
  if (format === 'csv') {
    const texts = inFiles(columns, partitionBy).map(({ name }) => `${literal(name)}: 'varchar'`);
    return `copy (select * from read_csv(${list}, columns = {${texts.join(', ')}}, ${CSV_READING}, hive_partitioning = false)) to ${literal(into)} (format csv, header true)`;
  }
  const settings = Object.entries(options).map(
    ([name, value]) => `, ${name} ${typeof value === 'string' ? literal(value) : value}`,
  );
  return `copy (select * from read_parquet(${list}, hive_partitioning = false)) to ${literal(into)} (format parquet${settings.join('')}, return_stats)`;
}

/** How the CSV that COPY writes is read back: `""` is the empty text, nothing is NULL. */
export const CSV_READING =
  "header = true, auto_detect = false, delim = ',', quote = '\"', escape = '\"', allow_quoted_nulls = false";
