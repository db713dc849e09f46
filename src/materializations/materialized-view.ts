/**
 * `materialized: materialized_view`: a query whose rows the engine keeps. Made when it is not there, refreshed when
 * it is as the project says, altered or made anew when it is not (config `on_configuration_change`).
 */
import { SqError } from '../errors.ts';
import type { CompiledNode } from '../manifest/nodes.ts';
import { type Relation, renderRelation } from '../manifest/relation.ts';
import {
  type Materialization,
  macro,
  type Plan,
  type PlanNode,
  type PlanState,
  query,
  run,
  type Statement,
  type Step,
} from './contract.ts';
import { docsAndGrants, hasDocsOrGrants } from './docs-and-grants.ts';
import { indexChanges, indexStatements } from './indexes.ts';
import { dropStatements } from './leftovers.ts';
import { hooks, hooksNeedTransaction } from './node-hooks.ts';
import { notBuiltYet } from './not-built-yet.ts';
import { succeeded } from './publish.ts';

export const materializedView: Materialization = {
  name: 'materialized_view',
  plan: (input, state) =>
    state.dialect.capabilities.materializedViews === true
      ? build(input, state)
      : notBuiltYet('materialized_view').plan(input, state),
};

/** `what` differs between the project and the engine. */
interface Difference {
  what: 'definition' | 'auto_refresh' | 'indexes';
  /** Of `indexes`: what alters them. */
  alter?: Statement[];
}

/** Statements sent: 1 (create, refresh or alter), or 2 in one transaction (drop and create); one question if it is there. */
function* build(input: PlanNode, state: PlanState): Plan {
  const { node } = input;
  const target: Relation = { ...input.target, type: 'materialized_view' };
  yield* hooks(node, 'pre', false);
  const inTransaction = hooksNeedTransaction(node) || hasDocsOrGrants(node, state);
  if (inTransaction) yield { kind: 'begin' };
  yield* hooks(node, 'pre', true);
  const statements = yield* statementsFor(input, state, target);
  const results = yield* run(...statements);
  yield* docsAndGrants(node, target, state, { kept: state.existing !== null });
  yield* hooks(node, 'post', true);
  if (inTransaction) yield { kind: 'commit' };
  yield { kind: 'cache', added: [target] };
  yield* hooks(node, 'post', false);
  return succeeded(statements, results, target);
}

function* statementsFor(
  input: PlanNode,
  state: PlanState,
  target: Relation,
): Generator<Step, Statement[], unknown> {
  const { existing } = state;
  const create: Statement = {
    sql: yield* macro('get_create_materialized_view_as_sql', target, input.sql),
    main: true,
  };
  const made = [create, ...(yield* indexStatements(input.node, target))];
  if (existing === null) {
    yield* macro('log_relation_change', 'CREATE', target);
    return made;
  }
  const replace = function* (): Generator<Step, Statement[], unknown> {
    yield* macro('log_relation_change', 'REPLACE', target);
    return [...(yield* dropStatements([existing])), ...made];
  };
  if (existing.type !== 'materialized_view' || state.fullRefresh) return yield* replace();

  const refresh: Statement = {
    sql: yield* macro('refresh_materialized_view', target),
    main: true,
    outsideTransaction: true,
  };
  const difference = yield* differenceOf(input.node, target, create.sql);
  if (difference === undefined) {
    yield* macro('log_relation_change', 'REFRESH', target);
    return [refresh];
  }
  const policy = policyOf(input.node);
  if (policy === 'fail') throw changed(target, difference);
  if (policy === 'continue') {
    yield {
      kind: 'notice',
      topic: 'on-configuration-change',
      msg: `Configuration changes were identified and \`on_configuration_change\` was set to \`continue\` for \`${renderRelation(target)}\`: ${words(difference)} differs and was left as it is`,
    };
    return [refresh];
  }
  if (difference.alter !== undefined) {
    yield* macro('log_relation_change', 'ALTER', target);
    return [...difference.alter, refresh];
  }
  if (difference.what === 'auto_refresh') {
    yield* macro('log_relation_change', 'ALTER', target);
    const wanted = input.node.config.auto_refresh === true;
    const alter = yield* macro('get_alter_auto_refresh_sql', target, wanted);
    return [{ sql: alter, outsideTransaction: true }, refresh];
  }
  return yield* replace();
}

/**
 * The engine keeps the text that made the view: it is compared with the text that would make it now, but for
 * the clause that can be altered later. Where it shows no text (to others than the owner) nothing is known to
 * differ.
 */
function* differenceOf(
  node: CompiledNode,
  target: Relation,
  wanted: string,
): Generator<Step, Difference | undefined, unknown> {
  const changes = yield* indexChanges(node, target);
  if (changes !== undefined) {
    const alter: Statement[] = [];
    for (const name of changes.drop) alter.push({ sql: yield* macro('get_drop_index_sql', target, name) });
    for (const index of changes.make)
      alter.push({ sql: yield* macro('get_create_index_sql', target, index) });
    return { what: 'indexes', alter };
  }
  const sql = yield* macro('get_materialized_view_state_sql', target);
  if (sql === '') return undefined;
  const [row] = yield* query(sql, 'how the materialized view was made');
  const [text, autoRefresh] = row ?? [];
  if (typeof text === 'string' && comparable(text) !== comparable(wanted)) return { what: 'definition' };
  const refreshes = /^(?:t|true|y|yes|1)$/i.test(String(autoRefresh ?? 'f').trim());
  return refreshes === (node.config.auto_refresh === true) ? undefined : { what: 'auto_refresh' };
}

/** Without the name in front, AUTO REFRESH, case and blanks outside of what they separate. */
function comparable(text: string): string {
  return text
    .replace(/^\s*create\s+materialized\s+view\s+\S+/i, '')
    .replace(/\bauto\s+refresh\s+(?:yes|no)\b/i, '')
    .replace(/;\s*$/, '')
    .replace(/\s+/g, ' ')
    .trim()
    .toLowerCase();
}

function policyOf(node: CompiledNode): 'apply' | 'continue' | 'fail' {
  const configured = node.config.on_configuration_change ?? 'apply';
  if (configured === 'apply' || configured === 'continue' || configured === 'fail') return configured;
  throw new SqError({
    kind: 'Compilation',
    code: 'on-configuration-change',
    message: `config 'on_configuration_change' is '${String(configured)}'`,
    hint: 'it is one of: apply, continue, fail',
  });
}

function words({ what }: Difference): string {
  return what === 'definition' ? 'the query, dist, sort or backup' : what;
}

function changed(target: Relation, difference: Difference): SqError {
  return new SqError({
    kind: 'Runtime',
    code: 'configuration-changed',
    message: `Configuration changes were identified and \`on_configuration_change\` was set to \`fail\` for \`${renderRelation(target)}\`: ${words(difference)}`,
    hint: 'set on_configuration_change to apply, or run the model with --full-refresh',
  });
}
