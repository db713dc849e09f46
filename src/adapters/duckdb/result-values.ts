/**
 * Rows of a materialized result as plain values (adapters/contract.ts, `Value`): no digit is lost. The common
 * types are read from the vectors' bytes; a result with any other goes through @duckdb/node-api.
 */
import type { LogicalType, Result, Vector } from '@duckdb/node-bindings';
import type { QueryResult, Value } from '../contract.ts';
import { type Binding, loadValueReader } from './binding.ts';
import { dateText, timestampText, timeText } from './date-text.ts';
import { TYPE, typeText } from './type-text.ts';
import { valueKind } from './types.ts';

/** Reads row `i` of a column's bytes. */
type CellReader = (bytes: DataView, i: number) => Value;
interface ColumnReader {
  /** Bytes a value takes in its vector. */
  width: number;
  read: CellReader;
}

/** Columns and rows of `result`; at most `limit` rows. */
export async function readResult(
  binding: Binding,
  result: Result,
  limit = Number.POSITIVE_INFINITY,
): Promise<QueryResult> {
  const columns: QueryResult['columns'] = [];
  const readers: (ColumnReader | undefined)[] = [];
  for (let c = 0; c < binding.column_count(result); c++) {
    const logical = binding.column_logical_type(result, c);
    const type = typeText(binding, logical);
    columns.push({ name: binding.column_name(result, c), type, kind: valueKind(type) });
    readers.push(columnReader(binding, logical));
  }
  const rare = readers.includes(undefined) ? await rareCells(result) : undefined;
  return { columns, rows: readRows(binding, result, readers, rare, limit) };
}

function readRows(
  binding: Binding,
  result: Result,
  readers: readonly (ColumnReader | undefined)[],
  rare: RareCells | undefined,
  limit: number,
): Value[][] {
  const rows: Value[][] = [];
  const chunks = binding.result_chunk_count(result);
  for (let chunkIndex = 0; chunkIndex < chunks && rows.length < limit; chunkIndex++) {
    const chunk = binding.result_get_chunk(result, chunkIndex);
    const size = Math.min(binding.data_chunk_get_size(chunk), limit - rows.length);
    const first = rows.length;
    for (let i = 0; i < size; i++) rows.push(new Array<Value>(readers.length));
    for (let c = 0; c < readers.length; c++) {
      const reader = readers[c];
      if (reader !== undefined) {
        const vector = binding.data_chunk_get_vector(chunk, c);
        fillColumn(binding, vector, reader, rows, first, size, c);
      } else for (let i = 0; i < size; i++) rows[first + i]![c] = rare!(chunkIndex, c, i);
    }
  }
  return rows;
}

function fillColumn(
  binding: Binding,
  vector: Vector,
  reader: ColumnReader,
  rows: Value[][],
  first: number,
  size: number,
  column: number,
): void {
  const data = binding.vector_get_data(vector, size * reader.width);
  const bytes = new DataView(data.buffer, data.byteOffset, data.byteLength);
  // null when no value of the vector is NULL
  const validity = binding.vector_get_validity(vector, Math.ceil(size / 64) * 8) as Uint8Array | null;
  for (let i = 0; i < size; i++) {
    const valid = validity === null || (validity[i >> 3]! & (1 << (i & 7))) !== 0;
    rows[first + i]![column] = valid ? reader.read(bytes, i) : null;
  }
}

/** Reader of a common type; undefined for the others. Ids as in DuckDB's C API. */
function columnReader(binding: Binding, type: LogicalType): ColumnReader | undefined {
  switch (binding.get_type_id(type) as number) {
    case 1:
      return { width: 1, read: (bytes, i) => bytes.getUint8(i) !== 0 };
    case 2:
      return { width: 1, read: (bytes, i) => bytes.getInt8(i) };
    case 3:
      return { width: 2, read: (bytes, i) => bytes.getInt16(i * 2, true) };
    case 4:
      return { width: 4, read: (bytes, i) => bytes.getInt32(i * 4, true) };
    case 5:
      return { width: 8, read: (bytes, i) => integer(bytes.getBigInt64(i * 8, true)) };
    case 6:
      return { width: 1, read: (bytes, i) => bytes.getUint8(i) };
    case 7:
      return { width: 2, read: (bytes, i) => bytes.getUint16(i * 2, true) };
    case 8:
      return { width: 4, read: (bytes, i) => bytes.getUint32(i * 4, true) };
    case 9:
      return { width: 8, read: (bytes, i) => integer(bytes.getBigUint64(i * 8, true)) };
    case 10:
      return { width: 4, read: (bytes, i) => shortestFloat(bytes.getFloat32(i * 4, true)) };
    case 11:
      return { width: 8, read: (bytes, i) => bytes.getFloat64(i * 8, true) };
    case 12:
      return { width: 8, read: (bytes, i) => timestampText(bytes.getBigInt64(i * 8, true)) };
    case 13:
      return { width: 4, read: (bytes, i) => dateText(bytes.getInt32(i * 4, true)) };
    case 14:
      return { width: 8, read: (bytes, i) => timeText(bytes.getBigInt64(i * 8, true)) };
    case 16:
      return { width: 16, read: (bytes, i) => integer(hugeint(bytes, i)) };
    case 17:
      return { width: 16, read: (bytes, i) => text(binding, bytes, i * 16) };
    case TYPE.decimal:
      return decimalReader(binding, type);
    case 31:
      return { width: 8, read: (bytes, i) => timestampText(bytes.getBigInt64(i * 8, true), '+00') };
    default:
      return undefined;
  }
}

/** A decimal is kept as a whole number of 2, 4, 8 or 16 bytes. */
function decimalReader(binding: Binding, type: LogicalType): ColumnReader {
  const scale = binding.decimal_scale(type);
  const width = { 3: 2, 4: 4, 5: 8 }[binding.decimal_internal_type(type) as number] ?? 16;
  const whole = (bytes: DataView, i: number): bigint => {
    if (width === 2) return BigInt(bytes.getInt16(i * 2, true));
    if (width === 4) return BigInt(bytes.getInt32(i * 4, true));
    return width === 8 ? bytes.getBigInt64(i * 8, true) : hugeint(bytes, i);
  };
  return { width, read: (bytes, i) => decimalText(whole(bytes, i), scale) };
}

function decimalText(whole: bigint, scale: number): string {
  if (scale === 0) return String(whole);
  const digits = String(whole < 0n ? -whole : whole).padStart(scale + 1, '0');
  const cut = digits.length - scale;
  return `${whole < 0n ? '-' : ''}${digits.slice(0, cut)}.${digits.slice(cut)}`;
}

/** Texts up to 12 bytes stand in the vector, longer ones behind a pointer. */
function text(binding: Binding, bytes: DataView, offset: number): string {
  const length = bytes.getUint32(offset, true);
  const content =
    length <= 12
      ? Buffer.from(bytes.buffer, bytes.byteOffset + offset + 4, length)
      : Buffer.from(
          binding.get_data_from_pointer(bytes.buffer as ArrayBuffer, bytes.byteOffset + offset + 8, length),
        );
  return content.toString('utf8');
}

type RareCells = (chunk: number, column: number, row: number) => Value;

/** Cells of the rare types, each in its text form. */
async function rareCells(result: Result): Promise<RareCells> {
  const { DuckDBMaterializedResult } = await loadValueReader();
  const wrapped = new DuckDBMaterializedResult(result);
  // making a vector reads all of its 2,048 rows: once for each, as they are asked for one below the other
  let at = '';
  let vector: ReturnType<ReturnType<typeof wrapped.getChunk>['getColumnVector']>;
  return (chunk, column, row) => {
    const asked = `${chunk} ${column}`;
    if (asked !== at) vector = wrapped.getChunk(chunk).getColumnVector(column);
    at = asked;
    return plainValue(vector.getItem(row));
  };
}

function plainValue(value: unknown): Value {
  if (value === null || value === undefined) return null;
  if (typeof value === 'bigint') return integer(value);
  if (typeof value === 'boolean' || typeof value === 'number' || typeof value === 'string') return value;
  return String(value);
}

function integer(value: bigint): Value {
  return value >= -9_007_199_254_740_991n && value <= 9_007_199_254_740_991n ? Number(value) : value;
}

function hugeint(bytes: DataView, i: number): bigint {
  return (bytes.getBigInt64(i * 16 + 8, true) << 64n) | bytes.getBigUint64(i * 16, true);
}

/** The shortest decimal that is the same 32-bit float: 0.1, not 0.10000000149011612. */
function shortestFloat(value: number): number {
  if (!Number.isFinite(value)) return value;
  for (let digits = 6; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits));
    if (Math.fround(short) === value) return short;
  }
  return value;
}
