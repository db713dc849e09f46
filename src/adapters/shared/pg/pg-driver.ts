/** A pool of connections on PostgreSQL's protocol: opened when needed, given back, cancelled from another one. */
import type { Client } from 'pg';
import { SqError } from '../../../errors.ts';
import type { Driver, ExecResult, OpenOptions, RowsOrder, Session, StatementOwner } from '../../contract.ts';
import type { LoaderAnswer, LoaderRequest } from '../../loader-contract.ts';
import { PgSession, type PgSessionParts } from './pg-session.ts';

export interface PgDriverParts {
  /** Type of the adapter, for events and messages. */
  type: string;
  options: OpenOptions;
  /** A new connection, set up and ready. Throws SqError. */
  connect(): Promise<Client>;
  /** Advice for an error of a statement. */
  hint?: PgSessionParts['hint'];
  /** Default: PostgreSQL's way. */
  readError?: PgSessionParts['readError'];
  /** In front of each statement of an owner, where the options have no comment. */
  prefix?(owner: StatementOwner): string;
  loader?(request: LoaderRequest, session: PgSession): Promise<LoaderAnswer>;
  fillRows?(order: RowsOrder, session: PgSession): Promise<boolean>;
  unload?: NonNullable<Driver['unload']>;
}

export class PgDriver implements Driver {
  private readonly free: Client[] = [];
  private readonly lent = new Map<PgSession, Client>();
  private readonly typeNames = new Map<string, string>();
  private closed = false;
  readonly loader?: Driver['loader'];
  readonly fillRows?: Driver['fillRows'];
  readonly unload?: Driver['unload'];

  constructor(private readonly parts: PgDriverParts) {
    const { loader, fillRows, unload } = parts;
    if (unload !== undefined) this.unload = unload;
    if (fillRows !== undefined) this.fillRows = (order, session) => fillRows(order, session as PgSession);
    if (loader !== undefined) this.loader = (request, session) => loader(request, session as PgSession);
  }

  async batch(statements: readonly string[], owner: StatementOwner): Promise<ExecResult[]> {
    return this.session(owner, async (session) => {
      if (statements.length === 1) return [await session.execute(statements[0] as string)];
      const results: ExecResult[] = [];
      await session.begin();
      for (const sql of statements) results.push(await session.execute(sql));
      await session.commit();
      return results;
    });
  }

  async session<T>(owner: StatementOwner, work: (session: Session) => Promise<T>): Promise<T> {
    const { options, hint, prefix, readError } = this.parts;
    const comment = (await options.comment?.(owner)) ?? { prefix: prefix?.(owner) ?? '', suffix: '' };
    const client = await this.connection(owner);
    const session = new PgSession(
      {
        client,
        invocation: options.invocation,
        typeNames: this.typeNames,
        comment,
        hint,
        readError,
      },
      owner,
    );
    this.lent.set(session, client);
    try {
      return await work(session);
    } finally {
      await session.idle();
      if (session.inTransaction) await session.rollback().catch(() => undefined);
      // close() has ended it when it is no longer lent
      if (this.lent.delete(session)) {
        if (session.broken) await end(client);
        else this.free.push(client);
      }
    }
  }

  async cancel(): Promise<number> {
    const running = [...this.lent].filter(([session]) => session.busy).map(([, client]) => client);
    if (running.length === 0) return 0;
    const pids = running.map((client) => Number((client as { processID?: number | null }).processID));
    const canceller = await this.parts.connect();
    try {
      for (const pid of pids) await canceller.query(`select pg_cancel_backend(${pid})`);
    } finally {
      await end(canceller);
    }
    return running.length;
  }

  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    await this.cancel().catch(() => 0);
    await Promise.all([...this.lent.keys()].map((session) => session.idle()));
    const all = [...this.free, ...this.lent.values()];
    this.free.length = 0;
    this.lent.clear();
    await Promise.all(all.map(end));
  }

  private async connection({ name }: StatementOwner): Promise<Client> {
    const { type, options } = this.parts;
    if (this.closed)
      throw new SqError({
        kind: 'Database',
        code: 'closed',
        message: `The connection to ${type} is closed.`,
      });
    for (let client = this.free.pop(); client !== undefined; client = this.free.pop()) {
      if (isAlive(client)) return client;
      await end(client);
    }
    options.invocation.emit({ name: 'NewConnection', conn_type: type, conn_name: name });
    const client = await this.parts.connect();
    if (!this.closed) return client;
    await end(client);
    throw new SqError({ kind: 'Database', code: 'closed', message: `The connection to ${type} is closed.` });
  }
}

/** False when the server or the network has ended it while it was idle. */
function isAlive(client: Client): boolean {
  return (client as { _queryable?: boolean })._queryable !== false;
}

async function end(client: Client): Promise<void> {
  await client.end().catch(() => undefined);
}
