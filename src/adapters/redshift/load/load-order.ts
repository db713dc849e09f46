/** What a load is about: the source as declared, the columns asked for, and where COPY is to look. */
import type { SqError } from '../../../errors.ts';
import type { Column } from '../../../manifest/column.ts';
import type { SourceNode } from '../../../manifest/nodes.ts';
import type { SourceFile } from '../../loader-contract.ts';
import {
  type ExternalColumn,
  type ExternalSource,
  externalSource,
} from '../../shared/copy/external-source.ts';
import { type JsonPath, writeJsonPath } from '../../shared/copy/json-path.ts';
import { parseJsonPathsFile } from '../../shared/copy/json-paths-file.ts';
import { fileLocation } from '../../shared/files/location.ts';
import { type FilesContext, readPathsFile } from '../../shared/files/source-files.ts';
import type { RedshiftSettings } from '../settings.ts';
import { tableType } from './table-type.ts';

export interface LoadOrder {
  source: ExternalSource;
  /** Columns of the table, in its order. */
  columns: ExternalColumn[];
  /** Columns that COPY fills: all of a file's fields where they are loaded by position. */
  filled: ExternalColumn[];
  role: string;
  json: JsonMapping;
}

/** How keys become columns: a word of COPY, an object that is there, or paths that are uploaded. */
export type JsonMapping = { word: 'auto' | 'auto ignorecase' } | { url: string } | { paths: string[] };

/** Throws SqError kind Compilation for what COPY cannot do. */
export async function loadOrder(
  node: SourceNode,
  names: readonly string[] | null,
  { settings, files }: { settings: RedshiftSettings; files: FilesContext },
): Promise<LoadOrder> {
  const source = externalSource(node, files.projectDir);
  const columns =
    names === null
      ? source.columns
      : // the plan has checked that the names exist
        names.map((name) => source.columns.find((one) => one.name.toLowerCase() === name.toLowerCase())!);
  const order = {
    source,
    columns,
    filled: source.format === 'json' ? columns : source.columns,
    role: roleOf(node) ?? settings.copyIamRole,
    json: await jsonMapping(source, columns, files),
  };
  if (!isOnS3(source) && settings.s3StagingDir === undefined) throw localFiles(source);
  if ('paths' in order.json && settings.s3StagingDir === undefined) throw noPlaceForPaths(source);
  return order;
}

export function isOnS3(source: ExternalSource): boolean {
  return fileLocation(source.location)?.kind === 's3';
}

/** Columns of the table that is made, in the catalogue's spelling of types. */
export function tableColumns(columns: readonly ExternalColumn[]): Column[] {
  // Redshift folds names to lower case, quoted or not
  return columns.map(({ name, type }) => ({ name: name.toLowerCase(), dataType: tableType(type) }));
}

/** `iam_role` among the options of the source wins over the profile's. */
function roleOf({ external }: SourceNode): string | undefined {
  const given = Object.entries(external?.options ?? {}).find(([name]) => /^iam[_ ]role$/i.test(name))?.[1];
  return typeof given === 'string' && given.trim() !== '' ? given.trim() : undefined;
}

async function jsonMapping(
  source: ExternalSource,
  columns: readonly ExternalColumn[],
  files: FilesContext,
): Promise<JsonMapping> {
  const { jsonpaths } = source;
  if (source.format !== 'json' || jsonpaths === 'auto') return { word: 'auto' };
  if (jsonpaths === 'auto_ignorecase') return { word: 'auto ignorecase' };
  if (jsonpaths === 'generate')
    return { paths: columns.map(({ path, name }) => writeJsonPath(path ?? [name])) };
  const paths = parseJsonPathsFile(
    await readPathsFile(source, jsonpaths.file, files),
    jsonpaths.file,
    source.columns.map(({ name }) => name),
    (message, hint) => source.problem('jsonpaths', ['external', 'jsonpaths'], message, hint),
  );
  const whole =
    columns.length === source.columns.length && columns.every((one, i) => one === source.columns[i]);
  if (whole && fileLocation(jsonpaths.file)?.kind === 's3') return { url: jsonpaths.file };
  return { paths: columns.map((one) => writeJsonPath(paths[source.columns.indexOf(one)] as JsonPath)) };
}

/** The manifest of exactly these files; columnar ones need their sizes (DG, loading-data-files-using-manifest). */
export function manifestText(urls: readonly string[], files: readonly SourceFile[]): string {
  const entries = urls.map((url, i) => {
    const size = files[i]?.size ?? null;
    return { url, mandatory: true, ...(size === null ? {} : { meta: { content_length: size } }) };
  });
  return JSON.stringify({ entries }, null, 1);
}

function localFiles(source: ExternalSource): SqError {
  return source.problem(
    'local-files',
    ['external', 'location'],
    `Source ${source.name} has its files on this machine (${source.location}), where Redshift's COPY cannot read them.`,
    'put them on S3 and give location: s3://bucket/prefix/; or name s3_staging_dir: s3://bucket/prefix in the profile, and sq uploads them for each load',
  );
}

function noPlaceForPaths(source: ExternalSource): SqError {
  return source.problem(
    'staging-missing',
    ['external', 'jsonpaths'],
    `The JSONPaths file of source ${source.name} is made from its columns and must be on S3 for COPY, and the profile names no place for it.`,
    'name s3_staging_dir: s3://bucket/prefix in the profile, or give jsonpaths the address of a file on S3 that has a path for each column, in their order',
  );
}
