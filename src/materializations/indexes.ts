/** Config `indexes`: made when the table stands under its name, because an index ties it to that name. */
import type { CompiledNode } from '../manifest/nodes.ts';
import type { Relation } from '../manifest/relation.ts';
import { type MacroArgument, macro, query, type Statement, type Step } from './contract.ts';

interface Index {
  columns: string[];
  unique: boolean;
  method: string;
}

/** What has to be dropped and made so that the relation has the indexes of the config; undefined: nothing. */
export function* indexChanges(
  node: CompiledNode,
  target: Relation,
): Generator<Step, { drop: string[]; make: MacroArgument[] } | undefined, unknown> {
  const sql = yield* macro('get_relation_indexes_sql', target);
  if (sql === '') return undefined;
  const wanted = new Map(
    (Array.isArray(node.config.indexes) ? node.config.indexes : []).map((index: Record<string, unknown>) => {
      const columns = [index.columns ?? []].flat().map(String);
      return [
        keyOf({ columns, unique: index.unique === true, method: String(index.type ?? 'btree') }),
        index,
      ];
    }),
  );
  const drop: string[] = [];
  for (const [name, method, unique, columns] of yield* query(sql, 'which indexes there are')) {
    const key = keyOf({
      columns: String(columns).split(','),
      unique: isTrue(unique),
      method: String(method),
    });
    if (!wanted.delete(key)) drop.push(String(name));
  }
  if (drop.length === 0 && wanted.size === 0) return undefined;
  return { drop, make: [...wanted.values()] as MacroArgument[] };
}

function keyOf({ columns, unique, method }: Index): string {
  return `${columns.map((name) => name.replaceAll('"', '').trim()).join(',')} ${unique} ${method}`;
}

function isTrue(value: unknown): boolean {
  return value === true || value === 't' || value === 'true';
}

/** One statement an index; none on engines without indexes. */
export function* indexStatements(
  node: CompiledNode,
  target: Relation,
): Generator<Step, Statement[], unknown> {
  const { indexes } = node.config;
  if (!Array.isArray(indexes) || (target.type !== 'table' && target.type !== 'materialized_view')) return [];
  const statements: Statement[] = [];
  for (const index of indexes as MacroArgument[]) {
    const sql = yield* macro('get_create_index_sql', target, index);
    if (sql !== '' && sql !== 'None') statements.push({ sql });
  }
  return statements;
}
