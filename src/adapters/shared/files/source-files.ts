/** The files of an external source, wherever they stand. */
import { createHash } from 'node:crypto';
import { closeSync, openSync, readFileSync, readSync, statSync } from 'node:fs';
import type { Invocation } from '../../../invocation.ts';
import type { LoadedFile, SourceFile } from '../../loader-contract.ts';
import type { ExternalSource } from '../copy/external-source.ts';
import type { LocalFile } from './local-file.ts';
import { localFiles } from './local-files.ts';
import { absolutePath, type FileLocation, fileLocation } from './location.ts';

export interface FilesContext {
  /** Absolute. */
  projectDir: string;
  invocation: Pick<Invocation, 'env' | 'signal' | 'emit'>;
  /** Where fetched objects are kept; default: the folder for caches of the system. */
  cacheDir?: string;
}

export interface Listing {
  files: SourceFile[];
  /** Hidden files and folders that were passed over. */
  hidden: number;
}

/**
 * Every file of the source, compared with the ledger where one is kept. The JSONPaths file is no data, also when
 * it stands among the data. Throws SqError for a location that does not exist or holds nothing.
 */
export async function listFiles(
  source: ExternalSource,
  context: FilesContext,
  ledger: readonly LoadedFile[] | null,
): Promise<Listing> {
  const location = locationOf(source, source.location);
  const known = ledger === null ? null : new Map(ledger.map((file) => [file.name, file]));
  const listing =
    location.kind === 'local'
      ? localListing(source, location, context, known)
      : await (await import('./s3-files.ts')).listObjects(source, location, context, known);
  const own = pathsFileNames(source, context.projectDir);
  const files = own.length === 0 ? listing.files : listing.files.filter(({ name }) => !own.includes(name));
  if (files.length === 0 && !source.options.allow_empty) throw nothingThere(source, location, listing.hidden);
  return { files, hidden: listing.hidden };
}

/** Names under which the JSONPaths file may be listed. */
function pathsFileNames({ jsonpaths }: ExternalSource, projectDir: string): string[] {
  if (typeof jsonpaths === 'string') return [];
  const location = fileLocation(jsonpaths.file);
  return location?.kind === 'local'
    ? [location.path, absolutePath(projectDir, location.path)]
    : [jsonpaths.file];
}

/** The files on this disk; objects are fetched, unless the cache has them. */
export async function fetchFiles(
  source: ExternalSource,
  context: FilesContext,
  files: readonly SourceFile[],
): Promise<LocalFile[]> {
  if (locationOf(source, source.location).kind === 'local') {
    return files.map(({ name }) => ({ name, path: absolutePath(context.projectDir, name) }));
  }
  return (await import('./s3-files.ts')).fetchObjects(source, context, files);
}

/** Content of the source's JSONPaths file. Throws SqError when it cannot be read. */
export async function readPathsFile(
  source: ExternalSource,
  written: string,
  context: FilesContext,
): Promise<string> {
  const location = locationOf(source, written);
  if (location.kind === 's3') return (await import('./s3-files.ts')).readObject(source, location, context);
  try {
    return readFileSync(absolutePath(context.projectDir, location.path), 'utf8');
  } catch (cause) {
    throw source.problem(
      'jsonpaths-missing',
      ['external', 'jsonpaths'],
      `The JSONPaths file ${written} of source ${source.name} cannot be read: ${reason(cause)}.`,
      'give its path relative to the project, or say auto, auto_ignorecase or generate',
    );
  }
}

function locationOf(source: ExternalSource, written: string): FileLocation {
  const location = fileLocation(written);
  if (location !== undefined) return location;
  throw source.problem(
    'external-location',
    ['external', 'location'],
    `The location ${written} of source ${source.name} cannot be read.`,
    'a location is a path relative to the project, or s3://bucket/prefix/',
  );
}

function localListing(
  source: ExternalSource,
  location: FileLocation & { kind: 'local' },
  { projectDir }: FilesContext,
  known: ReadonlyMap<string, LoadedFile> | null,
): Listing {
  const found = localFiles(location, projectDir);
  if ('missing' in found) {
    throw source.problem(
      'location-missing',
      ['external', 'location'],
      `Source ${source.name} has no files: there is no file or folder ${found.missing}.`,
      found.near === undefined
        ? `looked for ${absolutePath(projectDir, found.missing)}`
        : `did you mean ${found.near}?`,
    );
  }
  const files = found.names.map((name): SourceFile => {
    if (known === null) return { name, size: null, etag: '', mtimeMs: null, state: 'new' };
    return compared(name, absolutePath(projectDir, name), known.get(name));
  });
  return { files, hidden: found.hidden };
}

/** Same size and time: the same. Same size at another time (a fresh clone): the content decides. */
function compared(name: string, path: string, before: LoadedFile | undefined): SourceFile {
  const stat = statSync(path);
  const file = { name, size: stat.size, etag: '', mtimeMs: Math.trunc(stat.mtimeMs) };
  if (before === undefined) return { ...file, state: 'new' };
  if (before.size !== file.size) return { ...file, state: 'changed' };
  if (before.mtimeMs === file.mtimeMs) return { ...file, etag: before.etag, state: 'loaded' };
  const etag = contentMd5({ name, path });
  return { ...file, etag, state: etag === before.etag ? 'loaded' : 'changed' };
}

function nothingThere(source: ExternalSource, location: FileLocation, hidden: number) {
  const where =
    location.kind === 'local' && !location.pattern
      ? `${source.location} is empty`
      : `nothing matches ${source.location}`;
  const passed =
    hidden === 0
      ? ''
      : `; ${hidden} hidden ${hidden === 1 ? 'name was' : 'names were'} passed over (names that begin with . or _)`;
  return source.problem(
    'location-empty',
    ['external', 'location'],
    `Source ${source.name} has no files: ${where}${passed}.`,
    'options: {allow_empty: true} loads nothing instead',
  );
}

function reason(cause: unknown): string {
  const code = (cause as NodeJS.ErrnoException).code;
  return code === 'ENOENT'
    ? 'there is no such file'
    : code === 'EACCES'
      ? 'no permission'
      : String((cause as Error).message);
}

/** MD5 of a file's content in hexadecimal, in bounded memory. */
export function contentMd5({ path, part }: LocalFile): string {
  const hash = createHash('md5');
  const descriptor = openSync(path, 'r');
  try {
    const chunk = Buffer.allocUnsafe(1024 * 1024);
    let at = part?.offset ?? 0;
    const end = part === undefined ? Number.POSITIVE_INFINITY : part.offset + part.length;
    while (at < end) {
      const read = readSync(descriptor, chunk, 0, Math.min(chunk.length, end - at), at);
      if (read === 0) break;
      hash.update(chunk.subarray(0, read));
      at += read;
    }
    return hash.digest('hex');
  } finally {
    closeSync(descriptor);
  }
}
