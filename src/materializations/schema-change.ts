/** Config `on_schema_change`: what an incremental model does when its query has other columns than its table. */
import { SqError } from '../errors.ts';
import type { Column } from '../manifest/column.ts';
import type { CompiledNode } from '../manifest/nodes.ts';
import type { Relation } from '../manifest/relation.ts';
import { macro, type PlanState, run, type Statement, type Step } from './contract.ts';

export type OnSchemaChange = 'ignore' | 'fail' | 'append_new_columns' | 'sync_all_columns';

const KNOWN: readonly string[] = ['ignore', 'fail', 'append_new_columns', 'sync_all_columns'];

export interface SchemaChanges {
  /** In the query, not in the table. */
  added: Column[];
  /** In the table, not in the query. */
  removed: Column[];
  /** In both with another type; `dataType` is the query's. */
  retyped: Column[];
}

/** dbt: a value that is not known counts as `ignore`. */
export function onSchemaChange(node: CompiledNode): OnSchemaChange {
  const configured = node.config.on_schema_change ?? 'ignore';
  return KNOWN.includes(configured) ? (configured as OnSchemaChange) : 'ignore';
}

/** Names compare without regard to case, types as the engine spells them. */
export function compareColumns(query: readonly Column[], table: readonly Column[]): SchemaChanges {
  const byName = (columns: readonly Column[]) =>
    new Map(columns.map((column) => [column.name.toLowerCase(), column]));
  const inQuery = byName(query);
  const inTable = byName(table);
  return {
    added: query.filter((column) => !inTable.has(column.name.toLowerCase())),
    removed: table.filter((column) => !inQuery.has(column.name.toLowerCase())),
    retyped: query.flatMap((column) => {
      const same = inTable.get(column.name.toLowerCase());
      return same === undefined || same.dataType === column.dataType
        ? []
        : [{ name: same.name, dataType: column.dataType }];
    }),
  };
}

/** Alters the table as the config says. Throws SqError kind Compilation for `fail` and a difference. */
export function* followSchema(
  target: Relation,
  policy: OnSchemaChange,
  changes: SchemaChanges,
  state: PlanState,
): Generator<Step, void, unknown> {
  if (policy === 'ignore') return;
  const { added, removed, retyped } = changes;
  if (policy === 'fail') {
    if (added.length + removed.length + retyped.length > 0) throw outOfSync(changes);
    return;
  }
  const dropped = policy === 'sync_all_columns' ? removed : [];
  const statements: Statement[] = [];
  if (state.isOverridden('alter_relation_add_remove_columns')) {
    // a project's own way of altering runs its statements itself
    if (added.length + dropped.length > 0) {
      yield* macro('alter_relation_add_remove_columns', target, added, dropped.length > 0 ? dropped : null);
    }
  } else {
    for (const column of added)
      statements.push({ sql: yield* macro('get_add_column_sql', target, asArgument(column)) });
    for (const column of dropped)
      statements.push({ sql: yield* macro('get_drop_column_sql', target, asArgument(column)) });
  }
  if (policy === 'sync_all_columns') {
    for (const { name, dataType } of retyped) {
      statements.push({ sql: yield* macro('get_alter_column_type_sql', target, name, dataType) });
    }
  }
  if (statements.length > 0) yield* run(...statements);
}

function asArgument(column: Column): { name: string; dataType: string } {
  return { name: column.name, dataType: column.dataType };
}

function outOfSync({ added, removed, retyped }: SchemaChanges): SqError {
  const list = (columns: readonly Column[]) =>
    columns.map((column) => `${column.name} (${column.dataType})`).join(', ') || 'none';
  return new SqError({
    kind: 'Compilation',
    code: 'schema-out-of-sync',
    message: [
      'The source and target schemas on this incremental model are out of sync!',
      `Source columns not in target: ${list(added)}`,
      `Target columns not in source: ${list(removed)}`,
      `New column types: ${list(retyped)}`,
    ].join('\n'),
    hint: 'set on_schema_change to append_new_columns or sync_all_columns, run the model with --full-refresh, or alter the table by hand',
  });
}
