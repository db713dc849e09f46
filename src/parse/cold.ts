/** The whole project, from text to linked vertices. */
import { builtinMacroFiles } from '../builtins/index.ts';
import { readText } from '../load/index.ts';
import type { CompiledNode, GroupNode } from '../manifest/nodes.ts';
import { checkConfigs } from './check-configs.ts';
import { checkNames, refuseDuplicate } from './checks.ts';
import { emptyContents, fileNode, type ParsedContents } from './contents.ts';
import type { ProjectContext } from './contract.ts';
import { declarationsOf } from './declarations.ts';
import { DocIndex, docsOf } from './docs.ts';
import { fileId } from './files.ts';
import { stemOf } from './fqn.ts';
import { linkAll } from './link.ts';
import { linkMacros } from './macro-calls.ts';
import { MacroIndex, macrosOf } from './macros.ts';
import { NameResolver } from './names.ts';
import { NodeFactory } from './node-factory.ts';
import { takeOverloads } from './nodes/functions.ts';
import { operationNodes } from './nodes/operations.ts';
import { inferPrimaryKeys } from './nodes/primary-key.ts';
import { internalPackagesOf } from './packages.ts';
import { type Defines, PatchIndex } from './patch-index.ts';
import { addProperties } from './properties.ts';
import { addPropertyFile, noProperties, optionsFor, type PropertyEntry } from './property-files.ts';
import { rowFiles } from './row-files.ts';
import { SearchOrder } from './search-order.ts';
import { readSelectors } from './selectors-file.ts';
import { type PackageSource, ParseSession, type SourceFile } from './session.ts';
import { applyOverrides } from './source-overrides.ts';
import { warnMicrobatch } from './warn-microbatch.ts';

export interface ColdParse {
  session: ParseSession;
  contents: ParsedContents;
  /** sha1-able bytes of every file that was read, by `package\0path`. */
  texts: Map<string, string>;
  /** What each property file declares, by `package\0path`. */
  declared: Map<string, string>;
}

export function coldParse(
  context: ProjectContext,
  packages: readonly PackageSource[],
  files: readonly SourceFile[],
): ColdParse {
  const texts = new Map<string, string>();
  const read = (source: SourceFile): string => {
    const text = readText(source.file);
    texts.set(fileId(source), text);
    return text;
  };
  const of = (...kinds: SourceFile['kind'][]) => files.filter((source) => kinds.includes(source.kind));

  const macros = new MacroIndex(
    context.project.name,
    packages.filter((p) => !p.isRoot).map((p) => p.config.name),
    internalPackagesOf(context.adapter),
  );
  const createdAt = context.invocation.now().getTime() / 1000;
  for (const file of builtinMacroFiles(context.adapter.macroFolders)) {
    for (const { macro, span } of macrosOf(file, createdAt)) macros.add(macro, span);
  }
  for (const source of of('macro', 'generic-test')) {
    const file = { package: source.package.config.name, path: source.file.path, text: read(source) };
    for (const { macro, span } of macrosOf(file, createdAt)) macros.add(macro, span);
  }

  const session = new ParseSession(context, packages, macros);
  const names = new NameResolver(session);
  const contents = emptyContents();
  const order = new SearchOrder(context.project);
  const docs = new DocIndex(order);
  for (const source of of('docs')) {
    for (const doc of docsOf(
      source.package.config.name,
      source.file.path,
      source.file.relative,
      read(source),
    ))
      docs.add(doc);
  }
  const properties = noProperties();
  const declared = new Map<string, string>();
  for (const source of of('properties')) {
    const file = addPropertyFile(context, source, read(source), properties);
    declared.set(fileId(source), declarationsOf(file));
  }
  applyOverrides(properties, ({ pkg }) => optionsFor(context, pkg), context.invocation);
  const patches = new PatchIndex(properties.entries, definedIn(files));

  const add = (node: CompiledNode) => {
    const other = contents.nodes.get(node.unique_id);
    if (other) refuseDuplicate(other, node);
    fileNode(contents, node);
  };
  const factory = new NodeFactory(session, names, docs, patches);
  for (const source of of('model')) for (const node of factory.models(source, read(source))) add(node);
  for (const source of of('seed')) add(factory.seed(source));
  for (const source of of('snapshot')) for (const node of factory.snapshots(source, read(source))) add(node);
  for (const entry of properties.entries) {
    if (entry.section !== 'snapshots' || entry.raw.relation === undefined) continue;
    add(factory.yamlSnapshot(entry, texts.get(`${entry.pkg.config.name}\u0000${entry.path}`) ?? ''));
  }
  for (const source of of('analysis')) add(factory.sql(source, read(source), 'analysis'));
  for (const source of of('function')) add(factory.sql(source, read(source), 'function'));
  takeOverloads(contents);
  for (const source of of('test')) add(factory.sql(source, read(source), 'test'));
  for (const pkg of packages) for (const node of operationNodes(session, names, pkg)) add(node);

  addProperties({ session, names, docs, contents, properties, rowsOf: rowFiles(files, read) });
  linkMacros(session);
  contents.macros = [...macros.all()];
  contents.docs = [...docs.all()];
  contents.groups = properties.entries.filter((entry) => entry.section === 'groups').map(groupNode);
  contents.selectors = readSelectors(context.projectDir);
  patches.warnUnused(contents, context.invocation);
  checkNames(contents.nodes.values());
  linkAll(contents, order, context);
  inferPrimaryKeys(contents);
  checkConfigs(contents);
  warnMicrobatch(contents, context);
  return { session, contents, texts, declared };
}

/** Which models and seeds a package has, by its files. Snapshots are named inside theirs: taken for its own. */
function definedIn(files: readonly SourceFile[]): Defines {
  const names = new Set<string>();
  for (const { kind, file, package: pkg } of files)
    if (kind === 'model' || kind === 'seed')
      names.add(`${kind}s\u0000${pkg.config.name}\u0000${stemOf(file.relative)}`);
  return (section, packageName, name) =>
    section === 'snapshots' || names.has(`${section}\u0000${packageName}\u0000${name}`);
}

function groupNode(entry: PropertyEntry): GroupNode {
  const owner = entry.raw.owner as Record<string, unknown>;
  const config = entry.raw.config as Record<string, unknown> | undefined;
  return {
    name: entry.name,
    resource_type: 'group',
    package_name: entry.pkg.config.name,
    path: entry.relative,
    original_file_path: entry.path,
    unique_id: `group.${entry.pkg.config.name}.${entry.name}`,
    owner: { email: null, ...owner, name: owner.name ?? null },
    description: typeof entry.raw.description === 'string' ? entry.raw.description : null,
    config: { meta: {}, ...config },
  };
}
