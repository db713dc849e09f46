/**
 * The door of the template room: Jinja2 as dbt configures it, on nunjucks' chassis.
 *
 * A `Template` is source text parsed once and kept as two functions generated from one AST: `render` (sync,
 * used while parsing a project, when nothing can be asked of a database) and `renderAsync` (used while
 * executing: any call may answer with a promise). Names are not looked up in an object but asked of a
 * `Lookup`, so that a project of 1,500 macros costs nothing until a macro is used. The room knows nothing
 * of manifests, adapters or dbt's functions: those are values that a lookup returns.
 *
 * Values: str = string; bool = boolean; None = null; int = number (integer) or bigint; float = number, and
 * `PyFloat` where it is integral (prints `1.0`); list = Array; tuple = `Tuple` (an Array subclass); dict =
 * `Dict` (insertion order, any hashable key); missing = undefined / `Undefined`. Keyword arguments arrive
 * as one trailing `Kwargs` object. Host objects implement `HostObject` to say which attributes a template
 * may see; nothing else of a JavaScript object is reachable (no constructor, no prototype).
 */
import type { Location } from '../errors.ts';

/** Answers a global name of a template, or `undefined` (JavaScript) when there is no such name. */
export type Lookup = (name: string) => unknown;

/** What happens to a name or attribute that does not exist. */
export type UndefinedMode =
  /** dbt while parsing ("capture"): attributes, items and calls of an unknown answer an unknown again. */
  | 'capture'
  /** Jinja's default: prints as nothing, using it further raises. */
  | 'strict-use';

/** Where a piece of source text stands in the author's file. Offsets count characters from 0. */
export interface SourceSpan {
  path: string;
  /** Text offset of the piece in the file (0 for a whole file). */
  offset: number;
  /** Line of the piece's first character, from 1. */
  line: number;
  /** Column of the piece's first character, from 1. */
  column: number;
}

/** Names of the members below: registered symbols, so that two copies of the code agree. */
export const HOST_GET: unique symbol = Symbol.for('sq.template.get');
export const HOST_ITEM: unique symbol = Symbol.for('sq.template.item');
export const HOST_CALL: unique symbol = Symbol.for('sq.template.call');
/** Present: the test `mapping` holds of it. */
export const HOST_MAPPING: unique symbol = Symbol.for('sq.template.mapping');

/** A host value a template can work with. Members are asked for by name. */
export interface HostObject {
  /**
   * The attribute or method `name`, or undefined when there is none. Functions are called with `this` unset.
   * Operators ask for Python's special methods (`__add__`, `__lt__`, `__len__`, `__bool__`, `__repr__`, ...; an
   * answer of undefined means "not supported"); templates never see names that start with an underscore.
   */
  [HOST_GET](name: string): unknown;
  /** Optional: the item `host[key]`, or undefined when there is none. */
  [HOST_ITEM]?(key: unknown): unknown;
  /** Optional: iteration, `{% for x in host %}`. */
  [Symbol.iterator]?(): Iterator<unknown>;
  /** Optional: calling the object itself, `{{ config(...) }}` where config is also `config.get`. */
  [HOST_CALL]?(...args: unknown[]): unknown;
  readonly [HOST_MAPPING]?: true;
  /** How it prints. */
  toString(): string;
}

/** A block of a macro, snapshot or docs file as dbt's block scanner sees it: text, not yet parsed. */
export interface Block {
  type: 'macro' | 'test' | 'data_test' | 'materialization' | 'snapshot' | 'docs' | (string & {});
  name: string;
  /** From `{%` to the end tag's `%}`, as written. */
  fullText: string;
  /** Between the start tag and the end tag, without the whitespace that `-%}` and `{%-` take. */
  contents: string;
  span: SourceSpan;
  /** Span of `contents`. */
  contentsSpan: SourceSpan;
}

/** What the path of a macro of sq's own begins with: errors are told at the author's call of it. */
export const BUILT_IN_PATH = '<sq>/';

/** One macro of a parsed template (a `{% macro %}`, `{% test %}`, `{% materialization %}` ... block). */
export interface MacroDefinition {
  /** The name under which dbt registers it: `test_<name>`, `materialization_<name>_<adapter>`, ... */
  name: string;
  /** Argument names in order, for the manifest and for "did you mean". */
  parameters: { name: string; hasDefault: boolean; type?: string }[];
  at: Location;
}

export interface RenderOptions {
  lookup: Lookup;
  undefinedMode: UndefinedMode;
  /** Macro nesting at which a render stops with an error ("maximum recursion depth"); default 500. */
  maxDepth?: number;
  /** Names there are, for "did you mean" when one is undefined. Asked only then. */
  names?: () => Iterable<string>;
}

/** A macro ready to be called from a template or from the host. */
export type MacroFunction = (...args: unknown[]) => unknown;

export interface Template {
  readonly path: string;
  /** True when the text holds no tag at all: rendering gives the text itself. */
  readonly isPlain: boolean;
  readonly macros: readonly MacroDefinition[];
  /** Every call of a name (`f(...)`) or of a name's attribute (`pkg.f(...)`), found without rendering. */
  calls(): StaticCall[];
  /**
   * The keyword arguments of the first call of `name` as text, spaces and quotes as Python writes them (a plain
   * string is its value); undefined when the template has no such call.
   */
  keywordTexts(name: string): Record<string, string> | undefined;
  /** Renders; throws SqError (kind Compilation) with path, line, column, chain and hint. */
  render(options: RenderOptions): string;
  renderAsync(options: RenderOptions): Promise<string>;
  /**
   * The macro `name` bound to a render: its globals come from `options.lookup`. The function returned is
   * sync (`mode: 'sync'`) or may return a promise (`'async'`). `{% do return(x) %}` / `{{ return(x) }}` in
   * its body makes the call answer `x` (any value) instead of text.
   */
  bindMacro(name: string, options: RenderOptions, mode: 'sync' | 'async'): MacroFunction;
}

/** A call as it stands in the text. */
export interface StaticCall {
  /** `f`, or `pkg.f`. */
  name: string;
  /** Texts that were written as such; undefined for every other argument. */
  args: (string | undefined)[];
  kwargs: Record<string, string | undefined>;
}

/** A literal call in a template, found without rendering: `ref('a')`, `source('s', 't')`, `config(x=1)`. */
export interface LiteralCall {
  name: string;
  args: unknown[];
  kwargs: Record<string, unknown>;
  /** Offset of the `{{`. */
  offset: number;
}
