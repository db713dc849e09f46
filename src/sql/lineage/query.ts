/** Rows that a query gives: its columns with their origins, and the columns that decide on its rows. */
import { inside, type Node, type SelectNode, type SetNode, type SubqueryNode, unwrapped } from '../ast.ts';
import type { Ctes } from './ctes.ts';
import { addFrom } from './from.ts';
import {
  type Field,
  fieldNamed,
  type Leaf,
  NO_ORIGINS,
  NULLABLE,
  type Origins,
  REPEATED,
  type Rows,
  together,
} from './origins.ts';
import { originsIn } from './origins-in.ts';
import { outputName } from './output-name.ts';
import { pivotRows } from './pivot.ts';
import { Scope } from './scope.ts';
import { starFields } from './star.ts';

export interface QueryRows extends Rows {
  filters: ReadonlySet<Leaf>;
}

/** `parent` is the place around a subquery: what is not found inside is looked for there. */
export function rowsOfQuery(node: Node, ctes: Ctes, parent?: Scope): QueryRows {
  const query = unwrapped(node);
  const select = inside<SelectNode>(query, 'select');
  if (select !== undefined) return selectRows(select, ctes, parent);
  for (const type of ['union', 'intersect', 'except'] as const) {
    const set = inside<SetNode>(query, type);
    if (set !== undefined) return setRows(set, type, ctes, parent);
  }
  const subquery = inside<SubqueryNode>(query, 'subquery');
  if (subquery !== undefined) return orderedSubquery(subquery, ctes, parent);
  const values = inside<{ expressions: { expressions: Node[] }[] }>(query, 'values');
  if (values !== undefined) return valuesRows(values.expressions, ctes, parent);
  const scope = new Scope(ctes.session, ctes, parent);
  if (inside(query, 'pivot') !== undefined) return { ...pivotRows(query, scope), filters: scope.filters };
  // a statement that is no query, or one of a kind nobody has met
  return { fields: [], rest: () => NO_ORIGINS, filters: new Set() };
}

function selectRows(select: SelectNode, around: Ctes, parent?: Scope): QueryRows {
  const ctes = around.with(select.with);
  const scope = new Scope(ctes.session, ctes, parent);
  for (const { name, spec } of select.windows ?? []) scope.windows.set(name.name.toLowerCase(), spec);
  addFrom(
    {
      expressions: select.from?.expressions ?? [],
      joins: select.joins,
      lateralViews: select.lateral_views,
    },
    scope,
  );
  const rows = outputOf(select, scope);
  const given = { ...rows, fields: rows.fields };
  filterBy(select, given.fields, scope);
  const distinct = select.distinct && select.distinct_on === null;
  if (distinct) for (const field of given.fields) scope.addFilters(field.origins);
  return { ...given, filters: scope.filters };
}

/** The columns of the SELECT, each seeing the names given before it. */
function outputOf(select: SelectNode, scope: Scope): Rows {
  const bits = hasGroupingSets(select) ? NULLABLE : 0;
  const fields: Field[] = [];
  let rest: Rows['rest'];
  for (const item of select.expressions) {
    const star = starFields(item, scope);
    if (star !== undefined) {
      fields.push(...star.fields);
      rest ??= star.rest;
      continue;
    }
    const origins = together([originsIn(item, scope)], bits | (takesApart(item) ? REPEATED : 0));
    const name = outputName(item, scope.session.dialect);
    fields.push({ name: name.text, origins, node: item, ...(name.given ? {} : { unnamed: true }) });
    if (name.given && !scope.aliases.has(name.text.toLowerCase()))
      scope.aliases.set(name.text.toLowerCase(), origins);
  }
  const excluded = new Set(
    select.exclude?.map((node) => outputName(node, scope.session.dialect).text.toLowerCase()),
  );
  return {
    fields: excluded.size === 0 ? fields : fields.filter(({ name }) => !excluded.has(name.toLowerCase())),
    ...(rest === undefined ? {} : { rest }),
  };
}

function filterBy(select: SelectNode, fields: readonly Field[], scope: Scope): void {
  for (const clause of [select.where_clause, select.having, select.qualify]) {
    const condition = clause && (clause as { this?: Node }).this;
    if (condition) scope.addFilters(originsIn(condition, scope));
  }
  for (const node of select.group_by?.expressions ?? [])
    scope.addFilters(ordinal(node, fields) ?? originsIn(node, scope));
  for (const node of select.distinct_on ?? [])
    scope.addFilters(ordinal(node, fields) ?? originsIn(node, scope));
  for (const node of select.limit_by ?? []) scope.addFilters(originsIn(node, scope));
  const cut = [select.limit, select.offset, select.fetch, select.top].some(
    (part) => part !== null && part !== undefined,
  );
  if (!cut && select.distinct_on === null) return;
  for (const ordered of select.order_by?.expressions ?? []) {
    const node = (ordered as { this?: Node }).this;
    if (node) scope.addFilters(ordinal(node, fields) ?? originsIn(node, scope, { aliasFirst: true }));
  }
}

/** `group by 2`: the second column. */
function ordinal(node: Node, fields: readonly Field[]): Origins | undefined {
  const literal = inside<{ literal_type: string; value: string }>(node, 'literal');
  return literal?.literal_type === 'number'
    ? (fields[Number(literal.value) - 1]?.origins ?? NO_ORIGINS)
    : undefined;
}

function hasGroupingSets(select: SelectNode): boolean {
  return (select.group_by?.expressions ?? []).some((node) => {
    const name = inside<{ name: string }>(node, 'function')?.name ?? Object.keys(node)[0] ?? '';
    return /^(grouping[_ ]?sets|rollup|cube)$/i.test(name);
  });
}

function takesApart(item: Node): boolean {
  const node = unwrapped(inside<{ this: Node }>(item, 'alias')?.this ?? item);
  const name = inside<{ name: string }>(node, 'function')?.name ?? Object.keys(node)[0] ?? '';
  return /^(unnest|explode|generate_series|regexp_split_to_table|jsonb?_array_elements(_text)?)$/i.test(name);
}

function setRows(
  set: SetNode,
  type: 'union' | 'intersect' | 'except',
  around: Ctes,
  parent?: Scope,
): QueryRows {
  const ctes = around.with(set.with);
  const left = rowsOfQuery(set.left, ctes, parent);
  const right = rowsOfQuery(set.right, ctes, parent);
  const filters = new Set([...left.filters, ...right.filters]);
  const rest = left.rest ?? right.rest;
  const fields = type === 'union' ? unionFields(left.fields, right.fields, set.by_name) : left.fields;
  // what is the same twice, or on the other side, is told by all columns
  if (type !== 'union' || !set.all) {
    for (const side of [left, right])
      for (const { origins } of side.fields) for (const leaf of origins.keys()) filters.add(leaf);
  }
  return { fields, filters, ...(rest === undefined ? {} : { rest }) };
}

function unionFields(left: readonly Field[], right: readonly Field[], byName: boolean): Field[] {
  const both = left.map((field, i): Field => {
    const other = byName ? fieldNamed(right, field.name) : right[i];
    return { ...field, origins: together([field.origins, other?.origins ?? NO_ORIGINS], REPEATED) };
  });
  if (!byName) return both;
  const more = right.filter(({ name }) => fieldNamed(left, name) === undefined);
  return [
    ...both,
    ...more.map((field) => ({ ...field, origins: together([field.origins], REPEATED | NULLABLE) })),
  ];
}

function orderedSubquery(subquery: SubqueryNode, ctes: Ctes, parent?: Scope): QueryRows {
  const rows = rowsOfQuery(subquery.this, ctes, parent);
  if (!subquery.order_by || !(subquery.limit || subquery.offset)) return rows;
  const filters = new Set(rows.filters);
  const scope = new Scope(ctes.session, ctes, parent);
  scope.tables.push({ ...rows, alias: '', qualifier: [], bits: 0, merged: new Set() });
  for (const ordered of subquery.order_by.expressions) {
    const node = (ordered as { this?: Node }).this;
    const origins = node && (ordinal(node, rows.fields) ?? originsIn(node, scope));
    for (const leaf of origins?.keys() ?? []) filters.add(leaf);
  }
  return { ...rows, filters };
}

function valuesRows(rows: readonly { expressions: Node[] }[], ctes: Ctes, parent?: Scope): QueryRows {
  const scope = new Scope(ctes.session, ctes, parent);
  const width = rows[0]?.expressions.length ?? 0;
  const first = ctes.session.dialect === 'duckdb' ? 0 : 1;
  const fields = Array.from({ length: width }, (_, i): Field => {
    const cells = rows.flatMap(({ expressions }) =>
      expressions[i] === undefined ? [] : [originsIn(expressions[i], scope)],
    );
    return {
      name: ctes.session.dialect === 'duckdb' ? `col${i + first}` : `column${i + first}`,
      origins: together(cells),
    };
  });
  return { fields, filters: scope.filters };
}
