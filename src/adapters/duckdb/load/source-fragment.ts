/** External sources as text in a query: the engine reads the files itself. */
import { readFileSync } from 'node:fs';
import type { SourceNode } from '../../../manifest/nodes.ts';
import { type ExternalSource, externalSource, isExternalSource } from '../../shared/copy/external-source.ts';
import { parseJsonPathsFile } from '../../shared/copy/json-paths-file.ts';
import { localFiles } from '../../shared/files/local-files.ts';
import { absolutePath, type FileLocation, fileLocation } from '../../shared/files/location.ts';
import { externalLocation } from './external-location.ts';
import { type JsonLayout, layoutOf } from './json-format.ts';
import { sourceQuery } from './source-query.ts';
import { fileList, literal } from './spelling.ts';

/** Longer lists become patterns where these mean the same files. */
const LISTED_FILES = 20;

/** For `Adapter.sourceFragment`. Undefined for sources that are relations. Throws as `externalSourceSql`. */
export function sourceFragment(
  source: SourceNode,
  context: { projectDir: string },
): { kind: 'sql'; sql: string } | undefined {
  const location = externalLocation(source);
  if (location !== undefined) return { kind: 'sql', sql: location };
  return isExternalSource(source) ? { kind: 'sql', sql: externalSourceSql(source, context) } : undefined;
}

/**
 * A query in parentheses that gives the declared columns and types by the rules of a load: a value that does not
 * fit raises when it is read. Throws SqError kind Compilation where the files cannot be found, or are objects of
 * a store (DuckDB reads none without its httpfs extension).
 */
export function externalSourceSql(node: SourceNode, { projectDir }: { projectDir: string }): string {
  const source = externalSource(node, projectDir);
  const location = fileLocation(source.location);
  if (location?.kind !== 'local') {
    throw source.problem(
      'external-direct',
      ['external', 'location'],
      `Source ${source.name} stands at ${source.location}, which a query on DuckDB cannot read directly.`,
      `load it: a model with materialized: copy and the body select * from {{ source('${node.source_name}', '${node.name}') }}`,
    );
  }
  if (source.jsonpaths === 'auto_ignorecase') {
    throw source.problem(
      'external-direct',
      ['external', 'jsonpaths'],
      `Source ${source.name} matches keys without regard to case, which a query cannot do directly: the keys are in the files.`,
      'load it with a model of materialized: copy, or say jsonpaths: generate and give each column its path',
    );
  }
  const { list, layout } = filesSql(source, location, projectDir);
  const paths =
    typeof source.jsonpaths === 'object' ? readPaths(source, source.jsonpaths.file, projectDir) : undefined;
  return `(\n${sourceQuery({ source, columns: source.columns, paths, withFile: false, layout }, list)}\n)`;
}

function filesSql(
  source: ExternalSource,
  location: FileLocation & { kind: 'local' },
  projectDir: string,
): { list: string; layout: JsonLayout } {
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
  if (found.names.length === 0) {
    throw source.problem(
      'location-empty',
      ['external', 'location'],
      `Source ${source.name} has no files: ${source.location} is empty.`,
    );
  }
  const paths = found.names.map((name) => absolutePath(projectDir, name));
  // objects of which some span lines are all read as such: the first files say it for the rest
  const looked = found.names.slice(0, LISTED_FILES).map((name, i) => ({ name, path: paths[i] as string }));
  const spread =
    source.format === 'json' && looked.some((file) => layoutOf(file, source.options.gzip) === 'unstructured');
  const layout = spread ? 'unstructured' : 'newline_delimited';
  if (paths.length <= LISTED_FILES || found.hidden > 0 || location.pattern)
    return { list: fileList(paths), layout };
  // nothing hidden was passed over, so a pattern that every name matches means the same files
  const endings = new Set(found.names.map((name) => /\.[^./]+(\.gz)?$/.exec(name)?.[0] ?? ''));
  const folder = absolutePath(projectDir, location.path).replace(/[[*?]/g, '[$&]');
  return { list: endings.size === 1 ? literal(`${folder}/**/*${[...endings][0]}`) : fileList(paths), layout };
}

function readPaths(source: ExternalSource, file: string, projectDir: string) {
  const problem = (message: string, hint: string) =>
    source.problem('jsonpaths', ['external', 'jsonpaths'], message, hint);
  let text: string;
  try {
    text = readFileSync(absolutePath(projectDir, file), 'utf8');
  } catch {
    throw problem(
      `The JSONPaths file ${file} of source ${source.name} cannot be read.`,
      'give its path relative to the project',
    );
  }
  return parseJsonPathsFile(
    text,
    file,
    source.columns.map(({ name }) => name),
    problem,
  );
}
