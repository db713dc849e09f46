/** What the hooks of a node ask for: a ref in a hook is a parent, as in dbt. */
import { SqError } from '../../errors.ts';
import type { CompiledNode, Hook } from '../../manifest/nodes.ts';
import { type CaptureInput, capture } from '../capture.ts';

/** Adds refs, sources and macros of the hooks to the node. `input` is that of the node's own text. */
export function captureHooks(node: CompiledNode, input: Omit<CaptureInput, 'text' | 'span'>): void {
  for (const key of ['pre-hook', 'post-hook'] as const) {
    for (const { sql } of (node.config[key] as Hook[] | undefined) ?? []) {
      if (!sql.includes('{')) continue;
      const captured = captureHook(sql, key, node, input);
      node.refs?.push(...captured.refs);
      node.sources?.push(...captured.sources);
      if (node.resource_type === 'seed' && captured.refs.length + captured.sources.length > 0)
        throw seedWithParents(node);
      const { macros } = node.depends_on;
      for (const id of captured.macros) if (!macros.includes(id)) macros.push(id);
    }
  }
}

function seedWithParents(node: CompiledNode): SqError {
  const list = (['pre-hook', 'post-hook'] as const).flatMap((key) =>
    ((node.config[key] as Hook[] | undefined) ?? []).map(({ sql }) => `- ${key.replace('-', '_')}: "${sql}"`),
  );
  return new SqError({
    kind: 'Parsing',
    code: 'seed-parents',
    message: `Seeds cannot depend on other nodes. dbt detected a seed with a pre- or post-hook\nthat calls 'ref', 'source', or 'metric', either directly or indirectly via other macros.\n\nError raised for '${node.unique_id}', which has these hooks defined: \n${list.join('\n')}`,
  });
}

function captureHook(
  sql: string,
  key: string,
  node: CompiledNode,
  input: Omit<CaptureInput, 'text' | 'span'>,
) {
  const path = node.original_file_path;
  try {
    return capture({ ...input, text: sql, span: { path, offset: 0, line: 1, column: 1 } });
  } catch (error) {
    if (!(error instanceof SqError)) throw error;
    // the hook may stand in any of three files: its text says more than a place would
    throw new SqError({
      kind: error.kind,
      code: error.code,
      message: `${error.message}\n${key}: ${sql}`,
      chain: error.chain,
      hint: error.hint,
      node: { resourceType: node.resource_type, name: node.name, path },
      cause: error,
    });
  }
}
