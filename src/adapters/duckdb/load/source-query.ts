/** The rows of a source in one query over all its files: read directly, or shown by --dry-run. */
import type { ExternalColumn, ExternalSource } from '../../shared/copy/external-source.ts';
import type { JsonPath } from '../../shared/copy/json-path.ts';
import { declaredPlaces } from '../../shared/copy/json-places.ts';
import { csvReader } from './csv-format.ts';
import { type JsonLayout, jsonReader } from './json-format.ts';
import { jsonTexts } from './json-texts.ts';
import { parquetRows } from './parquet-load.ts';
import { FILE_COLUMN, loadQuery } from './text-columns.ts';

export interface SourceRead {
  source: ExternalSource;
  columns: readonly ExternalColumn[];
  /** Of the JSONPaths file. */
  paths: readonly JsonPath[] | undefined;
  /** FILE_COLUMN is wanted. */
  withFile: boolean;
  /** Of JSON files; default: one object a line. */
  layout?: JsonLayout;
}

/** `list` is an SQL expression for the files. */
export function sourceQuery(read: SourceRead, list: string): string {
  const { source, columns, withFile } = read;
  const positions = columns.map((column) => source.columns.indexOf(column));
  if (source.format === 'parquet') return parquetRows(source, { positions, list, facts: withFile });
  const texts = source.format === 'csv' ? csvTexts(read, positions, list) : jsonRows(read, list);
  return loadQuery(columns, source.options, [texts], withFile);
}

function csvTexts({ source, withFile }: SourceRead, positions: readonly number[], list: string): string {
  const fields = positions.map((position, i) => `f${position + 1} as t${i + 1}`);
  if (withFile) fields.push(`filename as ${FILE_COLUMN}`);
  return `select ${fields.join(', ')}\nfrom ${csvReader(source, list, { gzip: source.options.gzip, withFile })}`;
}

function jsonRows(
  { source, columns, paths, withFile, layout = 'newline_delimited' }: SourceRead,
  list: string,
): string {
  const places = declaredPlaces(source, columns, paths);
  return jsonTexts(
    columns.map(({ type }, i) => ({ family: type.family, paths: places[i] ?? [] })),
    {
      from: jsonReader(list, layout, { gzip: source.options.gzip, withFile }),
      extra: withFile ? [`filename as ${FILE_COLUMN}`] : [],
      objects: true,
    },
  );
}
