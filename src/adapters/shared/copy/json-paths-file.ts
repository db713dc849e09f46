/** The JSONPaths file of COPY: one path for each column, in the order of the columns. */
import type { SqError } from '../../../errors.ts';
import { type JsonPath, parseJsonPath } from './json-path.ts';

/** How an error of the file becomes an SqError: the caller knows where the file is declared. */
export type PathsProblem = (message: string, hint: string) => SqError;

/**
 * The paths of `text`. Checked before anything runs: COPY itself silently falls back to `auto` where the key
 * is misspelt, and shifts every column where a path is missing.
 * Throws what `problem` makes.
 */
export function parseJsonPathsFile(
  text: string,
  file: string,
  columns: readonly string[],
  problem: PathsProblem,
): JsonPath[] {
  let document: unknown;
  try {
    document = JSON.parse(text.replace(/^\ufeff/, ''));
  } catch (error) {
    throw problem(`The JSONPaths file ${file} is not valid JSON.`, `${(error as Error).message}`);
  }
  const paths = (document as { jsonpaths?: unknown } | null)?.jsonpaths;
  if (!Array.isArray(paths) || paths.some((path) => typeof path !== 'string')) {
    throw problem(
      `The JSONPaths file ${file} has no list 'jsonpaths' of texts.`,
      `it must look like {"jsonpaths": ["$['first']", "$['second']"]}`,
    );
  }
  if (paths.length !== columns.length) {
    throw problem(
      `The JSONPaths file ${file} has ${paths.length} paths, and the source declares ${columns.length} columns.`,
      `the first path fills the first column, and so on: ${difference(paths as string[], columns)}`,
    );
  }
  return (paths as string[]).map((path, i) => {
    const parsed = parseJsonPath(path);
    if ('problem' in parsed) {
      throw problem(
        `Path ${i + 1} of the JSONPaths file ${file}, ${path}, cannot be used: ${parsed.problem}.`,
        `write it like $['key'] or $['key']['inner'][0]`,
      );
    }
    return parsed;
  });
}

function difference(paths: readonly string[], columns: readonly string[]): string {
  return paths.length > columns.length
    ? `no column for ${paths.slice(columns.length).join(', ')}`
    : `no path for ${columns.slice(paths.length).join(', ')}`;
}
