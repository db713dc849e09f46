/** Facts of PostgreSQL's data types, by their spelling. */
import type { TypeFacts } from '../contract.ts';

const INTEGERS = new Set([
  'smallint',
  'int2',
  'integer',
  'int',
  'int4',
  'bigint',
  'int8',
  'smallserial',
  'serial',
  'bigserial',
  'serial2',
  'serial4',
  'serial8',
]);
const FLOATS = new Set(['real', 'float4', 'float', 'double precision', 'float8']);
const DECIMALS = new Set(['numeric', 'decimal']);
const TEXTS = new Set(['text', 'character varying', 'character', 'varchar', 'char', 'bpchar']);

/** dbt's one generic type name (`Column.TYPE_LABELS`); every other is taken as it is. */
export function translateType(type: string): string {
  return type.toUpperCase() === 'STRING' ? 'TEXT' : type;
}

/** `character varying(40)` -> text of 40 characters. An array (`integer[]`) is none of the simple kinds. */
export function describeType(dataType: string): TypeFacts {
  const match = /^\s*([a-z][a-z0-9_ ]*?)\s*(?:\(\s*(\d+)(?:\s*,\s*(-?\d+))?\s*\))?\s*$/i.exec(dataType);
  const name = (match?.[1] ?? dataType).replace(/\s+/g, ' ').toLowerCase();
  const first = match?.[2] === undefined ? undefined : Number(match[2]);
  const isString = TEXTS.has(name);
  const isNumeric = DECIMALS.has(name);
  return {
    isString,
    isInteger: INTEGERS.has(name),
    isFloat: FLOATS.has(name),
    isNumeric,
    ...(isString && first !== undefined ? { charSize: first } : {}),
    ...(isNumeric && first !== undefined
      ? { numericPrecision: first, numericScale: match?.[3] === undefined ? 0 : Number(match[3]) }
      : {}),
  };
}
