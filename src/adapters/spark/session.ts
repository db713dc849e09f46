/** One session of Spark: temporary views, settings and the current schema live in it. There are no transactions. */
import { SqError } from '../../errors.ts';
import type { Invocation } from '../../invocation.ts';
import type { ExecResult, QueryResult, Session, StatementOwner } from '../contract.ts';
import { splitStatements } from '../shared/split-statements.ts';
import { StatementError } from '../shared/statement-error.ts';
import { transactionVerb } from '../shared/transaction-verb.ts';
import { answerOf } from './answers.ts';
import { type ConnectClient, ConnectError, newId } from './connect/client.ts';
import { sparkDialect } from './dialect.ts';
import { parseConnectError } from './engine-error.ts';
import { questionOf } from './questions.ts';

const CANCELLED = 'HY008';
const GRPC_UNAVAILABLE = 14;
const INTERRUPT_TRIES = 100;

export class SparkSession implements Session {
  private open = false;
  private running: string | undefined;
  private tail: Promise<unknown> = Promise.resolve();
  /** The server does not know it any more. */
  broken = false;

  constructor(
    private readonly parts: {
      client: ConnectClient;
      id: string;
      invocation: Pick<Invocation, 'emit'>;
      comment: { prefix: string; suffix: string };
    },
    private readonly owner: StatementOwner,
  ) {}

  get inTransaction(): boolean {
    return this.open;
  }

  query(sql: string, options: { limit?: number } = {}): Promise<QueryResult> {
    return this.inTurn(() => this.read(sql, options.limit));
  }

  /** A text of several statements is sent one by one. */
  execute(sql: string, options: { fetch?: boolean; limit?: number } = {}): Promise<ExecResult> {
    const verb = transactionVerb(sql);
    if (verb !== undefined) {
      this.open = verb === 'begin';
      return Promise.resolve({ rowsAffected: null, message: 'OK' });
    }
    return this.inTurn(async () => {
      let done: ExecResult = { rowsAffected: null, message: 'OK' };
      for (const statement of splitStatements(sql, { backslashEscapes: true })) {
        if (sparkDialect.isReadOnly(statement)) {
          const result = await this.read(statement, options.limit);
          done = { rowsAffected: null, message: 'OK', ...(options.fetch === true && { result }) };
        } else {
          await this.send(statement, (text, operation) =>
            this.parts.client.command(text, this.parts.id, operation),
          );
          done = { rowsAffected: null, message: 'OK' };
        }
      }
      return done;
    });
  }

  /** Statements take effect at once: what these mark is where others would keep them together. */
  async begin(): Promise<void> {
    this.open = true;
  }

  async commit(): Promise<void> {
    this.open = false;
  }

  async rollback(): Promise<void> {
    this.open = false;
  }

  /** Texts under the name of a temporary view: columns c1, c2, … */
  rowsAsView(name: string, rows: readonly (readonly (string | null)[])[], width: number): Promise<void> {
    return this.inTurn(() =>
      this.send(`-- ${rows.length} rows as view ${name}`, () =>
        this.parts.client.rowsAsView(name, rows, width, this.parts.id),
      ),
    );
  }

  /** Answers whether a statement was running. */
  async interrupt(): Promise<boolean> {
    const operation = this.running;
    if (operation === undefined) return false;
    // the server may not know the operation yet: it is told again until it does, or until there is nothing to stop
    for (let tries = 0; tries < INTERRUPT_TRIES && this.running === operation; tries++) {
      const stopped = await this.parts.client.interrupt(this.parts.id, operation).catch(() => true);
      if (stopped) break;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
    return true;
  }

  get busy(): boolean {
    return this.running !== undefined;
  }

  async idle(): Promise<void> {
    await this.tail.catch(() => undefined);
  }

  private read(sql: string, limit = Number.POSITIVE_INFINITY): Promise<QueryResult> {
    const question = questionOf(sql);
    const ask = (text: string) =>
      this.send(text, (sent, operation) => this.parts.client.query(sent, this.parts.id, operation, limit));
    return question === undefined ? ask(sql) : answerOf(question, ask);
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const next = this.tail.catch(() => undefined).then(work);
    this.tail = next;
    return next;
  }

  private async send<T>(sql: string, work: (sql: string, operation: string) => Promise<T>): Promise<T> {
    const { invocation, comment } = this.parts;
    const sent = comment.prefix + sql + comment.suffix;
    invocation.emit({ name: 'SQLQuery', conn_name: this.owner.name, sql: sent });
    const started = performance.now();
    const operation = newId();
    this.running = operation;
    try {
      const result = await work(sent, operation);
      const elapsed = (performance.now() - started) / 1000;
      invocation.emit({ name: 'SQLQueryStatus', status: 'OK', elapsed, query_id: operation });
      return result;
    } catch (thrown) {
      throw this.failure(thrown, sql, comment.prefix.length);
    } finally {
      this.running = undefined;
    }
  }

  private failure(thrown: unknown, sql: string, shift: number): unknown {
    if (!(thrown instanceof ConnectError)) return thrown;
    if (thrown.sqlState === CANCELLED || /OPERATION_CANCELED/.test(thrown.message)) {
      return new SqError({
        kind: 'Database',
        code: 'cancelled',
        message: 'The statement was cancelled.',
        cause: thrown,
      });
    }
    if (thrown.grpcCode === GRPC_UNAVAILABLE || /INVALID_HANDLE/.test(thrown.message)) this.broken = true;
    const engine = parseConnectError(thrown, sql);
    if (engine.position !== undefined) engine.position = Math.max(0, engine.position - shift);
    if (thrown.grpcCode === GRPC_UNAVAILABLE) engine.message = `UNAVAILABLE: ${engine.message}`;
    return new StatementError('Database', engine, { cause: thrown });
  }
}
