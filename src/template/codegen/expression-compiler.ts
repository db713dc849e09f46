/**
 * Expressions as JavaScript text. In the generated code `f` is the frame (runtime/frame.ts: everything that can
 * fail goes through it and tells it the place first), `s` is str(), `t` is truth, `$` the kit (runtime/kit.ts)
 * and `k` the template's texts. In async code every call may answer a promise.
 */
import nunjucks from 'nunjucks/src/compiler.js';
import type { CallArgs, Comparison, Expr, FilterExpr } from '../syntax/nodes.ts';
import { SyntaxFailure } from '../syntax/syntax-failure.ts';
import { isConstant } from './constants.ts';
import type { Scope } from './scope.ts';

export interface CompilerOptions {
  mode: 'sync' | 'async';
  /** Collect values instead of text: dbt's rendering of YAML. */
  native: boolean;
  hasFilter(name: string): boolean;
  hasTest(name: string): boolean;
}

const BINARY = {
  '+': 'add',
  '-': 'sub',
  '*': 'mul',
  '/': 'div',
  '//': 'fdiv',
  '%': 'mod',
  '**': 'pow',
} as const;
const ORDER = { '<': 'lt', '<=': 'le', '>': 'gt', '>=': 'ge' } as const;

export class ExpressionCompiler extends nunjucks.Compiler {
  protected readonly texts: string[] = [];
  protected readonly sites: number[] = [];
  /** Variables that hold values inside an expression; declared once at the start of each function. */
  protected temporaries: string[] = [];
  /** True in `if` and inline `if`: an unknown filter is an error there only when it is reached. */
  protected soft = false;
  /**
   * True in an output that Jinja computes while compiling: what cannot be sliced is undefined there instead of an
   * error.
   */
  protected folding = false;
  /** The buffer whose text the filter of a block applies to. */
  protected filtered = '';
  /** Parameters that have no value yet while the defaults are computed. */
  protected readonly unset = new Set<string>();

  constructor(protected readonly options: CompilerOptions) {
    super('', false);
  }

  protected temporary(): string {
    const name = this._tmpid();
    this.temporaries.push(name);
    return name;
  }

  /**
   * A place where the code can fail: its number goes into the code, its position into a list of the template.
   * Positions and texts stay out of the code, so that templates of the same shape share one function.
   */
  protected site(pos: number): number {
    return this.sites.push(pos) - 1;
  }

  /** JavaScript for a text of the template. */
  protected text(value: string): string {
    return `k[${this.texts.push(value) - 1}]`;
  }

  private constant(value: string | number | bigint | boolean | null, isFloat: boolean): string {
    if (typeof value === 'string') return this.text(value);
    if (typeof value === 'bigint') return `${value}n`;
    return isFloat && Number.isSafeInteger(value) ? `$.float(${value})` : String(value);
  }

  /** JavaScript for the value of `expr`. */
  protected expression(expr: Expr, scope: Scope): string {
    switch (expr.kind) {
      case 'const':
        return this.constant(expr.value, expr.isFloat);
      case 'name':
        return this.nameOf(expr.name, scope);
      case 'list':
        return `[${this.list(expr.items, scope)}]`;
      case 'tuple':
        return `$.tuple(${this.list(expr.items, scope)})`;
      case 'dict': {
        const pairs = expr.pairs.map(
          ({ key, value }) => `${this.expression(key, scope)},${this.expression(value, scope)}`,
        );
        return `f.dict(${[this.site(expr.pos), ...pairs].join(',')})`;
      }
      case 'binary':
        return `f.${BINARY[expr.operator]}(${this.site(expr.pos)},${this.expression(expr.left, scope)},${this.expression(expr.right, scope)})`;
      case 'sign':
        return `f.${expr.operator === '-' ? 'neg' : 'pos'}(${this.site(expr.pos)},${this.expression(expr.operand, scope)})`;
      case 'not':
        return `!${this.condition(expr.operand, scope)}`;
      case 'logic':
        return this.logic(expr, scope);
      case 'compare':
        return this.comparisons(expr.first, expr.rest, scope);
      case 'concat':
        return `f.concat(${this.site(expr.pos)},[${this.list(expr.parts, scope)}])`;
      case 'ternary':
        return this.ternary(expr, scope);
      case 'attribute':
        // an attribute is only refused where its owner is undefined, so the owner is the place to show
        return `f.attr(${this.site(expr.target.pos)},${this.expression(expr.target, scope)},${JSON.stringify(expr.name)})`;
      case 'item':
        return this.item(expr, scope);
      case 'slice': {
        const part = (bound: Expr | null) => (bound === null ? 'null' : this.expression(bound, scope));
        return `$.slice(${part(expr.start)},${part(expr.stop)},${part(expr.step)})`;
      }
      case 'call':
        return this.call(expr, scope);
      case 'filter':
        return this.filter(expr, scope);
      case 'test':
        return this.test(expr, scope);
    }
  }

  /** JavaScript for the value of an output. */
  protected outputValue(expr: Expr, scope: Scope): string {
    this.folding = isConstant(expr);
    const code = this.expression(expr, scope);
    this.folding = false;
    return code;
  }

  private list(items: readonly Expr[], scope: Scope): string {
    return items.map((item) => this.expression(item, scope)).join(',');
  }

  private nameOf(name: string, scope: Scope): string {
    const quoted = JSON.stringify(name);
    const found = scope.find(name);
    if (found === undefined) return `f.get(${quoted})`;
    const { variable, load, scope: owner } = found;
    // nothing assigns it, so it needs no variable: asked of the render only where it is used
    if (load.kind === 'global' && !owner.stored.has(name)) return `f.get(${quoted})`;
    // dbt finds macros through the project first, the file's own only when there is no other
    if (owner.stored.has(name) && !owner.assigned.has(name)) return `f.own(${quoted},${variable})`;
    if (load.kind === 'parameter' && !this.unset.has(variable)) return variable;
    return `(${variable}===undefined?f.missing(${quoted}):${variable})`;
  }

  /** JavaScript that is true or false, for `if` and the like. */
  protected condition(expr: Expr, scope: Scope): string {
    switch (expr.kind) {
      case 'not':
      case 'test':
        return this.expression(expr, scope);
      case 'compare':
        return this.expression(expr, scope);
      case 'logic': {
        const operator = expr.operator === 'and' ? '&&' : '||';
        return `(${this.condition(expr.left, scope)}${operator}${this.condition(expr.right, scope)})`;
      }
      default:
        return `t(${this.expression(expr, scope)})`;
    }
  }

  private logic(expr: Extract<Expr, { kind: 'logic' }>, scope: Scope): string {
    const left = this.temporary();
    const test = `t(${left}=${this.expression(expr.left, scope)})`;
    const right = this.expression(expr.right, scope);
    return expr.operator === 'and' ? `(${test}?${right}:${left})` : `(${test}?${left}:${right})`;
  }

  private comparisons(first: Expr, rest: readonly Comparison[], scope: Scope): string {
    let left = this.expression(first, scope);
    if (rest.length === 1) return this.comparison(left, rest[0]!, this.expression(rest[0]!.right, scope));
    const parts = rest.map((comparison, i) => {
      const right = this.expression(comparison.right, scope);
      if (i === rest.length - 1) return this.comparison(left, comparison, right);
      // a < b < c: b is computed once
      const middle = this.temporary();
      const part = this.comparison(left, comparison, `${middle}=${right}`);
      left = middle;
      return part;
    });
    return `(${parts.join('&&')})`;
  }

  private comparison(left: string, { operator, pos }: Comparison, right: string): string {
    switch (operator) {
      case '==':
        return `$.equals(${left},${right})`;
      case '!=':
        return `!$.equals(${left},${right})`;
      case 'in':
        return `f.has(${this.site(pos)},${left},${right})`;
      case 'not in':
        return `!f.has(${this.site(pos)},${left},${right})`;
      default:
        return `f.${ORDER[operator]}(${this.site(pos)},${left},${right})`;
    }
  }

  private ternary(expr: Extract<Expr, { kind: 'ternary' }>, scope: Scope): string {
    return this.softly(() => {
      const test = this.condition(expr.test, scope);
      const then = this.expression(expr.value, scope);
      const otherwise = expr.otherwise === null ? 'f.noElse()' : this.expression(expr.otherwise, scope);
      return `(${test}?${then}:${otherwise})`;
    });
  }

  protected softly<T>(generate: () => T): T {
    const before = this.soft;
    this.soft = true;
    const generated = generate();
    this.soft = before;
    return generated;
  }

  private item(expr: Extract<Expr, { kind: 'item' }>, scope: Scope): string {
    const target = this.expression(expr.target, scope);
    const key = this.expression(expr.key, scope);
    const strict = expr.key.kind === 'slice' && !this.folding;
    const pos = expr.key.kind === 'slice' ? expr.pos : expr.target.pos;
    return `f.${strict ? 'slice' : 'item'}(${this.site(pos)},${target},${key})`;
  }

  /** A call; `caller` is the variable of a call block's body. */
  protected call(expr: Extract<Expr, { kind: 'call' }>, scope: Scope, caller?: string): string {
    const { target, pos } = expr;
    const args = `[${this.args(expr.args, scope, caller)}]`;
    const site = this.site(pos);
    if (target.kind !== 'attribute')
      return this.awaited(`f.call(${site},${this.expression(target, scope)},${args})`);
    // the place after the call's is that of the owner, for a method of something undefined
    this.site(target.target.pos);
    const owner = this.expression(target.target, scope);
    return this.awaited(`f.method(${site},${owner},${JSON.stringify(target.name)},${args})`);
  }

  protected awaited(code: string): string {
    if (this.options.mode === 'sync') return code;
    const answer = this.temporary();
    return `((${answer}=${code}) instanceof Promise?await ${answer}:${answer})`;
  }

  private args(args: CallArgs, scope: Scope, caller?: string): string {
    const parts = args.positional.map((arg) => this.expression(arg, scope));
    if (args.spread !== null)
      parts.push(`...f.iter(${this.site(args.spread.pos)},${this.expression(args.spread, scope)})`);
    const keywords = args.keywords.map(({ name, value }) => `${key(name)}:${this.expression(value, scope)}`);
    if (caller !== undefined) keywords.push(`caller:${caller}`);
    if (args.spreadKeywords !== null) {
      const spread = this.expression(args.spreadKeywords, scope);
      parts.push(
        `f.keywords(${this.site(args.spreadKeywords.pos)},{__proto__:null,${keywords.join(',')}},${spread})`,
      );
    } else if (keywords.length > 0) {
      parts.push(`new $.Kwargs({__proto__:null,${keywords.join(',')}})`);
    }
    return parts.join(',');
  }

  protected filter(expr: FilterExpr, scope: Scope): string {
    if (!this.soft && !this.options.hasFilter(expr.name)) {
      throw new SyntaxFailure(`No filter named '${expr.name}'.`, expr.pos);
    }
    const value = expr.target === null ? this.filtered : this.expression(expr.target, scope);
    return `f.filter(${this.site(expr.pos)},${JSON.stringify(expr.name)},${value},[${this.args(expr.args, scope)}])`;
  }

  private test(expr: Extract<Expr, { kind: 'test' }>, scope: Scope): string {
    if (!this.soft && !this.options.hasTest(expr.name)) {
      throw new SyntaxFailure(`No test named '${expr.name}'.`, expr.pos);
    }
    const operand = this.expression(expr.operand, scope);
    const args = this.args(expr.args, scope);
    if (args === '' && expr.name === 'none') return `(${operand}===null)`;
    if (args === '' && expr.name === 'defined') return `$.isDefined(${operand})`;
    if (args === '' && expr.name === 'undefined') return `!$.isDefined(${operand})`;
    return `f.test(${this.site(expr.pos)},${JSON.stringify(expr.name)},${operand},[${args}])`;
  }
}

/** A property name in an object literal; `__proto__` written plainly would set the prototype. */
function key(name: string): string {
  return name === '__proto__' ? '["__proto__"]' : JSON.stringify(name);
}
