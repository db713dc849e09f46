/**
 * The syntax tree: plain objects, told apart by `kind`. `pos` is the character in the template (after newlines
 * are normalised) that an error about the node points at.
 */

export interface CallArgs {
  positional: Expr[];
  keywords: { name: string; value: Expr }[];
  /** `*args` and `**kwargs`. */
  spread: Expr | null;
  spreadKeywords: Expr | null;
}

export type BinaryOperator = '+' | '-' | '*' | '/' | '//' | '%' | '**';
export type CompareOperator = '==' | '!=' | '<' | '>' | '<=' | '>=' | 'in' | 'not in';

export type Expr =
  | { kind: 'const'; pos: number; value: string | number | bigint | boolean | null; isFloat: boolean }
  | { kind: 'name'; pos: number; name: string }
  | { kind: 'list'; pos: number; items: Expr[] }
  | { kind: 'tuple'; pos: number; items: Expr[] }
  | { kind: 'dict'; pos: number; pairs: { key: Expr; value: Expr }[] }
  | { kind: 'binary'; pos: number; operator: BinaryOperator; left: Expr; right: Expr }
  | { kind: 'sign'; pos: number; operator: '+' | '-'; operand: Expr }
  | { kind: 'not'; pos: number; operand: Expr }
  | { kind: 'logic'; pos: number; operator: 'and' | 'or'; left: Expr; right: Expr }
  | { kind: 'compare'; pos: number; first: Expr; rest: Comparison[] }
  | { kind: 'concat'; pos: number; parts: Expr[] }
  | { kind: 'ternary'; pos: number; test: Expr; value: Expr; otherwise: Expr | null }
  | { kind: 'attribute'; pos: number; target: Expr; name: string }
  | { kind: 'item'; pos: number; target: Expr; key: Expr }
  | { kind: 'slice'; pos: number; start: Expr | null; stop: Expr | null; step: Expr | null }
  | CallExpr
  | FilterExpr
  | { kind: 'test'; pos: number; name: string; operand: Expr; args: CallArgs };

export interface Comparison {
  operator: CompareOperator;
  right: Expr;
  pos: number;
}

export interface CallExpr {
  kind: 'call';
  pos: number;
  target: Expr;
  args: CallArgs;
}

/** `target` is null where the text of a block is filtered. */
export interface FilterExpr {
  kind: 'filter';
  pos: number;
  name: string;
  target: Expr | null;
  args: CallArgs;
}

/** What can be assigned to: a name, an attribute of a namespace, or a tuple of those. */
export type Target =
  | { kind: 'name'; pos: number; name: string }
  | { kind: 'namespace'; pos: number; name: string; attribute: string }
  | { kind: 'tuple'; pos: number; items: Target[] };

export interface Parameter {
  name: string;
  pos: number;
  default: Expr | null;
  /** The annotation as written, e.g. `list[str]`. */
  type: string | undefined;
}

export interface MacroNode {
  kind: 'macro';
  pos: number;
  /** The name dbt registers: `test_x`, `materialization_x_default`, ... */
  name: string;
  parameters: Parameter[];
  body: Statement[];
}

export interface CallBlockNode {
  kind: 'callBlock';
  pos: number;
  parameters: Parameter[];
  call: CallExpr;
  body: Statement[];
}

export interface ForNode {
  kind: 'for';
  pos: number;
  target: Target;
  iterable: Expr;
  test: Expr | null;
  recursive: boolean;
  body: Statement[];
  otherwise: Statement[] | null;
}

export interface IfNode {
  kind: 'if';
  pos: number;
  branches: { test: Expr; body: Statement[] }[];
  otherwise: Statement[] | null;
}

export type Statement =
  | { kind: 'text'; text: string }
  | { kind: 'output'; pos: number; value: Expr }
  | { kind: 'do'; pos: number; value: Expr }
  | { kind: 'break' | 'continue'; pos: number }
  | { kind: 'set'; pos: number; target: Target; value: Expr }
  | { kind: 'setBlock'; pos: number; target: Target; filter: FilterExpr | null; body: Statement[] }
  | { kind: 'filterBlock'; pos: number; filter: FilterExpr; body: Statement[] }
  | { kind: 'with'; pos: number; bindings: { target: Target; value: Expr }[]; body: Statement[] }
  | { kind: 'scope'; pos: number; body: Statement[] }
  | MacroNode
  | CallBlockNode
  | ForNode
  | IfNode;
