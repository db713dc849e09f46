/** `*`, `t.*` and DuckDB's `columns(…)` in a SELECT: the columns they stand for, in order. */
import { inside, type Node, type StarNode } from '../ast.ts';
import { type Field, marked, NO_ORIGINS, type Origins, type Rows } from './origins.ts';
import { originsIn } from './origins-in.ts';
import type { Scope, Table } from './scope.ts';

/** Undefined where the item is no star. */
export function starFields(item: Node, scope: Scope): Rows | undefined {
  const star = inside<StarNode>(item, 'star');
  if (star !== undefined)
    return changed(star, scope, star.table === null ? allOf(scope) : ofTable(star.table.name, scope));
  const call = inside<{ name: string; args: Node[] }>(item, 'function');
  if (call === undefined || !/^columns$/i.test(call.name)) return undefined;
  const [argument] = call.args;
  const inner = argument && inside<StarNode>(argument, 'star');
  if (inner !== undefined) return changed(inner, scope, allOf(scope));
  const pattern = argument && inside<{ value: string }>(argument, 'literal')?.value;
  const all = allOf(scope);
  if (pattern === undefined) return { fields: all.fields, rest: all.rest ?? (() => NO_ORIGINS) };
  return { ...all, fields: all.fields.filter(({ name }) => matches(pattern, name)) };
}

function matches(pattern: string, name: string): boolean {
  try {
    return new RegExp(pattern).test(name);
  } catch {
    return true;
  }
}

/** Every column of FROM; those of `using` once. */
function allOf(scope: Scope): Rows {
  const fields: Field[] = [];
  const given = new Set<string>();
  // PostgreSQL puts merged columns first, DuckDB leaves them where the left side has them
  if (scope.session.dialect !== 'duckdb') {
    for (const [key, field] of scope.merged) {
      fields.push(field);
      given.add(key);
    }
  }
  for (const table of scope.tables) {
    if (table.unseen) continue;
    for (const field of table.fields) {
      const key = field.name.toLowerCase();
      if (!table.merged.has(key)) fields.push({ ...field, origins: marked(field.origins, table.bits) });
      else if (!given.has(key)) {
        given.add(key);
        fields.push(scope.merged.get(key) ?? field);
      }
    }
  }
  const rests = scope.tables.flatMap((table) =>
    table.rest === undefined || table.unseen || table.restQualified ? [] : [restOf(table)],
  );
  return { fields, ...(rests.length === 0 ? {} : { rest: rests[0]! }) };
}

function ofTable(name: string, scope: Scope): Rows {
  const table = scope.table(name);
  if (table !== undefined) {
    const fields = table.fields.map((field) => ({ ...field, origins: marked(field.origins, table.bits) }));
    return { fields, ...(table.rest === undefined ? {} : { rest: restOf(table) }) };
  }
  // a column that is a structure, taken apart
  const column = scope.column(name);
  return { fields: [], rest: () => (column === undefined ? NO_ORIGINS : marked(column, 1)) };
}

function restOf(table: Table): (name: string) => Origins {
  return (name) => marked(table.rest!(name), table.bits);
}

function changed(star: StarNode, scope: Scope, rows: Rows): Rows {
  const except = new Set(star.except?.map(({ name }) => name.toLowerCase()));
  const replace = new Map(star.replace?.map((alias) => [alias.alias.name.toLowerCase(), alias]));
  const rename = new Map(star.rename?.map(([from, to]) => [from.name.toLowerCase(), to.name]));
  const fields = rows.fields.flatMap((field): Field[] => {
    const key = field.name.toLowerCase();
    if (except.has(key)) return [];
    const other = replace.get(key);
    if (other !== undefined) return [{ name: field.name, origins: originsIn(other.this, scope) }];
    const name = rename.get(key);
    return [name === undefined ? field : { ...field, name }];
  });
  return { ...rows, fields };
}
