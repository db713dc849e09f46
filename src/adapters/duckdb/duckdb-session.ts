/**
 * One connection of DuckDB, with its transaction kept in mind: after a runtime error inside a transaction
 * DuckDB's COMMIT answers "success" and has rolled back, so the session asks before it believes.
 */
import type { Connection, Result } from '@duckdb/node-bindings';
import { SqError } from '../../errors.ts';
import type { Invocation } from '../../invocation.ts';
import type { ExecResult, QueryResult, Session, StatementComment, StatementOwner } from '../contract.ts';
import { NO_COMMENT, withComment } from '../shared/statement-comment.ts';
import { StatementError } from '../shared/statement-error.ts';
import { transactionVerb } from '../shared/transaction-verb.ts';
import type { Binding } from './binding.ts';
import { parseEngineError } from './engine-error.ts';
import { resultMessage } from './result-message.ts';
import { readResult } from './result-values.ts';
import { statementHint } from './statement-hint.ts';

export interface SessionParts {
  binding: Binding;
  connection: Connection;
  invocation: Pick<Invocation, 'emit'>;
  comment?: StatementComment;
}

export class DuckDbSession implements Session {
  private open = false;
  private firstFailure: Error | undefined;
  private running = 0;
  private tail: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly parts: SessionParts,
    private readonly owner: StatementOwner,
  ) {}

  get inTransaction(): boolean {
    return this.open;
  }

  async query(sql: string, options: { limit?: number } = {}): Promise<QueryResult> {
    const result = await this.send(this.commented(sql));
    return readResult(this.parts.binding, result, options.limit);
  }

  async execute(sql: string, options: { fetch?: boolean; limit?: number } = {}): Promise<ExecResult> {
    const verb = transactionVerb(sql);
    if (verb !== undefined) return this.transaction(verb);
    const { binding } = this.parts;
    const result = await this.send(this.commented(sql));
    const done: ExecResult = resultMessage(binding, result, sql);
    if (options.fetch === true) done.result = await readResult(binding, result, options.limit);
    return done;
  }

  async begin(): Promise<void> {
    if (this.open) throw misuse('a transaction is open already');
    await this.send('begin');
    this.open = true;
    this.firstFailure = undefined;
  }

  /** Throws SqError kind Runtime when a statement before has made the engine give the transaction up. */
  async commit(): Promise<void> {
    if (!this.open) throw misuse('there is no transaction to commit');
    const failure = this.firstFailure;
    if (failure !== undefined && (await this.isAborted())) {
      await this.rollback();
      throw new SqError({
        kind: 'Runtime',
        code: 'transaction-aborted',
        message: `The transaction was rolled back, nothing of it was kept: a statement in it had failed.\n${failure.message}`,
        cause: failure,
      });
    }
    try {
      await this.send('commit');
    } finally {
      // a commit that fails has rolled back
      this.open = false;
      this.firstFailure = undefined;
    }
  }

  /** Does nothing when there is no transaction. */
  async rollback(): Promise<void> {
    if (!this.open) return;
    this.open = false;
    this.firstFailure = undefined;
    await this.send('rollback');
  }

  /** Stops the running statement; answers whether there was one. */
  interrupt(): boolean {
    if (this.running === 0) return false;
    this.parts.binding.interrupt(this.parts.connection);
    return true;
  }

  /** Settles when every statement sent has ended, however it ended. */
  async idle(): Promise<void> {
    await this.tail.catch(() => undefined);
  }

  private async transaction(verb: 'begin' | 'commit' | 'rollback'): Promise<ExecResult> {
    // texts of users (hooks) may say it once too often, which PostgreSQL only warns about
    if (verb === 'begin' ? !this.open : this.open) await this[verb]();
    return { rowsAffected: null, message: 'OK' };
  }

  private commented(sql: string): string {
    return withComment(sql, this.parts.comment ?? NO_COMMENT);
  }

  private async isAborted(): Promise<boolean> {
    try {
      await this.send('select 1');
      return false;
    } catch {
      return true;
    }
  }

  /** One after the other: a connection runs one statement at a time. */
  private send(sql: string): Promise<Result> {
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

  private async run(sql: string): Promise<Result> {
    const { binding, connection, invocation } = this.parts;
    invocation.emit({ name: 'SQLQuery', conn_name: this.owner.name, sql });
    const started = performance.now();
    try {
      const result = await binding.query(connection, sql);
      const elapsed = (performance.now() - started) / 1000;
      invocation.emit({ name: 'SQLQueryStatus', status: 'OK', elapsed, query_id: '' });
      return result;
    } catch (thrown) {
      const error = this.failure(thrown, sql);
      if (this.open) this.firstFailure ??= error;
      throw error;
    }
  }

  private failure(thrown: unknown, sql: string): Error {
    const text = thrown instanceof Error ? thrown.message : String(thrown);
    const engine = parseEngineError(text, sql);
    if (engine.code === 'INTERRUPT Error') {
      return new SqError({
        kind: 'Runtime',
        code: 'cancelled',
        message: 'The statement was cancelled.',
        cause: thrown,
      });
    }
    return new StatementError('Runtime', engine, { cause: thrown, hint: statementHint(engine.message) });
  }
}

function misuse(what: string): SqError {
  return new SqError({
    kind: 'Internal',
    code: 'transaction-misuse',
    message: `On this connection ${what}.`,
  });
}
