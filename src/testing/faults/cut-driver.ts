/** A driver whose connection is cut once, at a boundary between two statements. Counts the boundaries too. */
import type { Driver, ExecResult, QueryResult, Session, StatementOwner } from '../../adapters/contract.ts';
import type { LoaderAnswer, LoaderRequest } from '../../adapters/loader-contract.ts';
import { StatementError } from '../../adapters/shared/statement-error.ts';

/** Before a statement is sent, or after it was done and before its answer has come. */
export interface Boundary {
  statement: number;
  moment: 'before' | 'after';
}

export interface CutOptions {
  /** Absent: nothing is cut, boundaries are counted. */
  at?: Boundary;
  /** Ends the connection on the server. Absent: the session just answers no more. */
  end?: (session: Session) => Promise<void>;
}

export class CutDriver implements Driver {
  /** What was sent, in order. */
  readonly sent: string[] = [];
  /** Where a cut makes a difference: after a statement inside a transaction is the same as before the next. */
  readonly boundaries: Boundary[] = [];
  readonly loader?: Driver['loader'];
  cut = false;

  constructor(
    private readonly inner: Driver,
    private readonly options: CutOptions = {},
  ) {
    const load = inner.loader?.bind(inner);
    if (load !== undefined)
      this.loader = (request: LoaderRequest, session: Session): Promise<LoaderAnswer> =>
        (session as CutSession).load(request, load);
  }

  async batch(statements: readonly string[], owner: StatementOwner): Promise<ExecResult[]> {
    return this.session(owner, async (session) => {
      const results: ExecResult[] = [];
      if (statements.length > 1) await session.begin();
      for (const sql of statements) results.push(await session.execute(sql));
      if (statements.length > 1) await session.commit();
      return results;
    });
  }

  session<T>(owner: StatementOwner, work: (session: Session) => Promise<T>): Promise<T> {
    return this.inner.session(owner, (session) => work(new CutSession(session, this)));
  }

  cancel(): Promise<number> {
    return this.inner.cancel();
  }

  close(): Promise<void> {
    return this.inner.close();
  }

  /** Does one statement, unless this is where the connection is cut. */
  async step<T>(sql: string, session: Session, work: () => Promise<T>): Promise<T> {
    const statement = this.sent.push(sql) - 1;
    this.boundaries.push({ statement, moment: 'before' });
    const { at } = this.options;
    const here = !this.cut && at?.statement === statement ? at.moment : undefined;
    if (here === 'before') await this.lose(session, sql);
    const done = await work();
    if (!session.inTransaction) this.boundaries.push({ statement, moment: 'after' });
    if (here === 'after') await this.lose(session, sql);
    return done;
  }

  private async lose(session: Session, sql: string): Promise<never> {
    this.cut = true;
    if (this.options.end !== undefined) {
      await this.options.end(session);
      // the driver itself finds out
      await session.query('select 1');
    }
    throw lost(sql);
  }
}

class CutSession implements Session {
  private dead = false;

  constructor(
    private readonly inner: Session,
    private readonly driver: CutDriver,
  ) {}

  get inTransaction(): boolean {
    return !this.dead && this.inner.inTransaction;
  }

  query(sql: string, options?: { limit?: number }): Promise<QueryResult> {
    return this.step(sql, () => this.inner.query(sql, options));
  }

  execute(sql: string, options?: { fetch?: boolean; limit?: number }): Promise<ExecResult> {
    return this.step(sql, () => this.inner.execute(sql, options));
  }

  begin(): Promise<void> {
    return this.step('begin', () => this.inner.begin());
  }

  commit(): Promise<void> {
    return this.step('commit', () => this.inner.commit());
  }

  async rollback(): Promise<void> {
    if (this.inTransaction) await this.step('rollback', () => this.inner.rollback());
  }

  load(request: LoaderRequest, load: NonNullable<Driver['loader']>): Promise<LoaderAnswer> {
    return this.step(`loader: ${request.kind}`, () => load(request, this.inner));
  }

  private async step<T>(sql: string, work: () => Promise<T>): Promise<T> {
    if (this.dead) throw lost(sql);
    const before = this.driver.cut;
    try {
      return await this.driver.step(sql, this.inner, work);
    } catch (error) {
      if (this.driver.cut && !before) this.dead = true;
      throw error;
    }
  }
}

function lost(statement: string): StatementError {
  return new StatementError('Database', {
    message: 'The connection to the server was lost: cut by the test',
    code: 'connection-lost',
    statement,
  });
}
