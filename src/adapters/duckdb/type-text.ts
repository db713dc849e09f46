/** A result column's type in DuckDB's own spelling, complete enough to be used in DDL. */
import type { LogicalType } from '@duckdb/node-bindings';
import type { Binding } from './binding.ts';

/** Spellings of the types that hold no others. Ids as in DuckDB's C API (`DUCKDB_TYPE_*`). */
const NAMES: Record<number, string> = {
  1: 'BOOLEAN',
  2: 'TINYINT',
  3: 'SMALLINT',
  4: 'INTEGER',
  5: 'BIGINT',
  6: 'UTINYINT',
  7: 'USMALLINT',
  8: 'UINTEGER',
  9: 'UBIGINT',
  10: 'FLOAT',
  11: 'DOUBLE',
  12: 'TIMESTAMP',
  13: 'DATE',
  14: 'TIME',
  15: 'INTERVAL',
  16: 'HUGEINT',
  17: 'VARCHAR',
  18: 'BLOB',
  20: 'TIMESTAMP_S',
  21: 'TIMESTAMP_MS',
  22: 'TIMESTAMP_NS',
  27: 'UUID',
  29: 'BIT',
  30: 'TIME WITH TIME ZONE',
  31: 'TIMESTAMP WITH TIME ZONE',
  32: 'UHUGEINT',
  35: 'BIGNUM',
  36: '"NULL"',
  39: 'TIME_NS',
  40: 'GEOMETRY',
  41: 'VARIANT',
};

export const TYPE = { decimal: 19, enum: 23, list: 24, struct: 25, map: 26, union: 28, array: 33 } as const;

export function typeText(binding: Binding, type: LogicalType): string {
  const alias = binding.logical_type_get_alias(type);
  if (alias !== null && alias !== '') return alias;
  const id: number = binding.get_type_id(type);
  const inner = (child: LogicalType) => typeText(binding, child);
  switch (id) {
    case TYPE.decimal:
      return `DECIMAL(${binding.decimal_width(type)},${binding.decimal_scale(type)})`;
    case TYPE.list:
      return `${inner(binding.list_type_child_type(type))}[]`;
    case TYPE.array:
      return `${inner(binding.array_type_child_type(type))}[${binding.array_type_array_size(type)}]`;
    case TYPE.map:
      return `MAP(${inner(binding.map_type_key_type(type))}, ${inner(binding.map_type_value_type(type))})`;
    case TYPE.struct:
      return `STRUCT(${members(binding.struct_type_child_count(type), (i) => [
        binding.struct_type_child_name(type, i),
        inner(binding.struct_type_child_type(type, i)),
      ])})`;
    case TYPE.union:
      return `UNION(${members(binding.union_type_member_count(type), (i) => [
        binding.union_type_member_name(type, i),
        inner(binding.union_type_member_type(type, i)),
      ])})`;
    case TYPE.enum: {
      const words = Array.from(
        { length: binding.enum_dictionary_size(type) },
        (_, i) => `'${binding.enum_dictionary_value(type, i).replaceAll("'", "''")}'`,
      );
      return `ENUM(${words.join(', ')})`;
    }
    default:
      return NAMES[id] ?? 'VARCHAR';
  }
}

function members(count: number, member: (i: number) => [string, string]): string {
  return Array.from({ length: count }, (_, i) => {
    const [name, type] = member(i);
    return `${memberName(name)} ${type}`;
  }).join(', ');
}

/** Quoted only where it must be, as DESCRIBE spells it: types are compared by their text. */
function memberName(name: string): string {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) ? name : `"${name.replaceAll('"', '""')}"`;
}
