/** The chunk of words: descriptions, tests, and the facts of a vertex that are no picture. */
import type { Inherited } from '../../analyze/contract.ts';
import type { Markdown, TextChunk } from '../chunks.ts';
import type { DocsInput, PageOptions } from '../contract.ts';
import { markdown } from '../markdown.ts';
import type { PackedColumns } from './columns.ts';
import { factsOf } from './facts.ts';
import { authorsColumns, type Subject } from './subject.ts';
import { type PackedTests, testColumns } from './tests.ts';

/** `mask` takes the secrets out of a text: before Markdown takes it apart, which could hide one. */
export function packText(
  input: DocsInput,
  options: PageOptions,
  subject: Subject,
  columns: PackedColumns,
  tests: PackedTests,
  mask: (text: string) => string,
): TextChunk {
  const known = new Map<string, Markdown | 0>();
  const tree = (text: string | null | undefined): Markdown | 0 => {
    if (text === null || text === undefined || text.trim() === '') return 0;
    let found = known.get(text);
    if (found === undefined) {
      found = markdown(mask(text));
      known.set(text, found);
    }
    return found;
  };
  const { vertices } = subject;
  const chunk: TextChunk = {
    overview: tree(overviewOf(input)),
    description: vertices.map(({ node }) => tree((node as { description?: string | null }).description)),
    columns: new Array<Markdown | 0>(columns.chunk.name.length).fill(0),
    inheritedText: [],
    inheritedTests: [],
    inheritedTags: [],
    tests: { ...tests.columns, column: testColumns(tests, columns) },
    facts: [],
    messages: [],
  };
  for (const [v, vertex] of vertices.entries()) {
    for (const { name, description } of Object.values(authorsColumns(vertex.node))) {
      const place = columns.find(v, name);
      if (place !== -1) chunk.columns[place] = tree(description);
    }
    inherit(input, subject, columns, v, chunk, tree);
    const facts = factsOf(vertex, input, options);
    if (facts.length > 0) chunk.facts.push([v, facts]);
    const message = input.latest.get(vertex.id)?.message;
    if (message) chunk.messages.push([v, message]);
  }
  return chunk;
}

/** What a column has because it is a copy of another one; the page says from which. */
function inherit(
  { analysis }: DocsInput,
  { vertices, place, testPlace }: Subject,
  { find }: PackedColumns,
  v: number,
  chunk: TextChunk,
  tree: (text: string) => Markdown | 0,
): void {
  const origin = ({ from }: Inherited<unknown>) => {
    const vertex = place.get(from.node);
    return vertex === undefined ? -1 : find(vertex, from.column);
  };
  for (const { name, description, tags, tests } of analysis?.nodes.get(vertices[v]!.id)?.columns ?? []) {
    const column = find(v, name);
    if (column === -1) continue;
    if (description !== undefined && chunk.columns[column] === 0) {
      const from = origin(description);
      chunk.columns[column] = tree(description.value);
      if (from !== -1) chunk.inheritedText.push(column, from);
    }
    for (const tag of tags ?? []) chunk.inheritedTags.push([column, tag.value, origin(tag)]);
    for (const test of tests ?? []) {
      const t = testPlace.get(test.value);
      if (t !== undefined) chunk.inheritedTests.push(column, t, origin(test));
    }
  }
}

/** dbt's own place for the first page of a project. */
function overviewOf({ manifest, project }: DocsInput): string | undefined {
  for (const doc of manifest.docs()) {
    if (doc.name === '__overview__' && doc.package_name === project.name) return doc.block_contents;
  }
  return undefined;
}
