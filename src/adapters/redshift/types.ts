/** Facts of Redshift's data types, by their spelling (Redshift SQL reference, "Data types"). */
import type { TypeFacts } from '../contract.ts';

const INTEGERS = new Set(['SMALLINT', 'INT2', 'INTEGER', 'INT', 'INT4', 'BIGINT', 'INT8']);
const FLOATS = new Set(['REAL', 'FLOAT4', 'DOUBLE PRECISION', 'FLOAT8', 'FLOAT']);
const DECIMALS = new Set(['DECIMAL', 'NUMERIC']);
const TEXTS = new Set([
  'VARCHAR',
  'CHARACTER VARYING',
  'NVARCHAR',
  'TEXT',
  'CHAR',
  'CHARACTER',
  'NCHAR',
  'BPCHAR',
]);

/** Bytes of a text type without a size: VARCHAR and TEXT are VARCHAR(256), BPCHAR is CHAR(256), CHAR is CHAR(1). */
const DEFAULT_BYTES: Readonly<Record<string, number>> = { CHAR: 1, CHARACTER: 1, NCHAR: 1 };
const MAX_BYTES = 65_535;

/** dbt's one generic type name (`Column.TYPE_LABELS`); every other is taken as it is. */
export function translateType(type: string): string {
  return type.toUpperCase() === 'STRING' ? 'TEXT' : type;
}

/** Sizes are Redshift's defaults where the type names none: DECIMAL is DECIMAL(18,0), VARCHAR is VARCHAR(256). */
export function describeType(dataType: string): TypeFacts {
  const { name, sizes } = splitType(dataType);
  const isString = TEXTS.has(name);
  const isNumeric = DECIMALS.has(name);
  return {
    isString,
    isInteger: INTEGERS.has(name),
    isFloat: FLOATS.has(name),
    isNumeric,
    ...(isString ? { charSize: sizes[0] ?? DEFAULT_BYTES[name] ?? 256 } : {}),
    ...(isNumeric ? { numericPrecision: sizes[0] ?? 18, numericScale: sizes[1] ?? 0 } : {}),
  };
}

/** `character varying(64)` -> name `CHARACTER VARYING`, sizes [64]; `varchar(max)` is 65,535 bytes. */
function splitType(dataType: string): { name: string; sizes: number[] } {
  const match = /^\s*([A-Za-z][A-Za-z0-9_ ]*?)\s*(?:\(\s*([0-9,\s]+|max)\))?\s*$/i.exec(dataType);
  if (match === null) return { name: dataType.trim().toUpperCase(), sizes: [] };
  const name = match[1]!.replace(/\s+/g, ' ').toUpperCase();
  const inside = match[2];
  if (inside === undefined) return { name, sizes: [] };
  if (inside.toLowerCase() === 'max') return { name, sizes: [MAX_BYTES] };
  return { name, sizes: inside.split(',').map(Number) };
}
