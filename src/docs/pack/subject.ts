/** What of a manifest is in the page, numbered: the vertices that are drawn, and the tests shown with them. */
import type { Manifest, NodeSummary } from '../../manifest/manifest.ts';
import type { CompiledNode, GraphNode, ResourceType } from '../../manifest/nodes.ts';
import { type Layout, layout } from '../layout.ts';

export interface Vertex {
  id: string;
  summary: NodeSummary;
  node: GraphNode;
}

export interface Subject {
  vertices: Vertex[];
  /** Place of a vertex by unique id. */
  place: ReadonlyMap<string, number>;
  tests: Vertex[];
  testPlace: ReadonlyMap<string, number>;
  /** Flat: parent, child. Between vertices only. */
  edges: Int32Array;
  layout: Layout;
}

/** On the map, where all cards are equal. */
const CARD_HEIGHT = 40;

const DRAWN: ReadonlySet<ResourceType> = new Set([
  'model',
  'seed',
  'snapshot',
  'source',
  'exposure',
  'analysis',
  'metric',
  'semantic_model',
  'saved_query',
  'function',
]);

/** Leaves out what `docs.show: false` hides, and the tests of it. */
export function subjectOf(manifest: Manifest): Subject {
  const vertices: Vertex[] = [];
  const waiting: Vertex[] = [];
  const hidden = new Set<string>();
  for (const [id, summary] of manifest.index) {
    const isTest = summary.resource_type === 'test' || summary.resource_type === 'unit_test';
    if (!isTest && !DRAWN.has(summary.resource_type)) continue;
    const node = manifest.get(id);
    if (node === undefined) continue;
    if (isHidden(node)) hidden.add(id);
    else (isTest ? waiting : vertices).push({ id, summary, node });
  }
  const tests = waiting.filter(({ summary }) => !summary.parents.some((parent) => hidden.has(parent)));
  const place = new Map(vertices.map(({ id }, v) => [id, v]));
  const edges: number[] = [];
  for (const [v, { summary }] of vertices.entries()) {
    for (const parent of new Set(summary.parents)) {
      const from = place.get(parent);
      if (from !== undefined) edges.push(from, v);
    }
  }
  const flat = Int32Array.from(edges);
  const count = vertices.length;
  return {
    vertices,
    place,
    tests,
    testPlace: new Map(tests.map(({ id }, t) => [id, t])),
    edges: flat,
    layout: layout({ count, edges: flat, heights: new Float32Array(count).fill(CARD_HEIGHT) }),
  };
}

function isHidden(node: GraphNode): boolean {
  const docs = (node as Partial<CompiledNode>).docs ?? (node.config as { docs?: { show?: boolean } }).docs;
  return docs?.show === false;
}

/** The config of any vertex; the types of the manifest differ by resource. */
export function configOf(node: GraphNode): Record<string, unknown> {
  return node.config;
}

/** The author's columns; only what has columns has some. */
export function authorsColumns(node: GraphNode): CompiledNode['columns'] {
  return (node as Partial<CompiledNode>).columns ?? {};
}
