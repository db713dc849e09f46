/**
 * Descriptions, tags and tests along copied and renamed columns. What the author wrote for a column wins; what is
 * inherited says from which column. Nodes are given in the order of the graph, so that parents are known.
 */
import type { Manifest } from '../manifest/manifest.ts';
import type { CompiledNode, GraphNode } from '../manifest/nodes.ts';
import { type ColumnTest, columnTests, holds } from './column-tests.ts';
import type { AnalysedColumn, AnalysedNode, ColumnAddress, Inherited } from './contract.ts';

/** A value edge with what happened on the way. */
export interface ValueEdge {
  from: ColumnAddress;
  kind: 'copied' | 'renamed' | 'transformed';
  nullable?: boolean;
  repeated?: boolean;
}

interface Known {
  description?: Inherited<string>;
  tags: Inherited<string>[];
  tests: Inherited<ColumnTest>[];
}

export class Inheritance {
  private readonly known = new Map<string, Known>();

  constructor(private readonly manifest: Manifest) {}

  /** Puts what is inherited into the node's columns. `edges` gives those that end in a column. */
  add(node: AnalysedNode, edges: (column: AnalysedColumn) => readonly ValueEdge[]): void {
    const vertex = this.manifest.get(node.unique_id) as GraphNode;
    const declared = new Map(
      Object.values((vertex as CompiledNode).columns ?? {}).map((column) => [
        column.name.toLowerCase(),
        column,
      ]),
    );
    const tests = columnTests(this.manifest, node.unique_id);
    // rows of older runs are kept beside those of this query
    const history = vertex.resource_type === 'snapshot' || appends(vertex as CompiledNode);
    for (const column of node.columns) {
      const name = column.name.toLowerCase();
      const here: ColumnAddress = { node: node.unique_id, column: column.name };
      const own = declared.get(name);
      const ownTests = tests.get(name) ?? [];
      const ways = edges(column).map((edge) => (history ? { ...edge, repeated: true } : edge));
      const before = ways.map((edge) => ({ edge, known: this.of(edge.from) }));
      const as = before.filter(({ edge }) => edge.kind !== 'transformed');
      const whole = as.length === before.length;

      const description = own?.description
        ? undefined
        : whole
          ? agreed(as.map(({ known }) => known.description))
          : undefined;
      const ownTags = new Set(own?.tags ?? []);
      const tags = distinct(as.flatMap(({ known }) => known.tags)).filter(({ value }) => !ownTags.has(value));
      const inherited = whole
        ? this.stillHolding(as).filter(({ value }) => ownTests.every((test) => test.name !== value.name))
        : [];

      if (description !== undefined) column.description = description;
      if (tags.length > 0) column.tags = tags;
      if (inherited.length > 0)
        column.tests = inherited.map(({ value, from }) => ({ value: value.unique_id, from }));
      this.known.set(keyOf(here), {
        description: own?.description ? { value: own.description, from: here } : description,
        tags: [...[...ownTags].map((value) => ({ value, from: here })), ...tags],
        tests: [...ownTests.map((value) => ({ value, from: here })), ...inherited],
      });
    }
  }

  private of(address: ColumnAddress): Known {
    return this.known.get(keyOf(address)) ?? { tags: [], tests: [] };
  }

  /** Tests that every source of the column has, and that hold for all that came of it. */
  private stillHolding(sources: readonly { edge: ValueEdge; known: Known }[]): Inherited<ColumnTest>[] {
    const [first, ...others] = sources;
    if (first === undefined) return [];
    return first.known.tests.filter(
      ({ value }) =>
        sources.every(({ edge }) => holds(value, edge)) &&
        others.every(({ known }) => known.tests.some((test) => test.value.key === value.key)),
    );
  }
}

function appends(node: CompiledNode): boolean {
  return node.config?.materialized === 'incremental' && !node.config.unique_key;
}

/** The description that all who have one agree on. */
function agreed(all: readonly (Inherited<string> | undefined)[]): Inherited<string> | undefined {
  const written = all.filter((one) => one !== undefined);
  return written.every((one) => one.value === written[0]!.value) ? written[0] : undefined;
}

function distinct(tags: readonly Inherited<string>[]): Inherited<string>[] {
  return [...new Map([...tags].reverse().map((tag) => [tag.value, tag])).values()].reverse();
}

function keyOf({ node, column }: ColumnAddress): string {
  return `${node}\u0000${column.toLowerCase()}`;
}
