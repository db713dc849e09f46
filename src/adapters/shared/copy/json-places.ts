/** Where the value of each column stands in a record: the `jsonpaths` of a source. */
import type { ExternalColumn, ExternalSource } from './external-source.ts';
import type { JsonPath } from './json-path.ts';

/** Places of each column of the load; the first that holds something counts. */
export type JsonPlaces = readonly (readonly JsonPath[])[];

/** Places that do not depend on what the files hold; `paths` are those of the JSONPaths file. */
export function declaredPlaces(
  source: ExternalSource,
  columns: readonly ExternalColumn[],
  paths: readonly JsonPath[] | undefined,
): JsonPlaces {
  if (paths !== undefined) {
    return columns.map((column) => [paths[source.columns.indexOf(column)] as JsonPath]);
  }
  if (source.jsonpaths === 'generate') return columns.map(({ name, path }) => [path ?? [name]]);
  // COPY compares keys with the names of the table's columns, which Redshift keeps in lower case
  return columns.map(({ name }) => [[name.toLowerCase()]]);
}
