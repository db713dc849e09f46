/** The PostgreSQL spelling of a declared type. */
import type { DeclaredType } from '../../shared/copy/declared-type.ts';

/** Longest length that VARCHAR can be declared with. */
const LONGEST_VARCHAR = 10_485_760;
const INTEGERS = { 1: 'smallint', 2: 'smallint', 4: 'integer', 8: 'bigint', 16: 'numeric(39,0)' } as const;

/** As format_type writes it, so that it can be compared with what the server says of a table. */
export function engineType(type: DeclaredType): string {
  switch (type.family) {
    case 'text':
      return type.maxBytes === null || type.maxBytes > LONGEST_VARCHAR
        ? 'text'
        : `character varying(${type.maxBytes})`;
    case 'integer':
      return INTEGERS[type.bytes];
    case 'decimal':
      return `numeric(${type.precision},${type.scale})`;
    case 'float':
      return type.bytes === 4 ? 'real' : 'double precision';
    case 'time':
      return 'time without time zone';
    case 'timestamp':
      return type.zone ? 'timestamp with time zone' : 'timestamp without time zone';
    case 'json':
      return 'jsonb';
    case 'binary':
      return 'bytea';
    default:
      return type.family;
  }
}
