/** What property files add to the graph: sources, generic tests, referring resources, macro descriptions. */
import type { CompiledNode, GraphNode, ReferringNode } from '../manifest/nodes.ts';
import { refuseDuplicate } from './checks.ts';
import { isRecord, listOf } from './config/merge.ts';
import { disable, fileNode, type ParsedContents } from './contents.ts';
import type { DocIndex } from './docs.ts';
import { annotationProblems } from './macro-signature.ts';
import type { NameResolver } from './names.ts';
import { exposureNode } from './nodes/exposures.ts';
import { genericTestNode } from './nodes/generic-tests.ts';
import { metricNode } from './nodes/metrics.ts';
import { savedQueryNode } from './nodes/saved-queries.ts';
import { semanticModelNodes } from './nodes/semantic-models.ts';
import { tableNode } from './nodes/sources.ts';
import type { RowSources } from './nodes/unit-test-rows.ts';
import { unitTestNode } from './nodes/unit-tests.ts';
import type { PlacedTable, PlacedTest, Properties, PropertyEntry } from './property-files.ts';
import type { PackageSource, ParseSession } from './session.ts';

export interface PropertiesInput {
  session: ParseSession;
  names: NameResolver;
  docs: DocIndex;
  contents: ParsedContents;
  properties: Properties;
  /** Where unit tests of a package find rows. */
  rowsOf: (pkg: PackageSource) => RowSources;
}

const TYPE_OF = { models: 'model', seeds: 'seed', snapshots: 'snapshot' } as const;

export function addProperties(input: PropertiesInput): void {
  const { properties } = input;
  for (const table of properties.tables) addSource(input, table);
  for (const test of properties.tests) addTest(input, test);
  for (const entry of properties.entries) {
    if (entry.section === 'macros') describeMacro(input, entry);
    else for (const node of referring(input, entry)) add(input, node);
  }
}

function add(input: PropertiesInput, node: GraphNode): void {
  const other = input.contents.nodes.get(node.unique_id);
  if (other) refuseDuplicate(other, node);
  fileNode(input.contents, node);
}

function addSource(input: PropertiesInput, table: PlacedTable): void {
  add(input, tableNode(table, input.session, input.docs));
}

/** A test of a resource that is disabled, or not there, is kept among the disabled. */
function addTest(input: PropertiesInput, test: PlacedTest): void {
  const { contents, session, names } = input;
  const { target } = test;
  const packageName = test.pkg.config.name;
  if (target.section === 'sources') {
    const isThere = contents.nodes.has(`source.${packageName}.${target.source}.${target.table}`);
    const made = genericTestNode({ session, names, test, attached: null });
    if (isThere) add(input, made);
    else disable(contents, made);
    return;
  }
  const version = target.version === null ? '' : `.v${target.version}`;
  // dbt looks the name up among all that ref() finds: a seed may stand under `models:`
  const types = [TYPE_OF[target.section], ...Object.values(TYPE_OF)];
  // ... and a package's model may be described by who installed it
  const packages = [packageName, ...session.packages.map((pkg) => pkg.config.name)];
  const ids = packages.flatMap((name) => types.map((type) => `${type}.${name}.${target.name}${version}`));
  const enabled = ids.find((id) => contents.nodes.has(id));
  const attached = enabled ?? ids.find((id) => contents.disabled.has(id)) ?? null;
  const made = genericTestNode({ session, names, test, attached });
  if (enabled === undefined) disable(contents, made);
  else {
    made.group = (contents.nodes.get(enabled) as CompiledNode).group;
    add(input, made);
  }
}

/** What an entry that is a resource of its own makes; nothing for the entries that describe others. */
function referring(input: PropertiesInput, entry: PropertyEntry): ReferringNode[] {
  const { session, docs, names } = input;
  const referringInput = { session, docs, entry };
  switch (entry.section) {
    case 'exposures':
      return [exposureNode(referringInput)];
    case 'metrics':
      return [metricNode(referringInput)];
    case 'semantic_models':
      return semanticModelNodes(referringInput);
    case 'saved_queries':
      return [savedQueryNode(referringInput, names)];
    case 'unit_tests':
      return [unitTestNode(referringInput, input.rowsOf(entry.pkg))];
    default:
      return [];
  }
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
