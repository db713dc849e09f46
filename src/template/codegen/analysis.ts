/** Finds which names statements and expressions read and assign, and tells a Scope. */
import type { CallArgs, Expr, Statement, Target } from '../syntax/nodes.ts';
import type { Scope } from './scope.ts';

/** Statements that share one scope. Inner scopes (loops, macros, blocks) are not entered. */
export function analyseBody(body: readonly Statement[], scope: Scope): void {
  for (const statement of body) analyseStatement(statement, scope);
}

function analyseStatement(statement: Statement, scope: Scope): void {
  switch (statement.kind) {
    case 'output':
    case 'do':
      analyse(statement.value, scope);
      return;
    case 'set':
      analyse(statement.value, scope);
      analyseTarget(statement.target, scope, false);
      return;
    case 'setBlock':
      analyseTarget(statement.target, scope, false);
      return;
    case 'macro':
      scope.store(statement.name, true);
      return;
    case 'for':
      analyse(statement.iterable, scope);
      return;
    case 'callBlock':
      analyse(statement.call, scope);
      return;
    case 'filterBlock':
      analyse(statement.filter, scope);
      return;
    case 'with':
      for (const { value } of statement.bindings) analyse(value, scope);
      return;
    case 'if':
      analyseIf(statement, scope);
      return;
    default:
      return;
  }
}

function analyseIf(node: Extract<Statement, { kind: 'if' }>, scope: Scope): void {
  analyse(node.branches[0]!.test, scope);
  const inner = (analyseBranch: (branch: Scope) => void) => {
    const branch = scope.branch();
    analyseBranch(branch);
    return branch;
  };
  const [first, ...elifs] = node.branches;
  scope.merge([
    inner((branch) => analyseBody(first!.body, branch)),
    // Jinja nests each elif as an `if` of its own inside one branch
    inner((branch) => {
      for (const elif of elifs)
        analyseIf({ kind: 'if', pos: node.pos, branches: [elif], otherwise: null }, branch);
    }),
    inner((branch) => analyseBody(node.otherwise ?? [], branch)),
  ]);
}

export function analyseTarget(target: Target, scope: Scope, isParameter: boolean): void {
  if (target.kind === 'tuple') for (const item of target.items) analyseTarget(item, scope, isParameter);
  else if (target.kind === 'namespace') scope.load(target.name);
  else if (isParameter) scope.parameter(target.name);
  else scope.store(target.name);
}

export function analyseArgs(args: CallArgs, scope: Scope): void {
  for (const arg of args.positional) analyse(arg, scope);
  for (const { value } of args.keywords) analyse(value, scope);
  if (args.spread) analyse(args.spread, scope);
  if (args.spreadKeywords) analyse(args.spreadKeywords, scope);
}

export function analyse(expr: Expr, scope: Scope): void {
  if (expr.kind === 'name') scope.load(expr.name);
  else eachChild(expr, (child) => analyse(child, scope));
}

function eachArg(args: CallArgs, visit: (child: Expr) => void): void {
  for (const arg of args.positional) visit(arg);
  for (const { value } of args.keywords) visit(value);
  if (args.spread) visit(args.spread);
  if (args.spreadKeywords) visit(args.spreadKeywords);
}

/** Calls `visit` for the expressions directly inside `expr`. */
export function eachChild(expr: Expr, visit: (child: Expr) => void): void {
  switch (expr.kind) {
    case 'const':
    case 'name':
      return;
    case 'list':
    case 'tuple':
      expr.items.forEach(visit);
      return;
    case 'concat':
      expr.parts.forEach(visit);
      return;
    case 'dict':
      for (const { key, value } of expr.pairs) {
        visit(key);
        visit(value);
      }
      return;
    case 'binary':
    case 'logic':
      visit(expr.left);
      visit(expr.right);
      return;
    case 'sign':
    case 'not':
      visit(expr.operand);
      return;
    case 'compare':
      visit(expr.first);
      for (const { right } of expr.rest) visit(right);
      return;
    case 'ternary':
      visit(expr.test);
      visit(expr.value);
      if (expr.otherwise) visit(expr.otherwise);
      return;
    case 'attribute':
      visit(expr.target);
      return;
    case 'item':
      visit(expr.target);
      visit(expr.key);
      return;
    case 'slice':
      for (const part of [expr.start, expr.stop, expr.step]) if (part) visit(part);
      return;
    case 'call':
      visit(expr.target);
      eachArg(expr.args, visit);
      return;
    case 'filter':
      if (expr.target) visit(expr.target);
      eachArg(expr.args, visit);
      return;
    case 'test':
      visit(expr.operand);
      eachArg(expr.args, visit);
      return;
  }
}
