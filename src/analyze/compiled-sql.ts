/** A node's SQL as it is analysed: the author's, compiled, with files read under the name of their source. */
import { isExternalSource } from '../adapters/shared/copy/external-source.ts';
import type { Fragment } from '../compile/contract.ts';
import { cteName } from '../compile/ephemeral.ts';
import { SqError } from '../errors.ts';
import { type CompiledNode, isSource } from '../manifest/nodes.ts';
import type { AnalyzeRequest } from './contract.ts';

export interface AnalysedSql {
  sql: string;
  /** It is the compiled code itself, so places in it are places there. */
  isCompiledCode: boolean;
}

export async function sqlOf(
  node: CompiledNode,
  request: AnalyzeRequest,
): Promise<AnalysedSql | { problem: string }> {
  if (node.language === 'python') return { problem: 'a Python model: only SQL is analysed' };
  const files = new Map<string, Fragment>();
  for (const id of node.depends_on.nodes) {
    const parent = id.startsWith('source.') ? request.manifest.get(id) : undefined;
    if (parent !== undefined && isSource(parent) && isExternalSource(parent)) {
      files.set(id, { kind: 'relation', relation: request.compiler.relationOf(parent) });
    }
  }
  const known = files.size === 0 ? request.compiled?.(node.unique_id) : undefined;
  if (known !== undefined) return { sql: known, isCompiledCode: true };
  try {
    const { sql } = await request.compiler.compile(node, { resolve: (id) => files.get(id) });
    return { sql, isCompiledCode: files.size === 0 };
  } catch (thrown) {
    const message = thrown instanceof SqError ? thrown.message : String((thrown as Error).message ?? thrown);
    return { problem: `it does not compile: ${oneLine(message)}` };
  }
}

/** What a parent is called in the SQL that reads it. */
export function nameInSql(node: {
  name: string;
  materialized: string;
  relation?: { database: string | null; schema: string; identifier: string };
}): string[] {
  if (node.materialized === 'ephemeral') return [cteName(node.name)];
  const { relation } = node;
  if (relation === undefined) return [node.name];
  return [relation.database, relation.schema, relation.identifier].filter(
    (part) => part !== null && part !== '',
  ) as string[];
}

export function oneLine(text: string): string {
  return text.trim().replace(/\s*\n\s*/g, ' ');
}
