/**
 * What a failed node says: dbt's header and body, then the place in the author's file. An engine counts its
 * position in the statement it was sent; the compiled SQL stands inside that statement, and the compiler
 * knows where compiled SQL comes from.
 */
import type { Dialect, EngineError } from '../adapters/contract.ts';
import type { AuthorPlace, Compiler } from '../compile/contract.ts';
import { isDeclared } from '../compile/declaration-place.ts';
import { firstToken } from '../compile/ephemeral.ts';
import { lineColumn } from '../compile/locate.ts';
import { asSqError, SqError } from '../errors.ts';
import type { CompiledNode } from '../manifest/nodes.ts';
import { referencePlace } from '../manifest/reference-place.ts';

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
  const at: AuthorPlace | undefined = error.at ?? placeOf(engine, failed);
  return new SqError({
    kind: error.kind,
    code: error.code,
    message: lines.join('\n'),
    node: error.node ?? within,
    at,
    excerpt: error.excerpt ?? (at && excerptOf(at)),
    chain: error.chain,
    hint: error.hint ?? hintFor(engine, failed),
    cause: thrown,
  });
}

function placeOf(
  engine: { position?: number; statement?: string },
  { node, compiler, compiledSql, hook }: FailedNode,
): AuthorPlace | undefined {
  if (isDeclared(node)) return compiler.locate(node, '', 0);
  if (hook !== undefined) return hookPlace(node, hook);
  if (engine.position === undefined || !compiledSql) return undefined;
  const start = engine.statement === undefined ? 0 : engine.statement.indexOf(compiledSql);
  const offset = engine.position - start;
  if (start === -1 || offset < 0 || offset > compiledSql.length) return undefined;
  return compiler.locate(node, compiledSql, offset);
}

/** Where a hook stands in its model's own file; one of a folder's config has no line. */
function hookPlace(node: CompiledNode, hook: string): AuthorPlace | undefined {
  const at = node.raw_code.indexOf(hook.slice(hook.indexOf(': ') + 2));
  if (at === -1) return undefined;
  const { line, column } = lineColumn(node.raw_code, at);
  return { path: node.original_file_path, line, column, text: node.raw_code.split('\n')[line - 1] };
}

function hintFor(engine: EngineError, { node, compiler, compiledSql }: FailedNode): string | undefined {
  const { candidates, message, missingName } = engine;
  if (compiledSql !== undefined && firstToken(compiledSql) === compiledSql.length && compiledSql !== '') {
    return 'its SQL holds comments only';
  }
  const owner = missingName === undefined ? undefined : compiler.whoseRelation(missingName);
  if (owner !== undefined) {
    const { name, resource_type, unique_id, source_name } = owner;
    if (resource_type === 'source') {
      return `source ${source_name}.${name} is not there: load it, or correct its database, schema or identifier in ${owner.original_file_path}`;
    }
    const reads =
      node.depends_on.nodes?.includes(unique_id) || referencePlace(node.raw_code, 'ref', name) !== undefined;
    return reads
      ? `${resource_type} ${name} is not there yet: build it first, sq build --select ${name}`
      : `${name} is a ${resource_type}: read it as {{ ref('${name}') }}, so that it is built before`;
  }
  // most engines say themselves what they would have understood
  if (candidates === undefined || candidates.length === 0 || candidates.every((one) => message.includes(one)))
    return undefined;
  return `did you mean ${candidates.slice(0, 5).join(', ')}?`;
}

/** The author's line with a marker below the column. */
function excerptOf({ line, column, text }: AuthorPlace): string | undefined {
  if (line === undefined || text === undefined || text.trim() === '' || text.length > 200) return undefined;
  const gutter = String(line);
  const marker = column === undefined ? '' : `\n${' '.repeat(gutter.length)} | ${' '.repeat(column - 1)}^`;
  return `${gutter} | ${text.replaceAll('\t', ' ')}${marker}`;
}
