/** PIVOT and UNPIVOT, as an item of FROM and as DuckDB's statements. */
import { type ColumnNode, type Identifier, inside, type Node, unwrapped } from '../ast.ts';
import { Ctes } from './ctes.ts';
import { tableOf } from './from.ts';
import {
  type Field,
  IN_EXPRESSION,
  marked,
  NO_ORIGINS,
  type Origins,
  REPEATED,
  type Rows,
  together,
} from './origins.ts';
import { originsIn } from './origins-in.ts';
import { Scope } from './scope.ts';

interface PivotNode {
  this: Node;
  expressions: Node[];
  fields: Node[];
  using: Node[];
  group: Node | null;
  unpivot: boolean;
  into: Node | null;
}

/** What a cell's column is called, and by which columns it is pivoted. */
interface PivotedOn {
  origins: Origins;
  names: readonly string[] | undefined;
  columns: ReadonlySet<string>;
}

export function pivotRows(node: Node, outer: Scope): Rows {
  const pivot = inside<PivotNode>(node, 'pivot')!;
  if (pivot.unpivot) return statementUnpivot(pivot, outer);
  const scope = scopeOver(pivot.this, outer);
  const statement = pivot.fields.length === 0;
  const aggregates = statement ? pivot.using : pivot.expressions;
  const on = (statement ? pivot.expressions : pivot.fields).map((field) => pivotedOn(field, scope));
  const used = new Set(on.flatMap(({ columns }) => [...columns]));
  const values = aggregates.map((aggregate) => {
    for (const name of columnNames(aggregate)) used.add(name);
    const alias = inside<{ this: Node; alias: Identifier }>(aggregate, 'alias');
    const inner = unwrapped(alias?.this ?? aggregate);
    return { origins: originsIn(aggregate, scope), name: alias?.alias.name, function: Object.keys(inner)[0] };
  });
  const groups = pivot.group === null ? undefined : columnNames(pivot.group);
  const table = scope.tables[0]!;
  const kept = table.fields.filter(({ name }) =>
    groups === undefined ? !used.has(name.toLowerCase()) : groups.has(name.toLowerCase()),
  );
  const onOrigins = together(on.map(({ origins }) => origins));
  const labels = on.every(({ names }) => names !== undefined)
    ? on.reduce<string[]>(
        (all, { names }) =>
          all.flatMap((left) => names!.map((right) => (left === '' ? right : `${left}_${right}`))),
        [''],
      )
    : undefined;
  const cell = (origins: Origins) => together([origins, onOrigins], IN_EXPRESSION);
  const whole = cell(together(values.map(({ origins }) => origins)));
  if (labels === undefined) return { fields: kept, rest: () => whole };
  const cells = labels.flatMap((label) =>
    values.map(({ origins, name, function: fn }): Field => {
      const suffix = name ?? (values.length > 1 ? fn : undefined);
      return { name: suffix === undefined ? label : `${label}_${suffix}`, origins: cell(origins) };
    }),
  );
  return { fields: [...kept, ...cells], ...(table.rest ? { rest: table.rest } : {}) };
}

function pivotedOn(field: Node, scope: Scope): PivotedOn {
  const list = inside<{ this: Node; expressions: Node[]; query: Node | null }>(field, 'in');
  const by = list?.this ?? field;
  return {
    origins: originsIn(by, scope),
    names: list === undefined || list.query ? undefined : list.expressions.map(valueName),
    columns: columnNames(by),
  };
}

/** The column's name that a value of the IN list gives. */
function valueName(value: Node): string {
  const alias =
    inside<{ this: Node; alias: Node & Identifier }>(value, 'pivot_alias') ??
    inside<{ this: Node; alias: Node & Identifier }>(value, 'alias');
  if (alias !== undefined) {
    return (
      inside<ColumnNode>(alias.alias, 'column')?.name.name ??
      inside<Identifier>(alias.alias, 'identifier')?.name ??
      alias.alias.name
    );
  }
  const tuple = inside<{ expressions: Node[] }>(value, 'tuple');
  if (tuple !== undefined) return tuple.expressions.map(valueName).join('_');
  const literal = inside<{ value: unknown }>(value, 'literal');
  if (literal !== undefined) return String(literal.value);
  if ('null' in value) return 'null';
  return (
    inside<ColumnNode>(value, 'column')?.name.name ??
    String(inside<{ value: unknown }>(value, 'boolean')?.value)
  );
}

interface UnpivotNode {
  this: Node;
  value_column: Identifier;
  name_column: Identifier;
  columns: Node[];
  extra_value_columns?: Identifier[];
}

export function unpivotRows(node: Node, outer: Scope): Rows {
  const unpivot = inside<UnpivotNode>(node, 'unpivot')!;
  const values = [unpivot.value_column, ...(unpivot.extra_value_columns ?? [])].map(({ name }) => name);
  return unpivoted(scopeOver(unpivot.this, outer), unpivot.columns, unpivot.name_column.name, values);
}

function statementUnpivot(pivot: PivotNode, outer: Scope): Rows {
  const into = inside<{ this: Node; expressions: Node[] }>(pivot.into, 'unpivot_columns');
  const name = into === undefined ? 'name' : wordOf(into.this);
  const values = into === undefined ? ['value'] : into.expressions.map(wordOf);
  return unpivoted(scopeOver(pivot.this, outer), pivot.expressions, name, values);
}

function unpivoted(
  scope: Scope,
  columns: readonly Node[],
  nameColumn: string,
  valueColumns: readonly string[],
): Rows {
  const table = scope.tables[0]!;
  // each place of a tuple goes to the value column of that place
  const rows = columns.map((column) => {
    const named = inside<{ this: Node }>(column, 'alias') ?? inside<{ this: Node }>(column, 'pivot_alias');
    const node = unwrapped(named?.this ?? column);
    return inside<{ expressions: Node[] }>(node, 'tuple')?.expressions ?? [node];
  });
  const used = new Set(rows.flat().flatMap((column) => [...columnNames(column)]));
  const fields: Field[] = table.fields
    .filter(({ name }) => !used.has(name.toLowerCase()))
    .map((field) => ({ name: field.name, origins: marked(field.origins, REPEATED) }));
  const values = valueColumns.map((name, place): Field => {
    const parts = rows.flatMap((row) => (row[place] === undefined ? [] : [originsIn(row[place], scope)]));
    return { name, origins: together(parts, REPEATED) };
  });
  return {
    fields: [...fields, { name: nameColumn, origins: NO_ORIGINS }, ...values],
    ...(table.rest ? { rest: table.rest } : {}),
  };
}

function wordOf(node: Node): string {
  const word = inside<{ this?: string; name?: Identifier | string }>(node, Object.keys(node)[0]!);
  return typeof word?.name === 'object' ? word.name.name : (word?.name ?? word?.this ?? '');
}

/** A scope that sees the pivoted table alone; what filters inside it goes outwards. */
function scopeOver(item: Node, outer: Scope): Scope {
  const { rows, alias } = tableOf(item, outer);
  const scope = new Scope(outer.session, Ctes.none(outer.session), undefined);
  scope.tables.push({ ...rows, alias, qualifier: [], bits: 0, merged: new Set() });
  return scope;
}

/** Names of all columns below a node, in lower case. */
function columnNames(node: unknown, found = new Set<string>()): Set<string> {
  if (typeof node !== 'object' || node === null) return found;
  const column = inside<ColumnNode>(node, 'column');
  if (column?.name?.name !== undefined) found.add(column.name.name.toLowerCase());
  else for (const value of Object.values(node)) columnNames(value, found);
  return found;
}
