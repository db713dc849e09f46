/** A generic test as declared -> a test node: config resolved, parents found. */
import { SqError } from '../../errors.ts';
import type { CompiledNode, MacroNode, RefArgs } from '../../manifest/nodes.ts';
import { Dict, fromJs, parseTemplate } from '../../template/index.ts';
import { capture } from '../capture.ts';
import { checkConfigValues } from '../config/check-values.ts';
import { type ConfigLayer, isRecord, listOf, mergeCalls } from '../config/merge.ts';
import { configTexts } from '../config-calls.ts';
import { fqnOf } from '../fqn.ts';
import type { NameResolver } from '../names.ts';
import type { PlacedTest } from '../property-files.ts';
import type { ParseSession } from '../session.ts';
import { referencesIn } from '../yaml-references.ts';
import { resolveConfig, type WrittenLayer } from './config.ts';

export interface GenericTestInput {
  session: ParseSession;
  names: NameResolver;
  test: PlacedTest;
  /** Unique id of the node that the test belongs to; null for sources. */
  attached: string | null;
}

/** Builds the node; its refs and sources are found, not yet linked. */
export function genericTestNode(input: GenericTestInput): CompiledNode {
  const { session, test } = input;
  const { pkg, fullName, shortName, target } = test;
  const given = session.renderYaml(test.config, pkg, () => test.at([])) as Record<string, unknown>;
  if (shortName !== fullName && given.alias === undefined) given.alias = shortName;
  const code = rawCode(test, given);
  const found = findParents(input, code);
  // dbt takes the file's path without its first folder, however deep the base folder is
  const fqn = fqnOf(pkg.config.name, test.path.slice(test.path.indexOf('/') + 1), fullName);
  const inFile = configLayer(given, found.config, code, found.macros[0] as string);
  const resolved = resolveConfig({ session, pkg, resourceType: 'test', fqn, inFile });
  checkConfigValues(resolved.config, {
    resourceType: 'test',
    of: (key) =>
      key in given
        ? { file: test.path, at: test.at([test.name, 'config', key]) }
        : { file: 'dbt_project.yml' },
  });
  const inherited = [...test.inheritedTags, given.tags].flatMap(listOf).map(String).sort();
  const node: CompiledNode = {
    database: null,
    schema: '',
    name: fullName,
    resource_type: 'test',
    package_name: pkg.config.name,
    path: `${shortName}.sql`,
    original_file_path: test.path,
    unique_id: `test.${pkg.config.name}.${fullName}.${test.hash}`,
    fqn,
    alias: shortName,
    checksum: { name: 'none', checksum: '' },
    config: resolved.config,
    tags: [...new Set([...inherited, ...resolved.config.tags])],
    description: descriptionOf(test, session),
    columns: {},
    meta: resolved.config.meta,
    group: resolved.config.group ?? null,
    docs: { show: true, node_color: null },
    patch_path: null,
    build_path: null,
    unrendered_config: resolved.unrendered,
    created_at: session.createdAt,
    relation_name: null,
    raw_code: code,
    doc_blocks: [],
    language: 'sql',
    refs: found.refs,
    sources: found.sources,
    metrics: [],
    functions: [],
    depends_on: { macros: found.macros, nodes: [] },
    compiled_path: null,
    contract: { enforced: false, alias_types: true, checksum: null },
    column_name: test.columnName,
    file_key_name: `${target.section}.${target.section === 'sources' ? target.source : target.name}`,
    attached_node: input.attached,
    test_metadata: { name: test.name, kwargs: { ...test.args }, namespace: test.namespace },
  };
  input.names.apply(node, pkg);
  return node;
}

function descriptionOf(test: PlacedTest, session: ParseSession): string {
  const { description } = test;
  return description.includes('{')
    ? session.renderText(description, test.pkg, () => test.at(['description']))
    : description;
}

/** dbt reads these two without rendering, and so compares the values of their config, not its text. */
const READ_OFF = new Set(['macro.dbt.test_not_null', 'macro.dbt.test_unique']);

/** Config of the test's entry over `config()` calls of its macro. */
function configLayer(
  given: Record<string, unknown>,
  ofMacro: ConfigLayer,
  code: string,
  macroId: string,
): WrittenLayer {
  const values: Record<string, unknown> = { ...ofMacro };
  mergeCalls(values, given);
  if (ofMacro.tags !== undefined)
    values.tags = [...new Set([...listOf(given.tags), ...listOf(ofMacro.tags)])];
  if (READ_OFF.has(macroId) || Object.keys(given).length === 0) return { values, written: values };
  return { values, written: configTexts(parseTemplate(code, { path: '' })) ?? values };
}

/** dbt's raw code: the macro called with its arguments, and the config that was given. */
function rawCode(test: PlacedTest, config: Record<string, unknown>): string {
  const macro = `${test.namespace === null ? '' : `${test.namespace}.`}test_${test.name}`;
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

interface Found {
  refs: RefArgs[];
  sources: [string, string][];
  /** The test's own macro first. */
  macros: string[];
  config: ConfigLayer;
}

/**
 * Parents of sq's own tests stand in their arguments; a project's own test may refer to more inside its macro
 * and is rendered to find out.
 */
function findParents(input: GenericTestInput, code: string): Found {
  const { session, test } = input;
  const { pkg } = test;
  const macro = testMacro(input);
  const refs = new Map<string, RefArgs>();
  const sources = new Map<string, [string, string]>();
  const macros = [macro.unique_id];
  const note = (found: { refs: RefArgs[]; sources: [string, string][] }) => {
    for (const ref of found.refs) refs.set(JSON.stringify(ref), ref);
    for (const source of found.sources) sources.set(source.join('.'), source);
  };
  let config: ConfigLayer = {};
  if (READ_OFF.has(macro.unique_id)) {
    const { target } = test;
    if (target.section === 'sources') sources.set('', [target.source, target.table]);
    else refs.set('', { name: target.name, package: null, version: target.version });
  } else {
    for (const text of textsOf(test.args)) note(referencesIn(text, pkg, session));
    const where = session.library.find('get_where_subquery', pkg.config.name);
    if (where) macros.push(where.unique_id);
  }
  if (!session.macros.internalPackages.includes(macro.package_name)) {
    const kwargs = new Dict(
      Object.entries(test.args).map(([key, value]) => [key, fromJs(value)] as [unknown, unknown]),
    );
    const captured = capture({
      session,
      pkg,
      // the entry's own config says nothing of the macro's
      text: code.slice(0, code.indexOf('}}') + 2),
      span: { path: test.path, offset: 0, line: 1, column: 1 },
      uniqueId: `test.${pkg.config.name}.${test.fullName}.${test.hash}`,
      name: test.fullName,
      resourceType: 'test',
      extra: (name) => (name === '_dbt_generic_test_kwargs' ? kwargs : undefined),
    });
    note(captured);
    config = captured.config.values;
    for (const id of captured.macros) if (!macros.includes(id)) macros.push(id);
  }
  return { refs: [...refs.values()], sources: [...sources.values()], macros, config };
}

function testMacro({ session, test }: GenericTestInput): MacroNode {
  const name = `test_${test.name}`;
  const macro =
    test.namespace === null
      ? session.library.find(name, test.pkg.config.name)
      : session.library.findIn(test.namespace, name);
  if (macro) return macro;
  const near = session.library.suggest(name)?.replace(/^test_/, '');
  throw new SqError({
    kind: 'Compilation',
    code: 'missing-test-macro',
    message: `'${name}' is undefined. This can happen when calling a macro that does not exist. Check for typos and/or install package dependencies with "dbt deps".`,
    at: test.at([]),
    node: { resourceType: 'test', name: test.fullName, path: test.path },
    hint: near === undefined ? undefined : `did you mean the test '${near}'?`,
  });
}

function* textsOf(value: unknown): Iterable<string> {
  if (typeof value === 'string') yield value;
  else if (Array.isArray(value)) for (const item of value) yield* textsOf(item);
  else if (isRecord(value)) for (const item of Object.values(value)) yield* textsOf(item);
}
