/** Entries of `models:`, `seeds:` ... by the resource they describe, and what is left over. */
import { SqError } from '../errors.ts';
import type { Invocation } from '../invocation.ts';
import type { CompiledNode } from '../manifest/nodes.ts';
import { type ConfigLayer, isRecord, listOf } from './config/merge.ts';
import type { ParsedContents } from './contents.ts';
import type { DocIndex } from './docs.ts';
import { applyPatch, patchConfig } from './nodes/patch.ts';
import type { PropertyEntry } from './property-files.ts';
import type { ParseSession } from './session.ts';

const SECTION_OF: Record<string, string> = {
  model: 'models',
  seed: 'seeds',
  snapshot: 'snapshots',
  analysis: 'analyses',
  test: 'data_tests',
};

export interface VersionPatch {
  patch: PropertyEntry;
  version: Record<string, unknown>;
  /** The latest version's number. */
  isLatest: string | number;
}

export class PatchIndex {
  private readonly byName = new Map<string, PropertyEntry>();
  private readonly versions = new Map<string, VersionPatch[]>();

  constructor(entries: readonly PropertyEntry[]) {
    for (const entry of entries) {
      if (!Object.values(SECTION_OF).includes(entry.section)) continue;
      const key = keyOf(entry.section, entry.pkg.config.name, entry.name);
      const other = this.byName.get(key);
      if (other) throw duplicatePatch(entry, other);
      this.byName.set(key, entry);
      if (entry.section === 'models') this.addVersions(entry);
    }
  }

  find(resourceType: string, packageName: string, name: string): PropertyEntry | undefined {
    return this.byName.get(keyOf(SECTION_OF[resourceType] ?? '', packageName, name));
  }

  /** Versions that the file `stem` defines: `defined_in`, or `<name>_v<v>`, or the bare name for the latest. */
  versionsOf(packageName: string, stem: string): readonly VersionPatch[] {
    return this.versions.get(`${packageName}\u0000${stem}`) ?? [];
  }

  config(patch: PropertyEntry, session: ParseSession, version?: Record<string, unknown>): ConfigLayer {
    return patchConfig(patch, session, version);
  }

  apply(
    node: CompiledNode,
    patch: PropertyEntry,
    session: ParseSession,
    docs: DocIndex,
    version?: Record<string, unknown>,
  ): void {
    applyPatch(node, patch, session, docs, version);
  }

  /** dbt's warning for entries that describe nothing. */
  warnUnused(contents: ParsedContents, invocation: Invocation): void {
    const known = new Set<string>();
    const note = (node: { resource_type: string; package_name: string; name: string }) =>
      known.add(keyOf(SECTION_OF[node.resource_type] ?? '', node.package_name, node.name));
    for (const node of contents.nodes.values()) note(node);
    for (const list of contents.disabled.values()) for (const node of list) note(node);
    for (const [key, entry] of this.byName) {
      if (known.has(key) || entry.section === 'data_tests') continue;
      invocation.emit({
        name: 'Warning',
        event_name: 'NoNodeForYamlKey',
        msg: `Did not find matching node for patch with name '${entry.name}' in the '${entry.section}' section of file '${entry.path}'`,
      });
    }
  }

  private addVersions(entry: PropertyEntry): void {
    const versions = listOf(entry.raw.versions).filter(isRecord);
    if (versions.length === 0) return;
    const latest = (entry.raw.latest_version ?? highest(versions.map((version) => version.v))) as
      | string
      | number;
    for (const version of versions) {
      const stem =
        typeof version.defined_in === 'string'
          ? version.defined_in.replace(/\.(sql|py)$/, '')
          : `${entry.name}_v${version.v}`;
      const found: VersionPatch = { patch: entry, version, isLatest: latest };
      const stems =
        String(version.v) === String(latest) && version.defined_in === undefined
          ? [stem, entry.name]
          : [stem];
      for (const name of stems) {
        const key = `${entry.pkg.config.name}\u0000${name}`;
        this.versions.set(key, [...(this.versions.get(key) ?? []), found]);
      }
    }
  }
}

/** Numbers compare as numbers, everything else as text, as dbt does. */
function highest(versions: readonly unknown[]): unknown {
  return [...versions]
    .sort((a, b) => {
      const [x, y] = [Number(a), Number(b)];
      return Number.isNaN(x) || Number.isNaN(y) ? String(a).localeCompare(String(b)) : x - y;
    })
    .at(-1);
}

function keyOf(section: string, packageName: string, name: string): string {
  return `${section}\u0000${packageName}\u0000${name}`;
}

function duplicatePatch(entry: PropertyEntry, other: PropertyEntry): SqError {
  const label = entry.section.replace(/s$/, '');
  return new SqError({
    kind: 'Compilation',
    code: 'duplicate-patch',
    message: [
      `dbt found two schema.yml entries for the same resource named ${entry.name}.`,
      `Resources and their associated columns may only be described a single time. To fix this,`,
      `remove one of the resource entries for the ${label} '${entry.name}' in one of these files:`,
      ` - ${other.path}`,
      ` - ${entry.path}`,
    ].join('\n'),
    at: entry.at([]),
  });
}
