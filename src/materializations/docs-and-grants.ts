/** Configs `persist_docs` and `grants`: what a relation says about itself, and who may use it. */
import type { CompiledNode } from '../manifest/nodes.ts';
import type { Relation } from '../manifest/relation.ts';
import { columnsOf, type MacroArgument, macro, type PlanState, query, run, type Step } from './contract.ts';

type Grants = Readonly<Record<string, readonly string[]>>;

/** True when something has to follow the main statement in its transaction. */
export function hasDocsOrGrants(node: CompiledNode, state: PlanState): boolean {
  return asksDocs(node) || (state.dialect.capabilities.grants === true && grantsOf(node) !== undefined);
}

/** `kept`: the relation stood there before and has grants of then. Runs in the transaction that is open. */
export function* docsAndGrants(
  node: CompiledNode,
  target: Relation,
  state: PlanState,
  { kept }: { kept: boolean },
): Generator<Step, void, unknown> {
  if (asksDocs(node)) yield* persistDocs(node, target, state);
  const grants = grantsOf(node);
  if (grants === undefined) return;
  if (state.isOverridden('apply_grants')) yield* macro('apply_grants', target, grants as MacroArgument, kept);
  else if (state.dialect.capabilities.grants === true) yield* applyGrants(target, grants, kept);
}

function* persistDocs(
  node: CompiledNode,
  target: Relation,
  state: PlanState,
): Generator<Step, void, unknown> {
  const asked = node.config.persist_docs as { relation?: boolean; columns?: boolean };
  if (state.isOverridden('persist_docs')) {
    yield* macro('persist_docs', target, node as unknown as MacroArgument);
    return;
  }
  if (asked.relation === true && node.description !== '') {
    yield* run({ sql: yield* macro('alter_relation_comment', target, node.description) });
  }
  if (asked.columns !== true || Object.keys(node.columns).length === 0) return;
  const names = (yield* columnsOf(target)).map(({ name }) => name);
  // it warns of columns that are not there, and gives the others
  const columns: MacroArgument = yield* macro(
    'validate_doc_columns',
    target,
    node.columns as unknown as MacroArgument,
    names,
  );
  const sql = yield* macro('alter_column_comment', target, columns);
  if (sql !== '') yield* run({ sql });
}

/** What is granted too much is revoked, what lacks is granted; of a relation made anew nothing is asked. */
function* applyGrants(target: Relation, wanted: Grants, kept: boolean): Generator<Step, void, unknown> {
  const present = kept ? yield* grantsNow(target) : {};
  const sqls: string[] = [];
  for (const [privilege, grantees] of Object.entries(without(present, wanted)))
    sqls.push(yield* macro('get_revoke_sql', target, privilege, grantees));
  for (const [privilege, grantees] of Object.entries(without(wanted, present)))
    sqls.push(yield* macro('get_grant_sql', target, privilege, grantees));
  if (sqls.length > 0) yield* run(...sqls.map((sql) => ({ sql })));
}

function* grantsNow(target: Relation): Generator<Step, Grants, unknown> {
  const sql = yield* macro('get_show_grant_sql', target);
  const found: Record<string, string[]> = {};
  for (const [grantee, privilege] of yield* query(sql, 'who may use the relation now')) {
    const name = String(privilege).toLowerCase();
    found[name] = [...(found[name] ?? []), String(grantee)];
  }
  return found;
}

/** Of `some` what is not in `others`; names compare without regard to case, as in dbt. */
function without(some: Grants, others: Grants): Record<string, string[]> {
  const lower = new Map(
    Object.entries(others).map(([privilege, grantees]) => [
      privilege.toLowerCase(),
      grantees.map((grantee) => grantee.toLowerCase()),
    ]),
  );
  const left = Object.entries(some).map(([privilege, grantees]) => [
    privilege,
    grantees.filter(
      (grantee) => lower.get(privilege.toLowerCase())?.includes(grantee.toLowerCase()) !== true,
    ),
  ]);
  return Object.fromEntries(left.filter(([, grantees]) => (grantees as string[]).length > 0));
}

function asksDocs({ config }: CompiledNode): boolean {
  const asked = config.persist_docs as { relation?: unknown; columns?: unknown } | null | undefined;
  return asked?.relation === true || asked?.columns === true;
}

/** Undefined when the config names none. A single name stands for a list of one. */
function grantsOf({ config }: CompiledNode): Grants | undefined {
  const given = config.grants as Record<string, unknown> | null | undefined;
  if (typeof given !== 'object' || given === null || Object.keys(given).length === 0) return undefined;
  return Object.fromEntries(
    Object.entries(given).map(([privilege, grantees]) => [
      privilege,
      (Array.isArray(grantees) ? grantees : [grantees]).map(String),
    ]),
  );
}
