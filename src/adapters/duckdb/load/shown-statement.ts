/** The statement of a load as people see it: file names as the author writes them, and not fifteen thousand. */
import type { Relation } from '../../../manifest/relation.ts';
import { renderRelation } from '../../../manifest/relation.ts';
import type { ExternalColumn, ExternalSource } from '../../shared/copy/external-source.ts';
import type { JsonPath } from '../../shared/copy/json-path.ts';
import { csvReader } from './csv-format.ts';
import { jsonReader } from './json-format.ts';
import { declaredPlaces } from './json-places.ts';
import { jsonTexts } from './json-texts.ts';
import { parquetRows } from './parquet-load.ts';
import { literal } from './spelling.ts';
import { FILE_COLUMN, loadQuery } from './text-columns.ts';

/** Longer lists are shown by their first name, their last, and how many stand between. */
const SHOWN_FILES = 5;

export interface ShownLoad {
  source: ExternalSource;
  columns: readonly ExternalColumn[];
  paths: readonly JsonPath[] | undefined;
  files: readonly string[];
  into: Relation;
  withFile: boolean;
}

export function shownStatement({ files, into, ...load }: ShownLoad): string {
  return `create or replace table ${renderRelation(into)} as\n${sourceQuery(load, shownList(files))}`;
}

/** The query that gives the source's rows; `list` is an SQL expression for the files. */
export function sourceQuery(
  { source, columns, paths, withFile }: Omit<ShownLoad, 'files' | 'into'>,
  list: string,
): string {
  const positions = columns.map((column) => source.columns.indexOf(column));
  if (source.format === 'parquet') return parquetRows(source, { positions, list, facts: withFile });
  return loadQuery(
    columns,
    source.options,
    [textQuery({ source, columns, paths, withFile }, positions, list)],
    withFile,
  );
}

function textQuery(
  { source, columns, paths, withFile }: Omit<ShownLoad, 'files' | 'into'>,
  positions: readonly number[],
  list: string,
): string {
  const { options } = source;
  const file = `filename as ${FILE_COLUMN}`;
  if (source.format === 'csv') {
    const fields = [
      ...positions.map((position, i) => `f${position + 1} as t${i + 1}`),
      ...(withFile ? [file] : []),
    ];
    return `select ${fields.join(', ')}\nfrom ${csvReader(source, list, { gzip: options.gzip, withFile })}`;
  }
  const places = declaredPlaces(source, columns, paths);
  return jsonTexts(
    columns.map(({ type }, i) => ({ family: type.family, paths: places[i] ?? [] })),
    {
      from: jsonReader(list, 'newline_delimited', { gzip: options.gzip, withFile }),
      extra: withFile ? [file] : [],
      objects: true,
    },
  );
}

function shownList(names: readonly string[]): string {
  if (names.length <= SHOWN_FILES) return `[${names.map(literal).join(', ')}]`;
  const first = literal(names[0] as string);
  const last = literal(names.at(-1) as string);
  return `[${first}, /* ${(names.length - 2).toLocaleString('en')} more files */ ${last}]`;
}
