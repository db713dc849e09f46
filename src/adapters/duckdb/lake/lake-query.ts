/** The query over files of the lake that the model's view is made of. */
import type { UnloadRequest } from '../../loader-contract.ts';
import { literal, quoted } from '../load/spelling.ts';
import { CSV_READING, inFiles, isTextInJson } from './copy-to.ts';
import { hiveTypes, isCastFromName, isKey } from './partition-keys.ts';

/** `files`: a pattern or a file; undefined where there is none, which no reader function accepts. */
export function lakeQuery(
  { columns, format, partitionBy }: Pick<UnloadRequest, 'columns' | 'format' | 'partitionBy'>,
  files: string | undefined,
): string {
  if (files === undefined) {
    const nothing = columns.map(({ name, dataType }) => `cast(null as ${dataType}) as ${quoted(name)}`);
    return `select ${nothing.join(', ')} where false`;
  }
  const named = columns.map(({ name, dataType }) => {
    const text = isKey(name, partitionBy)
      ? isCastFromName(dataType)
      : format === 'json' && isTextInJson(dataType);
    return text ? `cast(${quoted(name)} as ${dataType}) as ${quoted(name)}` : quoted(name);
  });
  const types = inFiles(columns, partitionBy).map(({ name, dataType }) => {
    const type = format === 'json' && isTextInJson(dataType) ? 'varchar' : dataType;
    return `${literal(name)}: ${literal(type)}`;
  });
  const reading = {
    parquet: [],
    csv: [`columns = {${types.join(', ')}}`, CSV_READING],
    json: [`columns = {${types.join(', ')}}`, "format = 'newline_delimited'"],
  }[format];
  const hive =
    partitionBy.length === 0
      ? ['hive_partitioning = false']
      : ['hive_partitioning = true', hiveTypes({ columns, partitionBy })];
  return `select ${named.join(', ')} from read_${format}(${[literal(files), ...reading, ...hive].join(', ')})`;
}
