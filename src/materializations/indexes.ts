/** Config `indexes`: made when the table stands under its name, because an index ties it to that name. */
import type { CompiledNode } from '../manifest/nodes.ts';
import type { Relation } from '../manifest/relation.ts';
import { type MacroArgument, macro, type Statement, type Step } from './contract.ts';

/** One statement an index; none on engines without indexes. */
export function* indexStatements(
  node: CompiledNode,
  target: Relation,
): Generator<Step, Statement[], unknown> {
  const { indexes } = node.config;
  if (!Array.isArray(indexes) || target.type !== 'table') return [];
  const statements: Statement[] = [];
  for (const index of indexes as MacroArgument[]) {
    const sql = yield* macro('get_create_index_sql', target, index);
    if (sql !== '' && sql !== 'None') statements.push({ sql });
  }
  return statements;
}
