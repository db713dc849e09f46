/**
 * `materialized: copy`: the files of an external source as a table. The rows are always loaded beside first, so
 * a file that cannot be read harms nothing; what follows is one short transaction.
 */
import type { ListAnswer, LoadAnswer, SourceFile } from '../adapters/loader-contract.ts';
import { SqError } from '../errors.ts';
import type { SourceNode } from '../manifest/nodes.ts';
import { type Relation, renderRelation } from '../manifest/relation.ts';
import { stageOf } from './beside-names.ts';
import {
  type Materialization,
  type Plan,
  type PlanNode,
  type PlanState,
  query,
  type Step,
} from './contract.ts';
import { copyColumns } from './copy-body.ts';
import { type CopyConfig, copyConfig } from './copy-config.ts';
import { leftOutNotice, loadRefused } from './copy-errors.ts';
import { keepInterval, refuseWidePartition, wouldLoseRest } from './copy-interval.ts';
import { Ledger } from './copy-ledger.ts';
import { addLoaded, type LoadedStage, replaceByLoaded } from './copy-publish.ts';
import { clearLeftovers } from './leftovers.ts';
import { hooks } from './node-hooks.ts';

export const copy: Materialization = {
  name: 'copy',
  plan: function* (input, state) {
    const columns = copyColumns(input.node, input.source);
    const source = input.source as SourceNode;
    return yield* load({ input, state, source, columns, config: copyConfig(input.node, source, input.part) });
  },
};

interface CopyOrder {
  input: PlanNode;
  state: PlanState;
  source: SourceNode;
  columns: readonly string[] | null;
  config: CopyConfig;
}

function* load(order: CopyOrder): Plan {
  const { input, state, config } = order;
  const target: Relation = { ...input.target, type: 'table' };
  // without an interval the files are all there are: what stood there before is replaced
  const whole = config.mode === 'partition' && input.part === 'all';
  const anew = whole || config.mode === 'replace' || state.existing?.type !== 'table' || state.fullRefresh;
  if (typeof input.part === 'object') {
    refuseWidePartition(input, config);
    if (state.fullRefresh && state.existing?.type === 'table') throw wouldLoseRest(input);
  }
  yield* clearLeftovers(target, state);
  yield* hooks(input.node, 'pre', false);

  const ledger = new Ledger(target, state);
  const into = stageOf(target, state, 'table');
  const before = config.mode === 'append' && !anew ? yield* ledger.read() : [];
  const asked = { source: order.source, columns: order.columns, into };
  const listed = (yield {
    kind: 'loader',
    request: {
      kind: 'list',
      ...asked,
      ledger: config.mode === 'append' ? { loaded: before, changed: config.changed } : null,
    },
  }) as ListAnswer;
  for (const msg of listed.notices) yield { kind: 'notice', topic: 'copy', msg };
  const files = isEmptied(input.sql) ? [] : yield* filesToLoad(listed.files, { target, config });
  if (config.mode === 'append' && !anew) {
    if (before.length === 0) yield* refuseUnknownRows(target);
    if (files.length === 0) return yield* nothingNew(order, target);
  }

  const loadedAll = (yield {
    kind: 'loader',
    request: {
      kind: 'load',
      ...asked,
      files,
      statements: listed.statements,
      maxErrors: config.maxErrors,
      countRows: config.mode === 'append',
    },
  }) as LoadAnswer;
  if (!loadedAll.loaded)
    throw loadRefused(target, loadedAll, { maxErrors: config.maxErrors, published: state.existing !== null });
  const answer = yield* keepInterval(loadedAll, into, { input, config });
  for (const msg of answer.notices) yield { kind: 'notice', topic: 'copy', msg };

  const loaded: LoadedStage = {
    input,
    state,
    config,
    target,
    stage: into,
    columns: listed.columns,
    files,
    answer,
    ledger,
  };
  const result = anew ? yield* replaceByLoaded(loaded) : yield* addLoaded(loaded);
  if (result.status === 'success') {
    if (answer.errors.length > 0)
      yield { kind: 'notice', topic: 'copy', msg: leftOutNotice(target, answer.errors, state) };
    yield* hooks(input.node, 'post', false);
  }
  return result;
}

/** `--empty`: the compiled body has no rows, so neither has the table. */
function isEmptied(sql: string): boolean {
  return /\bwhere false limit 0\)/.test(sql);
}

/** The new ones, and with `changed: append` the changed ones. Throws for a changed one that nobody decided about. */
function* filesToLoad(
  files: readonly SourceFile[],
  { target, config }: { target: Relation; config: CopyConfig },
): Generator<Step, SourceFile[], unknown> {
  const changed = files.filter(({ state }) => state === 'changed');
  const before =
    files.filter(({ state }) => state === 'loaded').length + (config.changed === 'skip' ? changed.length : 0);
  if (changed.length > 0 && config.changed === 'error') throw changedFiles(target, changed);
  if (before > 0) {
    const msg = `${target.identifier}: ${before} ${before === 1 ? 'file' : 'files'} skipped, loaded before`;
    yield { kind: 'notice', topic: 'copy', msg };
  }
  return files.filter(({ state }) => state === 'new' || (state === 'changed' && config.changed === 'append'));
}

/** A table with rows of which the ledger knows nothing: loading would double what is there already. */
function* refuseUnknownRows(target: Relation): Generator<Step, void, unknown> {
  const name = renderRelation(target);
  const rows = yield* query(
    `select 1 from ${name} limit 1`,
    'whether the table holds rows that no ledger knows',
  );
  if (rows.length === 0) return;
  throw new SqError({
    kind: 'Runtime',
    code: 'ledger-missing',
    message: `${name} holds rows, and the ledger sq_loads knows of no file that was loaded into it.`,
    hint: 'it was filled in another way or in another mode: --full-refresh loads all files anew and begins the ledger',
  });
}

function* nothingNew({ input, state }: CopyOrder, target: Relation): Plan {
  yield* hooks(input.node, 'pre', true);
  yield* hooks(input.node, 'post', true);
  yield* hooks(input.node, 'post', false);
  return {
    message: 'COPY 0',
    rowsAffected: 0,
    status: 'success',
    relations: state.existing === null ? [] : [target],
  };
}

function changedFiles(target: Relation, changed: readonly SourceFile[]): SqError {
  const shown = changed.slice(0, 5).map(({ name }) => `  ${name}`);
  const more = changed.length > 5 ? [`  ... and ${changed.length - 5} more`] : [];
  const what =
    changed.length === 1
      ? '1 file that was loaded before has'
      : `${changed.length} files that were loaded before have`;
  return new SqError({
    kind: 'Runtime',
    code: 'changed-files',
    message: [
      `${what} other content now, so nothing was loaded into ${target.identifier}:`,
      ...shown,
      ...more,
    ].join('\n'),
    hint: '--full-refresh loads all files anew; load: {changed: skip} leaves such files alone, {changed: append} adds their rows to the rows of before',
  });
}
