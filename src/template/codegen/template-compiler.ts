/** Statements as JavaScript: the body of one function for a whole template. */
import type { Expr, IfNode, MacroNode, Parameter, Statement } from '../syntax/nodes.ts';
import { SyntaxFailure } from '../syntax/syntax-failure.ts';
import { analyse, analyseArgs, analyseBody, analyseTarget } from './analysis.ts';
import { isConstant } from './constants.ts';
import type { CompilerOptions } from './expression-compiler.ts';
import { LoopCompiler } from './loop-compiler.ts';
import { MACRO_FLAGS } from './macro-flags.ts';
import { Scope } from './scope.ts';
import { specialNames } from './special-names.ts';

/** The body of the function `(f, s, t, $, k) => text`, and what it refers to by number. */
export interface GeneratedCode {
  code: string;
  /** The texts `k`. */
  texts: readonly string[];
  /** Positions in the template of the places where the code can fail. */
  sites: readonly number[];
}

/** JavaScript source of a template. Raises SyntaxFailure for filters and tests that do not exist. */
export function compileTemplate(body: readonly Statement[], options: CompilerOptions): GeneratedCode {
  return new TemplateCompiler(options).template(body);
}

class TemplateCompiler extends LoopCompiler {
  template(body: readonly Statement[]): GeneratedCode {
    const scope = new Scope(undefined);
    analyseBody(body, scope);
    this.collecting = this.options.native;
    this.functionBody('o', () => {
      this.enter(scope);
      this.block(body, scope);
    });
    return { code: this.getCode(), texts: this.texts, sites: this.sites };
  }

  protected block(body: readonly Statement[], scope: Scope): void {
    let texts: string[] = [];
    const flush = () => {
      if (texts.length > 0) this._emitLine(`${this.buffer}+=${texts.join('+')};`);
      texts = [];
    };
    for (const statement of body) {
      if (this.collecting && (statement.kind === 'text' || statement.kind === 'output')) {
        this.collect(statement, scope);
      } else if (statement.kind === 'text') texts.push(this.text(statement.text));
      else if (statement.kind === 'output') texts.push(`s(${this.outputValue(statement.value, scope)})`);
      else {
        flush();
        this.statement(statement, scope);
      }
    }
    flush();
  }

  /** A native render keeps values; what Jinja computes ahead is text there. */
  private collect(statement: Extract<Statement, { kind: 'text' | 'output' }>, scope: Scope): void {
    if (statement.kind === 'text')
      this._emitLine(`$.collectText(${this.buffer},${this.text(statement.text)});`);
    else if (isConstant(statement.value)) {
      this._emitLine(`$.collectText(${this.buffer},s(${this.outputValue(statement.value, scope)}));`);
    } else
      this._emitLine(
        `${this.buffer}.push(f.keep(${this.site(statement.value.pos)},${this.expression(statement.value, scope)}));`,
      );
  }

  private statement(node: Statement, scope: Scope): void {
    switch (node.kind) {
      case 'do':
        this._emitLine(`${this.expression(node.value, scope)};`);
        return;
      case 'break':
      case 'continue':
        this._emitLine(`${node.kind};`);
        return;
      case 'set':
        this.assign(node.target, this.expression(node.value, scope), scope);
        return;
      case 'setBlock':
        this.setBlock(node, scope);
        return;
      case 'filterBlock':
        this.filterBlock(node, scope);
        return;
      case 'with':
        this.withBlock(node, scope);
        return;
      case 'scope':
        this.plainScope(node.body, scope);
        return;
      case 'if':
        this.ifStatement(node, scope);
        return;
      case 'for':
        this.forLoop(node, scope);
        return;
      case 'macro':
        this.macro(node, scope);
        return;
      case 'callBlock':
        this.callBlock(node, scope);
        return;
      default:
        return;
    }
  }

  private setBlock(node: Extract<Statement, { kind: 'setBlock' }>, scope: Scope): void {
    const inner = new Scope(scope);
    analyseBody(node.body, inner);
    for (let filter = node.filter; filter !== null; filter = innerFilter(filter))
      analyseArgs(filter.args, inner);
    this.captured(node.body, inner, (buffer) => {
      if (node.filter !== null) {
        this.filtered = buffer;
        this._emit(`${buffer}=${this.filter(node.filter, inner)};`);
      }
      this._emit('}');
      this.assign(node.target, buffer, scope);
    });
  }

  private filterBlock(node: Extract<Statement, { kind: 'filterBlock' }>, scope: Scope): void {
    const inner = new Scope(scope);
    analyseBody(node.body, inner);
    analyse(node.filter, inner);
    this.captured(node.body, inner, (buffer) => {
      this.filtered = buffer;
      this._emit(`${buffer}=${this.filter(node.filter, inner)};}`);
      this.output(`f.joined(${buffer})`);
    });
  }

  private withBlock(node: Extract<Statement, { kind: 'with' }>, scope: Scope): void {
    const inner = new Scope(scope);
    for (const { target } of node.bindings) analyseTarget(target, inner, true);
    analyseBody(node.body, inner);
    this._emit('{');
    // all values are computed outside, before any of the names exists
    const values = node.bindings.map(({ value }) => {
      const variable = this._tmpid();
      this._emit(`const ${variable}=${this.expression(value, scope)};`);
      return variable;
    });
    this._emit('{');
    this.declareParameters(inner);
    this.enter(inner);
    for (const [i, { target }] of node.bindings.entries()) this.assign(target, values[i]!, inner);
    this.outsideIf(() => this.block(node.body, inner));
    this._emitLine('}}');
  }

  private ifStatement(node: IfNode, scope: Scope): void {
    this.softly(() => {
      node.branches.forEach(({ test, body }, i) => {
        this._emit(`${i === 0 ? '' : '}else '}if(${this.condition(test, scope)}){`);
        this.block(body, scope);
      });
      if (node.otherwise !== null) {
        this._emit('}else{');
        this.block(node.otherwise, scope);
      }
      this._emitLine('}');
    });
  }

  private macro(node: MacroNode, scope: Scope): void {
    const { variable } = scope.find(node.name)!;
    this._emit(`${variable}=f.macro(${JSON.stringify(node.name)},`);
    this.functionArguments(node, scope, scope.level === 0 ? MACRO_FLAGS.exported : 0);
    this._emitLine(');');
  }

  private callBlock(node: Extract<Statement, { kind: 'callBlock' }>, scope: Scope): void {
    const caller = this._tmpid();
    this._emit(`const ${caller}=f.caller(`);
    this.functionArguments(node, scope, 0);
    this._emitLine(');');
    this.output(`f.joined(${this.call(node.call, scope, caller)})`);
  }

  /** `[names], flags, (f, ...parameters) => text` of a macro or call block. */
  private functionArguments(
    node: { pos: number; parameters: Parameter[]; body: Statement[] },
    scope: Scope,
    given: number,
  ): void {
    const inner = new Scope(scope);
    const variables = node.parameters.map(({ name }) => inner.parameter(name));
    let flags = given;
    const own = new Set(node.parameters.map(({ name }) => name));
    const used = specialNames(node.body, ['caller', 'kwargs', 'varargs']);
    const explicit = node.parameters.find(({ name }) => name === 'caller');
    if (used.has('caller') && explicit?.default === null) {
      throw new SyntaxFailure(
        'When defining macros or call blocks the special "caller" argument must be omitted or be given a default.',
        explicit.pos,
      );
    }
    // the order in which the runtime passes them
    const special = ['caller', 'kwargs', 'varargs'].filter((name) => used.has(name) && !own.has(name));
    for (const name of special) {
      flags |= MACRO_FLAGS[name as 'caller' | 'kwargs' | 'varargs'];
      variables.push(inner.parameter(name));
    }
    for (const parameter of node.parameters) if (parameter.default) analyse(parameter.default, inner);
    analyseBody(node.body, inner);
    this._emit(`${JSON.stringify(node.parameters.map(({ name }) => name))},${flags},`);
    this._emit(`${this.asyncWord}(${['f', ...variables].join(',')})=>{`);
    const outerCollecting = this.collecting;
    this.collecting = false;
    this.functionBody('o', () => {
      this.enter(inner);
      this.defaults(node.parameters, inner);
      this.outsideIf(() => this.block(node.body, inner));
    });
    this.collecting = outerCollecting;
    this._emit('}');
  }

  private defaults(parameters: readonly Parameter[], scope: Scope): void {
    const variables = parameters.map(({ name }) => scope.find(name)!.variable);
    for (const variable of variables) this.unset.add(variable);
    parameters.forEach((parameter, i) => {
      const variable = variables[i]!;
      const value =
        parameter.default === null
          ? `f.notGiven(${JSON.stringify(parameter.name)})`
          : this.expression(parameter.default, scope);
      this._emit(`if(${variable}===undefined)${variable}=${value};`);
      this.unset.delete(variable);
    });
  }
}

function innerFilter(filter: { target: Expr | null }) {
  return filter.target?.kind === 'filter' ? filter.target : null;
}
