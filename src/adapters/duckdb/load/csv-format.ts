/** CSV files: fields by position. */
import type { ExternalSource } from '../../shared/copy/external-source.ts';
import { CsvRecords } from '../../shared/records/csv-records.ts';
import { jsonReader, RECORD_ID } from './json-format.ts';
import { type JsonColumn, jsonTexts } from './json-texts.ts';
import { fileList, literal } from './spelling.ts';
import { FILE_COLUMN } from './text-columns.ts';
import type { TextFormat } from './text-format.ts';

/** COPY's own text for NULL. */
const NULL_TEXT = '\\N';

/** `positions`: which field of a record each column of the load is, from 0; the source's columns are all fields. */
export function csvFormat(
  source: Pick<ExternalSource, 'options' | 'columns'>,
  positions: readonly number[],
): TextFormat {
  const { options, columns } = source;
  const json: JsonColumn[] = positions.map((position) => ({ family: 'text', paths: [[position]] }));
  const file = `filename as ${FILE_COLUMN}`;
  return {
    texts(files, { withFile }) {
      const fields = [
        ...positions.map((position, i) => `f${position + 1} as t${i + 1}`),
        ...(withFile ? [file] : []),
      ];
      const compressed = (name: string) => options.gzip || name.endsWith('.gz');
      const groups = [
        files.filter(({ name }) => !compressed(name)),
        files.filter(({ name }) => compressed(name)),
      ];
      return groups.flatMap((group, i) =>
        group.length === 0
          ? []
          : [
              `select ${fields.join(', ')}\nfrom ${csvReader(source, fileList(group.map(({ path }) => path)), { gzip: i === 1, withFile })}`,
            ],
      );
    },
    recordTexts: (path, withFile) =>
      jsonTexts(json, {
        from: jsonReader(fileList([path]), 'newline_delimited', { gzip: false, withFile }),
        extra: withFile ? [file] : [],
        objects: false,
      }),
    checkTexts: (from) => jsonTexts(json, { from, extra: [RECORD_ID], prefix: ['r'], objects: false }),
    reader: () =>
      new CsvRecords({
        delimiter: options.delimiter,
        quote: options.quote,
        header: options.ignoreheader,
        fields: columns.length,
        fill: options.fillrecord,
        nullText: options.nullAs ?? NULL_TEXT,
        mark: options.acceptinvchars,
      }),
  };
}

/** The table function that gives the fields `f1, f2, ...` as texts. */
export function csvReader(
  { options, columns }: Pick<ExternalSource, 'options' | 'columns'>,
  list: string,
  { gzip, withFile }: { gzip: boolean; withFile: boolean },
): string {
  const settings = [
    'auto_detect = false',
    'header = false',
    `skip = ${options.ignoreheader}`,
    `delim = ${literal(options.delimiter)}`,
    `quote = ${literal(options.quote)}`,
    `escape = ${literal(options.quote)}`,
    `nullstr = ${literal(options.nullAs ?? NULL_TEXT)}`,
    `columns = {${columns.map((_, i) => `f${i + 1}: 'VARCHAR'`).join(', ')}}`,
    ...(options.fillrecord ? ['null_padding = true', 'parallel = false'] : []),
    ...(gzip ? ["compression = 'gzip'"] : []),
    ...(withFile ? ['filename = true'] : []),
  ];
  return `read_csv(${list}, ${settings.join(', ')})`;
}
