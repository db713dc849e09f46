/**
 * The body of manifest.json: everything but the metadata, as text pieces, with the place of every object in
 * it. The same bytes are the parse cache's store, so a vertex is read by slicing.
 */
import type { DocNode, GraphNode, GroupNode, MacroNode } from '../../manifest/nodes.ts';

/** Byte range in the body. */
export interface Slice {
  start: number;
  length: number;
}

export interface BodyContents {
  /** Vertices in the artefact's order. */
  nodes: Iterable<GraphNode>;
  macros: Iterable<MacroNode>;
  docs: Iterable<DocNode>;
  groups: Iterable<GroupNode>;
  disabled: ReadonlyMap<string, readonly GraphNode[]>;
  selectors: Record<string, unknown>;
  /** dbt leaves vertices without group out of the map. */
  groupMap: Record<string, string[]>;
  parents: ReadonlyMap<string, readonly string[]>;
  children: (uniqueId: string) => readonly string[];
}

export interface Body {
  bytes: Buffer;
  nodes: Map<string, Slice>;
  macros: Map<string, Slice>;
  docs: Map<string, Slice>;
  groups: Map<string, Slice>;
  disabled: Map<string, Slice>;
  /** The tail from `parent_map` on: rewritten when edges change. */
  maps: Slice;
}

/** Sections of dbt's manifest that hold vertices. */
export const SECTIONS = [
  'nodes',
  'sources',
  'exposures',
  'metrics',
  'saved_queries',
  'semantic_models',
  'unit_tests',
  'functions',
] as const;
type Section = (typeof SECTIONS)[number];

export function sectionOf(resourceType: string): Section {
  switch (resourceType) {
    case 'source':
      return 'sources';
    case 'exposure':
      return 'exposures';
    case 'metric':
      return 'metrics';
    case 'saved_query':
      return 'saved_queries';
    case 'semantic_model':
      return 'semantic_models';
    case 'unit_test':
      return 'unit_tests';
    case 'function':
      return 'functions';
    default:
      return 'nodes';
  }
}

/** Collects text and counts its bytes. */
class Writer {
  private readonly pieces: string[] = [];
  at = 0;

  text(text: string): void {
    this.pieces.push(text);
    this.at += Buffer.byteLength(text);
  }

  /** `"id": <json>` entries of one object; answers the slice of each value. */
  entries(
    items: Iterable<{ unique_id: string }>,
    value: (item: never) => unknown = (item) => item,
  ): Map<string, Slice> {
    const slices = new Map<string, Slice>();
    let first = true;
    for (const item of items) {
      this.text(`${first ? '' : ', '}${JSON.stringify(item.unique_id)}: `);
      const start = this.at;
      this.text(JSON.stringify(value(item as never)));
      slices.set(item.unique_id, { start, length: this.at - start });
      first = false;
    }
    return slices;
  }

  bytes(): Buffer {
    return Buffer.from(this.pieces.join(''), 'utf8');
  }
}

export function bodyOf(contents: BodyContents): Body {
  const bySection = new Map<Section, GraphNode[]>(SECTIONS.map((section) => [section, []]));
  for (const node of contents.nodes) bySection.get(sectionOf(node.resource_type))!.push(node);
  const out = new Writer();
  const nodes = new Map<string, Slice>();
  for (const section of SECTIONS) {
    out.text(`"${section}": {`);
    for (const [id, slice] of out.entries(bySection.get(section)!)) nodes.set(id, slice);
    out.text('}, ');
  }
  out.text('"macros": {');
  const macros = out.entries(contents.macros);
  out.text('}, "docs": {');
  const docs = out.entries(contents.docs);
  out.text('}, "groups": {');
  const groups = out.entries(contents.groups);
  out.text('}, "disabled": {');
  const disabled = out.entries(
    [...contents.disabled].map(([unique_id, list]) => ({ unique_id, list })),
    (item: { list: unknown }) => item.list,
  );
  out.text(`}, "selectors": ${JSON.stringify(contents.selectors)}, `);
  const mapsAt = out.at;
  out.text(mapsText(contents));
  return {
    bytes: out.bytes(),
    nodes,
    macros,
    docs,
    groups,
    disabled,
    maps: { start: mapsAt, length: out.at - mapsAt },
  };
}

/** `"parent_map": …, "child_map": …, "group_map": …}`: the end of the file. */
export function mapsText(contents: Pick<BodyContents, 'parents' | 'children' | 'groupMap'>): string {
  const map = (entries: Iterable<[string, readonly string[]]>) => {
    const parts: string[] = [];
    // dbt sorts both maps
    for (const [id, list] of entries) parts.push(`${JSON.stringify(id)}: ${JSON.stringify(sorted(list))}`);
    return `{${parts.join(', ')}}`;
  };
  const children = function* (): Iterable<[string, readonly string[]]> {
    for (const id of contents.parents.keys()) yield [id, contents.children(id)];
  };
  return `"parent_map": ${map(contents.parents)}, "child_map": ${map(children())}, "group_map": ${JSON.stringify(contents.groupMap)}}`;
}

function sorted(ids: readonly string[]): readonly string[] {
  return ids.length < 2 ? ids : [...ids].sort();
}
