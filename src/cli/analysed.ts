import type { Analysis } from '../analyze/index.ts';
import { createCompiler } from '../compile/index.ts';
import { catalogColumns } from '../docs/catalog/catalog-columns.ts';
import { readCatalogFile } from '../docs/catalog/catalog-file.ts';
import type { Opened } from './open-and-parse.ts';

/**
 * Columns and their lineage of nodes and of what stands above them. The warehouse is not asked: sources have the
 * columns of the last catalog.json, or of their YAML.
 */
export async function analysed({ context, parsed }: Opened, select: Iterable<string>): Promise<Analysis> {
  const { analyze } = await import('../analyze/index.ts');
  const { manifest } = parsed;
  const catalog = readCatalogFile(context.targetPath);
  return analyze({
    context,
    manifest,
    compiler: createCompiler({ context, manifest }),
    select,
    ...(catalog && { catalog: catalogColumns(catalog) }),
  });
}
