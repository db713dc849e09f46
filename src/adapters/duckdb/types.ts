/** Facts of DuckDB's data types, by their spelling. */
import type { TypeFacts, ValueKind } from '../contract.ts';

const INTEGERS = new Set([
  'TINYINT',
  'SMALLINT',
  'INTEGER',
  'INT',
  'INT1',
  'INT2',
  'INT4',
  'INT8',
  'SHORT',
  'LONG',
  'SIGNED',
  'BIGINT',
  'HUGEINT',
  'UTINYINT',
  'USMALLINT',
  'UINTEGER',
  'UBIGINT',
  'UHUGEINT',
  'BIGNUM',
]);
const FLOATS = new Set(['REAL', 'FLOAT', 'FLOAT4', 'FLOAT8', 'DOUBLE', 'DOUBLE PRECISION']);
const DECIMALS = new Set(['DECIMAL', 'NUMERIC', 'DEC']);
const TEXTS = new Set([
  'VARCHAR',
  'TEXT',
  'STRING',
  'CHAR',
  'BPCHAR',
  'CHARACTER VARYING',
  'CHARACTER',
  'NVARCHAR',
]);

/** dbt's one generic type name (`Column.TYPE_LABELS`); every other is taken as it is. */
export function translateType(type: string): string {
  return type.toUpperCase() === 'STRING' ? 'TEXT' : type;
}

/** `DECIMAL(18,2)` -> name `DECIMAL`, arguments [18, 2]. A list type (`INTEGER[]`) is none of the simple kinds. */
function splitType(dataType: string): { name: string; args: number[] } {
  const match = /^\s*([A-Za-z][A-Za-z0-9_ ]*?)\s*(?:\(\s*([0-9,\s]*)\))?\s*$/.exec(dataType);
  if (match === null) return { name: dataType.trim().toUpperCase(), args: [] };
  const args = (match[2] ?? '')
    .split(',')
    .filter((part) => part.trim() !== '')
    .map(Number);
  return { name: match[1]!.replace(/\s+/g, ' ').toUpperCase(), args };
}

/** Sizes are the engine's defaults where the type names none (DECIMAL is DECIMAL(18,3)). */
export function describeType(dataType: string): TypeFacts {
  const { name, args } = splitType(dataType);
  const isNumeric = DECIMALS.has(name);
  return {
    isString: TEXTS.has(name),
    isInteger: INTEGERS.has(name),
    isFloat: FLOATS.has(name),
    isNumeric,
    ...(TEXTS.has(name) && args[0] !== undefined ? { charSize: args[0] } : {}),
    ...(isNumeric
      ? { numericPrecision: args[0] ?? 18, numericScale: args[0] === undefined ? 3 : (args[1] ?? 0) }
      : {}),
  };
}

/** Broad class of a result's column by its type's spelling. */
export function valueKind(dataType: string): ValueKind {
  const { name } = splitType(dataType);
  if (INTEGERS.has(name)) return 'integer';
  if (FLOATS.has(name)) return 'float';
  if (DECIMALS.has(name)) return 'decimal';
  if (TEXTS.has(name) || name === 'UUID' || name === 'JSON') return 'text';
  if (name === 'BOOLEAN') return 'boolean';
  if (name === 'DATE') return 'date';
  if (name.startsWith('TIMESTAMP')) return 'timestamp';
  if (name.startsWith('TIME')) return 'time';
  return /^ENUM\b/.test(name) ? 'text' : 'other';
}
