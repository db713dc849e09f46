/** Seeds: a CSV file as a table, its types found as dbt finds them. */
import type { Relation } from '../../manifest/relation.ts';
import {
  fillRows,
  type Materialization,
  macro,
  type PlanNode,
  type PlanResult,
  type PlanState,
  run,
  type SeedFile,
  type SeedRequest,
  type Statement,
  type Step,
  seedFile,
} from '../contract.ts';
import { literalBatches } from '../literal-batches.ts';
import { publish } from '../publish.ts';
import { withCell } from './bad-cell.ts';

/**
 * Statements sent: create and one insert for 10,000 rows (fewer where the dialect says so), in one transaction;
 * rows after the first insert go the engine's quickest way where it has one. The table is made anew each
 * time, so a seed whose columns changed needs no --full-refresh.
 */
export const seed: Materialization = {
  name: 'seed',
  plan: function* (input, state) {
    const request: SeedRequest = {
      path: input.seedPath ?? '',
      shownPath: input.node.original_file_path,
      delimiter: delimiterOf(input),
      columnTypes: input.node.config.column_types ?? {},
    };
    const file = yield* seedFile(request);
    const rowCount = state.empty === true ? 0 : file.rowCount;
    const most = state.isOverridden('get_batch_size') ? Number(yield* macro('get_batch_size')) : 0;
    const parts = most >= 1 ? inPartsOf(most, file.batches) : file.batches;
    const batches = literalBatches(parts, file.columns.length, state.dialect);
    const firstBatch = rowCount === 0 ? undefined : nextOf(batches);
    const first = function* (relation: Relation, replace: boolean): Generator<Step, Statement[], unknown> {
      const create = yield* macro('get_create_seed_table_sql', relation, asArguments(file), replace);
      const insert =
        firstBatch === undefined ? [] : [yield* insertStatement(relation, file, firstBatch, state)];
      return [{ sql: create, main: true }, ...insert];
    };
    const many = firstBatch !== undefined && rowCount > firstBatch.length;
    let result: PlanResult;
    try {
      result = yield* publish({
        input,
        state,
        type: 'table',
        create: (relation) => first(relation, false),
        ...(state.dialect.capabilities.atomicReplace && {
          replace: (relation: Relation) => first(relation, true),
        }),
        ...(many && {
          fill: function* (relation: Relation) {
            const order = {
              into: relation,
              columns: file.columns,
              rowCount: rowCount - firstBatch.length,
              batches,
            };
            if (yield* fillRows(order)) return;
            for (let batch = nextOf(batches); batch !== undefined; batch = nextOf(batches)) {
              yield* run(yield* insertStatement(relation, file, batch, state));
            }
          },
        }),
      });
    } catch (error) {
      throw withCell(error, request, file);
    }
    // dbt's words: whether a full refresh was asked for, and how many rows the file has
    const message = `${state.fullRefresh ? 'CREATE' : 'INSERT'} ${rowCount}`;
    return result.status === 'success' ? { ...result, message, rowsAffected: rowCount } : result;
  },
};

type Batch = readonly (readonly (string | null)[])[];

/** As many rows a statement as the project's macro `get_batch_size` says. */
function* inPartsOf(most: number, batches: Iterable<Batch>): Generator<Batch> {
  for (const batch of batches) {
    for (let from = 0; from < batch.length; from += most) yield batch.slice(from, from + most);
  }
}

function nextOf(batches: Iterator<Batch>): Batch | undefined {
  const next = batches.next();
  return next.done === true ? undefined : next.value;
}

function* insertStatement(
  relation: Relation,
  file: SeedFile,
  rows: Batch,
  state: PlanState,
): Generator<Step, Statement, unknown> {
  const { dialect } = state;
  const names = file.columns.map((column) => column.name);
  const query = dialect.literalRowsSql(file.columns, rows);
  return { sql: yield* macro('get_insert_seed_rows_sql', relation, names, query) };
}

function asArguments(file: SeedFile): { name: string; dataType: string }[] {
  return file.columns.map(({ name, dataType }) => ({ name, dataType }));
}

function delimiterOf(input: PlanNode): string {
  const { delimiter } = input.node.config;
  return typeof delimiter === 'string' ? delimiter : ',';
}
