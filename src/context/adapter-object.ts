/**
 * `adapter.*`: what a template may ask of the engine. Reading goes through the inspector; while parsing there
 * is none and the answers are dbt's stand-ins (None, empty lists), so that a model parses without a database.
 */
import type { Dialect } from '../adapters/contract.ts';
import { statementWords } from '../adapters/shared/sql-words.ts';
import { SqError } from '../errors.ts';
import type { SqEvent } from '../events.ts';
import type { Relation } from '../manifest/relation.ts';
import { relation, withIdentifier } from '../manifest/relation.ts';
import { callArguments, Dict, fromJs, type MacroFunction, Tuple } from '../template/index.ts';
import { AgateTable } from './agate-table.ts';

import { ColumnObject, columnClass } from './column-object.ts';

import { constraintMembers } from './constraint-members.ts';

import { Namespace, namespaceOf } from './host.ts';
import type { Inspector } from './inspector.ts';
import { RelationObject, relationClass, relationOf } from './relation-object.ts';
import { hardDeletesBehavior, snapshotMembers } from './snapshot-members.ts';
import { withBindings } from './with-bindings.ts';

export interface AdapterObjectOptions {
  dialect: Dialect;
  inspector: Inspector | undefined;
  /** Connection name of the statements, e.g. `model.sparkify.songs`. */
  owner: string;
  /** Database of the target: relations without one are looked for there. */
  database: string;
  quoting: Relation['quote'];
  dispatch(name: string, namespace: string | null): MacroFunction;
  /** Warnings of constraints that the engine does not hold to. */
  emit(event: SqEvent): void;
  /** Where `print_table` of a result writes. */
  print?: (text: string) => void;
  /** Calls a macro of the project's context by name (`drop_relation` ...). */
  callMacro(name: string, args: unknown[]): unknown;
}

export function adapterObject(options: AdapterObjectOptions): Namespace {
  const members = {
    ...parseTimeMembers(options),
    ...(options.inspector ? readingMembers(options, options.inspector) : {}),
  };
  return new Namespace('adapter', (name) => (Object.hasOwn(members, name) ? members[name] : undefined));
}

/** Members that need no database; those that would, answer as dbt does while parsing. */
function parseTimeMembers(options: AdapterObjectOptions): Record<string, unknown> {
  const { dialect } = options;
  const none = () => null;
  const empty = () => [];
  return {
    type: () => dialect.type,
    Relation: relationClass(options.quoting, dialect.quoteChar),
    Column: columnClass(dialect),
    dispatch: (...args: unknown[]) => {
      const given = callArguments(args, ['macro_name', 'macro_namespace']);
      return options.dispatch(
        String(given.macro_name),
        given.macro_namespace === undefined || given.macro_namespace === null
          ? null
          : String(given.macro_namespace),
      );
    },
    quote: (name: unknown) => dialect.quote(String(name)),
    quote_as_configured: (...args: unknown[]) => {
      const given = callArguments(args, ['identifier', 'quote_key']);
      const key = String(given.quote_key) as keyof Relation['quote'];
      return options.quoting[key] === false
        ? String(given.identifier)
        : dialect.quote(String(given.identifier));
    },
    quote_seed_column: (...args: unknown[]) => {
      const given = callArguments(args, ['column', 'quote_config']);
      return given.quote_config === false ? String(given.column) : dialect.quote(String(given.column));
    },
    // dbt's flag object: behaviours are all at their 1.12 defaults
    behavior: new Namespace('behavior', () => namespaceOf('flag', { no_warn: false, setting: false })),
    config: namespaceOf('config', {}),
    commit: () => '',
    nice_connection_name: () => options.owner,
    cache_added: () => '',
    cache_dropped: () => '',
    cache_renamed: () => '',
    get_relation: none,
    load_relation: none,
    get_columns_in_relation: empty,
    get_column_schema_from_query: empty,
    get_columns_in_table: empty,
    get_missing_columns: empty,
    list_relations: empty,
    list_relations_without_caching: empty,
    list_schemas: empty,
    check_schema_exists: () => true,
    already_exists: () => false,
    create_schema: () => '',
    drop_schema: () => '',
    drop_relation: () => '',
    truncate_relation: () => '',
    rename_relation: () => '',
    expand_target_column_types: () => '',
    execute: () => Tuple.from([fromJs({ _message: '' }), AgateTable.empty()]),
    run_sql_for_tests: none,
    add_query: () => Tuple.from([null, null]),
    verify_database: () => '',
    valid_incremental_strategies: () => ['append', 'delete+insert', 'merge', 'microbatch'],
    get_incremental_strategy_macro: (...args: unknown[]) => {
      const given = callArguments(args, ['context', 'strategy']);
      const strategy = String(given.strategy).replaceAll('+', '_');
      return (...inner: unknown[]) => options.callMacro(`get_incremental_${strategy}_sql`, inner);
    },
    get_hard_deletes_behavior: (config: unknown) => hardDeletesBehavior(config),
    valid_snapshot_target: none,
    assert_valid_snapshot_target_given_strategy: none,
    ...constraintMembers(dialect, options.emit),
    // what only other engines have answers as dbt's base adapter
    get_partitions_metadata: none,
    get_catalog_integration: none,
    build_catalog_relation: none,
    convert_type: (table: unknown, index: unknown) => {
      const kind = table instanceof AgateTable ? table.kindOf(Number(index)) : 'text';
      return dialect.translateType(GENERIC_TYPES[kind] ?? 'string');
    },
    standardize_grants_dict: (table: unknown) => grantsByPrivilege(table),
    parse_index: (raw: unknown) => raw,
  };
}

function readingMembers(options: AdapterObjectOptions, inspector: Inspector): Record<string, unknown> {
  const { dialect, owner } = options;
  const wrap = (rel: Relation | null) => (rel === null ? null : new RelationObject(rel));
  const columns = async (rel: Relation) =>
    (await inspector.columns(rel, owner)).map((column) => new ColumnObject(column, dialect));
  const schemaOf = (value: unknown): Relation =>
    value instanceof RelationObject
      ? value.relation
      : relation(options.database, String(value), null, {
          quote: options.quoting,
          quoteChar: dialect.quoteChar,
        });
  return {
    ...snapshotMembers(inspector),
    get_relation: (...args: unknown[]) => {
      const given = callArguments(args, ['database', 'schema', 'identifier']);
      const part = (value: unknown) => (value === undefined || value === null ? null : String(value));
      const wanted = relation(
        part(given.database) ?? options.database,
        part(given.schema),
        part(given.identifier),
        {
          quote: options.quoting,
          quoteChar: dialect.quoteChar,
        },
      );
      return inspector.relation(wanted).then(wrap);
    },
    get_columns_in_relation: (rel: unknown) => columns(relationOf(rel, 'adapter.get_columns_in_relation')),
    get_columns_in_table: (schema: unknown, identifier: unknown) =>
      columns(withIdentifier(schemaOf(schema), String(identifier))),
    get_column_schema_from_query: async (sql: unknown) => {
      const text = String(sql);
      // a header (`set ...;`) goes before the query, not into it
      const plain = statementWords(text, 1).length < 2;
      const result = await inspector.query(
        plain ? `select * from (${text}) as sq_columns where false limit 0` : text,
        owner,
      );
      const named = (type: string) => dialect.queryTypeName?.(type) ?? type;
      return result.columns.map((c) => new ColumnObject({ name: c.name, dataType: named(c.type) }, dialect));
    },
    get_missing_columns: async (...args: unknown[]) => {
      const given = callArguments(args, ['from_relation', 'to_relation']);
      const from = await columns(relationOf(given.from_relation, 'adapter.get_missing_columns'));
      const to = await columns(relationOf(given.to_relation, 'adapter.get_missing_columns'));
      const known = new Set(to.map((column) => column.column.name));
      return from.filter((column) => !known.has(column.column.name));
    },
    list_relations: (...args: unknown[]) => {
      const given = callArguments(args, ['database', 'schema']);
      const database =
        given.database === undefined || given.database === null ? null : String(given.database);
      return inspector.relations(database, String(given.schema)).then((list) => list.map(wrap));
    },
    list_relations_without_caching: (schema: unknown) => {
      const rel = schemaOf(schema);
      return inspector.relations(rel.database, rel.schema ?? '').then((list) => list.map(wrap));
    },
    list_schemas: (database: unknown) =>
      inspector.schemas(database === undefined || database === null ? null : String(database)),
    check_schema_exists: (...args: unknown[]) => {
      const given = callArguments(args, ['database', 'schema']);
      return inspector
        .schemas(given.database === null ? null : String(given.database))
        .then((names) => names.some((name) => name.toLowerCase() === String(given.schema).toLowerCase()));
    },
    already_exists: (...args: unknown[]) => {
      const given = callArguments(args, ['schema', 'table']);
      return inspector
        .relation(withIdentifier(schemaOf(given.schema), String(given.table)))
        .then((rel) => rel !== null);
    },
    create_schema: async (rel: unknown) => {
      const schema = { ...relationOf(rel, 'adapter.create_schema'), identifier: null };
      await options.callMacro('create_schema', [new RelationObject(schema)]);
      inspector.changed({ added: schema });
      return '';
    },
    drop_schema: async (rel: unknown) => {
      const schema = { ...relationOf(rel, 'adapter.drop_schema'), identifier: null };
      await options.callMacro('drop_schema', [new RelationObject(schema)]);
      inspector.changed({ dropped: schema });
      return '';
    },
    drop_relation: async (rel: unknown) => {
      const dropped = relationOf(rel, 'adapter.drop_relation');
      if (dropped.type === null) {
        throw new SqError({
          kind: 'Compilation',
          code: 'drop-without-type',
          message: `Tried to drop relation ${String(rel)}, but its type is null.`,
          hint: 'give the type: api.Relation.create(..., type="table"), or use load_relation(relation)',
        });
      }
      await options.callMacro('drop_relation', [rel]);
      inspector.changed({ dropped });
      return '';
    },
    truncate_relation: async (rel: unknown) => {
      await options.callMacro('truncate_relation', [rel]);
      return '';
    },
    rename_relation: async (from: unknown, to: unknown) => {
      await options.callMacro('rename_relation', [from, to]);
      const source = relationOf(from, 'adapter.rename_relation');
      inspector.changed({
        dropped: source,
        added: { ...relationOf(to, 'adapter.rename_relation'), type: source.type },
      });
      return '';
    },
    commit: async () => {
      await inspector.commit(owner);
      return '';
    },
    cache_added: (rel: unknown) => {
      inspector.changed({ added: relationOf(rel, 'adapter.cache_added') });
      return '';
    },
    cache_dropped: (rel: unknown) => {
      inspector.changed({ dropped: relationOf(rel, 'adapter.cache_dropped') });
      return '';
    },
    cache_renamed: (from: unknown, to: unknown) => {
      inspector.changed({
        dropped: relationOf(from, 'adapter.cache_renamed'),
        added: relationOf(to, 'adapter.cache_renamed'),
      });
      return '';
    },
    execute: async (...args: unknown[]) => {
      const given = callArguments(args, ['sql', 'auto_begin', 'fetch', 'limit']);
      const sql = String(given.sql);
      const done = await inspector.execute(sql, owner, {
        autoBegin: given.auto_begin === true,
        fetch: given.fetch === true,
      });
      const table = done.result ? new AgateTable(done.result, options.print) : AgateTable.empty();
      return Tuple.from([
        fromJs({
          _message: done.message,
          code: done.message.split(' ')[0] ?? '',
          rows_affected: done.rowsAffected,
        }),
        table,
      ]);
    },
    run_sql_for_tests: async (...args: unknown[]) => {
      const given = callArguments(args, ['sql', 'fetch']);
      const done = await inspector.execute(String(given.sql), owner, {
        autoBegin: false,
        fetch: given.fetch !== 'None',
      });
      const table = done.result ? new AgateTable(done.result, options.print) : AgateTable.empty();
      return given.fetch === 'one' ? (table.rows[0] ?? null) : table.rows;
    },
    add_query: async (...args: unknown[]) => {
      const given = callArguments(args, ['sql', 'auto_begin', 'bindings', 'abridge_sql_log']);
      const values = Array.isArray(given.bindings) ? given.bindings : [];
      await inspector.execute(withBindings(String(given.sql), values), owner, {
        autoBegin: given.auto_begin !== false,
        fetch: false,
      });
      return Tuple.from([null, null]);
    },
  };
}

const GENERIC_TYPES: Readonly<Record<string, string>> = {
  integer: 'integer',
  float: 'float',
  decimal: 'numeric',
  boolean: 'boolean',
  date: 'date',
  timestamp: 'timestamp',
  time: 'time',
};

/** Rows (grantee, privilege_type) -> {privilege: [grantees]}, as dbt's default. */
function grantsByPrivilege(table: unknown): Dict {
  const out = new Dict();
  if (!(table instanceof AgateTable)) return out;
  const grantee = table.names.findIndex((name) => name.toLowerCase() === 'grantee');
  const privilege = table.names.findIndex((name) => name.toLowerCase() === 'privilege_type');
  for (const row of table.rows) {
    const key = row.cells[privilege];
    const list = out.get(key);
    if (Array.isArray(list)) list.push(row.cells[grantee]);
    else out.set(key, [row.cells[grantee]]);
  }
  return out;
}
