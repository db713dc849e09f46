/**
 * The names of a template that belong to one node while it is compiled or executed: `ref`, `source`, `this`,
 * `config`, `model`, `adapter`, results of statements. Each is made when a template first asks for it.
 */
import { adapterObject } from '../../context/adapter-object.ts';
import { AgateTable } from '../../context/agate-table.ts';
import type { BaseNames } from '../../context/base.ts';
import { Namespace, namespaceOf } from '../../context/host.ts';
import type { Inspector } from '../../context/inspector.ts';
import type { RelationObject } from '../../context/relation-object.ts';
import type { Scope } from '../../context/scope.ts';
import { SqError } from '../../errors.ts';
import type { Manifest } from '../../manifest/manifest.ts';
import type { CompiledNode, Hook } from '../../manifest/nodes.ts';
import type { Relation } from '../../manifest/relation.ts';
import { callArguments, Dict, fromJs, Kwargs, parseTemplate, toText } from '../../template/index.ts';
import type { Batch, CompileOptions, StatementAnswer } from '../contract.ts';
import { configObject } from './config-object.ts';
import { graphObject } from './graph-object.ts';
import { modelObject } from './model-object.ts';
import { seedTable } from './seed-table.ts';

export interface NodeNamesOptions {
  base: BaseNames;
  manifest: Manifest;
  inspector: Inspector | undefined;
  node: CompiledNode | null;
  /** Package whose macros come first and whose vars count. */
  packageName: string;
  scope: () => Scope;
  ref: (args: readonly unknown[], kwargs: Readonly<Record<string, unknown>>) => unknown;
  source: (args: readonly unknown[]) => unknown;
  function: (args: readonly unknown[]) => unknown;
  relationOf: (node: CompiledNode) => Relation;
  /** What `this` prints, when it stands for a staged or other relation. */
  thisRelation: () => RelationObject | null;
  extra: Readonly<Record<string, unknown>>;
  batch: Batch | undefined;
  selected: () => readonly string[];
  /** Where the node stands in the run of `--state`. */
  deferRelation: () => RelationObject | null;
  answers: CompileOptions['answers'];
  projectDir: string;
}

/** Answers the value of a name, or undefined. */
export function nodeNames(options: NodeNamesOptions): (name: string) => unknown {
  const made = new Map<string, unknown>(Object.entries(resultFunctions(options.answers)));
  const { base } = options;
  return (name) => {
    if (Object.hasOwn(options.extra, name)) return options.extra[name];
    if (made.has(name)) return made.get(name);
    const value = make(name, options) ?? base.get(name);
    made.set(name, value);
    return value;
  };
}

function make(name: string, options: NodeNamesOptions): unknown {
  const { base, node, manifest, inspector } = options;
  const { settings, dialect, quoting } = base.context;
  const owner = node?.unique_id ?? 'master';
  switch (name) {
    case 'ref':
      return (...args: unknown[]) => options.ref(positional(args), kwargsOf(args));
    case 'source':
      return (...args: unknown[]) => options.source(positional(args));
    case 'function':
      return (...args: unknown[]) => options.function(positional(args));
    case 'builtins':
      return namespaceOf('builtins', {
        ref: make('ref', options),
        source: make('source', options),
        function: make('function', options),
        config: make('config', options),
      });
    case 'metric':
      return (...args: unknown[]) => args.map(toText).join('.');
    case 'config':
      return node ? configObject(node) : undefined;
    case 'this':
      return options.thisRelation();
    case 'model':
    case 'node':
      return node ? modelObject(node, { dialect, ref: options.ref, source: options.source }, options) : null;
    case 'var':
      return base.var(options.packageName, node ? `${node.resource_type} ${node.name}` : 'operation');
    case 'execute':
      return true;
    case 'database':
      return node?.database ?? settings.database;
    case 'schema':
      return node?.schema || settings.schema;
    case 'graph':
      return graphObject(manifest);
    case 'pre_hooks':
      return hookList(node, 'pre-hook');
    case 'post_hooks':
      return hookList(node, 'post-hook');
    case 'selected_resources':
      return [...options.selected()];
    case 'thread_id':
      return 'Thread-1 (worker)';
    case 'source_node':
      return null;
    case 'context_macro_stack':
      return null;
    case 'defer_relation':
      return options.deferRelation();
    case 'column':
    case 'sql':
    case 'compiled_code':
      return undefined;
    case 'adapter':
      return adapterObject({
        dialect,
        inspector,
        owner,
        database: settings.database,
        quoting,
        emit: (event) => base.context.invocation.emit(event),
        print: (msg) => base.context.invocation.emit({ name: 'PrintEvent', msg }),
        dispatch: (macro, namespace) => options.scope().dispatch(macro, namespace),
        callMacro: (macro, args) => {
          const fn = options.scope().lookup(macro);
          if (typeof fn === 'function') return fn(...args);
          throw new SqError({
            kind: 'Compilation',
            code: 'missing-macro',
            message: `dbt could not find a macro with the name '${macro}' in any package`,
          });
        },
      });
    case 'load_agate_table':
      return () => seedTable(node, options.projectDir, base.context.dialect, inspector);
    case 'render':
      return (text: unknown) =>
        parseTemplate(toText(text), { path: node?.original_file_path ?? 'render' }).renderAsync(
          options.scope().options,
        );
    case 'sql_now':
      return 'current_timestamp';
    case 'submit_python_job':
      return () => {
        throw new SqError({
          kind: 'Runtime',
          code: 'python-model',
          message: `submit_python_job is not intended to be called here, at model ${node?.name ?? options.packageName}, with macro None`,
          hint: 'sq does not run Python models',
        });
      };
    case 'write':
      return () => '';
    case 'try_or_compiler_error':
      return (...args: unknown[]) => tryOr(args);
    case 'validation':
      return namespaceOf('validation', { any: new Namespace('any', () => undefined) });
    case 'context':
      return new Namespace('context', (key) => options.scope().lookup(key) ?? contextMember(key, options));
    default:
      return undefined;
  }
}

/** `context.get('x')`, `context['macro']`. */
function contextMember(key: string, options: NodeNamesOptions): unknown {
  return key === 'get'
    ? (name: unknown, fallback: unknown = null) => options.scope().lookup(toText(name)) ?? fallback
    : undefined;
}

/** Results of `statement` blocks, by name, of one render. */
function resultFunctions(answers: CompileOptions['answers']): Record<string, unknown> {
  const stored = new Map<string, Dict>();
  const store = (name: unknown, response: unknown, table: unknown) => {
    const rows = table instanceof AgateTable ? table.rows : [];
    const entries: [unknown, unknown][] = [
      ['response', response],
      ['data', rows],
      ['table', table ?? AgateTable.empty()],
    ];
    stored.set(toText(name), new Dict(entries));
    answers?.set(toText(name), answerOf(response, table));
    return '';
  };
  return {
    store_result: (...args: unknown[]) => {
      const given = callArguments(args, ['name', 'response', 'agate_table']);
      return store(given.name, given.response, given.agate_table);
    },
    store_raw_result: (...args: unknown[]) => {
      const given = callArguments(args, ['name', 'message', 'code', 'rows_affected', 'agate_table']);
      const response = fromJs({
        _message: given.message ?? null,
        code: given.code ?? null,
        rows_affected: given.rows_affected ?? null,
      });
      return store(given.name, response, given.agate_table);
    },
    load_result: (name: unknown) => stored.get(toText(name)) ?? null,
  };
}

function answerOf(response: unknown, table: unknown): StatementAnswer {
  const part = (key: string) => (response instanceof Dict ? response.get(key) : undefined);
  const rows = part('rows_affected');
  return {
    table: table instanceof AgateTable ? table : AgateTable.empty(),
    message: toText(part('_message') ?? (response instanceof Dict ? 'OK' : response)),
    rowsAffected: typeof rows === 'number' ? rows : null,
  };
}

function tryOr(args: unknown[]): unknown {
  const [message, fn, ...rest] = args;
  const fail = (cause: unknown) => {
    throw new SqError({ kind: 'Compilation', code: 'raised', message: toText(message), cause });
  };
  try {
    const value = typeof fn === 'function' ? fn(...rest) : undefined;
    return value instanceof Promise ? value.catch(fail) : value;
  } catch (cause) {
    return fail(cause);
  }
}

function hookList(node: CompiledNode | null, key: 'pre-hook' | 'post-hook'): unknown {
  return fromJs((node?.config[key] as Hook[] | undefined) ?? []);
}

function kwargsOf(args: unknown[]): Record<string, unknown> {
  const last = args.at(-1);
  return last instanceof Kwargs ? last.values : {};
}

function positional(args: unknown[]): unknown[] {
  return args.filter((arg) => !(arg instanceof Kwargs));
}
