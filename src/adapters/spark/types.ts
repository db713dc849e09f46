/** Facts of Spark's data types, by their spelling. */
import type { TypeFacts } from '../contract.ts';

const INTEGERS = new Set(['tinyint', 'byte', 'smallint', 'short', 'int', 'integer', 'bigint', 'long']);
const FLOATS = new Set(['float', 'real', 'double']);
const DECIMALS = new Set(['decimal', 'dec', 'numeric']);
const TEXTS = new Set(['string', 'varchar', 'char']);

/** Names that other engines have and Spark spells in another way. */
const OTHERS: Readonly<Record<string, string>> = {
  text: 'string',
  varchar: 'string',
  'character varying': 'string',
  'double precision': 'double',
  float8: 'double',
  'timestamp without time zone': 'timestamp_ntz',
};

/** A length that the type is given stays: `varchar(8)`. */
export function translateType(type: string): string {
  return OTHERS[type.trim().toLowerCase()] ?? type;
}

export function describeType(dataType: string): TypeFacts {
  const match = /^\s*([a-z_ ]+?)\s*(?:\(\s*([0-9,\s]*)\))?\s*$/i.exec(dataType);
  const name = match?.[1]?.toLowerCase() ?? '';
  const args = (match?.[2] ?? '')
    .split(',')
    .filter((part) => part.trim() !== '')
    .map(Number);
  const isNumeric = DECIMALS.has(name);
  return {
    isString: TEXTS.has(name),
    isInteger: INTEGERS.has(name),
    isFloat: FLOATS.has(name),
    isNumeric,
    ...(TEXTS.has(name) && args[0] !== undefined ? { charSize: args[0] } : {}),
    ...(isNumeric ? { numericPrecision: args[0] ?? 10, numericScale: args[1] ?? 0 } : {}),
  };
}
