/** `{% for %}`: plain, counted, filtered and recursive loops. */
import type { Expr, ForNode } from '../syntax/nodes.ts';
import { analyse, analyseBody, analyseTarget } from './analysis.ts';
import { Scope } from './scope.ts';
import { ScopeCompiler } from './scope-compiler.ts';
import { specialNames } from './special-names.ts';

/** How one loop is emitted. */
interface LoopPlan {
  /** JavaScript of what is iterated. */
  iterable: string;
  /** JavaScript of the nesting depth of a recursive loop. */
  depth: string;
  /** JavaScript of the function that renders the body again, or `null`. */
  again: string;
  /** The body reads the variable `loop`. */
  usesLoop: boolean;
}

export abstract class LoopCompiler extends ScopeCompiler {
  protected forLoop(node: ForNode, scope: Scope): void {
    const usesLoop = node.recursive || specialNames(node.body, ['loop']).has('loop');
    const inner = new Scope(scope);
    if (usesLoop) inner.parameter('loop');
    analyseTarget(node.target, inner, true);
    analyseBody(node.body, inner);
    const iterable = `f.iter(${this.site(node.iterable.pos)},${this.expression(node.iterable, scope)})`;
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

  private loop(node: ForNode, scope: Scope, inner: Scope, loop: LoopPlan): void {
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
}

/** True when the expression calls something, which in async code may answer a promise. */
function mayAwait(expr: Expr): boolean {
  return JSON.stringify(expr, (_, value) => (typeof value === 'bigint' ? 0 : (value as unknown))).includes(
    '"kind":"call"',
  );
}
