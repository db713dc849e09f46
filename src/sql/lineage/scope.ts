/** What names mean at one place of a query: the tables of its FROM, aliases of its SELECT, and what is around it. */
import type { Node } from '../ast.ts';
import type { Ctes } from './ctes.ts';
import {
  type Field,
  IN_EXPRESSION,
  type Leaf,
  marked,
  type Origins,
  type Rows,
  together,
} from './origins.ts';
import type { LineageSession } from './session.ts';

/** An item of FROM under its name. */
export interface Table extends Rows {
  /** Empty where it has none. */
  alias: string;
  /** Schema and database it was named with. */
  qualifier: readonly string[];
  /** Bits for every column that is read from it. */
  bits: number;
  /** Columns that `using` or `natural` has merged into the left side's, in lower case. */
  merged: Set<string>;
  /** Its columns can be filtered by but not given out: the right side of a semi join. */
  unseen?: boolean;
  /** `rest` is only meant for names that begin with its alias. */
  restQualified?: boolean;
}

export class Scope {
  readonly tables: Table[] = [];
  /** Columns of `using` and `natural`, by name in lower case, in order. */
  readonly merged = new Map<string, Field>();
  /** Names the SELECT has given so far. */
  readonly aliases = new Map<string, Origins>();
  readonly windows = new Map<string, Node>();
  /** Parameters of the lambdas around the place. */
  readonly lambdas: string[] = [];
  readonly filters = new Set<Leaf>();
  private readonly indexes = new Map<Table, Map<string, Field>>();

  constructor(
    readonly session: LineageSession,
    readonly ctes: Ctes,
    readonly parent?: Scope,
  ) {}

  addFilters(origins: Origins): void {
    for (const leaf of origins.keys()) this.filters.add(leaf);
  }

  /** Undefined: no such column here or around. `aliasFirst` is how ORDER BY looks for names. */
  column(name: string, options: { aliasFirst?: boolean } = {}): Origins | undefined {
    const key = name.toLowerCase();
    const alias = this.aliases.get(key);
    if (options.aliasFirst && alias !== undefined) return alias;
    const merged = this.merged.get(key);
    if (merged !== undefined) return merged.origins;
    for (const table of this.tables) {
      if (table.merged.has(key)) continue;
      const field = this.field(table, key);
      if (field !== undefined) return marked(field.origins, table.bits);
    }
    if (alias !== undefined) return alias;
    const row = this.tables.find((table) => table.alias.toLowerCase() === key);
    if (row !== undefined) return wholeRow(row);
    const open = this.tables.find((table) => table.rest !== undefined && !table.restQualified);
    const outside = this.parent?.column(name);
    if (open === undefined) return outside;
    // a name that an outer query knows for certain is not looked for in a table whose columns nobody knows
    return outside !== undefined && outside.size > 0 && this.parent!.knows(key)
      ? outside
      : marked(open.rest!(name), open.bits);
  }

  /** `table.name`; undefined where there is no such table, or it has no such column. */
  qualified(table: Table, name: string): Origins | undefined {
    const field = this.field(table, name.toLowerCase());
    if (field !== undefined) return marked(field.origins, table.bits);
    return table.rest && marked(table.rest(name), table.bits);
  }

  /** The item of FROM with that name, here or around. `qualifier` as far as it was written. */
  table(alias: string, qualifier: readonly string[] = []): Table | undefined {
    const wanted = alias.toLowerCase();
    const found = this.tables.find(
      (table) => table.alias.toLowerCase() === wanted && endsWith(table.qualifier, qualifier),
    );
    return found ?? this.parent?.table(alias, qualifier);
  }

  private knows(key: string): boolean {
    return (
      this.merged.has(key) ||
      this.tables.some((table) => this.field(table, key) !== undefined) ||
      this.parent?.knows(key) === true
    );
  }

  private field(table: Table, key: string): Field | undefined {
    let index = this.indexes.get(table);
    if (index === undefined) {
      index = new Map();
      for (const field of table.fields) {
        const name = field.name.toLowerCase();
        if (!index.has(name)) index.set(name, field);
      }
      this.indexes.set(table, index);
    }
    return index.get(key);
  }
}

/** A table's name as a value: all its columns in one. */
export function wholeRow(table: Table): Origins {
  const parts = table.fields.map((field) => field.origins);
  if (table.rest !== undefined && parts.length === 0) parts.push(table.rest(table.alias));
  return together(parts, table.bits | IN_EXPRESSION);
}

function endsWith(qualifier: readonly string[], asked: readonly string[]): boolean {
  if (asked.length === 0) return true;
  if (qualifier.length < asked.length) return false;
  return asked.every(
    (part, i) => part.toLowerCase() === qualifier[qualifier.length - asked.length + i]!.toLowerCase(),
  );
}
