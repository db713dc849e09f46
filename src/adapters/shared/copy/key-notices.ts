/** COPY's `auto` matches keys to the letter and loads NULL where none matches, silently. sq says so. */
import type { ExternalColumn, ExternalSource } from './external-source.ts';

/** Columns that are declared in mixed case: `auto` looks for the key in lower case. */
export function mixedCaseNotices(source: ExternalSource, columns: readonly ExternalColumn[]): string[] {
  if (source.format !== 'json' || source.jsonpaths !== 'auto') return [];
  return columns
    .filter(({ name }) => name !== name.toLowerCase())
    .map(
      ({ name }) =>
        `source ${source.name}: \`jsonpaths: auto\` fills column ${name} from the key '${name.toLowerCase()}', as COPY does; say auto_ignorecase to match '${name}'`,
    );
}

/** A column that is NULL in every row while the files have its key in another case. */
export function nullColumnNotice(source: ExternalSource, name: string, key: string): string {
  return `source ${source.name}: column ${name} is NULL in every row: the files have the key '${key}', and \`jsonpaths: auto\` matches case as COPY does; say auto_ignorecase`;
}
