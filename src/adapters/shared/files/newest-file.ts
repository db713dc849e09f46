import { statSync } from 'node:fs';
import type { SourceNode } from '../../../manifest/nodes.ts';
import { externalSource } from '../copy/external-source.ts';
import { absolutePath } from './location.ts';
import { type FilesContext, listFiles } from './source-files.ts';

/** When the newest file of an external source was written. Throws SqError when there are none. */
export async function newestFile(source: SourceNode, context: FilesContext): Promise<Date> {
  const { files } = await listFiles(externalSource(source, context.projectDir), context, null);
  let newest = 0;
  for (const { name, modifiedMs } of files) {
    const at = modifiedMs ?? statSync(absolutePath(context.projectDir, name)).mtimeMs;
    newest = Math.max(newest, at);
  }
  return new Date(newest);
}
