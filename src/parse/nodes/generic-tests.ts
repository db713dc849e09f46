/** An entry of `data_tests:` -> a test node: arguments and config told apart, named, and its parents found. */
import { SqError } from '../../errors.ts';
import type { CompiledNode, RefArgs } from '../../manifest/nodes.ts';
import { Dict, fromJs } from '../../template/index.ts';
import { capture } from '../capture.ts';
import { isRecord, listOf } from '../config/merge.ts';
import { fqnOf } from '../fqn.ts';
import type { NameResolver } from '../names.ts';
import type { PackageSource, ParseSession, SqErrorPlace } from '../session.ts';
import { synthesizeTestName, testHash } from '../test-names.ts';
import { referencesIn } from '../yaml-references.ts';
import { resolveConfig } from './config.ts';

export interface GenericTestInput {
  session: ParseSession;
  names: NameResolver;
  pkg: PackageSource;
  /** The entry as written: a name, or a mapping. */
  definition: unknown;
  target: TestTarget;
  column?: { name: string; quote: boolean; tags: readonly string[] };
  /** The property file, relative to the package root and to its base folder. */
  path: string;
  relative: string;
  at: () => SqErrorPlace;
}

export interface TestTarget {
  section: 'models' | 'seeds' | 'snapshots' | 'sources';
  /** Name in the test's own name: the model, or `<source>_<table>`. */
  label: string;
  /** `ref('songs')`, `source('raw', 'events')`. */
  expression: string;
  /** Unique id of the node the test belongs to; null for sources. */
  attached: string | null;
  /** `models.songs`. */
  fileKey: string;
}

const CONFIG_KEYS = [
  'severity',
  'tags',
  'enabled',
  'where',
  'limit',
  'warn_if',
  'error_if',
  'fail_calc',
  'store_failures',
  'store_failures_as',
  'meta',
  'database',
  'schema',
  'alias',
  'sql_header',
  'group',
];

interface Definition {
  namespace: string | null;
  name: string;
  customName: string | undefined;
  description: unknown;
  args: Record<string, unknown>;
  config: Record<string, unknown>;
}

export function genericTestNode(input: GenericTestInput): CompiledNode {
  const { session, pkg, target, column } = input;
  const definition = readDefinition(input);
  const kwargs: Record<string, unknown> = { ...definition.args };
  if (column)
    kwargs.column_name = column.quote ? session.context.adapter.dialect.quote(column.name) : column.name;
  kwargs.model = `{{ get_where_subquery(${target.expression}) }}`;
  const config = session.renderYaml(definition.config, pkg, input.at) as Record<string, unknown>;
  let type = definition.namespace === null ? definition.name : `${definition.namespace}_${definition.name}`;
  if (target.section === 'sources') type = `source_${type}`;
  const synthesized = synthesizeTestName(type, target.label, kwargs);
  const fullName = definition.customName ?? synthesized.full;
  const shortName = definition.customName ?? synthesized.short;
  if (shortName !== fullName && config.alias === undefined) config.alias = shortName;
  const metadata = { name: definition.name, kwargs, namespace: definition.namespace };
  const uniqueId = `test.${pkg.config.name}.${fullName}.${testHash(fullName, { namespace: definition.namespace, name: definition.name, kwargs })}`;
  const fqn = fqnOf(pkg.config.name, input.relative, fullName);
  const resolved = resolveConfig({ session, pkg, resourceType: 'test', fqn, inFile: config });
  if (column) resolved.config.tags = [...new Set([...resolved.config.tags, ...column.tags])];
  const node: CompiledNode = {
    database: null,
    schema: '',
    name: fullName,
    resource_type: 'test',
    package_name: pkg.config.name,
    path: `${shortName}.sql`,
    original_file_path: input.path,
    unique_id: uniqueId,
    fqn,
    alias: shortName,
    checksum: { name: 'none', checksum: '' },
    config: resolved.config,
    tags: resolved.config.tags,
    description: typeof definition.description === 'string' ? definition.description : '',
    columns: {},
    meta: resolved.config.meta,
    group: resolved.config.group ?? null,
    docs: { show: true, node_color: null },
    patch_path: null,
    build_path: null,
    unrendered_config: resolved.unrendered,
    created_at: session.createdAt,
    relation_name: null,
    raw_code: rawCode(definition, config),
    doc_blocks: [],
    language: 'sql',
    refs: [],
    sources: [],
    metrics: [],
    functions: [],
    depends_on: { macros: [], nodes: [] },
    compiled_path: null,
    contract: { enforced: false, alias_types: true, checksum: null },
    column_name: column?.name ?? null,
    file_key_name: target.fileKey,
    attached_node: target.attached,
    test_metadata: metadata,
  };
  input.names.apply(node, pkg);
  findParents(node, definition, input);
  return node;
}

/** dbt's raw code: the macro called with its arguments, and the config that was given. */
function rawCode(definition: Definition, config: Record<string, unknown>): string {
  const macro = `${definition.namespace === null ? '' : `${definition.namespace}.`}test_${definition.name}`;
  const pairs = Object.entries(config).map(([key, value]) =>
    typeof value === 'string' ? `${key}="${value.replaceAll('"', '\\"')}"` : `${key}=${pythonLiteral(value)}`,
  );
  return `{{ ${macro}(**_dbt_generic_test_kwargs) }}${pairs.length === 0 ? '' : `{{ config(${pairs.join(',')}) }}`}`;
}

function pythonLiteral(value: unknown): string {
  if (value === true) return 'True';
  if (value === false) return 'False';
  if (value === null || value === undefined) return 'None';
  if (Array.isArray(value)) return `[${value.map(pythonLiteral).join(', ')}]`;
  if (isRecord(value))
    return `{${Object.entries(value)
      .map(([k, v]) => `'${k}': ${pythonLiteral(v)}`)
      .join(', ')}}`;
  return typeof value === 'string' ? `'${value.replaceAll("'", "\\'")}'` : String(value);
}

/**
 * Parents of sq's own tests stand in their arguments; a project's own test may refer to more inside its macro
 * and is rendered to find out.
 */
function findParents(node: CompiledNode, definition: Definition, input: GenericTestInput): void {
  const { session, pkg } = input;
  const macroName = `test_${definition.name}`;
  const macro =
    definition.namespace === null
      ? session.library.find(macroName, pkg.config.name)
      : session.library.findIn(definition.namespace, macroName);
  if (!macro) {
    const near = session.library.suggest(macroName)?.replace(/^test_/, '');
    throw new SqError({
      kind: 'Compilation',
      code: 'missing-test-macro',
      message: `'${macroName}' is undefined. This can happen when calling a macro that does not exist. Check for typos and/or install package dependencies with "dbt deps".`,
      at: input.at(),
      node: { resourceType: 'test', name: node.name, path: node.original_file_path },
      hint: near === undefined ? undefined : `did you mean the test '${near}'?`,
    });
  }
  node.depends_on.macros.push(macro.unique_id);
  const refs = new Map<string, RefArgs>();
  const sources = new Map<string, [string, string]>();
  const note = (found: { refs: RefArgs[]; sources: [string, string][] }) => {
    for (const ref of found.refs) refs.set(JSON.stringify(ref), ref);
    for (const source of found.sources) sources.set(source.join('.'), source);
  };
  for (const text of textsOf(node.test_metadata!.kwargs)) note(referencesIn(text, pkg, session));
  if (!session.macros.internalPackages.includes(macro.package_name)) {
    const kwargs = new Dict(
      Object.entries(node.test_metadata!.kwargs).map(
        ([key, value]) => [key, fromJs(value)] as [unknown, unknown],
      ),
    );
    const captured = capture({
      session,
      pkg,
      text: node.raw_code,
      span: { path: node.original_file_path, offset: 0, line: 1, column: 1 },
      uniqueId: node.unique_id,
      name: node.name,
      resourceType: 'test',
      extra: (name) => (name === '_dbt_generic_test_kwargs' ? kwargs : undefined),
    });
    note(captured);
    for (const id of captured.macros)
      if (!node.depends_on.macros.includes(id)) node.depends_on.macros.push(id);
  }
  node.refs = [...refs.values()];
  node.sources = [...sources.values()];
}

function* textsOf(value: unknown): Iterable<string> {
  if (typeof value === 'string') yield value;
  else if (Array.isArray(value)) for (const item of value) yield* textsOf(item);
  else if (isRecord(value)) for (const item of Object.values(value)) yield* textsOf(item);
}

function readDefinition(input: GenericTestInput): Definition {
  const { definition } = input;
  if (typeof definition === 'string')
    return { ...splitName(definition), customName: undefined, description: '', args: {}, config: {} };
  if (!isRecord(definition))
    throw badDefinition(
      input,
      `test must be dict or str, got ${definition === null ? 'null' : typeof definition} (value ${JSON.stringify(definition)})`,
    );
  let name: string;
  let body: Record<string, unknown>;
  if (typeof definition.test_name === 'string') {
    const { test_name, ...rest } = definition;
    name = test_name as string;
    body = rest;
  } else {
    const own = Object.keys(definition).filter(
      (key) => !['name', 'config', 'description', 'arguments'].includes(key),
    );
    if (own.length !== 1)
      throw badDefinition(
        input,
        `test definition dictionary must have exactly one key, got ${JSON.stringify(Object.entries(definition))} instead (${own.length} keys)`,
      );
    name = own[0]!;
    const inner = definition[name];
    if (inner !== null && inner !== undefined && !isRecord(inner))
      throw badDefinition(
        input,
        `test arguments must be a dict, got ${Array.isArray(inner) ? 'list' : typeof inner} (value ${JSON.stringify(inner)})`,
      );
    body = { ...definition, ...(inner as Record<string, unknown> | undefined) };
    delete body[name];
  }
  const { name: customName, description, config, arguments: given, ...rest } = body;
  const args: Record<string, unknown> = {};
  const settings: Record<string, unknown> = isRecord(config) ? { ...config } : {};
  for (const [key, value] of Object.entries(rest)) {
    if (CONFIG_KEYS.includes(key)) settings[key] = value;
    else args[key] = value;
  }
  if (isRecord(given)) Object.assign(args, given);
  for (const key of Object.keys(settings)) if (settings[key] === undefined) delete settings[key];
  if (settings.tags !== undefined) settings.tags = listOf(settings.tags);
  return {
    ...splitName(name),
    customName: typeof customName === 'string' ? customName : undefined,
    description,
    args,
    config: settings,
  };
}

function splitName(name: string): { namespace: string | null; name: string } {
  const dot = name.indexOf('.');
  return dot === -1
    ? { namespace: null, name }
    : { namespace: name.slice(0, dot), name: name.slice(dot + 1) };
}

function badDefinition(input: GenericTestInput, message: string): SqError {
  return new SqError({
    kind: 'Parsing',
    code: 'test-definition',
    message: `Invalid test config given in ${input.path}:\n\t${message}\n\t@: ${input.target.label}`,
    at: input.at(),
  });
}
