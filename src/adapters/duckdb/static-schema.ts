/**
 * What a query would give, without its tables: an empty database in memory holds them as empty tables, and the
 * query is only bound. Never by views (a chain of them is expanded again for each that stands on it).
 */
import type { Connection, Database } from '@duckdb/node-bindings';
import type { Column } from '../../manifest/column.ts';
import type { EngineError } from '../contract.ts';
import { type Binding, loadBinding } from './binding.ts';
import { parseEngineError } from './engine-error.ts';
import { FOREIGN_FUNCTIONS } from './foreign-functions.ts';
import { typeText } from './type-text.ts';

/** `[database, schema, identifier]`; database and schema may be left out. */
export type TableName = readonly string[];

/** Milliseconds to bind one query. */
const TIME_LIMIT = 20_000;

export interface StaticSchema {
  /** Makes an empty table. Answers false where a type was none of DuckDB's: that column is text then. */
  addTable(name: TableName, columns: readonly Column[]): Promise<boolean>;
  /** Columns of a query; undefined where the engine did not answer in time: it is not asked again. */
  describe(sql: string): Promise<{ columns: Column[] } | { error: EngineError } | undefined>;
  close(): void;
}

/**
 * `place` is where names without schema or database belong; `foreign`: the queries were written for another engine.
 * Throws SqError where the library is not installed. */
export async function openStaticSchema(
  place: { database: string | null; schema: string | null },
  { foreign = false }: { foreign?: boolean } = {},
): Promise<StaticSchema> {
  const binding = loadBinding();
  const config = binding.create_config();
  const options = {
    threads: '1',
    memory_limit: '1GB',
    // a query that is only looked at opens no connection
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  };
  for (const [name, value] of Object.entries(options)) binding.set_config(config, name, value);
  const database = await binding.open(':memory:', config);
  const connection = await binding.connect(database);
  const schema = new EmptyDatabase(binding, database, connection);
  await schema.prepare(place, foreign ? FOREIGN_FUNCTIONS : []);
  return schema;
}

class EmptyDatabase implements StaticSchema {
  private readonly databases = new Set<string>();
  private readonly schemas = new Set<string>();
  private readonly types = new Map<string, boolean>();
  private tail: Promise<unknown> = Promise.resolve();
  private stuck = false;

  constructor(
    private readonly binding: Binding,
    private readonly database: Database,
    private readonly connection: Connection,
  ) {}

  async prepare(
    place: { database: string | null; schema: string | null },
    macros: readonly string[],
  ): Promise<void> {
    await this.run("set errors_as_json = true; set TimeZone = 'UTC'");
    // in the catalog of the session, so that they are found from any database
    for (const macro of macros) await this.run(`create temp macro ${macro}`).catch(() => undefined);
    const parts = [place.database, place.schema].filter((part) => part !== null);
    await this.makeRoom([...parts, '']);
    if (parts.length > 0) await this.run(`use ${parts.map(quoted).join('.')}`);
  }

  async addTable(name: TableName, columns: readonly Column[]): Promise<boolean> {
    if (this.stuck) return false;
    await this.makeRoom(name);
    const create = (list: readonly Column[]) =>
      this.run(
        `create or replace table ${name.map(quoted).join('.')} (${list.map((column) => `${quoted(column.name)} ${column.dataType}`).join(', ')})`,
      );
    try {
      await create(columns);
      return true;
    } catch {
      const known = await Promise.all(columns.map((column) => this.isType(column.dataType)));
      await create(columns.map((column, i) => (known[i] ? column : { ...column, dataType: 'VARCHAR' })));
      return false;
    }
  }

  async describe(sql: string): ReturnType<StaticSchema['describe']> {
    if (this.stuck) return undefined;
    try {
      const columns = await this.inTurn(() => this.inTime(this.columnsOf(sql)));
      return columns && { columns };
    } catch (thrown) {
      return { error: parseEngineError(thrown instanceof Error ? thrown.message : String(thrown), sql) };
    }
  }

  close(): void {
    // the connection is still at work: it ends with the process
    if (this.stuck) return;
    this.binding.disconnect_sync(this.connection);
    this.binding.close_sync(this.database);
  }

  /** Undefined when it takes too long. */
  private async inTime<T>(work: Promise<T>): Promise<T | undefined> {
    let timer: NodeJS.Timeout | undefined;
    const limit = new Promise<undefined>((resolve) => {
      timer = setTimeout(() => {
        this.stuck = true;
        this.binding.interrupt(this.connection);
        resolve(undefined);
      }, TIME_LIMIT);
    });
    work.catch(() => undefined);
    try {
      return await Promise.race([work, limit]);
    } finally {
      clearTimeout(timer);
    }
  }

  private async columnsOf(sql: string): Promise<Column[]> {
    const { binding } = this;
    const prepared = await binding.prepare(this.connection, sql);
    try {
      return Array.from({ length: binding.prepared_statement_column_count(prepared) }, (_, i): Column => {
        const dataType = typeText(binding, binding.prepared_statement_column_logical_type(prepared, i));
        // a column that is only NULL is an integer in a table
        return {
          name: binding.prepared_statement_column_name(prepared, i),
          dataType: dataType === '"NULL"' ? 'INTEGER' : dataType,
        };
      });
    } finally {
      binding.destroy_prepare_sync(prepared);
    }
  }

  private async isType(dataType: string): Promise<boolean> {
    let known = this.types.get(dataType);
    if (known === undefined) {
      const answer = await this.describe(`select cast(null as ${dataType})`);
      known = answer !== undefined && 'columns' in answer;
      this.types.set(dataType, known);
    }
    return known;
  }

  /** The database and schema of a name. */
  private async makeRoom(name: TableName): Promise<void> {
    const schema = name.at(-2);
    const database = name.at(-3);
    if (database !== undefined && !this.databases.has(database.toLowerCase())) {
      this.databases.add(database.toLowerCase());
      if (!/^(memory|temp|system)$/i.test(database))
        await this.run(`attach ':memory:' as ${quoted(database)}`);
    }
    if (schema === undefined) return;
    const path = name.slice(-3, -1).map(quoted).join('.');
    if (this.schemas.has(path.toLowerCase())) return;
    this.schemas.add(path.toLowerCase());
    await this.run(`create schema if not exists ${path}`);
  }

  private async run(sql: string): Promise<void> {
    await this.inTurn(() => this.binding.query(this.connection, sql));
  }

  /** A connection does one thing at a time. */
  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const next = this.tail.then(work, work);
    this.tail = next.catch(() => undefined);
    return next;
  }
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
