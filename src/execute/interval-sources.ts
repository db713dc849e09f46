import type { CompiledNode, SourceNode } from '../manifest/nodes.ts';
import { isSource } from '../manifest/nodes.ts';
import type { ExecuteRequest } from './contract.ts';

/**
 * Before anything is built: files of copy models that are named by the interval can be named. Throws SqError kind
 * Runtime where they cannot; that is no failure of one node, nothing has run.
 */
export function checkIntervals(
  { manifest, compiler }: Pick<ExecuteRequest, 'manifest' | 'compiler'>,
  nodes: readonly string[],
): void {
  for (const id of nodes) {
    if (manifest.index.get(id)?.materialized !== 'copy') continue;
    for (const parent of (manifest.get(id) as CompiledNode).depends_on.nodes) {
      const source = manifest.get(parent);
      if (source !== undefined && isSource(source)) compiler.sourceNow(source as SourceNode);
    }
  }
}
