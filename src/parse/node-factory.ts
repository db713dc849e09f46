/** Files -> nodes with what the property files say of them. Serves the cold parse and a single changed file. */
import { SqError } from '../errors.ts';
import type { CompiledNode } from '../manifest/nodes.ts';
import { nothingCaptured } from './capture.ts';
import type { DocIndex } from './docs.ts';
import { stemOf } from './fqn.ts';
import type { NameResolver } from './names.ts';
import { addSignature } from './nodes/functions.ts';
import { seedNode } from './nodes/seeds.ts';
import { snapshotNodes, yamlSnapshot } from './nodes/snapshots.ts';
import { type SqlNodeInput, sqlNode } from './nodes/sql-node.ts';
import type { PatchIndex } from './patch-index.ts';
import type { PropertyEntry } from './property-files.ts';
import { capturePython, pythonPatch } from './python-model.ts';
import type { ParseSession, SourceFile } from './session.ts';

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
      const { require_resource_names_without_spaces: strict } = this.session.context.invocation.flags.other;
      if (strict !== false) throw nameWithSpaces(`model.${pkg.config.name}.${stem}`, file.path);
      this.session.context.invocation.emit({
        name: 'Deprecation',
        event_name: 'SpacesInResourceNameDeprecation',
        msg: `Found spaces in the name of \`model.${pkg.config.name}.${stem}\``,
      });
    }
    const versions = this.patches.versionsOf(pkg.config.name, stem);
    if (versions.length === 0) return [this.sql(source, text, 'model')];
    return versions.map(({ patch, version, latest }) => {
      const node = sqlNode({
        ...this.input(source, text, 'model', patch.name),
        patch: this.patches.config(patch, this.session, version),
        version: version.v,
      });
      this.patches.apply(node, patch, this.session, this.docs, version);
      node.latest_version = latest;
      return node;
    });
  }

  sql(
    source: SourceFile,
    text: string,
    resourceType: 'model' | 'analysis' | 'test' | 'function',
  ): CompiledNode {
    const { package: pkg } = source;
    const name = stemOf(source.file.relative);
    const patch = this.patches.find(resourceType, pkg.config.name, name);
    const input = this.input(source, text, resourceType, name);
    const config = patch && this.patches.config(patch, this.session);
    const node = sqlNode({ ...input, patch: input.language === 'python' ? pythonPatch(config) : config });
    if (patch) this.patches.apply(node, patch, this.session, this.docs);
    if (resourceType === 'function') addSignature(node, patch?.raw);
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

  /** An entry of `snapshots:` with a `relation:` is a snapshot of its own; `text` is its file. */
  yamlSnapshot(entry: PropertyEntry, text: string): CompiledNode {
    const patch = this.patches.config(entry, this.session);
    const node = yamlSnapshot(this.session, this.names, entry, text, patch);
    this.patches.apply(node, entry, this.session, this.docs);
    return node;
  }

  private input(
    { file, package: pkg }: SourceFile,
    text: string,
    resourceType: 'model' | 'analysis' | 'test' | 'function',
    name: string,
  ): SqlNodeInput {
    const input: SqlNodeInput = {
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
    };
    if (!file.path.endsWith('.py')) return input;
    if (resourceType === 'function') return { ...input, language: 'python', captured: nothingCaptured() };
    return { ...input, language: 'python', captured: capturePython(input.text, input.span) };
  }
}

/** dbt's raw code is the file without blanks around it; places in it are shifted by what was cut in front. */
function startOf(text: string): { offset: number; line: number; column: number } {
  const offset = text.length - text.trimStart().length;
  const before = text.slice(0, offset);
  return { offset, line: before.split('\n').length, column: offset - before.lastIndexOf('\n') };
}

function nameWithSpaces(uniqueId: string, path: string): SqError {
  return new SqError({
    kind: 'Runtime',
    code: 'name-with-spaces',
    message: `Resource names cannot contain spaces:\n  * '${uniqueId}' (${path})\nPlease rename the invalid model(s) so that their name(s) do not contain any spaces.`,
    at: { path },
  });
}
