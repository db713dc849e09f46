/** The whole project, from text to linked vertices. */
import { builtinMacroFiles } from '../builtins/index.ts';
import { readText } from '../load/index.ts';
import type { CompiledNode, GroupNode } from '../manifest/nodes.ts';
import { checkNames, refuseDuplicate } from './checks.ts';
import { emptyContents, fileNode, type ParsedContents } from './contents.ts';
import type { ProjectContext } from './contract.ts';
import { DocIndex, docsOf } from './docs.ts';
import { fileId } from './files.ts';
import { stemOf } from './fqn.ts';
import { linkAll } from './link.ts';
import { MacroIndex, macrosOf } from './macros.ts';
import { NameResolver } from './names.ts';
import { operationNodes } from './nodes/operations.ts';
import { seedNode } from './nodes/seeds.ts';
import { snapshotNodes } from './nodes/snapshots.ts';
import { sqlNode } from './nodes/sql-node.ts';
import { internalPackagesOf } from './packages.ts';
import { PatchIndex } from './patch-index.ts';
import { addProperties } from './properties.ts';
import { addPropertyFile, type Properties, type PropertyEntry } from './property-files.ts';
import { readSelectors } from './selectors-file.ts';
import { type PackageSource, ParseSession, type SourceFile } from './session.ts';

export interface ColdParse {
  session: ParseSession;
  contents: ParsedContents;
  /** sha1-able bytes of every file that was read, by `package\0path`. */
  texts: Map<string, string>;
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
  const docs = new DocIndex(context.project.name);
  for (const source of of('docs')) {
    for (const doc of docsOf(
      source.package.config.name,
      source.file.path,
      source.file.relative,
      read(source),
    ))
      docs.add(doc);
  }
  const properties: Properties = { entries: [], tables: [], tests: [] };
  for (const source of of('properties')) addPropertyFile(context, source, read(source), properties);
  const patches = new PatchIndex(properties.entries);

  const add = (node: CompiledNode) => {
    const other = contents.nodes.get(node.unique_id);
    if (other) refuseDuplicate(other, node);
    fileNode(contents, node);
  };
  const factory = new NodeFactory(session, names, docs, patches);
  for (const source of of('model')) for (const node of factory.models(source, read(source))) add(node);
  for (const source of of('seed')) add(factory.seed(source));
  for (const source of of('snapshot')) for (const node of factory.snapshots(source, read(source))) add(node);
  for (const source of of('analysis')) add(factory.sql(source, read(source), 'analysis'));
  for (const source of of('test')) add(factory.sql(source, read(source), 'test'));
  for (const pkg of packages) for (const node of operationNodes(session, names, pkg)) add(node);

  addProperties({ session, names, docs, contents, properties });
  contents.macros = [...macros.all()];
  contents.docs = [...docs.all()];
  contents.groups = properties.entries.filter((entry) => entry.section === 'groups').map(groupNode);
  contents.selectors = readSelectors(context.projectDir);
  patches.warnUnused(contents, context.invocation);
  checkNames(contents.nodes.values());
  linkAll(contents, context.project.name, context.invocation);
  return { session, contents, texts };
}

/** Files -> nodes with what the property files say of them. Serves the cold parse and a single changed file. */
export class NodeFactory {
  constructor(
    private readonly session: ParseSession,
    private readonly names: NameResolver,
    private readonly docs: DocIndex,
    private readonly patches: PatchIndex,
  ) {}

  /** One model, or each version that the file defines. */
  models(source: SourceFile, text: string): CompiledNode[] {
    const { file, package: pkg } = source;
    const stem = stemOf(file.relative);
    if (stem.includes(' ')) {
      this.session.context.invocation.emit({
        name: 'Deprecation',
        event_name: 'SpacesInResourceNameDeprecation',
        msg: `Found spaces in the name of \`model.${pkg.config.name}.${stem}\``,
      });
    }
    const versions = this.patches.versionsOf(pkg.config.name, stem);
    if (versions.length === 0) return [this.sql(source, text, 'model')];
    return versions.map(({ patch, version, isLatest }) => {
      const node = sqlNode({
        session: this.session,
        names: this.names,
        pkg,
        resourceType: 'model',
        name: patch.name,
        path: file.relative,
        originalPath: file.path,
        fileText: text,
        text: text.trim(),
        span: { path: file.path, ...startOf(text) },
        patch: this.patches.config(patch, this.session, version),
        version: version.v as string | number,
      });
      this.patches.apply(node, patch, this.session, this.docs, version);
      node.latest_version = isLatest;
      return node;
    });
  }

  sql(source: SourceFile, text: string, resourceType: 'model' | 'analysis' | 'test'): CompiledNode {
    const { file, package: pkg } = source;
    const name = stemOf(file.relative);
    const patch = this.patches.find(resourceType, pkg.config.name, name);
    const node = sqlNode({
      session: this.session,
      names: this.names,
      pkg,
      resourceType,
      name,
      path: resourceType === 'analysis' ? `analysis/${file.relative}` : file.relative,
      originalPath: file.path,
      fileText: text,
      text: text.trim(),
      span: { path: file.path, ...startOf(text) },
      patch: patch && this.patches.config(patch, this.session),
    });
    if (file.path.endsWith('.py')) node.language = 'python';
    if (patch) this.patches.apply(node, patch, this.session, this.docs);
    return node;
  }

  seed(source: SourceFile): CompiledNode {
    const patch = this.patches.find('seed', source.package.config.name, stemOf(source.file.relative));
    const node = seedNode(
      this.session,
      this.names,
      source,
      patch && this.patches.config(patch, this.session),
    );
    if (patch) this.patches.apply(node, patch, this.session, this.docs);
    return node;
  }

  snapshots(source: SourceFile, text: string): CompiledNode[] {
    const packageName = source.package.config.name;
    const find = (name: string) => this.patches.find('snapshot', packageName, name);
    const nodes = snapshotNodes(this.session, this.names, source, text, (name) => {
      const patch = find(name);
      return patch && this.patches.config(patch, this.session);
    });
    for (const node of nodes) {
      const patch = find(node.name);
      if (patch) this.patches.apply(node, patch, this.session, this.docs);
    }
    return nodes;
  }
}

/** dbt's raw code is the file without blanks around it; places in it are shifted by what was cut in front. */
function startOf(text: string): { offset: number; line: number; column: number } {
  const offset = text.length - text.trimStart().length;
  const before = text.slice(0, offset);
  return { offset, line: before.split('\n').length, column: offset - before.lastIndexOf('\n') };
}

function groupNode(entry: PropertyEntry): GroupNode {
  return {
    name: entry.name,
    resource_type: 'group',
    package_name: entry.pkg.config.name,
    path: entry.path,
    original_file_path: entry.path,
    unique_id: `group.${entry.pkg.config.name}.${entry.name}`,
    owner: entry.raw.owner as Record<string, unknown>,
    description: typeof entry.raw.description === 'string' ? entry.raw.description : null,
    config: (entry.raw.config as Record<string, unknown> | undefined) ?? { meta: {} },
  };
}
