/** Sessions of one Spark server: opened when needed, given back, released at the end. */
import { SqError } from '../../errors.ts';
import type {
  Driver,
  ExecResult,
  OpenOptions,
  RowsOrder,
  Session,
  Settings,
  StatementOwner,
} from '../contract.ts';
import type { LoaderAnswer, LoaderRequest, UnloadAnswer, UnloadRequest } from '../loader-contract.ts';
import { ConnectClient, ConnectError, newId } from './connect/client.ts';
import { loadModules } from './connect/modules.ts';
import { SparkSession } from './session.ts';
import type { SparkSettings } from './settings.ts';

/** Throws SqError kind Runtime or Database where the server cannot be reached. */
export async function openSpark(settings: Settings, options: OpenOptions): Promise<Driver> {
  const own = settings.own as SparkSettings;
  const modules = await loadModules();
  const driver = new SparkDriver(new ConnectClient(modules, own), own, options);
  try {
    await driver.check();
  } catch (error) {
    await driver.close();
    throw error;
  }
  return driver;
}

class SparkDriver implements Driver {
  private readonly free: string[] = [];
  private readonly lent = new Map<SparkSession, string>();
  private closed = false;

  constructor(
    private readonly client: ConnectClient,
    private readonly settings: SparkSettings,
    private readonly options: OpenOptions,
  ) {}

  /** The server answers, and is one that is new enough. */
  async check(): Promise<void> {
    const { host, port, connectTimeout } = this.settings;
    const id = newId();
    const until = Date.now() + connectTimeout * 1000;
    let version: string;
    for (;;) {
      try {
        version = await this.client.version(id);
        break;
      } catch (error) {
        const away = error instanceof ConnectError && error.grpcCode === 14;
        if (away && Date.now() < until && !this.options.invocation.signal.aborted) {
          await new Promise((resolve) => setTimeout(resolve, 500));
          continue;
        }
        throw new SqError({
          kind: 'Database',
          code: 'connect',
          message: `Spark Connect at ${host}:${port} cannot be reached: ${(error as Error).message}`,
          hint: 'host and port of the profile must be those of a Spark Connect server (sbin/start-connect-server.sh; 15002 is its usual port)',
          cause: error,
        });
      }
    }
    if (Number.parseInt(version, 10) < 4) {
      throw new SqError({
        kind: 'Database',
        code: 'spark-version',
        message: `The server at ${host}:${port} is Spark ${version}, and sq needs 4.0 or later.`,
        hint: 'EMR Serverless from emr-7.13 and EMR from emr-spark-8.0 have it',
      });
    }
    await this.prepare(id);
    this.free.push(id);
  }

  async batch(statements: readonly string[], owner: StatementOwner): Promise<ExecResult[]> {
    return this.session(owner, async (session) => {
      const results: ExecResult[] = [];
      for (const sql of statements) results.push(await session.execute(sql));
      return results;
    });
  }

  async session<T>(owner: StatementOwner, work: (session: Session) => Promise<T>): Promise<T> {
    const { options, client } = this;
    const comment = (await options.comment?.(owner)) ?? { prefix: '', suffix: '' };
    const id = await this.sessionId(owner);
    const session = new SparkSession({ client, id, invocation: options.invocation, comment }, owner);
    this.lent.set(session, id);
    try {
      return await work(session);
    } finally {
      await session.idle();
      if (this.lent.delete(session) && !session.broken) this.free.push(id);
    }
  }

  async loader(request: LoaderRequest, session: Session): Promise<LoaderAnswer> {
    const { createSparkLoader } = await import('./load/loader.ts');
    return createSparkLoader(this.options, this.settings.fileFormat)(request, session as SparkSession);
  }

  async fillRows(order: RowsOrder, session: Session): Promise<boolean> {
    const { fillRows } = await import('./load/fill-rows.ts');
    await fillRows(order, session as SparkSession);
    return true;
  }

  async unload(request: UnloadRequest, session: Session): Promise<UnloadAnswer> {
    const { unloadRows } = await import('./load/unload.ts');
    return unloadRows(request, session, this.options);
  }

  async cancel(): Promise<number> {
    const stopped = await Promise.all([...this.lent.keys()].map((session) => session.interrupt()));
    return stopped.filter(Boolean).length;
  }

  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    await this.cancel().catch(() => 0);
    await Promise.all([...this.lent.keys()].map((session) => session.idle()));
    const ids = [...this.free, ...this.lent.values()];
    this.free.length = 0;
    this.lent.clear();
    await Promise.all(ids.map((id) => this.client.release(id).catch(() => undefined)));
    this.client.close();
  }

  private async sessionId({ name }: StatementOwner): Promise<string> {
    if (this.closed)
      throw new SqError({ kind: 'Database', code: 'closed', message: 'The connection to spark is closed.' });
    const free = this.free.pop();
    if (free !== undefined) return free;
    this.options.invocation.emit({ name: 'NewConnection', conn_type: 'spark', conn_name: name });
    const id = newId();
    await this.prepare(id);
    return id;
  }

  /** All moments are UTC; an insert into partitions replaces what its statement says, not more. */
  private async prepare(id: string): Promise<void> {
    const all = { 'spark.sql.session.timeZone': 'UTC', ...this.settings.serverSideParameters };
    for (const [key, value] of Object.entries(all))
      await this.client.command(`set ${key}=${value}`, id, newId());
  }
}
