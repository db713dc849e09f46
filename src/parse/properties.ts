/** What property files add to the graph: sources, generic tests, referring resources, macro descriptions. */
import { SqError } from '../errors.ts';
import type { CompiledNode, GraphNode, ReferringNode } from '../manifest/nodes.ts';
import { refuseDuplicate } from './checks.ts';
import { isRecord, listOf } from './config/merge.ts';
import { fileNode, type ParsedContents } from './contents.ts';
import type { DocIndex } from './docs.ts';
import type { NameResolver } from './names.ts';
import { genericTestNode, type TestTarget } from './nodes/generic-tests.ts';
import { referringNode } from './nodes/referring.ts';
import { sourceNode } from './nodes/sources.ts';
import type { PatchIndex } from './patch-index.ts';
import type { PropertyEntry, Section } from './property-files.ts';
import type { ParseSession } from './session.ts';

export interface PropertiesInput {
  session: ParseSession;
  names: NameResolver;
  docs: DocIndex;
  patches: PatchIndex;
  contents: ParsedContents;
  entries: readonly PropertyEntry[];
}

const REFERRING: Partial<Record<Section, ReferringNode['resource_type']>> = {
  exposures: 'exposure',
  metrics: 'metric',
  semantic_models: 'semantic_model',
  saved_queries: 'saved_query',
  unit_tests: 'unit_test',
};
const TESTED: Partial<Record<Section, string>> = { models: 'model', seeds: 'seed', snapshots: 'snapshot' };

export function addProperties(input: PropertiesInput): void {
  for (const entry of input.entries) {
    const type = REFERRING[entry.section];
    if (entry.section === 'sources') addSource(input, entry);
    else if (TESTED[entry.section]) addTests(input, entry, TESTED[entry.section]!);
    else if (type) add(input, referring(input, entry, type));
    else if (entry.section === 'macros') describeMacro(input, entry);
  }
}

function add(input: PropertiesInput, node: GraphNode): void {
  const other = input.contents.nodes.get(node.unique_id);
  if (other) refuseDuplicate(other, node);
  fileNode(input.contents, node);
}

function addSource(input: PropertiesInput, entry: PropertyEntry): void {
  const { session, docs } = input;
  listOf(entry.raw.tables).forEach((table, i) => {
    if (!isRecord(table) || typeof table.name !== 'string') {
      throw new SqError({
        kind: 'Parsing',
        code: 'source-table',
        message: `Invalid sources config given in ${entry.path} @ sources: ${JSON.stringify({ name: entry.name })} - every table needs a 'name'`,
        at: entry.at(['tables', i]),
      });
    }
    const node = sourceNode({
      session,
      pkg: entry.pkg,
      docs,
      source: entry.raw,
      table,
      path: entry.path,
      folders: entry.relative.split('/').slice(0, -1),
      at: (keys, of) => (of === 'source' ? entry.at(keys) : entry.at(['tables', i, ...keys])),
    });
    add(input, node);
    const target: TestTarget = {
      section: 'sources',
      label: `${entry.name}_${table.name}`,
      expression: `source('${entry.name}', '${table.name}')`,
      attached: null,
      fileKey: `sources.${entry.name}`,
    };
    if (node.config.enabled !== false) testsOf(input, entry, table, ['tables', i], target);
  });
}

function addTests(input: PropertiesInput, entry: PropertyEntry, resourceType: string): void {
  const { contents } = input;
  const packageName = entry.pkg.config.name;
  const plain = `${resourceType}.${packageName}.${entry.name}`;
  const versions = listOf(entry.raw.versions).filter(isRecord);
  if (versions.length === 0) {
    // a test of a disabled resource is disabled with it; of an unknown one it is reported as an unused patch
    if (!contents.nodes.has(plain)) return;
    testsOf(input, entry, entry.raw, [], {
      section: entry.section as TestTarget['section'],
      label: entry.name,
      expression: `ref('${entry.name}')`,
      attached: plain,
      fileKey: `${entry.section}.${entry.name}`,
    });
    return;
  }
  for (const version of versions) {
    const node = contents.nodes.get(`${plain}.v${version.v}`) as CompiledNode | undefined;
    if (!node) continue;
    const columns = Object.values(node.columns).map((column) => {
      const own = listOf(version.columns)
        .filter(isRecord)
        .find((c) => c.name === column.name);
      return (
        own ??
        listOf(entry.raw.columns)
          .filter(isRecord)
          .find((c) => c.name === column.name) ??
        {}
      );
    });
    const tests = version.data_tests ?? version.tests ?? entry.raw.data_tests ?? entry.raw.tests;
    testsOf(input, entry, { data_tests: tests, columns }, [], {
      section: 'models',
      label: `${entry.name}_v${version.v}`,
      expression: `ref('${entry.name}', version='${version.v}')`,
      attached: node.unique_id,
      fileKey: `models.${entry.name}`,
    });
  }
}

/** Tests of one resource: its own, then those of its columns. */
function testsOf(
  input: PropertiesInput,
  entry: PropertyEntry,
  raw: Record<string, unknown>,
  keys: (string | number)[],
  target: TestTarget,
): void {
  const make = (
    definition: unknown,
    at: (string | number)[],
    column?: { name: string; quote: boolean; tags: string[] },
  ) => {
    add(
      input,
      genericTestNode({
        session: input.session,
        names: input.names,
        pkg: entry.pkg,
        definition,
        target,
        column,
        path: entry.path,
        relative: entry.relative,
        at: () => entry.at([...keys, ...at]),
      }),
    );
  };
  const testKey = keyOfTests(entry, raw, keys);
  listOf(raw[testKey]).forEach((definition, i) => {
    make(definition, [testKey, i]);
  });
  listOf(raw.columns).forEach((column, c) => {
    if (!isRecord(column)) return;
    const config = isRecord(column.config) ? column.config : {};
    const info = {
      name: String(column.name),
      quote: column.quote === true,
      tags: [...listOf(column.tags), ...listOf(config.tags)].map(String),
    };
    const key = keyOfTests(entry, column, [...keys, 'columns', c]);
    listOf(column[key]).forEach((definition, i) => {
      make(definition, ['columns', c, key, i], info);
    });
  });
}

/** `data_tests` and its older name; both at once is dbt's error. */
function keyOfTests(
  entry: PropertyEntry,
  raw: Record<string, unknown>,
  keys: (string | number)[],
): 'tests' | 'data_tests' {
  if (raw.tests !== undefined && raw.data_tests !== undefined) {
    throw new SqError({
      kind: 'Parsing',
      code: 'tests-and-data-tests',
      message: `Invalid ${entry.section} config given in ${entry.path} @ ${entry.section}: ${entry.name} - cannot have both 'tests' and 'data_tests' defined`,
      at: entry.at([...keys, 'tests']),
    });
  }
  return raw.tests !== undefined ? 'tests' : 'data_tests';
}

function referring(
  input: PropertiesInput,
  entry: PropertyEntry,
  resourceType: ReferringNode['resource_type'],
): ReferringNode {
  return referringNode({
    session: input.session,
    pkg: entry.pkg,
    docs: input.docs,
    resourceType,
    raw: entry.raw,
    path: entry.path,
    relative: entry.relative,
    at: entry.at,
  });
}

function describeMacro(input: PropertiesInput, entry: PropertyEntry): void {
  const macro = input.session.macros.macro(entry.pkg.config.name, entry.name);
  if (!macro) {
    input.session.context.invocation.emit({
      name: 'Warning',
      event_name: 'MacroNotFoundForPatch',
      msg: `Found patch for macro "${entry.name}" which was not found`,
    });
    return;
  }
  const { session, docs } = input;
  macro.description = docs.describe(entry.raw.description, session, entry.pkg, () =>
    entry.at(['description']),
  ).text;
  macro.patch_path = `${entry.pkg.config.name}://${entry.path}`;
  const config = isRecord(entry.raw.config) ? entry.raw.config : {};
  macro.meta = {
    ...(isRecord(entry.raw.meta) ? entry.raw.meta : {}),
    ...(isRecord(config.meta) ? config.meta : {}),
  };
  macro.config = { meta: macro.meta, docs: macro.docs };
  macro.arguments = listOf(entry.raw.arguments)
    .filter(isRecord)
    .map((argument) => ({
      name: String(argument.name),
      type: argument.type === undefined || argument.type === null ? null : String(argument.type),
      description: docs.describe(argument.description, session, entry.pkg, () => entry.at(['arguments']))
        .text,
    }));
}
