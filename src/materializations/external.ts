/**
 * `materialized: external`: the rows of a query as files in a folder of the lake, and over them the engine's own
 * table (where an `external_schema` is configured) or a view. Engines that cannot write files say so when the
 * model is compiled.
 */
import type { UnloadAnswer } from '../adapters/loader-contract.ts';
import { type Relation, relation } from '../manifest/relation.ts';
import {
  type Materialization,
  macro,
  type Plan,
  type PlanNode,
  type PlanState,
  queryColumns,
  run,
  type Step,
} from './contract.ts';
import { externalConfig, externalProblem } from './external-config.ts';
import { hooks } from './node-hooks.ts';

export const external: Materialization = {
  name: 'external',
  plan: (input, state) => unload(input, state),
};

/** Statements sent: one that writes the files; with a table over them one question, and two or three when it is new. */
function* unload(input: PlanNode, state: PlanState): Plan {
  const { node, target } = input;
  if (state.dialect.capabilities.unload !== true)
    throw externalProblem(
      node,
      `the ${state.dialect.type} adapter cannot write files`,
      'run this model on DuckDB, Redshift or Spark (--target), or make it a table or view here',
    );
  if (state.audited)
    throw externalProblem(
      node,
      'publish: audited is set, and files cannot be tested before they stand',
      'set publish: immediate for it: its tests run after it is written',
    );
  const config = externalConfig(node, state);
  yield* hooks(node, 'pre', false);
  yield* hooks(node, 'pre', true);
  const columns = yield* queryColumns(input.sql);
  for (const name of config.partitionBy) {
    if (columns.some((column) => column.name.toLowerCase() === name.toLowerCase())) continue;
    throw externalProblem(
      node,
      `partition_by names '${name}', which the query does not give`,
      `its columns are: ${columns.map((column) => column.name).join(', ')}`,
    );
  }
  if (config.partitionBy.length > 0 && config.partitionBy.length === columns.length)
    throw externalProblem(
      node,
      'partition_by names every column, and files would have none',
      'leave one out: the values of partition columns stand in the names of folders only',
    );
  const answer = (yield {
    kind: 'unload',
    request: {
      sql: input.sql,
      columns,
      ...config,
      table: target.identifier ?? '',
      into: target,
      runId: state.runId,
      preview: false,
    },
  }) as UnloadAnswer;
  for (const msg of answer.notices ?? []) yield { kind: 'notice', topic: 'external', msg };
  if (answer.manyPartitions !== undefined)
    yield { kind: 'warning', event: 'ManyPartitions', msg: answer.manyPartitions };
  const made =
    answer.table !== null
      ? yield* known(target, answer.table)
      : answer.view !== undefined
        ? yield* viewOver(target, answer.view, state)
        : undefined;
  yield* hooks(node, 'post', true);
  yield* hooks(node, 'post', false);
  return {
    message: `UNLOAD ${answer.rows}`,
    rowsAffected: answer.rows,
    status: 'success',
    relations: made === undefined ? [] : [made],
  };
}

function* known(
  target: Relation,
  { schema, name }: { schema: string; name: string },
): Generator<Step, Relation, unknown> {
  const made = relation(target.database, schema, name, { type: 'external', quote: target.quote });
  yield { kind: 'cache', added: [made] };
  return made;
}

/** Statements: one; with another kind of relation in its place two, in one transaction. */
function* viewOver(target: Relation, sql: string, state: PlanState): Generator<Step, Relation, unknown> {
  const view: Relation = { ...target, type: 'view' };
  const { existing } = state;
  if (existing?.type === 'view') yield* run({ sql: yield* macro('get_replace_view_sql', view, sql) });
  else {
    const drop = existing === null ? [] : [{ sql: yield* macro('get_drop_sql', existing) }];
    yield* run(...drop, { sql: yield* macro('create_view_as', view, sql) });
  }
  yield { kind: 'cache', added: [view] };
  return view;
}
