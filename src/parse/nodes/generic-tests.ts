/** A generic test as declared -> a test node: config resolved, parents found. */
import { SqError } from '../../errors.ts';
import type { CompiledNode, RefArgs } from '../../manifest/nodes.ts';
import { Dict, fromJs } from '../../template/index.ts';
import { capture } from '../capture.ts';
import { checkConfigValues } from '../config/check-values.ts';
import { isRecord, listOf } from '../config/merge.ts';
import { fqnOf } from '../fqn.ts';
import type { NameResolver } from '../names.ts';
import type { PlacedTest } from '../property-files.ts';
import type { ParseSession } from '../session.ts';
import { referencesIn } from '../yaml-references.ts';
import { resolveConfig } from './config.ts';

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
  const { pkg, fullName, shortName } = test;
  const config = session.renderYaml(test.config, pkg, () => test.at([])) as Record<string, unknown>;
  if (shortName !== fullName && config.alias === undefined) config.alias = shortName;
  const fqn = fqnOf(pkg.config.name, test.relative, fullName);
  const resolved = resolveConfig({ session, pkg, resourceType: 'test', fqn, inFile: config });
  checkConfigValues(resolved.config, {
    resourceType: 'test',
    of: (key) =>
      key in config
        ? { file: test.path, at: test.at([test.name, 'config', key]) }
        : { file: 'dbt_project.yml' },
  });
  const inherited = test.inheritedTags.flatMap(listOf).map(String);
  resolved.config.tags = [...new Set([...resolved.config.tags, ...inherited])];
  const { target } = test;
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
    tags: resolved.config.tags,
    description: test.description,
    columns: {},
    meta: resolved.config.meta,
    group: resolved.config.group ?? null,
    docs: { show: true, node_color: null },
    patch_path: null,
    build_path: null,
    unrendered_config: resolved.unrendered,
    created_at: session.createdAt,
    relation_name: null,
    raw_code: rawCode(test, config),
    doc_blocks: [],
    language: 'sql',
    refs: [],
    sources: [],
    metrics: [],
    functions: [],
    depends_on: { macros: [], nodes: [] },
    compiled_path: null,
    contract: { enforced: false, alias_types: true, checksum: null },
    column_name: test.columnName,
    file_key_name: `${target.section}.${target.section === 'sources' ? target.source : target.name}`,
    attached_node: input.attached,
    test_metadata: { name: test.name, kwargs: { ...test.args }, namespace: test.namespace },
  };
  input.names.apply(node, pkg);
  findParents(node, input);
  return node;
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

/**
 * Parents of sq's own tests stand in their arguments; a project's own test may refer to more inside its macro
 * and is rendered to find out.
 */
function findParents(node: CompiledNode, input: GenericTestInput): void {
  const { session, test } = input;
  const { pkg } = test;
  const macroName = `test_${test.name}`;
  const macro =
    test.namespace === null
      ? session.library.find(macroName, pkg.config.name)
      : session.library.findIn(test.namespace, macroName);
  if (!macro) {
    const near = session.library.suggest(macroName)?.replace(/^test_/, '');
    throw new SqError({
      kind: 'Compilation',
      code: 'missing-test-macro',
      message: `'${macroName}' is undefined. This can happen when calling a macro that does not exist. Check for typos and/or install package dependencies with "dbt deps".`,
      at: test.at([]),
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
