/** `api.Column` as templates see it, over the dialect's facts of a type. */
import type { Dialect } from '../adapters/contract.ts';
import type { Column } from '../manifest/column.ts';
import { callArguments, HOST_GET, type HostObject } from '../template/index.ts';
import { CallableNamespace } from './host.ts';

export class ColumnObject implements HostObject {
  constructor(
    readonly column: Column,
    private readonly dialect: Dialect,
  ) {}

  [HOST_GET](name: string): unknown {
    const { column, dialect } = this;
    const facts = () => dialect.describeType(column.dataType);
    switch (name) {
      case 'name':
      case 'column':
        return column.name;
      case 'quoted':
        return dialect.quote(column.name);
      case 'dtype':
        return baseType(column.dataType);
      case 'data_type':
      case 'expanded_data_type':
        return column.dataType;
      case 'char_size':
        return facts().charSize ?? null;
      case 'numeric_precision':
        return facts().numericPrecision ?? null;
      case 'numeric_scale':
        return facts().numericScale ?? null;
      case 'is_string':
        return () => facts().isString;
      case 'is_number':
        return () => facts().isInteger || facts().isFloat || facts().isNumeric;
      case 'is_numeric':
        return () => facts().isNumeric;
      case 'is_integer':
        return () => facts().isInteger;
      case 'is_float':
        return () => facts().isFloat;
      case 'string_size':
        return () => facts().charSize ?? 256;
      case 'can_expand_to':
        return (other: unknown) => this.canExpandTo(other);
      case 'literal':
        return (value: unknown) => `${String(value)}::${column.dataType}`;
      case '__eq__':
        return (other: unknown) =>
          other instanceof ColumnObject &&
          other.column.name === column.name &&
          other.column.dataType === column.dataType;
      case '__hash__':
        return () => `column ${column.name} ${column.dataType}`;
      case 'string_type':
      case 'numeric_type':
      case 'translate_type':
      case 'create':
        return columnClass(dialect)[HOST_GET](name);
      default:
        return undefined;
    }
  }

  toString(): string {
    return `<Column ${this.column.name} (${this.column.dataType})>`;
  }

  private canExpandTo(other: unknown): boolean {
    if (!(other instanceof ColumnObject)) return false;
    const mine = this.dialect.describeType(this.column.dataType);
    const theirs = this.dialect.describeType(other.column.dataType);
    return mine.isString && theirs.isString && (theirs.charSize ?? 256) > (mine.charSize ?? 256);
  }
}

function baseType(dataType: string): string {
  const cut = dataType.indexOf('(');
  return cut === -1 ? dataType : dataType.slice(0, cut).trim();
}

/** `api.Column`: the class, callable as `api.Column(name, dtype)` and with its static members. */
export function columnClass(dialect: Dialect): CallableNamespace {
  const make = (...args: unknown[]) => {
    const given = callArguments(args, ['column', 'dtype', 'char_size', 'numeric_precision', 'numeric_scale']);
    let dataType = String(given.dtype ?? '');
    if (typeof given.char_size === 'number') dataType = `${dataType}(${given.char_size})`;
    else if (typeof given.numeric_precision === 'number') {
      const scale = typeof given.numeric_scale === 'number' ? `,${given.numeric_scale}` : '';
      dataType = `${dataType}(${given.numeric_precision}${scale})`;
    }
    return new ColumnObject({ name: String(given.column ?? ''), dataType }, dialect);
  };
  return new CallableNamespace('class Column', make, (name) => {
    switch (name) {
      case 'create':
        return (...args: unknown[]) => {
          const given = callArguments(args, ['name', 'label_or_dtype']);
          const dataType = dialect.translateType(String(given.label_or_dtype));
          return new ColumnObject({ name: String(given.name), dataType }, dialect);
        };
      case 'from_description':
        return (...args: unknown[]) => {
          const given = callArguments(args, ['name', 'raw_data_type']);
          return new ColumnObject(
            { name: String(given.name), dataType: String(given.raw_data_type) },
            dialect,
          );
        };
      case 'translate_type':
        return (type: unknown) => dialect.translateType(String(type));
      case 'string_type':
        return (size: unknown) => `character varying(${String(size)})`;
      case 'numeric_type':
        return (...args: unknown[]) => {
          const given = callArguments(args, ['dtype', 'precision', 'scale']);
          return given.precision === null || given.scale === null
            ? String(given.dtype)
            : `${String(given.dtype)}(${String(given.precision)},${String(given.scale)})`;
        };
      default:
        return undefined;
    }
  });
}
