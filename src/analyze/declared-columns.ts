/** Columns that are known without any query: from the catalog, from YAML, from a seed's file. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { isExternalSource } from '../adapters/shared/copy/external-source.ts';
import type { Column } from '../manifest/column.ts';
import { type CompiledNode, type GraphNode, isSource } from '../manifest/nodes.ts';
import { readSeed } from '../materializations/seed/read-seed.ts';
import type { Finding } from './finding.ts';

export interface DeclaredOptions {
  projectDir: string;
  /** From the catalog. */
  catalog: readonly Column[] | undefined;
}

/** A source, a seed, or a model whose query says nothing. */
export function declaredColumns(node: GraphNode, options: DeclaredOptions): Finding {
  const seed =
    node.resource_type === 'seed' ? seedColumns(node as CompiledNode, options.projectDir) : undefined;
  const columns = options.catalog ?? seed;
  if (columns !== undefined && columns.length > 0) {
    return {
      columns: columns.map(({ name, dataType }) => ({ name, type: dataType })),
      origin: options.catalog === undefined ? 'analysis' : 'catalog',
      edges: [],
    };
  }
  const declared = Object.values((node as CompiledNode).columns ?? {}).map(({ name, data_type }) => ({
    name,
    type: data_type ?? null,
  }));
  // files are read by exactly the columns that are declared; of a table YAML may describe a few only
  const whole = isSource(node) && isExternalSource(node) && declared.length > 0;
  return {
    columns: declared,
    origin: declared.length > 0 ? 'yaml' : 'none',
    edges: [],
    ...(whole ? {} : { open: true }),
    ...(declared.some(({ type }) => type === null) || !whole ? { vague: true } : {}),
  };
}

/** A larger file is not read for the sake of its types. */
const LARGEST = 4_000_000;

function seedColumns(node: CompiledNode, projectDir: string): Column[] | undefined {
  const path = join(node.root_path ?? projectDir, node.original_file_path);
  try {
    if (statSync(path).size > LARGEST) return undefined;
    return readSeed({
      path,
      shownPath: node.original_file_path,
      delimiter: String(node.config.delimiter ?? ','),
      columnTypes: node.config.column_types ?? {},
    }).columns;
  } catch {
    // a file that cannot be read is told by `sq seed`
    return undefined;
  }
}
