/** Arrow batches as plain values: no digit is lost. Numbers are read from the vectors' memory, where they are whole. */
import type { Data, DataType, Table } from 'apache-arrow';
import type { QueryResult, Value, ValueKind } from '../../contract.ts';
import type { SparkModules } from './modules.ts';
import { dateText, timestampText } from './moment-text.ts';

type Columns = QueryResult['columns'];

export function columnsOf({ arrow }: SparkModules, table: Table): Columns {
  return table.schema.fields.map(({ name, type }) => {
    const spelled = typeText(arrow, type);
    return { name, type: spelled, kind: kindOf(spelled) };
  });
}

/** Rows of one batch, appended to `rows`; at most `limit` of them all. */
export function readRows({ arrow }: SparkModules, table: Table, rows: Value[][], limit: number): void {
  const width = table.schema.fields.length;
  for (const batch of table.batches) {
    const first = rows.length;
    const size = Math.min(batch.numRows, limit - first);
    for (let i = 0; i < size; i++) rows.push(new Array<Value>(width));
    for (let c = 0; c < width; c++) {
      const data = batch.data.children[c] as Data;
      const read = reader(arrow, data);
      for (let i = 0; i < size; i++) rows[first + i]![c] = data.getValid(i) ? read(i) : null;
    }
  }
}

type Arrow = SparkModules['arrow'];

function reader(arrow: Arrow, data: Data): (i: number) => Value {
  const { type } = data;
  const { values } = data as unknown as { values: ArrayLike<number | bigint> };
  if (arrow.DataType.isInt(type)) return (i) => whole(BigInt(values[i]!));
  if (arrow.DataType.isFloat(type)) {
    const single = type.precision === arrow.Precision.SINGLE;
    return (i) => (single ? shortest(Number(values[i])) : Number(values[i]));
  }
  if (arrow.DataType.isDecimal(type)) return (i) => decimalText(unscaled(values, i), type.scale);
  if (arrow.DataType.isDate(type)) return (i) => dateText(Number(values[i]));
  if (arrow.DataType.isTimestamp(type)) return (i) => timestampText(BigInt(values[i]!));
  const vector = new arrow.Vector([data]);
  return (i) => plain(vector.get(i));
}

/** Four words of 32 bits, the lowest first. */
function unscaled(words: ArrayLike<number | bigint>, i: number): bigint {
  let value = 0n;
  for (let word = 3; word >= 0; word--) value = (value << 32n) | BigInt(words[i * 4 + word]!);
  return BigInt.asIntN(128, value);
}

function decimalText(value: bigint, scale: number): string {
  if (scale === 0) return String(value);
  const digits = String(value < 0n ? -value : value).padStart(scale + 1, '0');
  const cut = digits.length - scale;
  return `${value < 0n ? '-' : ''}${digits.slice(0, cut)}.${digits.slice(cut)}`;
}

function whole(value: bigint): Value {
  return value >= -9_007_199_254_740_991n && value <= 9_007_199_254_740_991n ? Number(value) : value;
}

/** The shortest decimal that is the same 32-bit float. */
function shortest(value: number): number {
  if (!Number.isFinite(value)) return value;
  for (let digits = 6; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return short;
  }
  return value;
}

function plain(value: unknown): Value {
  if (value === null || value === undefined) return null;
  if (typeof value === 'boolean' || typeof value === 'string') return value;
  if (value instanceof Uint8Array) return Buffer.from(value).toString('hex');
  return JSON.stringify(value, (_, one) => (typeof one === 'bigint' ? String(one) : one));
}

function typeText(arrow: Arrow, type: DataType): string {
  const { DataType: is } = arrow;
  if (is.isInt(type)) return { 8: 'tinyint', 16: 'smallint', 32: 'int', 64: 'bigint' }[type.bitWidth];
  if (is.isFloat(type)) return type.precision === arrow.Precision.SINGLE ? 'float' : 'double';
  if (is.isDecimal(type)) return `decimal(${type.precision},${type.scale})`;
  if (is.isUtf8(type) || is.isLargeUtf8(type)) return 'string';
  if (is.isBool(type)) return 'boolean';
  if (is.isDate(type)) return 'date';
  if (is.isTimestamp(type)) return type.timezone ? 'timestamp' : 'timestamp_ntz';
  if (is.isBinary(type)) return 'binary';
  if (is.isNull(type)) return 'void';
  if (is.isList(type)) return `array<${typeText(arrow, type.children[0]!.type)}>`;
  if (is.isStruct(type))
    return `struct<${type.children.map((field) => `${field.name}:${typeText(arrow, field.type)}`).join(',')}>`;
  if (is.isMap(type)) {
    const [key, value] = (type.children[0]!.type as DataType).children ?? [];
    return `map<${typeText(arrow, key!.type)},${typeText(arrow, value!.type)}>`;
  }
  return 'interval';
}

export function kindOf(type: string): ValueKind {
  if (/^(tinyint|smallint|int|integer|bigint)$/.test(type)) return 'integer';
  if (/^(float|double|real)$/.test(type)) return 'float';
  if (/^(decimal|numeric)/.test(type)) return 'decimal';
  if (/^(string|varchar|char)/.test(type)) return 'text';
  if (type === 'boolean') return 'boolean';
  if (type === 'date') return 'date';
  return type.startsWith('timestamp') ? 'timestamp' : 'other';
}
