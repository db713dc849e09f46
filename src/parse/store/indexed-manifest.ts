/**
 * A manifest over an index of summaries and a reader of whole vertices. The same class serves a fresh parse
 * (the reader has the objects) and a cached one (the reader reads a slice of a file).
 */
import type {
  FindResult,
  Manifest,
  ManifestMetadata,
  NodeSummary,
  SelectorDefinition,
} from '../../manifest/manifest.ts';
import type { DocNode, GraphNode, GroupNode, MacroNode } from '../../manifest/nodes.ts';
import type { SearchOrder } from '../search-order.ts';

export interface MacroEntry {
  unique_id: string;
  package_name: string;
  name: string;
  span: { line: number; column: number; offset: number };
}

/** Where whole objects come from. */
export interface ManifestReader {
  node(uniqueId: string): GraphNode | undefined;
  macro(uniqueId: string): MacroNode | undefined;
  docs(): Iterable<DocNode>;
  groups(): Iterable<GroupNode>;
  disabled(uniqueId: string): readonly GraphNode[];
}

/** What name lookups must know of disabled resources. */
export interface DisabledEntry {
  unique_id: string;
  resource_type: string;
  name: string;
  package_name: string;
  source_name?: string;
}

export interface IndexedManifestParts {
  metadata: ManifestMetadata;
  index: ReadonlyMap<string, NodeSummary>;
  macroEntries: readonly MacroEntry[];
  macroPackages: readonly string[];
  selectors: ReadonlyMap<string, SelectorDefinition>;
  disabledEntries: readonly DisabledEntry[];
  reader: ManifestReader;
  order: SearchOrder;
}

const REFABLE = new Set(['model', 'seed', 'snapshot']);

export class IndexedManifest implements Manifest {
  readonly metadata: ManifestMetadata;
  readonly index: ReadonlyMap<string, NodeSummary>;
  readonly macroPackages: readonly string[];
  readonly selectors: ReadonlyMap<string, SelectorDefinition>;
  private readonly frozen = new Map<string, GraphNode>();
  private childMap: Map<string, string[]> | undefined;
  private refNames: Map<string, NodeSummary[]> | undefined;
  private macroMap: Map<string, MacroEntry> | undefined;

  constructor(private readonly parts: IndexedManifestParts) {
    this.metadata = parts.metadata;
    this.index = parts.index;
    this.macroPackages = parts.macroPackages;
    this.selectors = parts.selectors;
  }

  get(uniqueId: string): GraphNode | undefined {
    const known = this.frozen.get(uniqueId);
    if (known) return known;
    const node = this.parts.reader.node(uniqueId);
    if (node) this.frozen.set(uniqueId, deepFreeze(node));
    return node;
  }

  children(uniqueId: string): readonly string[] {
    if (!this.childMap) {
      this.childMap = new Map();
      for (const summary of this.index.values()) {
        for (const parent of summary.parents) {
          const list = this.childMap.get(parent);
          if (list) list.push(summary.unique_id);
          else this.childMap.set(parent, [summary.unique_id]);
        }
      }
    }
    return this.childMap.get(uniqueId) ?? [];
  }

  macro(packageName: string, name: string): MacroNode | undefined {
    const entry = this.macroEntry(packageName, name);
    return entry && this.parts.reader.macro(entry.unique_id);
  }

  macroSpan(uniqueId: string): { line: number; column: number; offset: number } {
    const [, packageName, ...rest] = uniqueId.split('.');
    return this.macroEntry(packageName!, rest.join('.'))?.span ?? { line: 1, column: 1, offset: 0 };
  }

  *macros(): Iterable<MacroNode> {
    for (const entry of this.parts.macroEntries) {
      const macro = this.parts.reader.macro(entry.unique_id);
      if (macro) yield macro;
    }
  }

  docs(): Iterable<DocNode> {
    return this.parts.reader.docs();
  }

  groups(): Iterable<GroupNode> {
    return this.parts.reader.groups();
  }

  disabledIds(): Iterable<string> {
    return new Set(this.parts.disabledEntries.map((entry) => entry.unique_id));
  }

  disabled(uniqueId: string): readonly GraphNode[] {
    return this.parts.reader.disabled(uniqueId);
  }

  findRef(
    name: string,
    packageName: string | null,
    version: string | number | null,
    fromPackage: string,
  ): FindResult {
    const candidates = this.refable(name);
    for (const wanted of this.parts.order.packages(fromPackage, packageName)) {
      const found = candidates.filter((summary) => wanted === null || summary.package_name === wanted);
      const match = pickVersion(found, version);
      if (match) return { uniqueId: match.unique_id };
    }
    const disabled = this.parts.disabledEntries.find(
      (entry) =>
        REFABLE.has(entry.resource_type) &&
        entry.name === name &&
        (packageName === null || entry.package_name === packageName),
    );
    return disabled && { disabled: disabled.unique_id };
  }

  findSource(sourceName: string, tableName: string, fromPackage: string): FindResult {
    const near = this.parts.order.packages(fromPackage, null).filter((one) => one !== null);
    for (const packageName of new Set([...near, ...this.macroPackages])) {
      const uniqueId = `source.${packageName}.${sourceName}.${tableName}`;
      if (this.index.has(uniqueId)) return { uniqueId };
    }
    const disabled = this.parts.disabledEntries.find(
      (entry) =>
        entry.resource_type === 'source' && entry.source_name === sourceName && entry.name === tableName,
    );
    return disabled && { disabled: disabled.unique_id };
  }

  private refable(name: string): NodeSummary[] {
    if (!this.refNames) {
      this.refNames = new Map();
      for (const summary of this.index.values()) {
        if (!REFABLE.has(summary.resource_type)) continue;
        const list = this.refNames.get(summary.name);
        if (list) list.push(summary);
        else this.refNames.set(summary.name, [summary]);
      }
    }
    return this.refNames.get(name) ?? [];
  }

  private macroEntry(packageName: string, name: string): MacroEntry | undefined {
    if (!this.macroMap) {
      this.macroMap = new Map(
        this.parts.macroEntries.map((entry) => [`${entry.package_name}.${entry.name}`, entry]),
      );
    }
    return this.macroMap.get(`${packageName}.${name}`);
  }
}

/** An unversioned ref means the latest version; `v` compares as text, as dbt does. */
function pickVersion(
  found: readonly NodeSummary[],
  version: string | number | null,
): NodeSummary | undefined {
  if (version !== null)
    return found.find(
      (summary) => summary.version !== undefined && String(summary.version) === String(version),
    );
  return (
    found.find((summary) => summary.version === undefined) ??
    found.find((summary) => String(summary.version) === String(summary.latest_version))
  );
}

/** Freezes plain data all the way down. */
export function deepFreeze<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value;
  Object.freeze(value);
  for (const item of Object.values(value)) deepFreeze(item);
  return value;
}
