/**
 * A query's rows as dbt gives them to templates: agate's table, the part of it that packages use. Rows are
 * read by position or by name, columns by position or by name; everything iterates.
 */
import type { QueryResult, Value, ValueKind } from '../adapters/contract.ts';
import {
  callArguments,
  Dict,
  HOST_GET,
  HOST_ITEM,
  type HostObject,
  PyFloat,
  Tuple,
} from '../template/index.ts';
import { printedTable } from './agate-print.ts';
import { Namespace } from './host.ts';
import { PyDate, PyDateTime, PyTime } from './modules/moments.ts';

export class AgateTable implements HostObject {
  readonly names: string[];
  readonly rows: AgateRow[];
  private readonly kinds: ValueKind[];

  constructor(
    result: QueryResult,
    /** Where `print_table` writes. */
    private readonly print: (text: string) => void = () => {},
  ) {
    // agate lower-cases nothing, but refuses duplicates by adding _2, _3 ...
    this.names = distinctNames(result.columns.map((column) => column.name));
    this.kinds = result.columns.map((column) => column.kind);
    this.rows = result.rows.map(
      (row) =>
        new AgateRow(
          this.names,
          row.map((value, i) => toTemplateValue(value, this.kinds[i]!)),
        ),
    );
  }

  /** A table without rows and columns: what `statement` stores for a write. */
  static empty(): AgateTable {
    return new AgateTable({ columns: [], rows: [] });
  }

  [HOST_GET](name: string): unknown {
    switch (name) {
      case 'rows':
        return new AgateSequence(this.rows, undefined);
      case 'columns':
        return new AgateSequence(
          this.names.map((_, i) => new AgateColumn(this, i)),
          this.names,
        );
      case 'column_names':
        return Tuple.from(this.names);
      case 'column_types':
        return Tuple.from(this.kinds.map((kind) => new Namespace(`agate ${kind}`, () => undefined)));
      case 'print_table':
        return (...args: unknown[]) => this.printTable(args);
      case 'print_csv':
        return () => {
          this.print(
            [this.names, ...this.rows.map((row) => row.cells)]
              .map((cells) => cells.map(csvCell).join(','))
              .join('\n'),
          );
          return null;
        };
      case 'to_json':
      case 'print_json':
        return () =>
          JSON.stringify(
            this.rows.map((row) => Object.fromEntries(this.names.map((n, i) => [n, String(row.cells[i])]))),
          );
      case 'select':
        return (...args: unknown[]) => this.select(args);
      case 'exclude':
        return (...args: unknown[]) => this.exclude(args);
      case 'rename':
        return (...args: unknown[]) => this.rename(args);
      case 'where':
        return (test: (row: unknown) => unknown) =>
          this.with(
            this.names,
            this.kinds,
            this.rows.filter((row) => test(row) === true),
          );
      case 'limit':
        return (count: unknown) => this.with(this.names, this.kinds, this.rows.slice(0, Number(count)));
      default:
        return undefined;
    }
  }

  [HOST_ITEM](key: unknown): unknown {
    return typeof key === 'number' ? this.rows.at(key) : undefined;
  }

  get length(): number {
    return this.rows.length;
  }

  [Symbol.iterator](): Iterator<unknown> {
    return this.rows[Symbol.iterator]();
  }

  column(index: number): unknown[] {
    return this.rows.map((row) => row.cells[index]);
  }

  kindOf(index: number): ValueKind {
    return this.kinds[index] ?? 'text';
  }

  nameOf(index: number): string {
    return this.names[index]!;
  }

  toString(): string {
    return `<agate.Table with ${this.names.length} columns and ${this.rows.length} rows>`;
  }

  private pick(indexes: number[]): AgateTable {
    const names = indexes.map((i) => this.names[i]!);
    const rows = this.rows.map(
      (row) =>
        new AgateRow(
          names,
          indexes.map((i) => row.cells[i]),
        ),
    );
    return this.with(
      names,
      indexes.map((i) => this.kinds[i]!),
      rows,
    );
  }

  private printTable(args: unknown[]): null {
    const names = ['max_rows', 'max_columns', 'output', 'max_column_width'];
    const given = callArguments(args, names);
    const limit = (name: string, usual: number) => {
      const value = given[name];
      return value === null ? null : value === undefined ? usual : Number(value);
    };
    const limits = {
      rows: limit('max_rows', 20),
      columns: limit('max_columns', 6),
      columnWidth: limit('max_column_width', 20),
    };
    this.print(printedTable({ names: this.names, kinds: this.kinds, rows: this.rows }, limits));
    return null;
  }

  private select(args: unknown[]): AgateTable {
    const wanted = asNames(callArguments(args, ['key']).key);
    return this.pick(wanted.map((name) => this.names.indexOf(name)).filter((i) => i !== -1));
  }

  private exclude(args: unknown[]): AgateTable {
    const unwanted = new Set(asNames(callArguments(args, ['key']).key));
    return this.pick(this.names.map((_, i) => i).filter((i) => !unwanted.has(this.names[i]!)));
  }

  private rename(args: unknown[]): AgateTable {
    const given = callArguments(args, [
      'column_names',
      'row_names',
      'slug_columns',
      'slug_rows',
    ]).column_names;
    const names = this.names.map((name, i) => {
      if (given instanceof Dict) return String(given.get(name) ?? name);
      return Array.isArray(given) ? String(given[i] ?? name) : name;
    });
    return this.with(
      names,
      this.kinds,
      this.rows.map((row) => new AgateRow(names, row.cells)),
    );
  }

  private with(names: string[], kinds: ValueKind[], rows: AgateRow[]): AgateTable {
    const table = new AgateTable({ columns: [], rows: [] }, this.print);
    table.names.push(...names);
    table.kinds.push(...kinds);
    table.rows.push(...rows);
    return table;
  }
}

export class AgateRow implements HostObject {
  constructor(
    readonly names: string[],
    readonly cells: unknown[],
  ) {}

  [HOST_GET](name: string): unknown {
    switch (name) {
      case 'values':
        return () => Tuple.from(this.cells);
      case 'keys':
        return () => Tuple.from(this.names);
      case 'items':
        return () => this.names.map((key, i) => Tuple.from([key, this.cells[i]]));
      case 'dict':
        return () => new Dict(this.names.map((key, i) => [key, this.cells[i]] as [unknown, unknown]));
      case 'get':
        return (key: unknown, fallback: unknown = null) => this[HOST_ITEM](key) ?? fallback;
      default: {
        const at = this.names.indexOf(name);
        return at === -1 ? undefined : this.cells[at];
      }
    }
  }

  [HOST_ITEM](key: unknown): unknown {
    if (typeof key === 'number') return this.cells.at(key);
    const at = this.names.indexOf(String(key));
    return at === -1 ? undefined : this.cells[at];
  }

  get length(): number {
    return this.cells.length;
  }

  [Symbol.iterator](): Iterator<unknown> {
    return this.cells[Symbol.iterator]();
  }

  toString(): string {
    return `<agate.Row: (${this.cells.map(String).join(', ')})>`;
  }
}

class AgateColumn implements HostObject {
  constructor(
    private readonly table: AgateTable,
    private readonly index: number,
  ) {}

  [HOST_GET](name: string): unknown {
    switch (name) {
      case 'name':
        return this.table.nameOf(this.index);
      case 'index':
        return this.index;
      case 'values':
        return () => Tuple.from(this.table.column(this.index));
      case 'values_distinct':
        return () => Tuple.from(new Set(this.table.column(this.index)));
      case 'values_without_nulls':
        return () => Tuple.from(this.table.column(this.index).filter((value) => value !== null));
      default:
        return undefined;
    }
  }

  [HOST_ITEM](key: unknown): unknown {
    return typeof key === 'number' ? this.table.column(this.index).at(key) : undefined;
  }

  get length(): number {
    return this.table.rows.length;
  }

  [Symbol.iterator](): Iterator<unknown> {
    return this.table.column(this.index)[Symbol.iterator]();
  }

  toString(): string {
    return `<agate.Column: (${this.table.column(this.index).map(String).join(', ')})>`;
  }
}

/** agate's MappedSequence: by position, by key, iterating over values. */
class AgateSequence implements HostObject {
  constructor(
    private readonly list: readonly HostObject[],
    private readonly keys: readonly string[] | undefined,
  ) {}

  [HOST_GET](name: string): unknown {
    switch (name) {
      case 'keys':
        return () => (this.keys === undefined ? null : [...this.keys]);
      case 'values':
        return () => Tuple.from(this.list);
      case 'items':
        return () => this.list.map((value, i) => Tuple.from([this.keys?.[i] ?? i, value]));
      case 'get':
        return (key: unknown, fallback: unknown = null) => this[HOST_ITEM](key) ?? fallback;
      case 'dict':
        return () =>
          new Dict(this.list.map((value, i) => [this.keys?.[i] ?? i, value] as [unknown, unknown]));
      default:
        return this[HOST_ITEM](name);
    }
  }

  [HOST_ITEM](key: unknown): unknown {
    if (typeof key === 'number') return this.list.at(key);
    const at = this.keys?.indexOf(String(key)) ?? -1;
    return at === -1 ? undefined : this.list[at];
  }

  get length(): number {
    return this.list.length;
  }

  [Symbol.iterator](): Iterator<unknown> {
    return this.list[Symbol.iterator]();
  }

  toString(): string {
    return `(${this.list.map(String).join(', ')})`;
  }
}

function csvCell(value: unknown): string {
  const text = value === null || value === undefined ? '' : String(value);
  return /[",\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

function asNames(value: unknown): string[] {
  return Array.isArray(value) ? value.map(String) : [String(value)];
}

function distinctNames(names: string[]): string[] {
  const seen = new Map<string, number>();
  return names.map((name) => {
    const count = (seen.get(name) ?? 0) + 1;
    seen.set(name, count);
    return count === 1 ? name : `${name}_${count}`;
  });
}

/** A value of a result as Jinja knows it: floats keep printing `1.0`, dates are date objects. */
export function toTemplateValue(value: Value, kind: ValueKind): unknown {
  if (value === null) return null;
  switch (kind) {
    case 'float':
      return typeof value === 'number' && Number.isInteger(value) ? new PyFloat(value) : value;
    case 'decimal':
      return decimalValue(String(value));
    case 'date':
      return PyDate.parse(String(value)) ?? value;
    case 'timestamp':
      return PyDateTime.parse(String(value)) ?? value;
    case 'time':
      return PyTime.parse(String(value)) ?? value;
    default:
      return value;
  }
}

/** Decimals become integers where integral as written (`10`), else floats: templates calculate with them. */
function decimalValue(text: string): unknown {
  if (/^-?\d+$/.test(text)) {
    const whole = BigInt(text);
    return whole >= BigInt(Number.MIN_SAFE_INTEGER) && whole <= BigInt(Number.MAX_SAFE_INTEGER)
      ? Number(whole)
      : whole;
  }
  const value = Number(text);
  return Number.isInteger(value) ? new PyFloat(value) : value;
}
