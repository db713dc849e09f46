import type {
  CallBlockNode,
  Expr,
  ForNode,
  MacroNode,
  Parameter,
  Statement,
  Target,
} from '../syntax/nodes.ts';
import { eachChild } from './analysis.ts';

/**
 * The subset of `wanted` (`loop`, `caller`, `varargs`, `kwargs`) that a body reads, inner scopes included. As in
 * Jinja a name stops counting where, in reading order, something assigns it first.
 */
export function specialNames(body: readonly Statement[], wanted: readonly string[]): ReadonlySet<string> {
  const names = new SpecialNames(new Set(wanted));
  names.body(body);
  return names.found;
}

class SpecialNames {
  readonly found = new Set<string>();

  constructor(private readonly wanted: Set<string>) {}

  body(body: readonly Statement[] | null): void {
    if (body !== null) for (const statement of body) this.statement(statement);
  }

  private expression(expr: Expr | null): void {
    if (expr === null) return;
    if (expr.kind === 'name') {
      if (this.wanted.has(expr.name)) this.found.add(expr.name);
    } else eachChild(expr, (child) => this.expression(child));
  }

  private target(target: Target): void {
    if (target.kind === 'name') this.wanted.delete(target.name);
    else if (target.kind === 'tuple') for (const item of target.items) this.target(item);
  }

  private parameters(parameters: readonly Parameter[]): void {
    for (const { name } of parameters) this.wanted.delete(name);
    for (const parameter of parameters) this.expression(parameter.default);
  }

  private statement(statement: Statement): void {
    switch (statement.kind) {
      case 'output':
      case 'do':
        this.expression(statement.value);
        return;
      case 'set':
        this.target(statement.target);
        this.expression(statement.value);
        return;
      case 'setBlock':
        this.target(statement.target);
        this.expression(statement.filter);
        this.body(statement.body);
        return;
      case 'filterBlock':
        this.body(statement.body);
        this.expression(statement.filter);
        return;
      case 'with':
        for (const { target } of statement.bindings) this.target(target);
        for (const { value } of statement.bindings) this.expression(value);
        this.body(statement.body);
        return;
      case 'scope':
        this.body(statement.body);
        return;
      case 'if':
        for (const branch of statement.branches) {
          this.expression(branch.test);
          this.body(branch.body);
        }
        this.body(statement.otherwise);
        return;
      case 'for':
        this.forLoop(statement);
        return;
      case 'macro':
      case 'callBlock':
        this.functionBody(statement);
        return;
      default:
        return;
    }
  }

  private forLoop(node: ForNode): void {
    this.target(node.target);
    this.expression(node.iterable);
    this.body(node.body);
    this.body(node.otherwise);
    this.expression(node.test);
  }

  private functionBody(node: MacroNode | CallBlockNode): void {
    if (node.kind === 'callBlock') this.expression(node.call);
    this.parameters(node.parameters);
    this.body(node.body);
  }
}
