/** Statements as JavaScript: the body of one function `(f, s, t, $) => text` for a whole template. */
import type { Expr, ForNode, IfNode, MacroNode, Parameter, Statement, Target } from '../syntax/nodes.ts';
import { SyntaxFailure } from '../syntax/syntax-failure.ts';
import { analyse, analyseArgs, analyseBody, analyseTarget } from './analysis.ts';
import { isConstant } from './constants.ts';
import { type CompilerOptions, ExpressionCompiler } from './expression-compiler.ts';
import { Scope } from './scope.ts';
import { specialNames } from './special-names.ts';

/** Bits that say what a macro takes beside its parameters, and whether the template exports it. */
export const MACRO_FLAGS = { varargs: 1, kwargs: 2, caller: 4, explicitCaller: 8, exported: 16 } as const;

/** JavaScript source of a template. Raises SyntaxFailure for filters and tests that do not exist. */
export function compileTemplate(body: readonly Statement[], options: CompilerOptions): string {
  return new TemplateCompiler(options).template(body);
}

class TemplateCompiler extends ExpressionCompiler {
  private readonly asyncWord: string;
  /** True while the output goes to the list of values of a native render. */
  private collecting = false;

  constructor(options: CompilerOptions) {
    super(options);
    this.asyncWord = options.mode === 'async' ? 'async ' : '';
  }

  template(body: readonly Statement[]): string {
    const scope = new Scope(undefined);
    analyseBody(body, scope);
    this.collecting = this.options.native;
    this.functionBody('o', () => {
      this.enter(scope);
      this.block(body, scope);
    });
    return this.getCode();
  }

  /** `let o="";...;return o` with the temporaries that the statements turn out to need. */
  private functionBody(buffer: string, statements: () => void): void {
    const [outerTemporaries, outerBuffer] = [this.temporaries, this.buffer];
    this.temporaries = [];
    this.buffer = buffer;
    const start = this.codebuf.length;
    this._emit('');
    statements();
    const names = this.temporaries.map((name) => `,${name}`).join('');
    this.codebuf[start] = `let ${buffer}=${this.collecting ? '[]' : '""'}${names};`;
    this._emit(`return ${buffer};`);
    this.temporaries = outerTemporaries;
    this.buffer = outerBuffer;
  }

  /** Declares the variables of a scope. */
  private enter(scope: Scope): void {
    const parts: string[] = [];
    for (const [variable, load] of scope.loads) {
      if (load.kind === 'unset') parts.push(variable);
      else if (load.kind === 'copy') parts.push(`${variable}=${this.outerValue(load.name, scope)}`);
      else if (load.kind === 'global' && scope.stored.has(load.name)) {
        parts.push(`${variable}=f.find(${JSON.stringify(load.name)})`);
      }
    }
    if (parts.length > 0) this._emit(`let ${parts.join(',')};`);
  }

  private outerValue(name: string, scope: Scope): string {
    const outer = scope.parent?.find(name);
    if (outer === undefined) return `f.find(${JSON.stringify(name)})`;
    const isVariable = outer.load.kind !== 'global' || outer.scope.stored.has(name);
    return isVariable ? outer.variable : `f.find(${JSON.stringify(name)})`;
  }

  private declareParameters(scope: Scope): void {
    const names = [...scope.loads]
      .filter(([, load]) => load.kind === 'parameter')
      .map(([variable]) => variable);
    if (names.length > 0) this._emit(`let ${names.join(',')};`);
  }

  private block(body: readonly Statement[], scope: Scope): void {
    let texts: string[] = [];
    const flush = () => {
      if (texts.length > 0) this._emitLine(`${this.buffer}+=${texts.join('+')};`);
      texts = [];
    };
    for (const statement of body) {
      if (this.collecting && (statement.kind === 'text' || statement.kind === 'output')) {
        this.collect(statement, scope);
      } else if (statement.kind === 'text') texts.push(JSON.stringify(statement.text));
      else if (statement.kind === 'output') texts.push(`s(${this.expression(statement.value, scope)})`);
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
      this._emitLine(`$.collectText(${this.buffer},${JSON.stringify(statement.text)});`);
    else if (isConstant(statement.value)) {
      this._emitLine(`$.collectText(${this.buffer},s(${this.expression(statement.value, scope)}));`);
    } else this._emitLine(`${this.buffer}.push(${this.expression(statement.value, scope)});`);
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

  private assign(target: Target, value: string, scope: Scope): void {
    if (target.kind === 'name') this._emitLine(`${scope.find(target.name)!.variable}=${value};`);
    else if (target.kind === 'namespace') {
      const holder = this.expression({ kind: 'name', pos: target.pos, name: target.name }, scope);
      this._emitLine(`f.assign(${target.pos},${holder},${JSON.stringify(target.attribute)},${value});`);
    } else {
      const parts = this._tmpid();
      this._emitLine(`const ${parts}=f.unpack(${target.pos},${value},${target.items.length});`);
      for (const [i, item] of target.items.entries()) this.assign(item, `${parts}[${i}]`, scope);
    }
  }

  /** Emits a block whose text goes into a variable of its own, and answers that variable. */
  private captured(body: readonly Statement[], inner: Scope, after: (buffer: string) => void): void {
    const [outerBuffer, outerCollecting] = [this.buffer, this.collecting];
    const buffer = this._tmpid();
    this._emit(`let ${buffer}="";{`);
    this.buffer = buffer;
    this.collecting = false;
    this.enter(inner);
    this.outsideIf(() => this.block(body, inner));
    this.buffer = outerBuffer;
    this.collecting = outerCollecting;
    after(buffer);
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
      this.output(this.collecting ? buffer : `s(${buffer})`);
    });
  }

  private output(code: string): void {
    this._emitLine(this.collecting ? `${this.buffer}.push(${code});` : `${this.buffer}+=${code};`);
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

  private plainScope(body: readonly Statement[], scope: Scope): void {
    const inner = new Scope(scope);
    analyseBody(body, inner);
    this._emit('{');
    this.enter(inner);
    this.outsideIf(() => this.block(body, inner));
    this._emitLine('}');
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

  private outsideIf(generate: () => void): void {
    const before = this.soft;
    this.soft = false;
    generate();
    this.soft = before;
  }

  private forLoop(node: ForNode, scope: Scope): void {
    const usesLoop = node.recursive || specialNames(node.body, ['loop']).has('loop');
    const inner = new Scope(scope);
    if (usesLoop) inner.parameter('loop');
    analyseTarget(node.target, inner, true);
    analyseBody(node.body, inner);
    const iterable = `f.iter(${node.iterable.pos},${this.expression(node.iterable, scope)})`;
    this.outsideIf(() => {
      if (!node.recursive) {
        this.loop(node, scope, inner, { iterable, depth: '0', again: 'null', usesLoop });
        return;
      }
      const [again, items, depth] = [this._tmpid(), this._tmpid(), this._tmpid()];
      const outerCollecting = this.collecting;
      this.collecting = false;
      this._emit(`const ${again}=${this.asyncWord}(${items},${depth})=>{`);
      this.functionBody(this._tmpid(), () =>
        this.loop(node, scope, inner, { iterable: items, depth, again, usesLoop }),
      );
      this._emitLine('};');
      this.collecting = outerCollecting;
      this.output(`${this.asyncWord === '' ? '' : 'await '}${again}(${iterable},0)`);
    });
  }

  private loop(
    node: ForNode,
    scope: Scope,
    inner: Scope,
    loop: { iterable: string; depth: string; again: string; usesLoop: boolean },
  ): void {
    const [item, empty] = [this._tmpid(), node.otherwise === null ? undefined : this._tmpid()];
    if (empty !== undefined) this._emit(`let ${empty}=true;`);
    let { iterable } = loop;
    if (loop.usesLoop && node.test !== null) iterable = this.filteredItems(node, scope, iterable);
    const variable = this._tmpid();
    if (loop.usesLoop) this._emit(`const ${variable}=f.loop(${iterable},${loop.depth},${loop.again});`);
    this._emit(`for(const ${item} of ${loop.usesLoop ? variable : iterable}){`);
    if (!loop.usesLoop && node.test !== null)
      this.testItem(node, node.test, scope, item, (test) => `if(!${test})continue;`);
    this.declareParameters(inner);
    this.enter(inner);
    if (loop.usesLoop) this._emit(`${inner.find('loop')!.variable}=${variable};`);
    this.assign(node.target, item, inner);
    this.block(node.body, inner);
    // set at the end, as Jinja does: a loop that only ever `continue`s counts as empty
    if (empty !== undefined) this._emit(`${empty}=false;`);
    this._emitLine('}');
    if (node.otherwise !== null) {
      this._emit(`if(${empty})`);
      this.plainScope(node.otherwise, scope);
    }
  }

  /** The test of `for x in y if test`, in a scope of its own. */
  private testItem(
    node: ForNode,
    test: Expr,
    scope: Scope,
    item: string,
    use: (test: string) => string,
  ): void {
    const inner = new Scope(scope);
    analyseTarget(node.target, inner, true);
    analyse(test, inner);
    this._emit('{');
    this.declareParameters(inner);
    this.enter(inner);
    this.assign(node.target, item, inner);
    this._emit(`${use(this.condition(test, inner))}}`);
  }

  /**
   * Items that pass the test, for a loop that counts. Lazy where it can be: the body may change what the test
   * looks at. In async code a test that may await is run ahead.
   */
  private filteredItems(node: ForNode, scope: Scope, iterable: string): string {
    const [items, source, item] = [this._tmpid(), this._tmpid(), this._tmpid()];
    // outside of the generator, which cannot await
    this._emit(`const ${items}=${iterable};`);
    if (this.options.mode === 'sync' || !mayAwait(node.test!)) {
      this._emit(`const ${source}=(function*(){for(const ${item} of ${items})`);
      this.testItem(node, node.test!, scope, item, (test) => `if(${test})yield ${item};`);
      this._emit('})();');
    } else {
      this._emit(`const ${source}=[];for(const ${item} of ${items})`);
      this.testItem(node, node.test!, scope, item, (test) => `if(${test})${source}.push(${item});`);
    }
    return source;
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
    if (own.has('caller')) flags |= MACRO_FLAGS.explicitCaller;
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

/** True when the expression calls something, which in async code may answer a promise. */
function mayAwait(expr: Expr): boolean {
  return JSON.stringify(expr, (_, value) => (typeof value === 'bigint' ? 0 : (value as unknown))).includes(
    '"kind":"call"',
  );
}
