/** What statements of every kind are emitted with: functions, scopes, assignments and captured text. */
import type { Statement, Target } from '../syntax/nodes.ts';
import { analyseBody } from './analysis.ts';
import { type CompilerOptions, ExpressionCompiler } from './expression-compiler.ts';
import { Scope } from './scope.ts';

export abstract class ScopeCompiler extends ExpressionCompiler {
  protected readonly asyncWord: string;
  /** True while the output goes to the list of values of a native render. */
  protected collecting = false;

  constructor(options: CompilerOptions) {
    super(options);
    this.asyncWord = options.mode === 'async' ? 'async ' : '';
  }

  protected abstract block(body: readonly Statement[], scope: Scope): void;

  /** `let o="";...;return o` with the temporaries that the statements turn out to need. */
  protected functionBody(buffer: string, statements: () => void): void {
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
  protected enter(scope: Scope): void {
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

  protected outerValue(name: string, scope: Scope): string {
    const outer = scope.parent?.find(name);
    if (outer === undefined) return `f.find(${JSON.stringify(name)})`;
    const isVariable = outer.load.kind !== 'global' || outer.scope.stored.has(name);
    return isVariable ? outer.variable : `f.find(${JSON.stringify(name)})`;
  }

  protected declareParameters(scope: Scope): void {
    const names = [...scope.loads]
      .filter(([, load]) => load.kind === 'parameter')
      .map(([variable]) => variable);
    if (names.length > 0) this._emit(`let ${names.join(',')};`);
  }

  protected assign(target: Target, value: string, scope: Scope): void {
    if (target.kind === 'name') this._emitLine(`${scope.find(target.name)!.variable}=${value};`);
    else if (target.kind === 'namespace') {
      const holder = this.expression({ kind: 'name', pos: target.pos, name: target.name }, scope);
      this._emitLine(
        `f.assign(${this.site(target.pos)},${holder},${JSON.stringify(target.attribute)},${value});`,
      );
    } else {
      const parts = this._tmpid();
      this._emitLine(`const ${parts}=f.unpack(${this.site(target.pos)},${value},${target.items.length});`);
      for (const [i, item] of target.items.entries()) this.assign(item, `${parts}[${i}]`, scope);
    }
  }

  /** Emits a block whose text goes into a variable of its own, and answers that variable. */
  protected captured(body: readonly Statement[], inner: Scope, after: (buffer: string) => void): void {
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

  protected output(code: string): void {
    this._emitLine(this.collecting ? `${this.buffer}.push(${code});` : `${this.buffer}+=${code};`);
  }

  protected plainScope(body: readonly Statement[], scope: Scope): void {
    const inner = new Scope(scope);
    analyseBody(body, inner);
    this._emit('{');
    this.enter(inner);
    this.outsideIf(() => this.block(body, inner));
    this._emitLine('}');
  }

  protected outsideIf(generate: () => void): void {
    const before = this.soft;
    this.soft = false;
    generate();
    this.soft = before;
  }
}
