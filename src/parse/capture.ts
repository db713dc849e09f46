/**
 * What a node's text refers to and how it configures itself, found by rendering it once without a database
 * (dbt's parse phase: `execute` is false). Texts whose Jinja is only literal ref/source/config calls are read
 * without rendering, unless the project overrides one of those functions.
 */
import { CallableNamespace, namespaceOf } from '../context/host.ts';
import { RelationObject } from '../context/relation-object.ts';
import { Scope } from '../context/scope.ts';
import { SqError } from '../errors.ts';
import type { RefArgs } from '../manifest/nodes.ts';
import { relation } from '../manifest/relation.ts';
import { fromJs, Kwargs, literalCalls, parseTemplate, type SourceSpan, toJs } from '../template/index.ts';
import { ConfigCalls, configTexts, isReadStatically, literalConfigTexts } from './config-calls.ts';
import { parseAdapter } from './names.ts';
import type { WrittenLayer } from './nodes/config.ts';
import type { PackageSource, ParseSession } from './session.ts';

export interface Captured {
  refs: RefArgs[];
  sources: [string, string][];
  metrics: string[][];
  functions: string[][];
  /** All `config()` calls merged, keys in dbt's spelling, values as plain data. */
  config: WrittenLayer;
  /** Unique ids of macros that the text calls itself. */
  macros: string[];
}

export interface CaptureInput {
  session: ParseSession;
  pkg: PackageSource;
  text: string;
  span: SourceSpan;
  /** `model.sparkify.songs`, for errors and connection names. */
  uniqueId: string;
  name: string;
  resourceType: string;
  /** Names only this text has, e.g. a generic test's arguments. */
  extra?: (name: string) => unknown;
}

const NO_CONFIG: WrittenLayer = { values: {}, written: {} };
const OVERRIDABLE = ['ref', 'source', 'config'];

/** Of a text that asks for nothing. */
export function nothingCaptured(): Captured {
  return { refs: [], sources: [], metrics: [], functions: [], config: NO_CONFIG, macros: [] };
}

export function capture(input: CaptureInput): Captured {
  const { session, pkg, text } = input;
  const captured = nothingCaptured();
  if (!text.includes('{')) return captured;
  if (OVERRIDABLE.every((name) => session.library.find(name, pkg.config.name) === undefined)) {
    const literal = literalCalls(text);
    if (literal) {
      const config = new ConfigCalls();
      try {
        for (const call of literal.calls) {
          if (call.name === 'config') config.add(call.args, call.kwargs);
          else if (call.name === 'source') captured.sources.push(sourceArgs(call.args.map(toJs)));
          else captured.refs.push(refArgs(call.args.map(toJs), call.kwargs));
        }
        const compared = input.resourceType === 'model' && isReadStatically(text, literal.calls);
        captured.config = config.layer(() =>
          compared ? undefined : literalConfigTexts(text, literal.calls),
        );
        return captured;
      } catch {
        // wrong arguments: rendering meets them again and says where they are
        captured.refs = [];
        captured.sources = [];
      }
    }
  }
  renderForCapture(input, captured);
  return captured;
}

function renderForCapture(input: CaptureInput, captured: Captured): void {
  const { session, pkg } = input;
  const own = new Map<string, unknown>();
  const config = new ConfigCalls();
  const scope: Scope = new Scope({
    library: session.library,
    packageName: pkg.config.name,
    mode: 'sync',
    undefinedMode: 'capture',
    names: (name) => {
      const extra = input.extra?.(name);
      if (extra !== undefined) return extra;
      if (!own.has(name)) own.set(name, captureName(name, input, captured, config, scope));
      return own.get(name);
    },
    onDirectCall: (uniqueId) => {
      if (!captured.macros.includes(uniqueId)) captured.macros.push(uniqueId);
    },
  });
  const template = parseTemplate(input.text, input.span);
  template.render(scope.options);
  captured.config = config.layer(() => configTexts(template));
}

function captureName(
  name: string,
  input: CaptureInput,
  captured: Captured,
  calls: ConfigCalls,
  scope: Scope,
): unknown {
  const { session, pkg } = input;
  const { settings, adapter } = session.context;
  const self = () =>
    new RelationObject(
      relation(settings.database, settings.schema, input.name, {
        quote: session.quoting,
        quoteChar: adapter.dialect.quoteChar,
      }),
    );
  const functions = {
    ref: (...args: unknown[]) => {
      const kwargs = args.at(-1) instanceof Kwargs ? (args.at(-1) as Kwargs).values : {};
      captured.refs.push(refArgs(args.filter((arg) => !(arg instanceof Kwargs)).map(toJs), kwargs));
      return self();
    },
    source: (...args: unknown[]) => {
      captured.sources.push(sourceArgs(args.map(toJs)));
      return self();
    },
    metric: (...args: unknown[]) => {
      captured.metrics.push(args.map(String));
      return '';
    },
    function: (...args: unknown[]) => {
      captured.functions.push(args.map(String));
      return self();
    },
  };
  const config = () =>
    new CallableNamespace(
      'config',
      (...args: unknown[]) => {
        const kwargs = args.at(-1) instanceof Kwargs ? (args.at(-1) as Kwargs).values : {};
        calls.add(
          args.filter((arg) => !(arg instanceof Kwargs)),
          kwargs,
        );
        return '';
      },
      (member) => {
        if (member === 'persist_relation_docs' || member === 'persist_column_docs') return () => false;
        if (member === 'set') {
          return (name: unknown, value: unknown) => {
            calls.add([], { [String(name)]: value });
            return '';
          };
        }
        return ['get', 'require', 'meta_get', 'meta_require'].includes(member) ? () => '' : undefined;
      },
    );
  switch (name) {
    case 'ref':
    case 'source':
    case 'metric':
    case 'function':
      return functions[name];
    case 'config':
      return config();
    case 'builtins':
      return namespaceOf('builtins', { ...functions, config: config() });
    case 'this':
      return self();
    case 'var':
      return session.base.var(pkg.config.name, `${input.resourceType} ${input.name}`);
    case 'execute':
      return false;
    case 'database':
      return settings.database;
    case 'schema':
      return settings.schema;
    case 'sql':
    case 'column':
    case 'sql_now':
      return '';
    case 'compiled_code':
      return null;
    case 'pre_hooks':
    case 'post_hooks':
      return [];
    case 'model':
    case 'node':
      return fromJs({
        name: input.name,
        alias: input.name,
        unique_id: input.uniqueId,
        resource_type: input.resourceType,
        package_name: pkg.config.name,
        original_file_path: input.span.path,
        path: input.span.path,
        schema: settings.schema,
        database: settings.database,
        raw_code: input.text,
        config: calls.values,
        columns: {},
        tags: [],
        meta: {},
      });
    case 'graph':
      return fromJs({
        nodes: {},
        sources: {},
        exposures: {},
        metrics: {},
        groups: {},
        semantic_models: {},
        saved_queries: {},
        unit_tests: {},
        functions: {},
      });
    case 'selected_resources':
      return [];
    case 'thread_id':
      return 'MainThread';
    case 'context':
      return namespaceOf('context', {});
    case 'adapter':
      return parseAdapter(session, scope, input.uniqueId);
    case 'load_result':
    case 'load_agate_table':
      return () => null;
    case 'store_result':
    case 'store_raw_result':
    case 'write':
      return () => '';
    case 'render':
      return (text: unknown) => parseTemplate(String(text), { path: input.span.path }).render(scope.options);
    case 'try_or_compiler_error':
      return (_message: unknown, fn: (...args: unknown[]) => unknown, ...args: unknown[]) => fn(...args);
    case 'validation':
      return namespaceOf('validation', { any: fromJs({}) });
    case 'context_macro_stack':
      return null;
    case 'defer_relation':
      return null;
    default:
      return session.base.get(name);
  }
}

/** `ref('a')`, `ref('pkg', 'a')`, with `v=`/`version=`. Throws dbt's error for another shape. */
export function refArgs(args: readonly unknown[], kwargs: Readonly<Record<string, unknown>>): RefArgs {
  const version = kwargs.version ?? kwargs.v ?? null;
  const unknown = Object.keys(kwargs).filter((key) => key !== 'version' && key !== 'v');
  if (args.length < 1 || args.length > 2 || unknown.length > 0) {
    throw new SqError({
      kind: 'Compilation',
      code: 'ref-args',
      message: `ref() takes at most two arguments (${args.length + unknown.length} given)`,
      hint: "write ref('model') or ref('package', 'model'), with v=2 for a version",
    });
  }
  for (const arg of args) {
    if (typeof arg !== 'string') {
      throw new SqError({
        kind: 'Compilation',
        code: 'ref-args',
        message: `The name argument to ref() must be a string, got ${arg === null ? "<class 'NoneType'>" : typeof arg}`,
      });
    }
  }
  return {
    name: String(args[args.length - 1]),
    package: args.length === 2 ? String(args[0]) : null,
    version: version === null ? null : (toJs(version) as string | number),
  };
}

/** `source('raw', 'events')`. */
export function sourceArgs(args: readonly unknown[]): [string, string] {
  if (args.length !== 2 || args.some((arg) => typeof arg !== 'string')) {
    throw new SqError({
      kind: 'Compilation',
      code: 'source-args',
      message: `source() takes exactly two arguments (${args.length} given)`,
      hint: "write source('source', 'table')",
    });
  }
  return [String(args[0]), String(args[1])];
}
