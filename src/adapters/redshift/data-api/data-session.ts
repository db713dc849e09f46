/**
 * One session of the Data API: temporary tables, SET and open transactions live in it. It is opened by the first
 * statement, which is why nothing is sent before there is one.
 */
import { SqError } from '../../../errors.ts';
import type { Invocation } from '../../../invocation.ts';
import type { ExecResult, QueryResult, Session, StatementOwner } from '../../contract.ts';
import { commandMessage } from '../../shared/command-message.ts';
import { splitStatements } from '../../shared/split-statements.ts';
import { transactionVerb } from '../../shared/transaction-verb.ts';
import { isSessionGone } from './api-error.ts';
import type { Finished, Statements } from './statements.ts';

export interface DataSessionParts {
  statements: Statements;
  invocation: Pick<Invocation, 'emit'>;
  /** In front of each statement. */
  prefix: string;
  /** What each new session is set to. */
  setup: readonly string[];
}

/** Seconds a session outlives its last statement: an open transaction waits for tests that run elsewhere. */
export const KEEP_ALIVE = 1_800;

export class DataSession implements Session {
  private open = false;
  private firstFailure: Error | undefined;
  private running = 0;
  private tail: Promise<unknown> = Promise.resolve();
  private lastUse = 0;
  /** The server has ended it. */
  gone = false;

  constructor(
    private readonly parts: DataSessionParts,
    private readonly owner: StatementOwner,
    /** One that a node before has left, with everything SET in it. */
    public sessionId?: string,
  ) {}

  get inTransaction(): boolean {
    return this.open;
  }

  /** Milliseconds of performance.now() at the end of the last statement. */
  get usedAt(): number {
    return this.lastUse;
  }

  async query(sql: string, options: { limit?: number } = {}): Promise<QueryResult> {
    const { parts } = await this.send(sql);
    return this.rowsOf(parts[0], options.limit);
  }

  async execute(sql: string, options: { fetch?: boolean; limit?: number } = {}): Promise<ExecResult> {
    const verb = transactionVerb(sql);
    if (verb !== undefined) return this.transaction(verb);
    const several = splitStatements(sql, { backslashEscapes: true });
    if (several.length > 1) return this.oneByOne(several, options);
    const { parts } = await this.send(sql);
    const done = commandMessage(sql, parts[0]?.rows ?? -1);
    if (options.fetch === true) done.result = await this.rowsOf(parts[0], options.limit);
    return done;
  }

  async begin(): Promise<void> {
    if (this.open) throw misuse('a transaction is open already');
    await this.send('begin');
    this.open = true;
    this.firstFailure = undefined;
  }

  /** Throws SqError kind Database when a statement before has failed: Redshift's COMMIT then rolls back and says nothing. */
  async commit(): Promise<void> {
    if (!this.open) throw misuse('there is no transaction to commit');
    const failure = this.firstFailure;
    if (failure !== undefined) {
      await this.rollback();
      throw new SqError({
        kind: 'Database',
        code: 'transaction-aborted',
        message: `The transaction was rolled back, nothing of it was kept: a statement in it had failed.\n${failure.message}`,
        cause: failure,
      });
    }
    try {
      await this.send('commit');
    } finally {
      this.open = false;
    }
  }

  /** Does nothing when there is no transaction. */
  async rollback(): Promise<void> {
    if (!this.open) return;
    this.open = false;
    this.firstFailure = undefined;
    if (!this.gone) await this.send('rollback');
  }

  /** Settles when every statement sent has ended, however it ended. */
  async idle(): Promise<void> {
    await this.tail.catch(() => undefined);
  }

  /** The service takes one statement at a time; as on the wire they are one transaction. Answers the last one's. */
  private async oneByOne(
    statements: readonly string[],
    options: { fetch?: boolean; limit?: number },
  ): Promise<ExecResult> {
    const alone = !this.open;
    if (alone) await this.begin();
    let last: ExecResult = { rowsAffected: null, message: 'OK' };
    try {
      for (const sql of statements) last = await this.execute(sql, options);
    } catch (error) {
      if (alone) await this.rollback();
      throw error;
    }
    if (alone) await this.commit();
    return last;
  }

  private async transaction(verb: 'begin' | 'commit' | 'rollback'): Promise<ExecResult> {
    // texts of users (hooks) may say it once too often, about which the server only warns
    if (verb === 'begin' ? !this.open : this.open) await this[verb]();
    return { rowsAffected: null, message: verb.toUpperCase() };
  }

  private async rowsOf(part: Finished['parts'][number] | undefined, limit?: number): Promise<QueryResult> {
    if (part === undefined || !part.hasResult) return { columns: [], rows: [] };
    return this.parts.statements.rows(part.id, limit);
  }

  /** One after the other: a session that is busy refuses a second statement. */
  private send(sql: string): Promise<Finished> {
    const next =
      this.running === 0 ? this.run(sql) : this.tail.catch(() => undefined).then(() => this.run(sql));
    this.running += 1;
    const settle = () => {
      this.running -= 1;
    };
    next.then(settle, settle);
    this.tail = next;
    return next;
  }

  private async run(sql: string): Promise<Finished> {
    const { invocation } = this.parts;
    invocation.emit({ name: 'SQLQuery', conn_name: this.owner.name, sql });
    const started = performance.now();
    try {
      const finished = await this.inSession(sql);
      const elapsed = (performance.now() - started) / 1000;
      invocation.emit({ name: 'SQLQueryStatus', status: 'OK', elapsed, query_id: finished.id });
      return finished;
    } catch (thrown) {
      const error = thrown instanceof SqError ? thrown : this.lost(thrown);
      if (this.open) this.firstFailure ??= error;
      throw error;
    } finally {
      this.lastUse = performance.now();
    }
  }

  /** A session that was kept from before may have ended: where nothing was done in it yet, a new one takes its place. */
  private async inSession(sql: string): Promise<Finished> {
    const kept = this.lastUse === 0 && this.sessionId !== undefined;
    try {
      return await this.submit(sql);
    } catch (thrown) {
      if (!kept || !isSessionGone(thrown)) throw thrown;
      this.sessionId = undefined;
      return this.submit(sql);
    }
  }

  private async submit(sql: string): Promise<Finished> {
    const { statements, prefix, setup } = this.parts;
    const { name } = this.owner;
    if (this.sessionId === undefined && setup.length > 0) {
      const made = await statements.run({ sqls: setup, prefix: '', keepAlive: KEEP_ALIVE, name });
      this.sessionId = made.sessionId;
    }
    const { sessionId } = this;
    const onSession = (id: string) => {
      this.sessionId = id;
    };
    return statements.run({ sqls: [sql], prefix, sessionId, keepAlive: KEEP_ALIVE, name, onSession });
  }

  private lost(thrown: unknown): SqError {
    this.gone = true;
    return new SqError({
      kind: 'Database',
      code: 'session-lost',
      message: `The session of the Data API has ended: ${thrown instanceof Error ? thrown.message : String(thrown)}`,
      hint: 'an open transaction of it was rolled back; run the command again',
      cause: thrown,
    });
  }
}

function misuse(what: string): SqError {
  return new SqError({
    kind: 'Internal',
    code: 'transaction-misuse',
    message: `On this connection ${what}.`,
  });
}
