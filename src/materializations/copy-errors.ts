/** Rows that could not be loaded: the message of a load that is refused, the table of rows that were let go. */
import type { LoadAnswer, LoadError } from '../adapters/loader-contract.ts';
import { SqError } from '../errors.ts';
import type { Column } from '../manifest/column.ts';
import { type Relation, renderRelation, withIdentifier } from '../manifest/relation.ts';
import { fitName } from './beside-names.ts';
import { macro, type PlanState, type Statement, type Step } from './contract.ts';
import { literalBatches } from './literal-batches.ts';

const SHOWN = 5;
/** STL_LOAD_ERRORS's names. */
const COLUMNS: Column[] = [
  { name: 'filename', dataType: 'varchar(1024)' },
  { name: 'line_number', dataType: 'bigint' },
  { name: 'colname', dataType: 'varchar(127)' },
  { name: 'type', dataType: 'varchar(64)' },
  { name: 'raw_field_value', dataType: 'varchar(4096)' },
  { name: 'raw_line', dataType: 'varchar(4096)' },
  { name: 'err_reason', dataType: 'varchar(4096)' },
  { name: 'run_id', dataType: 'varchar(64)' },
];

/** `<model>__load_errors` beside the table. */
export function loadErrorsOf(target: Relation, state: Pick<PlanState, 'dialect'>): Relation {
  return withIdentifier(
    target,
    fitName(target.identifier ?? '', '__load_errors', state.dialect.maxIdentifierBytes),
    'table',
  );
}

/** Kind Runtime: what was refused, where it stands, and that nothing was published. */
export function loadRefused(
  target: Relation,
  { errors, complete, engineMessage }: LoadAnswer & { loaded: false },
  { maxErrors, published }: { maxErrors: number; published: boolean },
): SqError {
  const name = target.identifier ?? '';
  if (errors.length === 0) {
    return new SqError({
      kind: 'Runtime',
      code: 'load',
      message: `Could not load ${name}: ${engineMessage}`,
      hint: 'the files were searched for the row that is to blame, and none was found',
    });
  }
  const what = errors.every(({ column }) => column !== undefined) ? 'value' : 'row';
  const count = `${complete ? '' : 'at least '}${errors.length} ${what}${errors.length === 1 ? '' : 's'}`;
  const lines = errors.slice(0, SHOWN).map(describe);
  const more =
    errors.length > SHOWN ? [`... and ${complete ? '' : 'at least '}${errors.length - SHOWN} more`] : [];
  const head = `Could not load ${count} into ${name}:`;
  const allowed = maxErrors === 0 ? [] : [`maxerror lets ${maxErrors} rows go`];
  const list =
    lines.length === 1 ? [`${head} ${lines[0]}`] : [head, ...[...lines, ...more].map((line) => `  ${line}`)];
  return new SqError({
    kind: 'Runtime',
    code: 'load',
    message: [
      ...list,
      ...allowed,
      published ? `${name} still holds what was loaded before` : 'nothing was loaded',
    ].join('\n'),
    hint: `mend the file${new Set(errors.map(({ file }) => file)).size === 1 ? '' : 's'} or the data_type of the column; load: {maxerror: n} leaves up to n rows out and keeps them in ${name}__load_errors`,
  });
}

/** `file log_data/x.json, line 3, column user_id (int4): 'abc' is not an integer`. */
function describe({ file, line, column, type, reason }: LoadError): string {
  const place = [
    `file ${file}`,
    ...(line === null ? [] : [`line ${line}`]),
    ...(column === undefined ? [] : [`column ${column} (${type})`]),
  ];
  return `${place.join(', ')}: ${reason}`;
}

/** One line for the user about rows that were left out. */
export function leftOutNotice(target: Relation, errors: readonly LoadError[], state: PlanState): string {
  const rows = errors.length === 1 ? '1 row was' : `${errors.length} rows were`;
  return `${target.identifier}: ${rows} not loaded (maxerror), see ${renderRelation(loadErrorsOf(target, state))}; the first: ${describe(errors[0] as LoadError)}`;
}

/** Statements that keep `errors`. `anew`: what earlier loads left out is forgotten with their rows. */
export function* keepErrors(
  target: Relation,
  errors: readonly LoadError[],
  { anew, state }: { anew: boolean; state: PlanState },
): Generator<Step, Statement[], unknown> {
  const kept = loadErrorsOf(target, state);
  const existing = state.lookup(kept);
  const statements: Statement[] = [];
  if (anew && existing !== null) statements.push({ sql: yield* macro('get_drop_sql', existing) });
  if (errors.length === 0) return statements;
  const rows = errors.map((error) => [
    error.file,
    error.line === null ? null : String(error.line),
    error.column ?? null,
    error.type ?? null,
    error.value ?? null,
    error.rawLine,
    error.reason,
    state.runId,
  ]);
  let create = anew || existing === null;
  for (const part of literalBatches([rows], COLUMNS.length, state.dialect)) {
    const literals = state.dialect.literalRowsSql(COLUMNS, part);
    const sql = `select cast(current_timestamp as timestamp) as starttime, sq_errors.* from (${literals}) as sq_errors`;
    if (create) statements.push({ sql: yield* macro('create_table_as', false, kept, sql) });
    else statements.push({ sql: `insert into ${renderRelation(kept)} ${sql}` });
    create = false;
  }
  return statements;
}
