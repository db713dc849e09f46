/** The columns of JSON records as texts. */
import type { DeclaredType } from '../../shared/copy/declared-type.ts';
import { type JsonPath, jsonPointer } from '../../shared/copy/json-path.ts';
import { literal } from './spelling.ts';

export interface JsonColumn {
  /** JSON where the column holds any JSON value as it is; the rest are texts. */
  family: DeclaredType['family'];
  /** Where the value may stand: the first place that holds something counts. None: always NULL. */
  paths: readonly JsonPath[];
}

export interface JsonTextsOptions {
  /** Gives a column `json`, one record a row. */
  from: string;
  /** Further columns to give, as expressions over `from`. */
  extra?: readonly string[];
  /** Where in the record the object stands. */
  prefix?: JsonPath;
  /** Anything but an object is an error. */
  objects: boolean;
}

/** A query that gives `extra` and `t1, t2, ...`. One call reads all places of a record: it is parsed once. */
export function jsonTexts(
  columns: readonly JsonColumn[],
  { from, extra = [], prefix = [], objects }: JsonTextsOptions,
): string {
  const texts: string[] = [];
  const documents: string[] = [];
  const place = (list: string[], path: JsonPath) => list.push(literal(jsonPointer([...prefix, ...path])));
  const values = columns.map(({ family, paths }) => {
    const places = paths.map((path) =>
      family === 'json'
        ? `documents[${place(documents, path)}]`
        : asWritten(family, path, `texts[${place(texts, path)}]`),
    );
    if (places.length === 0) return 'null::varchar';
    return places.length === 1 ? (places[0] as string) : `coalesce(${places.join(', ')})`;
  });
  const lists = [
    ...extra,
    'json',
    ...(texts.length === 0 ? [] : [`json_extract_string(json, [${texts.join(', ')}]) as texts`]),
    ...(documents.length === 0 ? [] : [`json_extract(json, [${documents.join(', ')}]) as documents`]),
  ];
  const guard = objects ? " where starts_with(json, '{') or error('a record is not an object')" : '';
  const named = [
    ...extra.map((sql) => sql.split(' as ').at(-1)),
    ...values.map((text, i) => `${text} as t${i + 1}`),
  ];
  return `select ${named.join(', ')}\nfrom (select ${lists.join(', ')} from ${from}${guard})`;
}

/**
 * A number in a column of text is loaded as written, but DuckDB gives 1.10 as '1.1' and 1e5 as '100000.0'. Where
 * a text looks like such a number, it is taken from the record's own text, if what stands there is that number.
 */
function asWritten(family: DeclaredType['family'], path: JsonPath, text: string): string {
  const key = path.at(-1);
  if (family !== 'text' || typeof key !== 'string' || !/^[\w -]+$/.test(key)) return text;
  const raw = `regexp_extract(json, ${literal(`"${key}"\\s*:\\s*(-?[0-9][0-9.eE+-]*)`)}, 1)`;
  return `case when ${text} >= '-' and ${text} < ':' and regexp_full_match(${text}, '-?[0-9]+[.][0-9]+(e[+-]?[0-9]+)?') and try_cast(${raw} as double) = ${text}::double then ${raw} else ${text} end`;
}
