/** What the value of an expression is made of. */
import {
  type ColumnNode,
  type Identifier,
  inside,
  type Node,
  type StarNode,
  type SubqueryNode,
  unwrapped,
} from '../ast.ts';
import { IN_EXPRESSION, marked, NO_ORIGINS, NULLABLE, type Origins, together } from './origins.ts';
import { rowsOfQuery } from './query.ts';
import { type Scope, wholeRow } from './scope.ts';

export interface ValueOptions {
  /** Names of the SELECT go before columns, as in ORDER BY. */
  aliasFirst?: boolean;
}

/**
 * Origins of a value. What subqueries in it are filtered by goes to the scope's filters. A bare column (or a
 * subquery of one) keeps how it reached here; anything else is an expression.
 */
export function originsIn(node: Node, scope: Scope, options: ValueOptions = {}): Origins {
  const bare = unwrapped(node);
  const column = inside<ColumnNode>(bare, 'column');
  if (column !== undefined) return columnValue(column, scope, options);
  const alias = inside<{ this: Node }>(bare, 'alias');
  if (alias?.this !== undefined) return originsIn(alias.this, scope, options);
  const query = queryIn(bare);
  if (query !== undefined) return marked(scalar(query, scope), NULLABLE);
  const dots = dotted(bare);
  if (dots !== undefined) return dotValue(dots, scope, options);
  return marked(partsOf(bare, scope, options), IN_EXPRESSION);
}

/** The same for a column: an unknown name is remembered and has no origin. */
function columnValue({ name, table }: ColumnNode, scope: Scope, options: ValueOptions): Origins {
  if (table === null) {
    if (scope.lambdas.includes(name.name.toLowerCase())) return NO_ORIGINS;
    return scope.column(name.name, options) ?? unknown(name.name, scope);
  }
  return pathValue([table.name, name.name], scope, options);
}

/** `a.b`, `schema.table.column`, `column.path.path`: the longest name of a table wins. */
function pathValue(parts: readonly string[], scope: Scope, options: ValueOptions): Origins {
  if (scope.lambdas.includes(parts[0]!.toLowerCase())) return NO_ORIGINS;
  for (let at = Math.min(3, parts.length - 1); at >= 1; at--) {
    const table = scope.table(parts[at - 1]!, parts.slice(0, at - 1));
    const origins = table && scope.qualified(table, parts[at]!);
    if (origins !== undefined) {
      return at === parts.length - 1 ? origins : marked(origins, IN_EXPRESSION);
    }
  }
  const column = scope.column(parts[0]!, options);
  return column === undefined ? unknown(parts.join('.'), scope) : marked(column, IN_EXPRESSION);
}

interface Dots {
  root: Node;
  fields: string[];
}

/** A chain `root.field.field`; undefined where the node is none. */
function dotted(node: Node): Dots | undefined {
  const fields: string[] = [];
  let root = node;
  for (;;) {
    const dot = inside<{ this: Node; field: Identifier }>(root, 'dot');
    if (dot === undefined) break;
    fields.unshift(dot.field.name);
    root = unwrapped(dot.this);
  }
  return fields.length === 0 ? undefined : { root, fields };
}

function dotValue({ root, fields }: Dots, scope: Scope, options: ValueOptions): Origins {
  const column = inside<ColumnNode>(root, 'column');
  if (column === undefined) return marked(originsIn(root, scope, options), IN_EXPRESSION);
  const start = column.table === null ? [column.name.name] : [column.table.name, column.name.name];
  return pathValue([...start, ...fields], scope, options);
}

function unknown(name: string, scope: Scope): Origins {
  if (!NO_COLUMNS.test(name)) scope.session.unresolved.add(name);
  return NO_ORIGINS;
}

/** Words that are values or parts of dates where an engine lets them stand without parentheses or quotes. */
const NO_COLUMNS =
  /^(current_\w+|session_user|user|sysdate|localtime(stamp)?|rowid|ctid|oid|filename|epoch|microseconds?|milliseconds?|ms|us|seconds?|s|minutes?|m|hours?|h|days?|d|weeks?|w|months?|mon|quarters?|qtr|years?|y|yr|dow|doy|isodow|isoyear|#\d+|\$\d+)$/i;

const DATE_FUNCTION =
  /^(date_?add|date_?diff|date_?sub|date_?part|date_?trunc|timestamp_?add|timestamp_?diff|last_day)$/i;

/** The query that stands as a value: `(select …)`. */
function queryIn(node: Node): Node | undefined {
  const subquery = inside<SubqueryNode>(node, 'subquery');
  if (subquery !== undefined) return node;
  return ['select', 'union', 'intersect', 'except'].some((type) => inside(node, type) !== undefined)
    ? node
    : undefined;
}

function scalar(query: Node, scope: Scope): Origins {
  const rows = rowsOfQuery(query, scope.ctes, scope);
  for (const leaf of rows.filters) scope.filters.add(leaf);
  return together(rows.fields.map((field) => field.origins));
}

/** Everything below a node that is no column itself, each part as what it is. */
function partsOf(node: unknown, scope: Scope, options: ValueOptions): Origins {
  if (typeof node !== 'object' || node === null) return NO_ORIGINS;
  if (Array.isArray(node)) return together(node.map((item) => partsOrValue(item, scope, options)));
  const special = specialValue(node as Node, scope, options);
  if (special !== undefined) return special;
  const parts: Origins[] = [];
  for (const [key, value] of Object.entries(node as Node)) {
    if (typeof value !== 'object' || value === null || SKIPPED.has(key)) continue;
    parts.push(partsOrValue(value, scope, options));
  }
  return together(parts);
}

const SKIPPED = new Set(['span', 'inferred_type', 'to', 'comments', 'leading_comments', 'trailing_comments']);

function partsOrValue(node: unknown, scope: Scope, options: ValueOptions): Origins {
  if (typeof node !== 'object' || node === null) return NO_ORIGINS;
  if (Array.isArray(node)) return partsOf(node, scope, options);
  const one = node as Node;
  const known = [
    'column',
    'paren',
    'alias',
    'dot',
    'subquery',
    'select',
    'union',
    'intersect',
    'except',
  ].some((type) => isNode(one, type));
  return known ? originsIn(one, scope, options) : partsOf(one, scope, options);
}

/** An object of that one key whose value is a node's content, not an identifier of the same name. */
function isNode(node: Node, type: string): boolean {
  const value = node[type];
  if (typeof value !== 'object' || value === null) return false;
  if (type === 'alias') return (value as { this?: unknown }).this !== undefined;
  return Object.keys(node).length === 1;
}

/** Nodes whose parts are not all values. */
function specialValue(node: Node, scope: Scope, options: ValueOptions): Origins | undefined {
  const exists = inside<{ this: Node }>(node, 'exists');
  if (exists !== undefined && queryIn(unwrapped(exists.this)) !== undefined)
    return existsValue(exists.this, scope);
  const lambda = inside<{ parameters: Identifier[]; body: Node }>(node, 'lambda');
  if (lambda !== undefined) return lambdaValue(lambda, scope, options);
  const window = inside<{ this: Node; over: { window_name: Identifier | null } }>(node, 'window_function');
  if (window !== undefined) {
    const spec = window.over.window_name && scope.windows.get(window.over.window_name.name.toLowerCase());
    return together([
      partsOrValue(window.this, scope, options),
      partsOf(window.over, scope, options),
      spec ? partsOf(spec, scope, options) : NO_ORIGINS,
    ]);
  }
  const call = inside<{ name: string; args: Node[] }>(node, 'function');
  if (call?.args !== undefined && DATE_FUNCTION.test(call.name)) {
    const args = call.args.filter((arg) => {
      const column = inside<ColumnNode>(arg, 'column');
      return column === undefined || column.table !== null || !NO_COLUMNS.test(column.name.name);
    });
    return together(args.map((arg) => partsOrValue(arg, scope, options)));
  }
  const star = inside<StarNode>(node, 'star');
  if (star !== undefined) {
    // inside an expression, e.g. hash(t.*): the whole row
    const tables = star.table === null ? scope.tables : [scope.table(star.table.name)];
    return together(tables.flatMap((table) => (table === undefined ? [] : [wholeRow(table)])));
  }
  const count = inside<{ star?: boolean }>(node, 'count');
  if (count?.star === true) {
    const filter = (count as { filter?: Node | null }).filter;
    return filter ? originsIn(filter, scope, options) : NO_ORIGINS;
  }
  return undefined;
}

/** True or false by the rows there are, so what decides on the rows is the value. */
function existsValue(query: Node, scope: Scope): Origins {
  const { filters } = rowsOfQuery(query, scope.ctes, scope);
  return new Map([...filters].map((leaf) => [leaf, IN_EXPRESSION]));
}

function lambdaValue(
  { parameters, body }: { parameters: Identifier[]; body: Node },
  scope: Scope,
  options: ValueOptions,
): Origins {
  scope.lambdas.push(...parameters.map((parameter) => parameter.name.toLowerCase()));
  const value = originsIn(body, scope, options);
  scope.lambdas.length -= parameters.length;
  return value;
}
