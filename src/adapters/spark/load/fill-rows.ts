import { renderRelation } from '../../../manifest/relation.ts';
import type { RowsOrder } from '../../contract.ts';
import { sparkDialect } from '../dialect.ts';
import type { SparkSession } from '../session.ts';
import { insertSql } from './insert-sql.ts';

const VIEW = 'sq_rows_to_fill';

/** Rows into a table that is there, batch by batch. */
export async function fillRows(order: RowsOrder, session: SparkSession): Promise<void> {
  const into = renderRelation(order.into);
  const columns = order.columns.map(({ name, dataType }) => ({
    name,
    dataType: sparkDialect.translateType(dataType),
  }));
  for (const batch of order.batches) {
    await session.rowsAsView(VIEW, batch, columns.length);
    await session.execute(insertSql(into, columns, VIEW));
  }
  await session.execute(`drop view if exists ${VIEW}`);
}
