/** One session of Spark: temporary views, settings and the current schema live in it. There are no transactions. */
import { SqError } from '../../errors.ts';
import type { Invocation } from '../../invocation.ts';
import type { ExecResult, QueryResult, Session, StatementOwner } from '../contract.ts';
import { commandMessage } from '../shared/command-message.ts';
import { splitStatements } from '../shared/split-statements.ts';
import { StatementError } from '../shared/statement-error.ts';
import { transactionVerb } from '../shared/transaction-verb.ts';
import { answerOf } from './answers.ts';
import { type ConnectClient, ConnectError, type Execution, newExecution } from './connect/client.ts';
import { sparkDialect } from './dialect.ts';
import { parseConnectError } from './engine-error.ts';
import { questionOf } from './questions.ts';

const CANCELLED = 'HY008';
const UNCOUNTED = -1;
const GRPC_UNAVAILABLE = 14;
const GRPC_CANCELLED = 1;
/** How long a statement may plan before it is interrupted without a task of it running. */
const PLANNING_MS = 5000;
/** How long an interrupted statement may take to end. */
const ENDING_MS = 10_000;
const POLL_MS = 50;

export class SparkSession implements Session {
  private open = false;
  private running: Execution | undefined;
  /** The statement that was told to stop. */
  private stopping: Execution | undefined;
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
          await this.send(statement, (text, execution) =>
            this.parts.client.command(text, this.parts.id, execution),
          );
          const { message } = commandMessage(statement, UNCOUNTED);
          done = { rowsAffected: null, message: message === 'SELECT' ? 'CREATE TABLE' : message };
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
      this.send(`-- ${rows.length} rows as view ${name}`, (_, execution) =>
        this.parts.client.rowsAsView(name, rows, width, this.parts.id, execution),
      ),
    );
  }

  /**
   * Stops what runs; answers whether something did. Spark forgets an interrupt that comes between the plan of a
   * statement and its first task (the job then runs on by itself), and does not know an operation that has just been
   * sent: so it is told when tasks run, or when planning takes long, and until it knows. What does not end by then
   * is left to the server, which ends the session.
   */
  async interrupt(): Promise<boolean> {
    const execution = this.running;
    if (execution === undefined) return false;
    this.stopping = execution;
    const { client, id } = this.parts;
    const runs = () => this.running === execution;
    const wait = async (limit: number, enough: () => boolean | Promise<boolean>) => {
      for (const until = Date.now() + limit; runs() && !(await enough()) && Date.now() < until; )
        await new Promise((resolve) => setTimeout(resolve, POLL_MS));
    };
    await wait(PLANNING_MS, () => execution.tasks > 0);
    await wait(ENDING_MS, () => client.interrupt(id, execution.operation).catch(() => true));
    await wait(ENDING_MS, () => false);
    if (runs()) {
      this.broken = true;
      execution.abandon();
      await client.release(id).catch(() => undefined);
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
      this.send(text, (sent, execution) => this.parts.client.query(sent, this.parts.id, execution, limit));
    return question === undefined ? ask(sql) : answerOf(question, ask);
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const next = this.tail.catch(() => undefined).then(work);
    this.tail = next;
    return next;
  }

  private async send<T>(sql: string, work: (sql: string, execution: Execution) => Promise<T>): Promise<T> {
    const { invocation, comment } = this.parts;
    const sent = comment.prefix + sql + comment.suffix;
    invocation.emit({ name: 'SQLQuery', conn_name: this.owner.name, sql: sent });
    const started = performance.now();
    const execution = newExecution();
    this.running = execution;
    try {
      const result = await work(sent, execution);
      const elapsed = (performance.now() - started) / 1000;
      invocation.emit({ name: 'SQLQueryStatus', status: 'OK', elapsed, query_id: execution.operation });
      return result;
    } catch (thrown) {
      throw this.failure(thrown, sql, comment.prefix.length, execution);
    } finally {
      this.running = undefined;
    }
  }

  private failure(thrown: unknown, sql: string, shift: number, execution: Execution): unknown {
    if (!(thrown instanceof ConnectError)) return thrown;
    const left = execution === this.stopping && thrown.grpcCode === GRPC_CANCELLED;
    if (left || thrown.sqlState === CANCELLED || /OPERATION_CANCELED/.test(thrown.message)) {
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
