import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { compiledFilePath } from '../../execute/artefacts.ts';
import type { Manifest } from '../../manifest/manifest.ts';
import { isCompiled } from '../../manifest/nodes.ts';
import type { CompiledFields } from '../../parse/contract.ts';

export interface CompiledSources {
  manifest: Manifest;
  /** Of this invocation; wins over files. */
  compiled: ReadonlyMap<string, CompiledFields>;
  projectDir: string;
  targetPath: string;
}

/**
 * Compiled SQL by unique id: of this invocation, or from target/compiled, where a file is younger than what it was
 * made from. An older one would show a query that nobody runs any more.
 */
export function compiledCode(sources: CompiledSources): (uniqueId: string) => string | undefined {
  const { manifest, compiled, projectDir, targetPath } = sources;
  return (uniqueId) => {
    const known = compiled.get(uniqueId);
    if (known !== undefined) return known.compiled_code;
    const node = manifest.get(uniqueId);
    if (node === undefined || !isCompiled(node) || node.resource_type === 'seed') return undefined;
    const path = compiledFilePath(targetPath, node, 'compiled');
    try {
      const written = statSync(join(projectDir, node.original_file_path), { throwIfNoEntry: false });
      if (written !== undefined && written.mtimeMs > statSync(path).mtimeMs) return undefined;
      return readFileSync(path, 'utf8');
    } catch {
      return undefined;
    }
  };
}
