/** The Redshift spelling of a declared type, as its catalogue prints it. */
import type { DeclaredType } from '../../shared/copy/declared-type.ts';

/** Widest VARCHAR, in bytes. A text without a size gets it: Redshift's own default of 256 would refuse rows. */
const WIDEST = 65_535;
const INTEGERS = { 1: 'smallint', 2: 'smallint', 4: 'integer', 8: 'bigint', 16: 'numeric(38,0)' } as const;

export function tableType(type: DeclaredType): string {
  switch (type.family) {
    case 'text':
      return `character varying(${Math.min(type.maxBytes ?? WIDEST, WIDEST)})`;
    case 'integer':
      return INTEGERS[type.bytes];
    case 'decimal':
      return `numeric(${type.precision},${type.scale})`;
    case 'float':
      return type.bytes === 4 ? 'real' : 'double precision';
    case 'boolean':
    case 'date':
      return type.family;
    case 'time':
      return 'time without time zone';
    case 'timestamp':
      return type.zone ? 'timestamp with time zone' : 'timestamp without time zone';
    case 'json':
      return 'super';
    case 'binary':
      return 'varbyte(65535)';
    case 'uuid':
      return 'character varying(36)';
  }
}
