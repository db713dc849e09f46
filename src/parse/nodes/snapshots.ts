/** `{% snapshot %}` blocks -> snapshot nodes; a file may hold several. */
import type { CompiledNode } from '../../manifest/nodes.ts';
import { scanBlocks } from '../../template/index.ts';
import type { ConfigLayer } from '../config/merge.ts';
import type { NameResolver } from '../names.ts';
import type { ParseSession, SourceFile } from '../session.ts';
import { sqlNode } from './sql-node.ts';

export function snapshotNodes(
  session: ParseSession,
  names: NameResolver,
  source: SourceFile,
  text: string,
  patchOf: (name: string) => ConfigLayer | undefined,
): CompiledNode[] {
  const { file, package: pkg } = source;
  return scanBlocks(text, file.path, ['snapshot']).map((block) => {
    const node = sqlNode({
      session,
      names,
      pkg,
      resourceType: 'snapshot',
      name: block.name,
      path: file.relative,
      originalPath: file.path,
      // dbt's checksum of a snapshot is of its own block
      fileText: block.contents,
      text: block.contents,
      span: block.contentsSpan,
      patch: patchOf(block.name),
    });
    // where the block begins, for the places of errors; not enumerable: it is no field of the artefact
    Object.defineProperty(node, 'sq_span', { value: block.contentsSpan, enumerable: false });
    return node;
  });
}
