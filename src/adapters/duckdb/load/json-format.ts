/** JSON files: objects one after another. */
import { closeSync, openSync, readSync } from 'node:fs';
import type { ExternalColumn, ExternalSource } from '../../shared/copy/external-source.ts';
import type { JsonPlaces } from '../../shared/copy/json-places.ts';
import type { LocalFile } from '../../shared/files/local-file.ts';
import { JsonRecords } from '../../shared/records/json-records.ts';
import { type JsonColumn, jsonTexts } from './json-texts.ts';
import { fileList } from './spelling.ts';
import { FILE_COLUMN } from './text-columns.ts';
import type { TextFormat } from './text-format.ts';

const FIRST_BYTES = 64 * 1024;
/** One object a line, which several threads can read, or objects spread over lines. */
export type JsonLayout = 'newline_delimited' | 'unstructured';

export function jsonFormat(
  source: Pick<ExternalSource, 'options'>,
  columns: readonly ExternalColumn[],
  places: JsonPlaces,
): TextFormat {
  const { options } = source;
  const json: JsonColumn[] = columns.map(({ type }, i) => ({ family: type.family, paths: places[i] ?? [] }));
  const query = (
    list: string,
    layout: JsonLayout,
    { gzip, withFile }: { gzip: boolean; withFile: boolean },
  ) =>
    jsonTexts(json, {
      from: jsonReader(list, layout, { gzip, withFile }),
      extra: withFile ? [`filename as ${FILE_COLUMN}`] : [],
      objects: true,
    });
  const lines = (path: string, withFile: boolean) =>
    query(fileList([path]), 'newline_delimited', { gzip: false, withFile });
  return {
    texts(files, { pack, withFile }) {
      const groups: Record<JsonLayout, string[]> = { newline_delimited: [], unstructured: [] };
      for (const file of files) groups[layoutOf(file, options.gzip)].push(file.path);
      const texts = pack === undefined ? [] : [lines(pack, withFile)];
      for (const layout of ['newline_delimited', 'unstructured'] as const) {
        if (groups[layout].length > 0)
          texts.push(query(fileList(groups[layout]), layout, { gzip: options.gzip, withFile }));
      }
      return texts;
    },
    recordTexts: lines,
    checkTexts: (from) => jsonTexts(json, { from, extra: [RECORD_ID], prefix: ['r'], objects: false }),
    reader: () => new JsonRecords(options.acceptinvchars),
  };
}

/** Number of a record among `{"i": number, "r": record}`. */
export const RECORD_ID = "json_extract_string(json, '/i')::bigint as id";

/** The table function that gives a column `json`, one record a row. */
export function jsonReader(
  list: string,
  layout: JsonLayout,
  { gzip, withFile }: { gzip: boolean; withFile: boolean },
): string {
  const settings = [
    `format = '${layout}'`,
    ...(gzip ? ["compression = 'gzip'"] : []),
    ...(withFile ? ['filename = true'] : []),
  ];
  return `read_json_objects(${list}, ${settings.join(', ')})`;
}

/**
 * One object a line can be read by several threads; objects over several lines cannot. What the first line says
 * is not believed blindly: a file that turns out otherwise is refused by the engine, and searched.
 */
export function layoutOf(file: LocalFile, gzip: boolean): JsonLayout {
  if (gzip || file.name.endsWith('.gz')) return 'newline_delimited';
  const descriptor = openSync(file.path, 'r');
  try {
    const start = Buffer.allocUnsafe(FIRST_BYTES);
    const text = start.toString('latin1', 0, readSync(descriptor, start, 0, FIRST_BYTES, 0));
    const end = text.indexOf('\n');
    const first = (end < 0 ? text : text.slice(0, end)).trim();
    // a line that is longer than what was read is no pretty-printed object
    return (end < 0 && text.length === FIRST_BYTES) || (first.startsWith('{') && first.endsWith('}'))
      ? 'newline_delimited'
      : 'unstructured';
  } finally {
    closeSync(descriptor);
  }
}
