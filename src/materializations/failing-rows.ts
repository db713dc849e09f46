/**
 * A write that is rolled back takes its rows with it, so the rows that failed are fetched before and kept in
 * `<name>__rejected` after it (decision 17): at most 1,000 a guard.
 */

import type { Column } from '../manifest/column.ts';
import type { Relation } from '../manifest/relation.ts';
import { rejectedOf } from './beside-names.ts';
import {
  type AuditVerdict,
  macro,
  type Plan,
  type PlanState,
  query,
  queryColumns,
  run,
  type Step,
} from './contract.ts';
import { rejectionMessage } from './rejection.ts';

const MOST_ROWS = 1000;
/** Column of `<name>__rejected` that names the test; the others are what the tests' queries gave. */
const TEST_COLUMN = 'sq_test';

type Cell = string | null;

/** Ends a plan whose transaction is open and refused: rolls back, keeps the failing rows, says so. */
export function* rejectFailingRows(target: Relation, verdict: AuditVerdict, state: PlanState): Plan {
  const { columns, rows } = yield* failingRows(verdict);
  yield { kind: 'rollback' };
  let rejected: Relation | null = null;
  if (rows.length > 0) {
    rejected = { ...rejectedOf(target, state), type: 'table' };
    const sql = state.dialect.literalRowsSql(columns, rows);
    yield* run({ sql: yield* macro('create_table_as', false, rejected, sql) });
    yield { kind: 'cache', added: [rejected] };
  }
  return {
    message: rejectionMessage(target, verdict, { rejected, published: true }),
    rowsAffected: null,
    status: 'error',
    relations: [target],
    ...(rejected === null ? {} : { rejected }),
  };
}

function* failingRows(
  verdict: AuditVerdict,
): Generator<Step, { columns: Column[]; rows: Cell[][] }, unknown> {
  const types = new Map<string, string>();
  const found: { test: string; names: string[]; rows: unknown[][] }[] = [];
  for (const failure of verdict.failures) {
    const sql = `select * from (\n${failure.sql}\n) as sq_failing limit ${MOST_ROWS}`;
    const columns = yield* queryColumns(sql);
    const rows = yield* query(sql, `rows that fail ${failure.name}, kept before the write is rolled back`);
    for (const column of columns) {
      const known = types.get(column.name);
      // tests may call different things by one name
      types.set(column.name, known === undefined || known === column.dataType ? column.dataType : 'varchar');
    }
    found.push({ test: failure.name, names: columns.map((column) => column.name), rows });
  }
  const names = [...types.keys()];
  const columns = [
    { name: TEST_COLUMN, dataType: 'varchar' },
    ...names.map((name) => ({ name, dataType: keptType(types.get(name)!) })),
  ];
  const rows = found.flatMap(({ test, names: own, rows: values }) =>
    values.map((row) => [
      test,
      ...names.map((name) => cell(own.includes(name) ? row[own.indexOf(name)] : null)),
    ]),
  );
  return { columns, rows };
}

/** Simple types can be cast back from their text; the others are kept as text. */
function keptType(dataType: string): string {
  const simple =
    /^(boolean|(tiny|small|big|huge|u\w*)?int\w*|bigint|decimal\(.*\)|numeric(\(.*\))?|double( precision)?|real|float\d?|date|timestamp[a-z ]*)$/i;
  return simple.test(dataType) ? dataType : 'varchar';
}

function cell(value: unknown): Cell {
  return value === null || value === undefined ? null : String(value);
}
