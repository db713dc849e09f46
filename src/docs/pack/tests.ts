/** Tests: not vertices of the picture, but facts of the vertex they are attached to. */
import type { NodeSummary } from '../../manifest/manifest.ts';
import type { CompiledNode } from '../../manifest/nodes.ts';
import type { State, TestColumns } from '../chunks.ts';
import type { DocsInput } from '../contract.ts';
import type { PackedColumns } from './columns.ts';
import { durationOf, type SharedDictionaries, type TestCounts } from './core.ts';
import { Dictionary } from './dictionary.ts';
import { stateOf } from './state.ts';
import type { Subject, Vertex } from './subject.ts';

export interface PackedTests {
  columns: Omit<TestColumns, 'column'>;
  counts: TestCounts;
  /** The column of each test by its name, for when columns have places. */
  columnNames: (string | null)[];
}

export function packTests(input: DocsInput, subject: Subject, shared: SharedDictionaries): PackedTests {
  const { tests, vertices } = subject;
  const kinds = new Dictionary<string>();
  const counts: TestCounts = {
    all: vertices.map(() => 0),
    failing: vertices.map(() => 0),
    warning: vertices.map(() => 0),
  };
  const alsoReads: number[] = [];
  const node: number[] = [];
  const state: State[] = [];
  for (const [t, test] of tests.entries()) {
    const parents = test.summary.parents.flatMap((id) => subject.place.get(id) ?? []);
    const attached = subject.place.get(test.summary.test?.attached_node ?? '') ?? lastOf(parents, subject);
    node.push(attached);
    const own = stateOf(input.latest.get(test.id)?.status);
    state.push(own);
    for (const parent of parents) if (parent !== attached) alsoReads.push(t, parent);
    if (attached === -1) continue;
    counts.all[attached]! += 1;
    if (own === 4) counts.failing[attached]! += 1;
    if (own === 3) counts.warning[attached]! += 1;
  }
  return {
    counts,
    columnNames: tests.map((test) => (test.node as CompiledNode).column_name ?? null),
    columns: {
      name: tests.map(({ summary }) => summary.name),
      id: tests.map(({ id, summary }) => shortId(id, summary)),
      package: tests.map(({ summary }) => shared.packages.place(summary.package_name)),
      kind: tests.map(({ summary }) => kinds.place(kindOf(summary))),
      kinds: kinds.values,
      label: tests.map((test) => labelOf(test) || 0),
      node,
      alsoReads,
      state,
      failures: tests.map(({ id }) => input.latest.get(id)?.failures ?? -1),
      ms: tests.map(({ id }) => durationOf(input.latest.get(id))),
      warnOnly: tests.map(({ summary }) => (/^warn$/i.test(summary.test?.severity ?? '') ? 1 : 0)),
      path: tests.map(({ summary }) => summary.original_file_path),
      tags: tests.map(({ summary }) => shared.tagLists.place([...summary.tags])),
      message: tests.map(({ id }) => input.latest.get(id)?.message || 0),
    },
  };
}

/** Places of the columns that tests are of. */
export function testColumns({ columnNames, columns }: PackedTests, { find }: PackedColumns): number[] {
  return columnNames.map((name, t) => (name === null ? -1 : find(columns.node[t]!, name)));
}

/** A test without an attached node belongs to what is built last of what it reads. */
function lastOf(parents: readonly number[], { layout: { rank } }: Subject): number {
  let last = -1;
  for (const parent of parents) if (last === -1 || rank[parent]! > rank[last]!) last = parent;
  return last;
}

function shortId(id: string, { package_name: packageName, name }: NodeSummary): string | 0 {
  const start = `test.${packageName}.${name}`;
  if (id === start) return 0;
  return id.startsWith(`${start}.`) ? id.slice(start.length) : id;
}

function kindOf({ resource_type: type, test }: NodeSummary): string {
  return type === 'unit_test' ? 'unit' : (test?.test_name ?? 'singular');
}

const MOST_LETTERS = 90;

/** The arguments that tell two tests of a kind apart; others stay out, they may hold anything. */
function labelOf({ node, summary }: Vertex): string {
  if (summary.test?.test_name === undefined) return '';
  const given = (node as CompiledNode).test_metadata?.kwargs ?? {};
  const { to, field, values } = given;
  if (typeof to === 'string') {
    const target = /(['"])([^'"]+)\1\s*\)?\s*$/.exec(to.trim())?.[2] ?? to;
    return cut(`to ${target}${typeof field === 'string' ? `.${field}` : ''}`);
  }
  return Array.isArray(values) ? cut(values.map(String).join(', ')) : '';
}

function cut(text: string): string {
  return text.length > MOST_LETTERS ? `${text.slice(0, MOST_LETTERS - 1)}…` : text;
}
