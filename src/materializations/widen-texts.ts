/** Text columns of an incremental table follow the texts that are to come, where the engine refuses longer ones. */
import type { Column } from '../manifest/column.ts';
import type { Relation } from '../manifest/relation.ts';
import { columnsOf, macro, type PlanState, run, type Statement, type Step } from './contract.ts';

/** One statement a column that is too narrow for `source`, each outside transactions. Asks for the columns of both. */
export function* widenTexts(
  target: Relation,
  source: Relation,
  state: PlanState,
): Generator<Step, void, unknown> {
  const inTable = new Map((yield* columnsOf(target)).map((column) => [column.name.toLowerCase(), column]));
  const statements: Statement[] = [];
  for (const column of yield* columnsOf(source)) {
    const stored = inTable.get(column.name.toLowerCase());
    if (stored === undefined || !isWider(column, stored, state)) continue;
    const sql = yield* macro('get_widen_column_sql', target, stored.name, column.dataType);
    statements.push({ sql, outsideTransaction: true });
  }
  if (statements.length > 0) yield* run(...statements);
}

function isWider(column: Column, stored: Column, { dialect }: PlanState): boolean {
  const [wanted, has] = [dialect.describeType(column.dataType), dialect.describeType(stored.dataType)];
  return wanted.isString && has.isString && (wanted.charSize ?? 0) > (has.charSize ?? 0);
}
