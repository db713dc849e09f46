/** Where the values stand when the keys of the files decide. */
import type { Session } from '../../contract.ts';
import type { ExternalColumn } from '../../shared/copy/external-source.ts';
import type { JsonPlaces } from '../../shared/copy/json-places.ts';
import { StatementError } from '../../shared/statement-error.ts';
import { jsonReader } from './json-format.ts';
import type { Packing } from './small-files.ts';
import { fileList } from './spelling.ts';

/** `auto_ignorecase`: the keys that the records really have, by column. Where two differ in case only, the first that holds something counts. */
export async function foundPlaces(
  session: Session,
  columns: readonly ExternalColumn[],
  { pack, rest }: Pick<Packing, 'pack' | 'rest'>,
  gzip: boolean,
): Promise<JsonPlaces> {
  const keys = await keysOf(
    session,
    [...(pack === undefined ? [] : [pack]), ...rest.map(({ path }) => path)],
    gzip,
  );
  return columns.map(({ name }) =>
    keys.filter((key) => key.toLowerCase() === name.toLowerCase()).map((key) => [key]),
  );
}

/** First-level keys of all records, in alphabetical order; of broken files, those of the lines that can be read. */
export async function keysOf(session: Session, paths: readonly string[], gzip: boolean): Promise<string[]> {
  if (paths.length === 0) return [];
  const ask = async (reader: string) => {
    const { rows } = await session.query(
      `select distinct unnest(json_keys(json)) as sq_key from ${reader} where starts_with(json, '{') order by 1`,
    );
    return rows.map(([key]) => String(key));
  };
  const list = fileList(paths);
  try {
    return await ask(`read_json_objects(${list}, format = 'auto'${gzip ? ", compression = 'gzip'" : ''})`);
  } catch (error) {
    if (!(error instanceof StatementError)) throw error;
    const lines = jsonReader(list, 'newline_delimited', { gzip, withFile: false });
    return ask(lines.replace(/\)$/, ', ignore_errors = true)'));
  }
}
