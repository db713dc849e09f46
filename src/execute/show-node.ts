/** `show`: the rows of a node's query, without building anything. */
import type { Driver, QueryResult } from '../adapters/contract.ts';
import type { Compiler } from '../compile/contract.ts';
import type { CompiledNode } from '../manifest/nodes.ts';
import { renderRelation } from '../manifest/relation.ts';
import type { ProjectContext } from '../parse/contract.ts';
import { nodeError } from './node-error.ts';
import { createWarehouse, type Warehouse } from './warehouse.ts';

export interface ShowRequest {
  context: ProjectContext;
  compiler: Compiler;
  driver: Driver;
  /** The one whose inspector the compiler was made with. */
  warehouse?: Warehouse;
  node: CompiledNode;
  /** How many rows; null for all. */
  limit: number | null;
}

export interface Shown {
  /** Final SQL of the node, without the limit. */
  sql: string;
  /** What was sent: with the limit. dbt files it as the node's compiled code. */
  query: string;
  table: QueryResult;
}

/**
 * Compiles and runs the node's query; a seed shows its table. An incremental model shows its whole query, not
 * the part since the last run: the filter would leave nothing to see right after a run. Throws SqError.
 */
export async function showNode(request: ShowRequest): Promise<Shown> {
  const { context, compiler, node, limit } = request;
  const { dialect } = context.adapter;
  const warehouse = request.warehouse ?? createWarehouse(context, request.driver);
  let sql = '';
  try {
    const target = compiler.relationOf(node);
    if (node.config.materialized === 'incremental') {
      await warehouse.relations.find(target);
      warehouse.relations.dropped(target);
    }
    sql =
      node.resource_type === 'seed'
        ? `select * from ${renderRelation(target)}`
        : (await compiler.compile(node)).sql;
    const header = node.config.sql_header ?? null;
    const shown = String(await compiler.callMacro('get_show_sql', [sql, header, limit], node)).trim();
    const table = await request.driver.session({ name: node.unique_id }, (session) =>
      session.query(shown, limit === null ? {} : { limit }),
    );
    return { sql, query: shown, table };
  } catch (thrown) {
    throw nodeError(thrown, { node, compiler, dialect, compiledSql: sql });
  }
}
