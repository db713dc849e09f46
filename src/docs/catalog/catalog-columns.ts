import type { Column } from '../../manifest/column.ts';
import type { Catalog } from '../contract.ts';

/** Columns of relations as the warehouse has them, in their order: what analysis takes types from. */
export function catalogColumns({ nodes, sources }: Catalog): Map<string, Column[]> {
  return new Map(
    [...Object.values(sources), ...Object.values(nodes)].map((table) => [
      table.unique_id,
      Object.values(table.columns)
        .sort((a, b) => a.index - b.index)
        .map(({ name, type }) => ({ name, dataType: type })),
    ]),
  );
}
