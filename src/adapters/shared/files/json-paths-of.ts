import type { ExternalSource } from '../copy/external-source.ts';
import type { JsonPath } from '../copy/json-path.ts';
import { parseJsonPathsFile } from '../copy/json-paths-file.ts';
import { type FilesContext, readPathsFile } from './source-files.ts';

/** The paths of the file that `jsonpaths:` names, one a declared column; undefined where none is named. Throws SqError. */
export async function jsonPathsOf(
  source: ExternalSource,
  context: FilesContext,
): Promise<JsonPath[] | undefined> {
  if (source.format !== 'json' || typeof source.jsonpaths === 'string') return undefined;
  const { file } = source.jsonpaths;
  const names = source.columns.map(({ name }) => name);
  return parseJsonPathsFile(await readPathsFile(source, file, context), file, names, (message, hint) =>
    source.problem('jsonpaths', ['external', 'jsonpaths'], message, hint),
  );
}
