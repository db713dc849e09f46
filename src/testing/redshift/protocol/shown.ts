/** PostgreSQL's answers as Redshift words them. */
import type { Names } from '../sql/names.ts';
import type { World } from '../world.ts';
import type { ErrorFields, Field, Row } from './messages.ts';

/** Types that have another OID on Redshift. */
const OIDS: Readonly<Record<number, number>> = {
  // jsonb → SUPER, bytea → VARBYTE
  3802: 4000,
  17: 6551,
};

export function shownFields(
  fields: readonly Field[],
  names: Names,
): { fields: Field[]; superColumns: number[] } {
  return {
    fields: fields.map((field) => ({
      ...field,
      name: names.shown(field.name),
      typeOid: OIDS[field.typeOid] ?? field.typeOid,
    })),
    superColumns: fields.flatMap((field, at) => (field.typeOid === 3802 ? [at] : [])),
  };
}

/** SUPER is written without blanks. */
export function shownRow(row: Row, superColumns: readonly number[]): Row {
  return row.map((value, at) =>
    value === null || !superColumns.includes(at)
      ? value
      : value.replace(/"(?:\\.|[^"\\])*"|\s+/g, (part) => (part.startsWith('"') ? part : '')),
  );
}

export function shownError(error: ErrorFields, world: World, queryId = 0): ErrorFields {
  const text = world.names.inText(error.message);
  if (error.code === '57014' && /canceling statement due to/.test(text))
    return {
      ...error,
      message: /statement timeout/.test(text)
        ? `Query (${queryId}) cancelled on user's request: statement timeout`
        : `Query (${queryId}) cancelled on user's request`,
    };
  if (error.code === '21000' && /MERGE command cannot affect row a second time/.test(text))
    return { severity: 'ERROR', code: 'XX000', message: 'Found multiple matches to update the same tuple' };
  if (
    /column "\w+" can only be updated to DEFAULT|cannot insert a non-DEFAULT value into column/.test(text)
  ) {
    const column = /column "(\w+)"/.exec(text)?.[1] ?? '';
    return {
      ...error,
      code: 'XX000',
      message: `cannot set an identity column to a value: column "${column}"`,
    };
  }
  return { ...error, message: text };
}
