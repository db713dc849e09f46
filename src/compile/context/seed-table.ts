/** `load_agate_table()`: the rows of a seed's file, as a table of values. */
import { join } from 'node:path';
import type { Dialect } from '../../adapters/contract.ts';
import { AgateTable } from '../../context/agate-table.ts';
import type { Inspector } from '../../context/inspector.ts';
import type { CompiledNode } from '../../manifest/nodes.ts';
import { literalBatches } from '../../materializations/literal-batches.ts';

/** The engine reads the cells, so that a value is what it will be in the table. Empty for other nodes. */
export async function seedTable(
  node: CompiledNode | null,
  projectDir: string,
  dialect: Dialect,
  inspector: Inspector | undefined,
): Promise<AgateTable> {
  if (node?.resource_type !== 'seed' || inspector === undefined) return AgateTable.empty();
  const { readSeed } = await import('../../materializations/seed/read-seed.ts');
  const { delimiter, column_types } = node.config;
  const { columns, batches } = readSeed({
    path: join(node.root_path ?? projectDir, node.original_file_path),
    shownPath: node.original_file_path,
    delimiter: typeof delimiter === 'string' ? delimiter : ',',
    columnTypes: (column_types as Record<string, string> | undefined) ?? {},
  });
  const ask = (rows: readonly (readonly (string | null)[])[]) =>
    inspector.query(dialect.literalRowsSql(columns, rows), node.unique_id);
  let table = { ...(await ask([columns.map(() => null)])), rows: [] as unknown[][] };
  for (const part of literalBatches(batches, columns.length, dialect)) {
    const read = await ask(part);
    table = { columns: read.columns, rows: [...table.rows, ...read.rows] };
  }
  return new AgateTable({
    columns: table.columns.map((column, i) => ({ ...column, name: columns[i]!.name })),
    rows: table.rows as ConstructorParameters<typeof AgateTable>[0]['rows'],
  });
}
