/**
 * `{% materialization %}` of a project: the macro runs its statements itself, on the node's session, as dbt
 * does. sq's own materializations are plans; a macro of the same name wins over them.
 */
import type { Batch, StatementAnswer } from '../compile/contract.ts';
import { RelationObject } from '../context/relation-object.ts';
import type { Manifest } from '../manifest/manifest.ts';
import type { CompiledNode, MacroNode } from '../manifest/nodes.ts';
import type { PlanNode, PlanResult } from '../materializations/contract.ts';
import { isBuiltIn } from '../materializations/registry.ts';
import { Dict } from '../template/index.ts';
import type { ManagedSession } from './inspector.ts';
import type { RunState } from './run-state.ts';
import { SessionLease } from './session-lease.ts';

/**
 * The macro that builds nodes of this materialization, from the root project or an installed package: the
 * adapter's form before the default one. Undefined when sq's own is meant.
 */
function customMaterialization(
  manifest: Manifest,
  node: CompiledNode,
  options: {
    rootPackage: string;
    adapterType: string;
    packagesReplace: boolean;
    internal: readonly string[];
  },
): MacroNode | undefined {
  const { materialized } = node.config;
  // dbt: a package replaces what is built in only when the project says so, in a macro of its own or by the flag
  const own = isBuiltIn(materialized) || materialized === 'test';
  const { macroPackages } = manifest;
  const packages = !own
    ? macroPackages
    : options.packagesReplace
      ? macroPackages.filter((name) => !options.internal.includes(name))
      : [options.rootPackage];
  for (const form of [options.adapterType, 'default']) {
    const name = `materialization_${materialized}_${form}`;
    for (const packageName of packages) {
      const macro = manifest.macro(packageName, name);
      if (macro !== undefined) return macro;
    }
  }
  return undefined;
}

/** Macros by which dbt loads a seed; a project that has one of its own gets its seeds loaded by them. */
const SEED_MACROS = [
  'create_csv_table',
  'reset_csv_table',
  'load_csv_rows',
  'get_csv_sql',
  'get_binding_char',
];

/** The macro that builds the node instead of its plan, if there is one. */
export function customMacro(run: RunState, node: CompiledNode): MacroNode | undefined {
  const { manifest, context, compiler } = run.request;
  const { require_explicit_package_overrides_for_builtin_materializations: explicit } =
    run.invocation.flags.other;
  const options = {
    rootPackage: context.project.name,
    adapterType: run.dialect.type,
    packagesReplace: explicit === false,
    internal: [...run.dialect.dispatch.map((type) => `dbt_${type}`), 'dbt'],
  };
  const found = customMaterialization(manifest, node, options);
  if (found !== undefined || node.resource_type !== 'seed') return found;
  return SEED_MACROS.some((name) => compiler.isOverridden(name))
    ? manifest.macro('dbt', 'materialization_seed_default')
    : undefined;
}

/** Calls the macro; what it leaves uncommitted is committed when it ends well, and rolled back otherwise. */
export async function runCustomMaterialization(
  run: RunState,
  macro: MacroNode,
  { node, sql, target }: PlanNode,
  batch?: Batch,
): Promise<PlanResult & { sent: string[] }> {
  const { compiler } = run.request;
  const { driver, sessions, relations } = run.warehouse;
  const lease = new SessionLease({ driver, owner: { name: node.unique_id }, sessions: undefined });
  try {
    const session = await lease.open();
    const managed: ManagedSession = { session, transactions: true, done: [] };
    sessions.set(node.unique_id, managed);
    const answers = new Map<string, StatementAnswer>();
    const answer = await compiler.callMacro(macro, [], node, {
      extra: { sql, compiled_code: sql },
      ...(batch && { batch }),
      answers,
    });
    if (session.inTransaction) await session.commit();
    const made = relationsOf(answer);
    const writes = managed.done.filter(({ result }) => /^[A-Z]+ \d+$|^CREATE /.test(result.message));
    // dbt tells the statement called `main`
    const main = answers.get('main') ?? (writes.at(-1) ?? managed.done.at(-1))?.result;
    if (made === undefined) relations.added(target);
    return {
      message: main?.message ?? 'OK',
      rowsAffected: main?.rowsAffected ?? null,
      status: 'success',
      relations: made ?? [target],
      sent: managed.done.map((statement) => statement.sql),
    };
  } finally {
    sessions.delete(node.unique_id);
    await lease.close();
  }
}

/** `{'relations': [...]}`, what the macro returns. */
function relationsOf(answer: unknown) {
  const list = answer instanceof Dict ? answer.get('relations') : undefined;
  if (!Array.isArray(list)) return undefined;
  return list.filter((item) => item instanceof RelationObject).map((item) => item.relation);
}
