/** FROM and its joins: which tables a place sees, under which names, and what the joins filter by. */
import {
  type Identifier,
  inside,
  type JoinNode,
  type LateralViewNode,
  type Node,
  type SubqueryNode,
  unwrapped,
} from '../ast.ts';
import { renamed } from './ctes.ts';
import {
  fieldNamed,
  IN_EXPRESSION,
  marked,
  NO_ORIGINS,
  NULLABLE,
  type Origins,
  REPEATED,
  type Rows,
  together,
} from './origins.ts';
import { originsIn } from './origins-in.ts';
import { pivotRows, unpivotRows } from './pivot.ts';
import { rowsOfQuery } from './query.ts';
import type { Scope, Table } from './scope.ts';

/** Puts the tables of a FROM into the scope, in order: each sees the ones before it, as LATERAL does. */
export function addFrom(
  from: { expressions: Node[]; joins: readonly JoinNode[]; lateralViews: readonly LateralViewNode[] },
  scope: Scope,
): void {
  for (const item of from.expressions) addItem(item, scope);
  for (const join of from.joins) addJoin(join, scope);
  for (const view of from.lateralViews) {
    const origins = marked(originsIn(view.this, scope), IN_EXPRESSION);
    const names = view.column_aliases.map((name) => name.name);
    addTable(scope, { rows: listRows(names, origins), alias: view.table_alias?.name ?? '' });
  }
  // with a second table, a row of one can come as often as the other has rows for it
  if (scope.tables.filter((table) => !table.unseen).length > 1) {
    for (const table of scope.tables) table.bits |= REPEATED;
  }
}

/** Adds one item; answers the tables it brought. */
function addItem(item: Node, scope: Scope): Table[] {
  const joined = inside<{ left: Node; joins: JoinNode[]; alias: Identifier | null }>(item, 'joined_table');
  if (joined !== undefined) {
    const before = scope.tables.length;
    addItem(joined.left, scope);
    for (const join of joined.joins) addJoin(join, scope);
    const added = scope.tables.slice(before);
    if (joined.alias !== null) for (const table of added) table.alias = joined.alias.name;
    return added;
  }
  const table = tableOf(item, scope);
  return [addTable(scope, table)];
}

interface Item {
  rows: Rows;
  alias: string;
  qualifier?: readonly string[];
  restQualified?: boolean;
}

function addTable(scope: Scope, item: Item): Table {
  const table: Table = {
    ...item.rows,
    alias: item.alias,
    qualifier: item.qualifier ?? [],
    bits: 0,
    merged: new Set(),
    ...(item.restQualified ? { restQualified: true } : {}),
  };
  scope.tables.push(table);
  return table;
}

/** Rows of an item of FROM. What filters inside of it goes to the scope. */
export function tableOf(item: Node, scope: Scope): Item {
  const node = unwrapped(item);
  const table = inside<TableNode>(node, 'table');
  if (table !== undefined) return namedTable(table, scope);
  const column = inside<{ name: Identifier; table: Identifier | null }>(node, 'column');
  // `pivot t on …`: the parser takes the table for a column
  if (column !== undefined) return pathOrTable(column.name, column.table, scope);
  const subquery = inside<SubqueryNode>(node, 'subquery');
  if (subquery !== undefined) {
    const isQuery = ['table', 'joined_table', 'pivot', 'unpivot'].every(
      (type) => inside(subquery.this, type) === undefined,
    );
    const inner = isQuery ? queryRows(node, scope) : tableOf(subquery.this, scope).rows;
    const names = subquery.column_aliases?.map((name) => name.name) ?? [];
    return { rows: renamed(inner, names), alias: subquery.alias?.name ?? '' };
  }
  const pivot = inside(node, 'pivot') ?? inside(node, 'unpivot');
  if (pivot !== undefined) {
    const rows = inside(node, 'pivot') !== undefined ? pivotRows(node, scope) : unpivotRows(node, scope);
    const { alias, alias_columns } = pivot as { alias?: Identifier | null; alias_columns?: Identifier[] };
    return { rows: renamed(rows, alias_columns?.map((name) => name.name) ?? []), alias: alias?.name ?? '' };
  }
  const at = inside<{ this: Node; expression: Node }>(node, 'at_index');
  if (at !== undefined) return withPosition(at, scope);
  const lateral = inside<LateralNode>(node, 'lateral');
  if (lateral !== undefined) {
    const inner = tableOf(lateral.this, scope);
    const names = lateral.column_aliases ?? [];
    const alias = lateral.alias ?? inner.alias;
    return { ...inner, rows: aliased(inner.rows, alias, names), alias };
  }
  const alias = inside<{ this: Node; alias: Identifier; column_aliases: Identifier[] }>(node, 'alias');
  if (alias?.this !== undefined) {
    const inner = tableOf(alias.this, scope);
    const names = alias.column_aliases.map((name) => name.name);
    return { ...inner, rows: aliased(inner.rows, alias.alias.name, names), alias: alias.alias.name };
  }
  if (['select', 'union', 'intersect', 'except', 'values'].some((type) => inside(node, type) !== undefined)) {
    const values = inside<{ alias: Identifier | null; column_aliases: Identifier[] }>(node, 'values');
    const rows = renamed(queryRows(node, scope), values?.column_aliases?.map((name) => name.name) ?? []);
    return { rows, alias: values?.alias?.name ?? '' };
  }
  return functionTable(node, scope);
}

interface TableNode {
  name: Identifier;
  schema: Identifier | null;
  catalog: Identifier | null;
  alias: Identifier | null;
  column_aliases: Identifier[];
}

interface LateralNode {
  this: Node;
  alias: string | null;
  column_aliases?: string[];
}

function queryRows(node: Node, scope: Scope): Rows {
  const rows = rowsOfQuery(node, scope.ctes, scope);
  for (const leaf of rows.filters) scope.filters.add(leaf);
  return rows;
}

function namedTable(table: TableNode, scope: Scope): Item {
  const parts = [table.catalog, table.schema, table.name].flatMap((part) =>
    part === null ? [] : [part.name],
  );
  const name = table.name.name;
  const names = table.column_aliases?.map((column) => column.name) ?? [];
  const alias = table.alias?.name ?? name;
  const qualifier = table.alias === null ? parts.slice(0, -1) : [];
  if (parts.length === 1) {
    const cte = scope.ctes.find(name, scope);
    if (cte !== undefined) {
      for (const leaf of cte.filters) scope.filters.add(leaf);
      return { rows: renamed(cte, names), alias };
    }
  }
  const known = scope.session.relation(parts);
  if (known !== undefined) return { rows: renamed(known, names), alias, qualifier };
  const path = listPath(parts, scope);
  if (path !== undefined) return { ...elementOf(path, alias), restQualified: true };
  // a table outside the project: what is read from it comes from nowhere that is known here
  return {
    rows: { fields: names.map((column) => ({ name: column, origins: NO_ORIGINS })), rest: () => NO_ORIGINS },
    alias,
    qualifier,
  };
}

function pathOrTable(name: Identifier, schema: Identifier | null, scope: Scope): Item {
  return namedTable({ name, schema, catalog: null, alias: null, column_aliases: [] }, scope);
}

/** `from events e, e.items i`: the list that a path of an earlier item names. */
function listPath(parts: readonly string[], scope: Scope): Origins | undefined {
  if (parts.length < 2) return undefined;
  const table = scope.table(parts[0]!);
  const origins = table && scope.qualified(table, parts[1]!);
  return origins && marked(origins, IN_EXPRESSION);
}

/** A list taken apart: the element under the item's name, and every path into it. */
function elementOf(origins: Origins, alias: string): Item {
  return { rows: { fields: [{ name: alias, origins }], rest: () => origins }, alias };
}

/** `from e.items as i at pos`. */
function withPosition(at: { this: Node; expression: Node }, scope: Scope): Item {
  const alias = inside<{ this: Node; alias: Identifier }>(at.this, 'alias');
  const source = alias?.this ?? at.this;
  const column = inside<{ name: Identifier; table: Identifier | null }>(source, 'column');
  const parts =
    column === undefined
      ? []
      : [...(column.table ? [column.table.name] : []), ...column.name.name.split('.')];
  const origins = listPath(parts, scope) ?? marked(originsIn(source, scope), IN_EXPRESSION);
  const name = alias?.alias.name ?? parts.at(-1) ?? '';
  const position = inside<Identifier>(at.expression, 'identifier')?.name ?? 'index';
  const item = elementOf(origins, name);
  return {
    ...item,
    rows: { ...item.rows, fields: [...item.rows.fields, { name: position, origins }] },
    restQualified: true,
  };
}

/** A function that gives rows: all it gives is made of what it is given. */
function functionTable(node: Node, scope: Scope): Item {
  const origins = marked(originsIn(node, scope), IN_EXPRESSION);
  const unnest = inside<{ alias?: Identifier | null }>(node, 'unnest');
  const name = inside<{ name?: string }>(node, 'function')?.name;
  return { rows: { fields: [], rest: () => origins }, alias: unnest?.alias?.name ?? name ?? 'unnest' };
}

/** A function's rows under a name: with a column list those columns, else one column of that name. */
function aliased(rows: Rows, alias: string, names: readonly string[]): Rows {
  if (rows.rest === undefined || rows.fields.length > 0) return renamed(rows, names);
  const origins = rows.rest(alias);
  if (names.length > 0) return listRows(names, origins);
  return { fields: [], rest: rows.rest };
}

function listRows(names: readonly string[], origins: Origins): Rows {
  return { fields: names.map((name) => ({ name, origins })) };
}

function addJoin(join: JoinNode, scope: Scope): void {
  const { kind } = join;
  const before = [...scope.tables];
  const added = addItem(join.this, scope);
  const natural = /^Natural/.test(kind);
  if (join.using.length > 0 || natural) {
    const names = natural ? commonNames(before, added) : join.using.map((name) => name.name);
    for (const name of names) merge(name, before, added, kind, scope);
  }
  for (const condition of [join.on, join.match_condition]) {
    if (condition) scope.addFilters(originsIn(condition, scope));
  }
  // null-supplying sides, after the condition was read: it sees the rows as they are
  if (/Left|Full|^Outer/.test(kind)) for (const table of added) table.bits |= NULLABLE;
  if (/Right|Full|^Outer/.test(kind)) for (const table of before) table.bits |= NULLABLE;
  const unseen = /Semi|Anti/.test(kind) ? (/^Right/.test(kind) ? before : added) : [];
  for (const table of unseen) table.unseen = true;
}

function commonNames(left: readonly Table[], right: readonly Table[]): string[] {
  const theirs = new Set(right.flatMap((table) => table.fields.map((field) => field.name.toLowerCase())));
  return left
    .filter((table) => !table.unseen)
    .flatMap((table) => table.fields.map((field) => field.name))
    .filter((name) => theirs.has(name.toLowerCase()));
}

/** One column of `using`: from then on the name means the merged one. */
function merge(
  name: string,
  left: readonly Table[],
  right: readonly Table[],
  kind: string,
  scope: Scope,
): void {
  const key = name.toLowerCase();
  const own = scope.merged.get(key)?.origins ?? sideValue(left, name);
  const other = sideValue(right, name);
  scope.addFilters(own);
  scope.addFilters(other);
  const origins = /Full|^Outer/.test(kind)
    ? together([own, other], IN_EXPRESSION)
    : /Right/.test(kind)
      ? other
      : own;
  const spelling =
    fieldNamed(
      left.flatMap((table) => table.fields),
      name,
    )?.name ?? name;
  scope.merged.set(key, { name: spelling, origins });
  for (const table of [...left, ...right]) table.merged.add(key);
}

function sideValue(tables: readonly Table[], name: string): Origins {
  for (const table of tables) {
    const field = fieldNamed(table.fields, name);
    if (field !== undefined) return marked(field.origins, table.bits);
  }
  const open = tables.find((table) => table.rest !== undefined);
  return open === undefined ? NO_ORIGINS : marked(open.rest!(name), open.bits);
}
