/** Types of results on PostgreSQL's protocol: their names, and their values from the server's texts. */
import type { Value, ValueKind } from '../../contract.ts';
import type { PgField } from './text-query.ts';

/** Ids of built-in types are part of the protocol (pg_type.dat); names as format_type writes them. */
const NAMES: Readonly<Record<number, string>> = {
  16: 'boolean',
  17: 'bytea',
  18: '"char"',
  19: 'name',
  20: 'bigint',
  21: 'smallint',
  23: 'integer',
  25: 'text',
  26: 'oid',
  114: 'json',
  142: 'xml',
  700: 'real',
  701: 'double precision',
  705: 'text',
  790: 'money',
  1000: 'boolean[]',
  1005: 'smallint[]',
  1007: 'integer[]',
  1009: 'text[]',
  1015: 'character varying[]',
  1016: 'bigint[]',
  1022: 'double precision[]',
  1042: 'character',
  1043: 'character varying',
  1082: 'date',
  1083: 'time without time zone',
  1114: 'timestamp without time zone',
  1184: 'timestamp with time zone',
  1186: 'interval',
  1231: 'numeric[]',
  1266: 'time with time zone',
  1560: 'bit',
  1562: 'bit varying',
  1700: 'numeric',
  2205: 'regclass',
  2950: 'uuid',
  3802: 'jsonb',
  // Redshift's own, which PostgreSQL does not use
  1188: 'interval year to month',
  1190: 'interval day to second',
  2935: 'hllsketch',
  3000: 'geometry',
  3001: 'geography',
  4000: 'super',
  6551: 'varbyte',
};

const KINDS: readonly [ValueKind, RegExp][] = [
  ['integer', /^(smallint|integer|bigint|oid)$/],
  ['float', /^(real|double precision)$/],
  ['decimal', /^numeric/],
  ['boolean', /^boolean$/],
  ['date', /^date$/],
  ['timestamp', /^timestamp/],
  ['time', /^time/],
  ['text', /^(text|character|name|"char"|json|jsonb|uuid|xml|regclass|super|varchar|varbyte)/],
];

/** `numeric(10,2)`, `character varying(40)`; undefined for a type that only the server knows. */
export function pgTypeName({ dataTypeID, dataTypeModifier }: PgField): string | undefined {
  const name = NAMES[dataTypeID];
  if (name === undefined || dataTypeModifier < 0 || name.endsWith('[]')) return name;
  if (name === 'numeric') {
    const packed = dataTypeModifier - 4;
    return `numeric(${packed >> 16},${packed & 0xff_ff})`;
  }
  if (name === 'character' || name === 'character varying') return `${name}(${dataTypeModifier - 4})`;
  if (/^time/.test(name)) return name.replace(/^(time|timestamp)/, `$1(${dataTypeModifier})`);
  if (name.startsWith('bit')) return `${name}(${dataTypeModifier})`;
  return name;
}

export function pgValueKind(type: string): ValueKind {
  if (type.endsWith('[]')) return 'other';
  return KINDS.find(([, pattern]) => pattern.test(type))?.[0] ?? 'other';
}

/** The value of a text of the server; decimals, dates and times stay as they are, no digit lost. */
export function pgValue(kind: ValueKind, text: string | null): Value {
  if (text === null) return null;
  switch (kind) {
    case 'integer': {
      const number = Number(text);
      return Number.isSafeInteger(number) ? number : BigInt(text);
    }
    case 'float':
      return floatOf(text);
    case 'boolean':
      return text === 't' || text === 'true';
    default:
      return text;
  }
}

function floatOf(text: string): number {
  if (text === 'Infinity') return Number.POSITIVE_INFINITY;
  return text === '-Infinity' ? Number.NEGATIVE_INFINITY : Number(text);
}
