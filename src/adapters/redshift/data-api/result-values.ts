/** Rows of the Data API as values of sq. */
import type { ColumnMetadata, Field } from '@aws-sdk/client-redshift-data';
import type { QueryResult, Value, ValueKind } from '../../contract.ts';

/** Redshift's short names as the catalogue writes them. */
const NAMES: Readonly<Record<string, string>> = {
  int2: 'smallint',
  int4: 'integer',
  int8: 'bigint',
  float4: 'real',
  float8: 'double precision',
  bool: 'boolean',
  varchar: 'character varying',
  bpchar: 'character',
  timestamp: 'timestamp without time zone',
  timestamptz: 'timestamp with time zone',
  time: 'time without time zone',
  timetz: 'time with time zone',
};
const KINDS: readonly (readonly [ValueKind, RegExp])[] = [
  ['integer', /^(smallint|integer|bigint|oid)$/],
  ['float', /^(real|double precision)$/],
  ['decimal', /^numeric/],
  ['boolean', /^boolean$/],
  ['date', /^date$/],
  ['timestamp', /^timestamp/],
  ['time', /^time/],
  ['text', /^(text|character|name|super|varbyte|json|uuid)/],
];
const SIZED = new Set(['character varying', 'character']);

export function resultColumns(metadata: readonly ColumnMetadata[]): QueryResult['columns'] {
  return metadata.map((column) => {
    const type = typeOf(column);
    return {
      name: column.label ?? column.name ?? '',
      type,
      kind: KINDS.find(([, pattern]) => pattern.test(type))?.[0] ?? 'other',
    };
  });
}

function typeOf({ typeName = '', precision = 0, scale = 0, length = 0 }: ColumnMetadata): string {
  const name = NAMES[typeName.toLowerCase()] ?? typeName.toLowerCase();
  // precision holds a text's length, too; 2^31 - 1 says that there is no limit
  const size = precision > 0 && precision < 2_147_483_647 ? precision : length;
  if (name === 'numeric' && precision > 0 && precision <= 38) return `numeric(${precision},${scale})`;
  return SIZED.has(name) && size > 0 && size < 2_147_483_647 ? `${name}(${size})` : name;
}

export function resultRow(fields: readonly Field[], columns: QueryResult['columns']): Value[] {
  return fields.map((field, i) => fieldValue(field, columns[i]!.kind));
}

function fieldValue(field: Field, kind: ValueKind): Value {
  if (field.isNull === true) return null;
  if (field.booleanValue !== undefined) return field.booleanValue;
  if (field.longValue !== undefined) return kind === 'text' ? String(field.longValue) : field.longValue;
  if (field.doubleValue !== undefined) return Number(field.doubleValue);
  if (field.blobValue !== undefined) return Buffer.from(field.blobValue).toString('hex');
  return fromText(field.stringValue ?? '', kind);
}

/** Decimals, dates and times stay the texts they are. */
function fromText(text: string, kind: ValueKind): Value {
  switch (kind) {
    case 'integer': {
      const number = Number(text);
      return Number.isSafeInteger(number) ? number : BigInt(text);
    }
    case 'float':
      return floatOf(text);
    case 'boolean':
      return /^t/i.test(text);
    default:
      return text;
  }
}

function floatOf(text: string): number {
  if (/^-inf/i.test(text)) return Number.NEGATIVE_INFINITY;
  return /^\+?inf/i.test(text) ? Number.POSITIVE_INFINITY : Number(text);
}
