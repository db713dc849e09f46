/**
 * The parser's tree, as far as sq looks at it. A node is an object with one key, its type; what is in it has many.
 * The library's own types cover four hundred kinds of nodes; the few read here are named where they are read.
 */
export type Node = Readonly<Record<string, unknown>>;

export interface Identifier {
  name: string;
  quoted?: boolean;
  span?: { start: number; end: number } | null;
}

export interface ColumnNode {
  name: Identifier;
  table: Identifier | null;
}

export interface SelectNode {
  expressions: Node[];
  from: { expressions: Node[] } | null;
  joins: JoinNode[];
  lateral_views: LateralViewNode[];
  where_clause: Node | null;
  group_by: { expressions: Node[]; all: boolean | null } | null;
  having: Node | null;
  qualify: Node | null;
  order_by: { expressions: Node[] } | null;
  limit: Node | null;
  offset: Node | null;
  limit_by?: Node[] | null;
  fetch: Node | null;
  top: Node | null;
  distinct: boolean;
  distinct_on: Node[] | null;
  with: WithNode | null;
  windows: { name: Identifier; spec: Node }[] | null;
  exclude?: Node[] | null;
}

export interface JoinNode {
  this: Node;
  on: Node | null;
  using: Identifier[];
  kind: string;
  match_condition?: Node | null;
  pivots?: Node[];
}

export interface LateralViewNode {
  this: Node;
  table_alias: Identifier | null;
  column_aliases: Identifier[];
}

export interface WithNode {
  ctes: { alias: Identifier; this: Node; columns: Identifier[] }[];
  recursive: boolean;
}

export interface SetNode {
  left: Node;
  right: Node;
  all: boolean;
  with: WithNode | null;
  order_by: { expressions: Node[] } | null;
  limit: Node | null;
  offset: Node | null;
  by_name: boolean;
}

export interface SubqueryNode {
  this: Node;
  alias: Identifier | null;
  column_aliases: Identifier[];
  order_by: { expressions: Node[] } | null;
  limit: Node | null;
  offset: Node | null;
}

export interface StarNode {
  table: Identifier | null;
  except: Identifier[] | null;
  replace: { this: Node; alias: Identifier }[] | null;
  rename: [Identifier, Identifier][] | null;
}

/** The content of a node of that type, or undefined. */
export function inside<T = Node>(node: unknown, type: string): T | undefined {
  if (typeof node !== 'object' || node === null) return undefined;
  const value = (node as Node)[type];
  return typeof value === 'object' && value !== null ? (value as T) : undefined;
}

/** A node without the parentheses around it. */
export function unwrapped(node: Node): Node {
  let inner = node;
  for (;;) {
    const paren = inside<{ this: Node }>(inner, 'paren');
    if (paren === undefined) return inner;
    inner = paren.this;
  }
}

/** Type and content of a node that is one; undefined for structures inside nodes. */
export function typeOf(node: Node): string | undefined {
  const keys = Object.keys(node);
  return keys.length === 1 ? keys[0] : undefined;
}
