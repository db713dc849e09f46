/**
 * What a failed node says: dbt's header and body, then the place in the author's file. An engine counts its
 * position in the statement it was sent; the compiled SQL stands inside that statement, and the compiler
 * knows where compiled SQL comes from.
 */
import type { Dialect } from '../adapters/contract.ts';
import type { Compiler } from '../compile/contract.ts';
import { asSqError, SqError } from '../errors.ts';
import type { CompiledNode } from '../manifest/nodes.ts';

export interface FailedNode {
  node: CompiledNode;
  compiler: Compiler;
  dialect: Dialect;
  /** Final SQL of the node, when it got that far. */
  compiledSql?: string;
  /** `target/compiled/...`, when it was written. */
  compiledPath?: string;
  /** `pre-hook: <its text>`, when a hook failed. */
  hook?: string;
}

/** The error of a node as an SqError that knows its node and, where it can be told, the author's line. */
export function nodeError(thrown: unknown, failed: FailedNode): SqError {
  const { node, dialect } = failed;
  const within = { resourceType: node.resource_type, name: node.name, path: node.original_file_path };
  const error = asSqError(thrown);
  if (error.code !== 'statement') return error.within(within);
  const engine = dialect.readError(thrown);
  const lines = [engine.message];
  if (failed.hook !== undefined) lines.push(`in ${failed.hook}`);
  else if (failed.compiledPath !== undefined) lines.push(`compiled code at ${failed.compiledPath}`);
  const at = error.at ?? placeOf(engine, failed);
  return new SqError({
    kind: error.kind,
    code: error.code,
    message: lines.join('\n'),
    node: error.node ?? within,
    at,
    excerpt: error.excerpt ?? (at && excerptOf(node, at)),
    chain: error.chain,
    hint: error.hint ?? suggestion(engine.candidates),
    cause: thrown,
  });
}

function placeOf(
  engine: { position?: number; statement?: string },
  { node, compiler, compiledSql }: FailedNode,
): SqError['at'] {
  if (engine.position === undefined || !compiledSql || isWrittenElsewhere(node)) return undefined;
  const start = engine.statement === undefined ? 0 : engine.statement.indexOf(compiledSql);
  const offset = engine.position - start;
  if (start === -1 || offset < 0 || offset > compiledSql.length) return undefined;
  return compiler.locate(node, compiledSql, offset);
}

/** Generic tests and hooks of the project are text within a YAML file; the compiler knows SQL files. */
function isWrittenElsewhere(node: CompiledNode): boolean {
  return node.test_metadata !== undefined || node.resource_type === 'operation';
}

function suggestion(candidates: readonly string[] | undefined): string | undefined {
  if (candidates === undefined || candidates.length === 0) return undefined;
  return `did you mean ${candidates.slice(0, 5).join(', ')}?`;
}

/** The author's line with a marker below the column; nothing for nodes that are a part of their file. */
function excerptOf(node: CompiledNode, at: { line?: number; column?: number }): string | undefined {
  if (node.sq_span !== undefined || node.resource_type === 'test' || at.line === undefined) return undefined;
  const line = node.raw_code.split('\n')[at.line - 1];
  if (line === undefined || line.trim() === '' || line.length > 200) return undefined;
  const gutter = String(at.line);
  const marker =
    at.column === undefined ? '' : `\n${' '.repeat(gutter.length)} | ${' '.repeat(at.column - 1)}^`;
  return `${gutter} | ${line.replaceAll('\t', ' ')}${marker}`;
}
