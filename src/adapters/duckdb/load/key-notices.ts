/** COPY's `auto` matches keys to the letter and loads NULL where none matches, silently. sq says so. */
import type { Session } from '../../contract.ts';
import type { LoadAnswer } from '../../loader-contract.ts';
import type { ExternalColumn, ExternalSource } from '../../shared/copy/external-source.ts';
import { nullColumnNotice } from '../../shared/copy/key-notices.ts';
import type { LocalFile } from '../../shared/files/local-file.ts';
import { keysOf } from './json-places.ts';
import { quoted } from './spelling.ts';

/** Files whose keys are looked at. */
const LOOKED_AT = 5;

export interface LoadedColumns {
  session: Session;
  source: ExternalSource;
  columns: readonly ExternalColumn[];
  answer: LoadAnswer & { loaded: true };
  files: readonly LocalFile[];
  into: string;
}

/** Columns that are NULL in every row while the files have their key in another case. */
export async function nullColumnNotices({
  session,
  source,
  columns,
  answer,
  files,
  into,
}: LoadedColumns): Promise<string[]> {
  if (source.format !== 'json' || source.jsonpaths !== 'auto' || answer.rows === 0) return [];
  const { rows } = await session.query(
    `select ${columns.map(({ name }) => `count(${quoted(name)})`).join(', ')} from ${into}`,
  );
  const empty = columns.filter((_, i) => Number(rows[0]?.[i]) === 0);
  if (empty.length === 0) return [];
  const looked = files.filter((file) => file.part === undefined).slice(0, LOOKED_AT);
  const keys = await keysOf(
    session,
    looked.map(({ path }) => path),
    source.options.gzip,
  );
  return empty.flatMap(({ name }) => {
    const key = keys.find(
      (other) => other.toLowerCase() === name.toLowerCase() && other !== name.toLowerCase(),
    );
    if (key === undefined) return [];
    return [nullColumnNotice(source, name, key)];
  });
}
