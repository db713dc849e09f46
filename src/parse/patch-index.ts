/** Entries of `models:`, `seeds:` ... by the resource they describe, and what is left over. */
import type { Invocation } from '../invocation.ts';
import type { CompiledNode } from '../manifest/nodes.ts';
import type { ParsedContents } from './contents.ts';
import type { DocIndex } from './docs.ts';
import type { WrittenLayer } from './nodes/config.ts';
import { applyPatch, patchConfig } from './nodes/patch.ts';
import { duplicatePatch, type ModelVersion, versionsOf } from './properties/index.ts';
import type { PropertyEntry } from './property-files.ts';
import type { ParseSession } from './session.ts';

const SECTION_OF: Record<string, string> = {
  model: 'models',
  seed: 'seeds',
  snapshot: 'snapshots',
  analysis: 'analyses',
  function: 'functions',
  test: 'data_tests',
};
const SECTIONS = new Set(Object.values(SECTION_OF));
/** Sections whose names `ref()` finds: their entries may describe a resource of another package. */
const REFABLE = new Set(['models', 'seeds', 'snapshots']);

export interface VersionPatch {
  patch: PropertyEntry;
  version: ModelVersion;
  latest: string | number;
}

/** True when the package itself has a resource of that section and name. */
export type Defines = (section: string, packageName: string, name: string) => boolean;

export class PatchIndex {
  private readonly byName = new Map<string, PropertyEntry>();
  /** Entries of packages that have no such resource themselves, by section and name. */
  private readonly foreign = new Map<string, PropertyEntry>();
  private readonly versions = new Map<string, VersionPatch[]>();

  constructor(entries: readonly PropertyEntry[], defines: Defines = () => true) {
    for (const entry of entries) {
      const { section, name } = entry;
      if (!SECTIONS.has(section) && section !== 'macros') continue;
      const packageName = entry.pkg.config.name;
      const key = keyOf(section, packageName, name);
      const other = this.byName.get(key);
      if (other) {
        const kind = section === 'macros' ? 'macro' : 'resource';
        throw duplicatePatch(kind, name, packageName, other.path, entry.at([]));
      }
      this.byName.set(key, entry);
      if (REFABLE.has(section) && !defines(section, packageName, name))
        this.foreign.set(`${section}\u0000${name}`, entry);
      if (section === 'models') this.addVersions(entry);
    }
  }

  /** The entry of the resource's own package, or one of a package that describes what it installed. */
  find(resourceType: string, packageName: string, name: string): PropertyEntry | undefined {
    const section = SECTION_OF[resourceType] ?? '';
    return this.byName.get(keyOf(section, packageName, name)) ?? this.foreign.get(`${section}\u0000${name}`);
  }

  /** Versions that the file `stem` defines: `defined_in`, or `<name>_v<v>`, or the bare name for the latest. */
  versionsOf(packageName: string, stem: string): readonly VersionPatch[] {
    return this.versions.get(`${packageName}\u0000${stem}`) ?? [];
  }

  config(patch: PropertyEntry, session: ParseSession, version?: ModelVersion): WrittenLayer | undefined {
    return patchConfig(patch, session, version);
  }

  apply(
    node: CompiledNode,
    patch: PropertyEntry,
    session: ParseSession,
    docs: DocIndex,
    version?: ModelVersion,
  ): void {
    applyPatch(node, patch, session, docs, version);
  }

  /** dbt's warnings for entries that describe nothing, or stand in the wrong section. */
  warnUnused(contents: ParsedContents, invocation: Invocation): void {
    const known = new Set<string>();
    const typeOf = new Map<string, string>();
    const versions = new Set<string>();
    const note = (node: CompiledNode) => {
      const section = SECTION_OF[node.resource_type];
      if (section === undefined) return;
      known.add(keyOf(section, node.package_name, node.name));
      if (REFABLE.has(section)) {
        known.add(`${section}\u0000${node.name}`);
        typeOf.set(`${node.package_name}\u0000${node.name}`, node.resource_type);
      }
      if (node.version !== null && node.version !== undefined)
        versions.add(`${node.package_name}\u0000${node.name}\u0000${node.version}`);
    };
    for (const node of contents.nodes.values()) note(node as CompiledNode);
    for (const list of contents.disabled.values()) for (const node of list) note(node as CompiledNode);
    for (const [key, entry] of this.byName) {
      const { section, name, path } = entry;
      if (section === 'macros') continue;
      const isForeign = this.foreign.get(`${section}\u0000${name}`) === entry;
      if (!known.has(key) && !(isForeign && known.has(`${section}\u0000${name}`))) {
        const type = typeOf.get(`${entry.pkg.config.name}\u0000${name}`);
        if (REFABLE.has(section) && type !== undefined) warnSection(entry, type, invocation);
        else warnMissing(name, section, path, invocation);
      }
    }
    for (const { patch, version } of new Set([...this.versions.values()].flat())) {
      if (versions.has(`${patch.pkg.config.name}\u0000${patch.name}\u0000${version.v}`)) continue;
      warnMissing(fileOf(patch, version), 'models', patch.path, invocation);
    }
  }

  private addVersions(entry: PropertyEntry): void {
    const versions = versionsOf(entry, entry.document);
    const latest = (entry.raw.latest_version ?? highest(versions.map(({ v }) => v))) as string | number;
    for (const version of versions) {
      const found: VersionPatch = { patch: entry, version, latest };
      const stem = fileOf(entry, version);
      for (const name of version.v === latest ? [stem, entry.name] : [stem]) {
        const key = `${entry.pkg.config.name}\u0000${name}`;
        this.versions.set(key, [...(this.versions.get(key) ?? []), found]);
      }
    }
  }
}

/** The file a version is looked for in, without its ending. */
function fileOf(patch: PropertyEntry, version: ModelVersion): string {
  const { defined_in: file } = version.raw;
  return typeof file === 'string' ? file.replace(/\.(sql|py)$/, '') : `${patch.name}_v${version.v}`;
}

/** Numbers compare as numbers, everything else as text, as dbt does. */
function highest(versions: readonly (string | number)[]): string | number | undefined {
  return [...versions]
    .sort((a, b) => {
      const [x, y] = [Number(a), Number(b)];
      return Number.isNaN(x) || Number.isNaN(y) ? (String(a) < String(b) ? -1 : 1) : x - y;
    })
    .at(-1);
}

function keyOf(section: string, packageName: string, name: string): string {
  return `${section}\u0000${packageName}\u0000${name}`;
}

function warnMissing(name: string, section: string, path: string, invocation: Invocation): void {
  invocation.emit({
    name: 'Warning',
    event_name: 'NoNodeForYamlKey',
    msg: `Did not find matching node for patch with name '${name}' in the '${section}' section of file '${path}'`,
  });
}

function warnSection({ name, section, path }: PropertyEntry, type: string, invocation: Invocation): void {
  invocation.emit({
    name: 'Warning',
    event_name: 'WrongResourceSchemaFile',
    msg: `'${name}' is a ${type} node, but it is specified in the ${section} section of ${path}. To fix this error, place the \`${name}\` entry under the ${SECTION_OF[type]} key instead.`,
  });
}
