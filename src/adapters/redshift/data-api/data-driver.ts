/** Redshift by the Data API: no connection to keep, a transaction is one batch, a conversation is a session. */
import { SqError } from '../../../errors.ts';
import type { Driver, ExecResult, OpenOptions, RowsOrder, Session, StatementOwner } from '../../contract.ts';
import type { LoaderAnswer, LoaderRequest, UnloadAnswer, UnloadRequest } from '../../loader-contract.ts';
import { commandMessage } from '../../shared/command-message.ts';
import type { ApiClient } from './api-client.ts';
import { DataSession, KEEP_ALIVE } from './data-session.ts';
import { MOST_BYTES, MOST_STATEMENTS, type Statements } from './statements.ts';

export interface DataDriverParts {
  options: OpenOptions;
  api: ApiClient;
  statements: Statements;
  setup: readonly string[];
  prefix(owner: StatementOwner): string;
  loader: NonNullable<Driver['loader']>;
  fillRows: NonNullable<Driver['fillRows']>;
  unload: NonNullable<Driver['unload']>;
}

/** A session is not used again in the last minute of its life. */
const REUSE_MS = (KEEP_ALIVE - 60) * 1000;

export class DataDriver implements Driver {
  private free: { sessionId: string; usedAt: number }[] = [];
  private readonly lent = new Set<DataSession>();
  private closed = false;

  constructor(private readonly parts: DataDriverParts) {}

  /** One request for up to 40 statements; more than a batch holds go through a session, in one transaction too. */
  async batch(statements: readonly string[], owner: StatementOwner): Promise<ExecResult[]> {
    const { setup } = this.parts;
    const prefix = await this.prefixOf(owner);
    const bytes = statements.reduce((sum, sql) => sum + Buffer.byteLength(prefix + sql), 0);
    // a statement alone may be one that no transaction takes (VACUUM, ALTER COLUMN TYPE)
    const inOne =
      statements.length + setup.length <= MOST_STATEMENTS &&
      bytes <= MOST_BYTES &&
      (statements.length > 1 || setup.length === 0);
    if (!inOne) return this.session(owner, (session) => oneByOne(session, statements));
    this.assertOpen();
    const { invocation } = this.parts.options;
    for (const sql of statements) invocation.emit({ name: 'SQLQuery', conn_name: owner.name, sql });
    const started = performance.now();
    const { id, parts } = await this.parts.statements.run({
      sqls: [...setup, ...statements],
      prefix,
      name: owner.name,
    });
    const elapsed = (performance.now() - started) / 1000;
    invocation.emit({ name: 'SQLQueryStatus', status: 'OK', elapsed, query_id: id });
    return statements.map((sql, i) => commandMessage(sql, parts[setup.length + i]?.rows ?? -1));
  }

  async session<T>(owner: StatementOwner, work: (session: Session) => Promise<T>): Promise<T> {
    this.assertOpen();
    const { statements, options, setup } = this.parts;
    const now = performance.now();
    this.free = this.free.filter(({ usedAt }) => now - usedAt < REUSE_MS);
    const kept = this.free.pop();
    if (kept === undefined)
      options.invocation.emit({ name: 'NewConnection', conn_type: 'redshift', conn_name: owner.name });
    const session = new DataSession(
      { statements, invocation: options.invocation, prefix: await this.prefixOf(owner), setup },
      owner,
      kept?.sessionId,
    );
    this.lent.add(session);
    try {
      return await work(session);
    } finally {
      await session.idle();
      if (session.inTransaction) await session.rollback().catch(() => undefined);
      this.lent.delete(session);
      const { sessionId, gone } = session;
      if (sessionId !== undefined && !gone)
        this.free.push({ sessionId, usedAt: session.usedAt === 0 ? (kept?.usedAt ?? 0) : session.usedAt });
    }
  }

  loader(request: LoaderRequest, session: Session): Promise<LoaderAnswer> {
    return this.parts.loader(request, session);
  }

  unload(request: UnloadRequest, session: Session): Promise<UnloadAnswer> {
    return this.parts.unload(request, session);
  }

  fillRows(order: RowsOrder, session: Session): Promise<boolean> {
    return this.parts.fillRows(order, session);
  }

  cancel(): Promise<number> {
    return this.parts.statements.cancel();
  }

  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    await this.cancel().catch(() => 0);
    await Promise.all([...this.lent].map((session) => session.idle()));
    // there is no call that ends a session: one that has nothing to live for ends with its last statement
    await Promise.all(
      this.free.map(({ sessionId }) =>
        this.parts.statements
          .run({ sqls: ['select 1'], prefix: '', sessionId, keepAlive: 0, name: 'close' })
          .catch(() => undefined),
      ),
    );
    this.free = [];
    await this.parts.api.close();
  }

  /** A comment that is to stand last stands first here, too. */
  private async prefixOf(owner: StatementOwner): Promise<string> {
    const comment = await this.parts.options.comment?.(owner);
    if (comment === undefined) return this.parts.prefix(owner);
    return comment.suffix === '' ? comment.prefix : `${comment.suffix.trim()}\n`;
  }

  private assertOpen(): void {
    if (!this.closed) return;
    throw new SqError({ kind: 'Database', code: 'closed', message: 'The connection to redshift is closed.' });
  }
}

async function oneByOne(session: Session, statements: readonly string[]): Promise<ExecResult[]> {
  if (statements.length === 1) return [await session.execute(statements[0] as string)];
  const results: ExecResult[] = [];
  await session.begin();
  for (const sql of statements) results.push(await session.execute(sql));
  await session.commit();
  return results;
}
