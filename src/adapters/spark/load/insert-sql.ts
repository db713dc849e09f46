import type { Column } from '../../../manifest/column.ts';
import { sparkDialect } from '../dialect.ts';

/** Rows of texts (columns c1, c2, … of `view`) into a table, each cast to its column's type. */
export function insertSql(into: string, columns: readonly Column[], view: string): string {
  const cells = columns.map(({ dataType }, i) => {
    const cell = `c${i + 1}`;
    if (dataType === 'string') return cell;
    return dataType === 'binary' ? `unhex(ltrim('\\\\x', ${cell}))` : `cast(${cell} as ${dataType})`;
  });
  const names = columns.map(({ name }) => sparkDialect.quote(name));
  return `insert into ${into} (${names.join(', ')}) select ${cells.join(', ')} from ${view}`;
}
