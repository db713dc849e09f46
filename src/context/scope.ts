/**
 * The names a template can use: macros first (a project may override anything, `ref` included), then the
 * functions of the context, then packages as namespaces (`dbt_utils.star`). One scope serves one render.
 */
import { SqError } from '../errors.ts';
import type { MacroNode } from '../manifest/nodes.ts';
import type { MacroFunction, RenderOptions, UndefinedMode } from '../template/index.ts';
import { Namespace } from './host.ts';
import type { MacroLibrary } from './macro-library.ts';

export interface ScopeOptions {
  library: MacroLibrary;
  /** Package whose node (or file) is rendered: its macros come first. */
  packageName: string;
  mode: 'sync' | 'async';
  undefinedMode: UndefinedMode;
  /** Functions and values of the context; `undefined` when there is no such name. */
  names: (name: string) => unknown;
  /** Names that mean something else in this render, `package.name` too: overrides of a unit test. */
  overrides?: ReadonlyMap<string, unknown>;
  /** Called when the rendered text itself (not another macro) calls a macro. */
  onDirectCall?: (uniqueId: string) => void;
}

export class Scope {
  readonly options: RenderOptions;
  private readonly bound = new Map<string, MacroFunction>();
  private depth = 0;

  constructor(private readonly setup: ScopeOptions) {
    this.options = {
      lookup: (name) => this.lookup(name),
      undefinedMode: setup.undefinedMode,
      names: () => setup.library.names(),
    };
  }

  /** The value of a global name. */
  lookup(name: string): unknown {
    const { library, packageName, names, overrides } = this.setup;
    if (overrides?.has(name)) return overrides.get(name);
    const macro = library.find(name, packageName);
    if (macro) return this.bind(macro);
    const value = names(name);
    if (value !== undefined) return value;
    if (library.isPackage(name)) return this.packageNamespace(name);
    return undefined;
  }

  /** A macro as a function of this render. */
  bind(macro: MacroNode): MacroFunction {
    let fn = this.bound.get(macro.unique_id);
    if (!fn) {
      const { library, mode, onDirectCall } = this.setup;
      const inner = library.template(macro).bindMacro(macro.name, this.options, mode);
      fn = onDirectCall === undefined ? inner : (...args) => this.tracked(macro.unique_id, inner, args);
      this.bound.set(macro.unique_id, fn);
    }
    return fn;
  }

  /** `adapter.dispatch`. */
  dispatch(name: string, namespace: string | null): MacroFunction {
    if (name.includes('.')) {
      throw new SqError({
        kind: 'Compilation',
        code: 'dispatch-name',
        message: `In adapter.dispatch, got a macro name of "${name}", but "." is not a valid macro name component. Did you mean \`adapter.dispatch("${name.split('.')[1]}", macro_namespace="${name.split('.')[0]}")\`?`,
      });
    }
    const { library, packageName } = this.setup;
    const found = library.dispatch(name, namespace, packageName);
    if (!('attempts' in found)) return this.bind(found);
    const searched = found.attempts.map((attempt) => `'${attempt}'`).join(', ');
    throw new SqError({
      kind: 'Compilation',
      code: 'dispatch-missing',
      message: `In dispatch: No macro named '${name}' found within namespace: '${namespace ?? 'None'}'\n    Searched for: ${searched}`,
    });
  }

  private tracked(uniqueId: string, inner: MacroFunction, args: unknown[]): unknown {
    if (this.depth === 0) this.setup.onDirectCall?.(uniqueId);
    this.depth += 1;
    try {
      return inner(...args);
    } finally {
      this.depth -= 1;
    }
  }

  private packageNamespace(packageName: string): Namespace {
    const { library, overrides } = this.setup;
    return new Namespace(`package ${packageName}`, (name) => {
      const override = overrides?.get(`${packageName}.${name}`);
      if (override !== undefined) return override;
      const macro = library.findIn(packageName, name);
      return macro ? this.bind(macro) : undefined;
    });
  }
}
