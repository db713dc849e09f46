/** The chunks of code: read only when somebody opens a tab that shows it. */
import { type CompiledNode, isCompiled } from '../../manifest/nodes.ts';
import { CODE_CHUNK, type CodeChunk, type NodeCode } from '../chunks.ts';
import type { DocsInput, PageOptions } from '../contract.ts';
import type { PackedColumns } from './columns.ts';
import { expressionsIn } from './expression.ts';
import type { Subject, Vertex } from './subject.ts';
import type { PackedTests } from './tests.ts';

export function packCode(
  input: DocsInput,
  options: PageOptions,
  subject: Subject,
  columns: PackedColumns,
  tests: PackedTests,
  mask: (text: string) => string,
): CodeChunk[] {
  const testsOf = new Map<number, number[]>();
  for (const [t, v] of tests.columns.node.entries()) {
    const own = testsOf.get(v);
    if (own === undefined) testsOf.set(v, [t]);
    else own.push(t);
  }
  /** A test's own text, compiled where that is allowed. */
  const sqlOfTest = (t: number): [number, string][] => {
    const { id, node } = subject.tests[t]!;
    const compiled = options.compiledCode ? input.compiledCode(id) : undefined;
    const text = (compiled ?? (node as CompiledNode).raw_code ?? '').trim();
    return text === '' ? [] : [[t, mask(text)]];
  };
  const codes = subject.vertices.map((vertex, v): NodeCode | 0 => {
    const own = (testsOf.get(v) ?? []).flatMap(sqlOfTest);
    return codeOf(input, options, vertex, v, columns, own, mask);
  });
  const chunks: CodeChunk[] = [];
  for (let v = 0; v < codes.length; v += CODE_CHUNK) chunks.push(codes.slice(v, v + CODE_CHUNK));
  return chunks;
}

function codeOf(
  input: DocsInput,
  options: PageOptions,
  { id, node }: Vertex,
  v: number,
  columns: PackedColumns,
  tests: [number, string][],
  mask: (text: string) => string,
): NodeCode | 0 {
  const author = isCompiled(node) && node.resource_type !== 'seed' ? (node.raw_code ?? '') : '';
  if (author === '' && tests.length === 0) return 0;
  const raw = mask(author);
  const found = options.compiledCode && author !== '' ? input.compiledCode(id) : undefined;
  const compiled = mask(found ?? '');
  return {
    language: (node as CompiledNode).language ?? 'sql',
    raw,
    compiled: compiled === raw ? 0 : compiled,
    // a masked text has other places than the one that was analysed
    expressions: found !== undefined && compiled === found ? expressionsOf(input, id, found, v, columns) : [],
    tests,
  };
}

function expressionsOf(
  { analysis }: DocsInput,
  id: string,
  compiled: string,
  v: number,
  { chunk }: PackedColumns,
): number[] {
  const placed = new Map(
    analysis?.nodes.get(id)?.columns.map(({ name, expression }) => [name.toLowerCase(), expression]),
  );
  const read = expressionsIn(compiled);
  const [first, end] = [chunk.start[v]!, chunk.start[v + 1]!];
  return Array.from({ length: end - first }, (_, i) => i).flatMap((i) => {
    const name = chunk.names[chunk.name[first + i]!]!.toLowerCase();
    const span = placed.get(name) ?? read.get(name);
    return span === undefined ? [] : [i, span.start, span.end];
  });
}
