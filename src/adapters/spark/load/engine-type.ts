/** The Spark spelling of a declared type. */
import type { DeclaredType } from '../../shared/copy/declared-type.ts';

const INTEGERS = { 1: 'smallint', 2: 'smallint', 4: 'int', 8: 'bigint', 16: 'decimal(38,0)' } as const;

/** Sessions are in UTC, so that a moment without a zone is the same moment. */
export function engineType(type: DeclaredType): string {
  switch (type.family) {
    case 'integer':
      return INTEGERS[type.bytes];
    case 'decimal':
      return `decimal(${type.precision},${type.scale})`;
    case 'float':
      return type.bytes === 4 ? 'float' : 'double';
    case 'timestamp':
    case 'date':
    case 'boolean':
    case 'binary':
      return type.family;
    default:
      return 'string';
  }
}
