/** The DuckDB spelling of a declared type. */
import type { DeclaredType } from '../../shared/copy/declared-type.ts';

const INTEGERS = { 1: 'TINYINT', 2: 'SMALLINT', 4: 'INTEGER', 8: 'BIGINT', 16: 'HUGEINT' } as const;

/** As DuckDB itself prints it, so that it can be compared with what the engine says of a table. */
export function engineType(type: DeclaredType): string {
  switch (type.family) {
    case 'text':
      return 'VARCHAR';
    case 'integer':
      return INTEGERS[type.bytes];
    case 'decimal':
      return `DECIMAL(${type.precision},${type.scale})`;
    case 'float':
      return type.bytes === 4 ? 'FLOAT' : 'DOUBLE';
    case 'boolean':
      return 'BOOLEAN';
    case 'date':
      return 'DATE';
    case 'time':
      return 'TIME';
    case 'timestamp':
      return type.zone ? 'TIMESTAMP WITH TIME ZONE' : 'TIMESTAMP';
    case 'json':
      return 'JSON';
    case 'binary':
      return 'BLOB';
    case 'uuid':
      return 'UUID';
  }
}
