/** An external source of sq's own shape (decision 18), read and checked. */
import { nearest, SqError } from '../../../errors.ts';
import type { ExternalTable, SourceNode } from '../../../manifest/nodes.ts';
import { type CopyOptions, copyOptions } from './copy-options.ts';
import { type DeclaredType, declaredType, declaredTypeNames } from './declared-type.ts';
import { type JsonPath, parseJsonPath } from './json-path.ts';
import { sourcePlace } from './source-place.ts';

export const FORMATS = ['json', 'csv', 'parquet'] as const;
export type Format = (typeof FORMATS)[number];

export interface ExternalColumn {
  name: string;
  type: DeclaredType;
  /** From `path`; only where it is declared. */
  path?: JsonPath;
}

export interface ExternalSource {
  /** `raw.events`. */
  name: string;
  location: string;
  format: Format;
  /** A `file` is positional: its first path fills the first column. */
  jsonpaths: 'auto' | 'auto_ignorecase' | 'generate' | { file: string };
  options: CopyOptions;
  /** As declared, in order. */
  columns: ExternalColumn[];
  /** An error of this source: kind Compilation, at the place of `keys` below the table in its property file. */
  problem(code: string, keys: readonly string[], message: string, hint?: string): SqError;
}

/** Keys of `external:` that sq reads. Others belong to other tools and are left alone, unless they are nearly one. */
const KEYS = ['location', 'location_all', 'format', 'jsonpaths', 'options'];

/** True for the shape that sq reads: it names a format. dbt-external-tables says `file_format`, Spark `using`. */
export function isExternalSource(source: SourceNode): source is SourceNode & { external: ExternalTable } {
  return (
    source.external !== null && source.external !== undefined && typeof source.external.format === 'string'
  );
}

/** Throws SqError kind Compilation, at the line of the property file, for what cannot be used. */
export function externalSource(source: SourceNode, projectDir: string): ExternalSource {
  const name = `${source.source_name}.${source.name}`;
  const problem: ExternalSource['problem'] = (code, keys, message, hint) =>
    new SqError({ kind: 'Compilation', code, message, at: sourcePlace(projectDir, source, keys), hint });
  const external = source.external;
  if (!external) {
    throw problem(
      'external-missing',
      [],
      `Source ${name} declares no files.`,
      'add external: {location, format} to it, and data_type to its columns',
    );
  }
  const format = FORMATS.find((known) => known === String(external.format).toLowerCase());
  if (format === undefined) throw formatProblem(external, name, problem);
  for (const key of Object.keys(external)) {
    const near = KEYS.includes(key) ? undefined : nearest(key, KEYS);
    if (near === undefined) continue;
    throw problem(
      'external-key',
      ['external', key],
      `Source ${name} has the key '${key}' in external, which means nothing.`,
      `did you mean '${near}'?`,
    );
  }
  const location = typeof external.location === 'string' ? external.location.trim() : external.location;
  if (typeof location !== 'string' || location === '' || /^(null|none)$/i.test(location)) {
    throw problem(
      'external-location',
      ['external', 'location'],
      `Source ${name} has no location: external.location is ${external.location === undefined ? 'missing' : JSON.stringify(external.location)}.`,
      'give the folder, file or pattern that holds its files, relative to the project, or s3://bucket/prefix/',
    );
  }
  const options = copyOptions(external.options);
  if ('option' in options) {
    throw problem(
      'external-option',
      ['external', 'options', options.option],
      `Option '${options.option}' of source ${name} cannot be used: ${options.message}.`,
      options.hint,
    );
  }
  if (format === 'json' && options.ignoreheader > 0) {
    throw problem(
      'external-option',
      ['external', 'options'],
      `Option 'ignoreheader' of source ${name} would drop the first record of each JSON file.`,
      'JSON files have no header: leave the option out',
    );
  }
  const columns = readColumns(source, name, problem);
  const jsonpaths = readJsonPaths(external, columns, name, problem);
  return { name, location, format, jsonpaths, options, columns, problem };
}

function formatProblem(external: ExternalTable, name: string, problem: ExternalSource['problem']): SqError {
  if (external.format === undefined || external.format === null) {
    const near = Object.keys(external).find((key) => !KEYS.includes(key) && nearest(key, KEYS) === 'format');
    return problem(
      'external-format',
      ['external'],
      `Source ${name} has no format: external.format is missing.`,
      near === undefined ? 'say json, csv or parquet' : `did you mean format in place of '${near}'?`,
    );
  }
  const near = nearest(String(external.format), FORMATS);
  return problem(
    'external-format',
    ['external', 'format'],
    `Source ${name} has the format '${external.format}', which is not known.`,
    near === undefined ? 'say json, csv or parquet' : `did you mean '${near}'?`,
  );
}

function readColumns(source: SourceNode, name: string, problem: ExternalSource['problem']): ExternalColumn[] {
  const columns = Object.values(source.columns).map((column): ExternalColumn => {
    const keys = ['columns', column.name];
    if (!column.data_type) {
      throw problem(
        'external-column',
        keys,
        `Column ${column.name} of source ${name} has no data_type.`,
        'a table gets exactly the declared columns: say the type of each, e.g. varchar(256)',
      );
    }
    const type = declaredType(column.data_type);
    if (type === undefined) throw typeProblem(column.data_type, column.name, name, problem);
    if (column.path === undefined) return { name: column.name, type };
    const path = String(column.path).startsWith('$')
      ? parseJsonPath(String(column.path))
      : [String(column.path)];
    if ('problem' in path) {
      throw problem(
        'external-path',
        [...keys, 'path'],
        `The path ${column.path} of column ${column.name} of source ${name} cannot be used: ${path.problem}.`,
        `write it like $['key'] or $['key']['inner'][0]`,
      );
    }
    return { name: column.name, type, path };
  });
  if (columns.length > 0) return columns;
  throw problem(
    'external-column',
    [],
    `Source ${name} declares no columns.`,
    'list its columns with name and data_type: the table gets exactly these',
  );
}

function typeProblem(
  written: string,
  column: string,
  name: string,
  problem: ExternalSource['problem'],
): SqError {
  const word = written.replace(/\(.*$/, '').trim();
  const near = nearest(word, declaredTypeNames());
  return problem(
    'external-type',
    ['columns', column, 'data_type'],
    `The data_type '${written}' of column ${column} of source ${name} is not known.`,
    near === undefined || near === word.toLowerCase()
      ? 'use the types of Redshift and PostgreSQL: varchar(256), int4, int8, float8, numeric(18,2), boolean, date, timestamp, super'
      : `did you mean '${written.replace(word, near)}'?`,
  );
}

function readJsonPaths(
  external: ExternalTable,
  columns: readonly ExternalColumn[],
  name: string,
  problem: ExternalSource['problem'],
): ExternalSource['jsonpaths'] {
  const written = external.jsonpaths;
  if (written === undefined || written === null)
    return columns.some((column) => column.path) ? 'generate' : 'auto';
  if (typeof written !== 'string' || written.trim() === '') {
    throw problem(
      'external-jsonpaths',
      ['external', 'jsonpaths'],
      `jsonpaths of source ${name} is ${JSON.stringify(written)}.`,
      'say auto, auto_ignorecase, generate, or the path of a JSONPaths file',
    );
  }
  const word = written
    .trim()
    .toLowerCase()
    .replace(/[\s-]+/g, '_');
  if (word === 'auto' || word === 'auto_ignorecase' || word === 'generate') return word;
  const near = /[./]/.test(written) ? undefined : nearest(word, ['auto', 'auto_ignorecase', 'generate']);
  if (near !== undefined) {
    throw problem(
      'external-jsonpaths',
      ['external', 'jsonpaths'],
      `jsonpaths of source ${name} is '${written}', which is not known.`,
      `did you mean '${near}'?`,
    );
  }
  return { file: written.trim() };
}
