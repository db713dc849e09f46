/** Sessions of one Spark server: opened when needed, given back, released at the end. */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
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
import { type ConnectAddress, ConnectClient, ConnectError, newId } from './connect/client.ts';
import { loadModules } from './connect/modules.ts';
import { SparkSession } from './session.ts';
import type { SparkSettings } from './settings.ts';

/** No waiting mends these. */
const CERTIFICATE = /certificate|altname/i;
const UNTRUSTED =
  'sslrootcert of the profile names a file with the authorities that are trusted (or NODE_EXTRA_CA_CERTS, beside those of Node)';
const NOBODY =
  'host and port of the profile must be those of a Spark Connect server (sbin/start-connect-server.sh; 15002 is its usual port)';
const CLOSED =
  'the session is there and its address does not answer: is port 443 open to it from here? connect_timeout (seconds) of the profile says how long sq tries';

const SESSION_SETTINGS = {
  'spark.sql.session.timeZone': 'UTC',
  // a cancel waits for the report that tasks run
  'spark.connect.progress.reportInterval': '500ms',
};

/** Throws SqError kind Runtime or Database where the server cannot be reached. */
export async function openSpark(settings: Settings, options: OpenOptions): Promise<Driver> {
  const given = settings.own as SparkSettings;
  const modules = await loadModules();
  const { address, close } = await reach(given, options);
  const own = { ...given, ...address };
  let driver: SparkDriver | undefined;
  try {
    driver = new SparkDriver(new ConnectClient(modules, own), own, options, close);
    await driver.check();
  } catch (error) {
    await (driver === undefined ? close() : driver.close());
    throw error;
  }
  return driver;
}

/** The server that the profile names, or that is started for it. */
async function reach(
  own: SparkSettings,
  options: OpenOptions,
): Promise<{ address: Partial<ConnectAddress>; close(): Promise<void> }> {
  const ca = own.sslRootCert === undefined ? {} : { ca: authorities(own.sslRootCert, options) };
  if (own.emr === undefined) return { address: ca, close: async () => undefined };
  const { openEmr } = await import('./emr/open-emr.ts');
  const { host, port, access, close } = await openEmr(own.emr, options);
  return { address: { ...ca, host, port, access, tls: true }, close };
}

function authorities(path: string, { invocation }: OpenOptions): Buffer {
  try {
    return readFileSync(resolve(invocation.cwd, path));
  } catch (cause) {
    throw new SqError({
      kind: 'Runtime',
      code: 'missing-ca',
      message: `The file of sslrootcert cannot be read: ${path}`,
      hint: 'check the path; without sslrootcert the authorities that Node knows are used',
      cause,
    });
  }
}

class SparkDriver implements Driver {
  private readonly free: string[] = [];
  private readonly lent = new Map<SparkSession, string>();
  private closed = false;

  constructor(
    private readonly client: ConnectClient,
    private readonly settings: SparkSettings,
    private readonly options: OpenOptions,
    private readonly leave: () => Promise<void>,
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
        const untrusted = CERTIFICATE.test((error as Error).message);
        const away = error instanceof ConnectError && error.grpcCode === 14 && !untrusted;
        if (away && Date.now() < until && !this.options.invocation.signal.aborted) {
          await new Promise((resolve) => setTimeout(resolve, 500));
          continue;
        }
        if (error instanceof SqError) throw error;
        throw new SqError({
          kind: 'Database',
          code: 'connect',
          message: `Spark Connect at ${host}:${port} cannot be reached: ${(error as Error).message}`,
          hint: untrusted ? UNTRUSTED : this.settings.emr === undefined ? NOBODY : CLOSED,
          cause: error,
        });
      }
    }
    if (Number.parseInt(version, 10) < 4) {
      throw new SqError({
        kind: 'Database',
        code: 'spark-version',
        message: `The server at ${host}:${port} is Spark ${version}, and sq needs 4.0 or later.`,
        hint: 'EMR and EMR Serverless have it from release emr-spark-8.0.0 on (emr-7.13 is Spark 3.5)',
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
    await this.leave();
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

  private async prepare(id: string): Promise<void> {
    const all = { ...SESSION_SETTINGS, ...this.settings.serverSideParameters };
    for (const [key, value] of Object.entries(all)) await this.client.command(`set ${key}=${value}`, id);
  }
}
