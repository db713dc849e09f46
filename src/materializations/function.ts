/**
 * Functions of the project (`functions/`): made or replaced by one statement a form; `type` and language of the
 * function say which macro spells it, as in dbt: `scalar_function_sql`.
 */
import { SqError } from '../errors.ts';
import type { CompiledNode } from '../manifest/nodes.ts';
import {
  type MacroArgument,
  type Materialization,
  macro,
  type Plan,
  type PlanNode,
  run,
  type Statement,
} from './contract.ts';
import { hooks, hooksNeedTransaction } from './node-hooks.ts';

export const functionMaterialization: Materialization = { name: 'function', plan: (input) => build(input) };

function* build({ node, target }: PlanNode): Plan {
  yield* hooks(node, 'pre', false);
  const inTransaction = hooksNeedTransaction(node);
  if (inTransaction) yield { kind: 'begin' };
  yield* hooks(node, 'pre', true);
  checkPython(node);
  const statements: Statement[] = [];
  for (const form of [null, ...formsOf(node)]) {
    const sql = yield* macro('get_function_sql', target, form);
    statements.push({ sql, main: form === null });
  }
  const [done] = yield* run(...statements);
  yield* hooks(node, 'post', true);
  if (inTransaction) yield { kind: 'commit' };
  yield* hooks(node, 'post', false);
  return { message: done?.message ?? 'OK', rowsAffected: null, status: 'success', relations: [] };
}

/** Throws dbt's text for a Python function that does not say how it is called. */
function checkPython({ language, config }: CompiledNode): void {
  if (language !== 'python') return;
  for (const key of ['runtime_version', 'entry_point']) {
    if (config[key]) continue;
    throw new SqError({
      kind: 'Compilation',
      code: 'python-function',
      message: `${key === 'entry_point' ? 'An' : 'A'} \`${key}\` is required for python functions`,
    });
  }
}

/** Other arguments under the same name. */
function formsOf(node: CompiledNode): MacroArgument[] {
  return (node.overloads as MacroArgument[] | undefined) ?? [];
}
