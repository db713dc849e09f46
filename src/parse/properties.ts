/** What property files add to the graph: sources, generic tests, referring resources, macro descriptions. */
import type { CompiledNode, GraphNode, ReferringNode } from '../manifest/nodes.ts';
import { refuseDuplicate } from './checks.ts';
import { isRecord, listOf } from './config/merge.ts';
import { fileNode, type ParsedContents } from './contents.ts';
import type { DocIndex } from './docs.ts';
import { annotationProblems } from './macro-signature.ts';
import type { NameResolver } from './names.ts';
import { genericTestNode } from './nodes/generic-tests.ts';
import { referringNode } from './nodes/referring.ts';
import { sourceNode } from './nodes/sources.ts';
import type { PlacedTable, PlacedTest, Properties, PropertyEntry } from './property-files.ts';
import type { ParseSession } from './session.ts';

export interface PropertiesInput {
  session: ParseSession;
  names: NameResolver;
  docs: DocIndex;
  contents: ParsedContents;
  properties: Properties;
}

const REFERRING: Partial<Record<PropertyEntry['section'], ReferringNode['resource_type']>> = {
  exposures: 'exposure',
  metrics: 'metric',
  semantic_models: 'semantic_model',
  saved_queries: 'saved_query',
  unit_tests: 'unit_test',
};
const TYPE_OF = { models: 'model', seeds: 'seed', snapshots: 'snapshot' } as const;

export function addProperties(input: PropertiesInput): void {
  const { properties } = input;
  for (const table of properties.tables) addSource(input, table);
  for (const test of properties.tests) addTest(input, test);
  for (const entry of properties.entries) {
    const type = REFERRING[entry.section];
    if (type) add(input, referring(input, entry, type));
    else if (entry.section === 'macros') describeMacro(input, entry);
  }
}

function add(input: PropertiesInput, node: GraphNode): void {
  const other = input.contents.nodes.get(node.unique_id);
  if (other) refuseDuplicate(other, node);
  fileNode(input.contents, node);
}

function addSource(input: PropertiesInput, table: PlacedTable): void {
  const node = sourceNode({
    session: input.session,
    pkg: table.pkg,
    docs: input.docs,
    source: table.source.raw,
    table: table.raw,
    path: table.path,
    folders: table.relative.split('/').slice(0, -1),
    at: (keys, of) => (of === 'source' ? table.atSource(keys) : table.at(keys)),
  });
  add(input, node);
}

/** A test of a disabled resource is disabled with it; of an unknown one, the unused patch is reported instead. */
function addTest(input: PropertiesInput, test: PlacedTest): void {
  const { contents, session, names } = input;
  const { target } = test;
  const packageName = test.pkg.config.name;
  if (target.section === 'sources') {
    if (!contents.nodes.has(`source.${packageName}.${target.source}.${target.table}`)) return;
    add(input, genericTestNode({ session, names, test, attached: null }));
    return;
  }
  const version = target.version === null ? '' : `.v${target.version}`;
  // dbt looks the name up among all that ref() finds: a seed may stand under `models:`
  const types = [TYPE_OF[target.section], ...Object.values(TYPE_OF)];
  // ... and a package's model may be described by who installed it
  const packages = [packageName, ...session.packages.map((pkg) => pkg.config.name)];
  const attached = packages
    .flatMap((name) => types.map((type) => `${type}.${name}.${target.name}${version}`))
    .find((id) => contents.nodes.has(id));
  if (attached === undefined) return;
  const node = contents.nodes.get(attached) as CompiledNode;
  const made = genericTestNode({ session, names, test, attached });
  made.group = node.group;
  add(input, made);
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
  const { session, docs } = input;
  const { raw, pkg } = entry;
  const { project, invocation } = session.context;
  const macro = session.macros.macro(pkg.config.name, entry.name);
  if (!macro) {
    invocation.emit({
      name: 'Warning',
      event_name: 'MacroNotFoundForPatch',
      msg: `Found patch for macro "${entry.name}" which was not found`,
    });
    return;
  }
  const describe = (text: unknown, key: string) =>
    docs.describe(text, session, pkg, () => entry.at([key])).text;
  const config = isRecord(raw.config) ? raw.config : {};
  const record = (value: unknown) => (isRecord(value) ? value : {});
  macro.description = describe(raw.description, 'description');
  macro.patch_path = `${pkg.config.name}://${entry.path}`;
  macro.meta = { ...record(raw.meta), ...record(config.meta) };
  macro.docs = { show: true, node_color: null, ...record(config.docs ?? raw.docs) };
  macro.config = { meta: macro.meta, docs: macro.docs };
  const described = listOf(raw.arguments)
    .filter(isRecord)
    .map((argument) => ({
      name: String(argument.name),
      type: argument.type === undefined || argument.type === null ? null : String(argument.type),
      description: describe(argument.description, 'arguments'),
    }));
  const isChecked = project.flags.validate_macro_args !== false;
  if (isChecked) {
    const written = macro.arguments.map(({ name }) => name);
    for (const msg of annotationProblems(macro.name, written, described))
      invocation.emit({ name: 'Warning', event_name: 'InvalidMacroAnnotation', msg });
  }
  if (described.length > 0 || !isChecked) macro.arguments = described;
}
