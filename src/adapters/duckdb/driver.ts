/** Talks to DuckDB: a pool of connections over one open database. */
import { existsSync } from 'node:fs';
import type { Connection, Database } from '@duckdb/node-bindings';
import { asSqError, SqError } from '../../errors.ts';
import type { Driver, ExecResult, OpenOptions, Session, Settings, StatementOwner } from '../contract.ts';
import type { LoaderAnswer, LoaderRequest, UnloadAnswer, UnloadRequest } from '../loader-contract.ts';
import { type Binding, loadBinding } from './binding.ts';
import { connectionSetup, databaseSetup } from './connection-setup.ts';
import { DuckDbSession } from './duckdb-session.ts';
import { parseEngineError } from './engine-error.ts';
import { openDatabase } from './open-database.ts';
import { type DuckDbSettings, MEMORY_PATH } from './settings.ts';
import { statementHint } from './statement-hint.ts';

/** Throws SqError kind Runtime when the database cannot be opened or set up. */
export async function openDuckDb(settings: Settings, options: OpenOptions): Promise<Driver> {
  const { invocation } = options;
  const own = settings.own as DuckDbSettings;
  const binding = loadBinding();
  // a reading command before the first run: an empty database of that name, and no file is made
  const absent = options.readOnly && own.path !== MEMORY_PATH && !existsSync(own.path);
  const opened = absent ? { ...own, path: MEMORY_PATH } : own;
  const database = await openDatabase({ binding, settings: opened, readOnly: options.readOnly, invocation });
  const driver = new DuckDbDriver(
    binding,
    database,
    connectionSetup(own, absent ? settings.database : undefined),
    options,
    own.externalRoot,
  );
  try {
    const steps = databaseSetup(own, options.threads);
    if (absent) steps.unshift({ sql: `attach ':memory:' as "${settings.database.replaceAll('"', '""')}"` });
    await driver.prepare(steps);
  } catch (error) {
    await driver.close();
    throw error;
  }
  return driver;
}

class DuckDbDriver implements Driver {
  private readonly free: Connection[] = [];
  private readonly lent = new Map<DuckDbSession, Connection>();
  private closed = false;

  constructor(
    private readonly binding: Binding,
    private readonly database: Database,
    private readonly setup: string,
    private readonly options: OpenOptions,
    private readonly externalRoot: string,
  ) {}

  /** Runs the database's own set-up, then the first connection's. */
  async prepare(steps: readonly { sql: string; fallback?: string }[]): Promise<void> {
    const connection = await this.binding.connect(this.database);
    try {
      for (const { sql, fallback } of steps) {
        await this.binding.query(connection, sql).catch((error: unknown) => {
          if (fallback === undefined) throw error;
          return this.binding.query(connection, fallback);
        });
      }
      await this.binding.query(connection, this.setup);
    } catch (thrown) {
      this.binding.disconnect_sync(connection);
      throw setupError(thrown);
    }
    this.free.push(connection);
  }

  async batch(statements: readonly string[], owner: StatementOwner): Promise<ExecResult[]> {
    return this.lend(owner, async (session) => {
      if (statements.length === 1) return [await session.execute(statements[0]!)];
      const results: ExecResult[] = [];
      await session.begin();
      for (const sql of statements) results.push(await session.execute(sql));
      await session.commit();
      return results;
    });
  }

  session<T>(owner: StatementOwner, work: (session: Session) => Promise<T>): Promise<T> {
    return this.lend(owner, work);
  }

  async loader(request: LoaderRequest, session: Session): Promise<LoaderAnswer> {
    const { createDuckdbLoader } = await import('./load/loader.ts');
    return createDuckdbLoader(this.options)(request, session);
  }

  async unload(request: UnloadRequest, session: Session): Promise<UnloadAnswer> {
    const { unloadRows } = await import('./lake/unload.ts');
    return unloadRows(request, session, { ...this.options, externalRoot: this.externalRoot });
  }

  async cancel(): Promise<number> {
    return [...this.lent.keys()].filter((session) => session.interrupt()).length;
  }

  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    await this.cancel();
    await Promise.all([...this.lent.keys()].map((session) => session.idle()));
    for (const connection of [...this.free, ...this.lent.values()]) this.binding.disconnect_sync(connection);
    this.free.length = 0;
    this.lent.clear();
    this.binding.close_sync(this.database);
  }

  private async lend<T>(owner: StatementOwner, work: (session: DuckDbSession) => Promise<T>): Promise<T> {
    const { binding, options } = this;
    const comment = await options.comment?.(owner);
    const connection = await this.connect(owner);
    const parts = { binding, connection, invocation: options.invocation, comment };
    const session = new DuckDbSession(parts, owner);
    this.lent.set(session, connection);
    try {
      return await work(session);
    } finally {
      await session.idle();
      if (session.inTransaction) await session.rollback().catch(() => undefined);
      // close() has disconnected it when it is no longer lent
      if (this.lent.delete(session)) this.free.push(connection);
    }
  }

  /** A free connection, or a new one: a thread may need a second while it holds one with a transaction. */
  private async connect(owner: StatementOwner): Promise<Connection> {
    if (this.closed) {
      throw new SqError({ kind: 'Runtime', code: 'closed', message: 'The connection to DuckDB is closed.' });
    }
    const free = this.free.pop();
    if (free !== undefined) return free;
    this.options.invocation.emit({ name: 'NewConnection', conn_type: 'duckdb', conn_name: owner.name });
    const connection = await this.binding.connect(this.database);
    try {
      await this.binding.query(connection, this.setup);
    } catch (thrown) {
      this.binding.disconnect_sync(connection);
      throw setupError(thrown);
    }
    return connection;
  }
}

function setupError(thrown: unknown): SqError {
  const engine = parseEngineError(asSqError(thrown).message);
  return new SqError({
    kind: 'Runtime',
    code: 'connection-setup',
    message: `The profile's settings, extensions, secrets or attachments could not be applied: ${engine.message}`,
    hint: statementHint(engine.message),
    cause: thrown,
  });
}
