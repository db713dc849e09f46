/** One connection on PostgreSQL's protocol. Whether a transaction is open is what the server says after each statement. */
import type { Client } from 'pg';
import { SqError } from '../../../errors.ts';
import type { Invocation } from '../../../invocation.ts';
import type {
  EngineError,
  ExecResult,
  QueryResult,
  Session,
  StatementComment,
  StatementOwner,
} from '../../contract.ts';
import { NO_COMMENT, withComment } from '../statement-comment.ts';
import { StatementError } from '../statement-error.ts';
import { transactionVerb } from '../transaction-verb.ts';
import { isServerError, pgEngineError, serverHint } from './pg-error.ts';
import { pgTypeName, pgValue, pgValueKind } from './pg-types.ts';
import { TextQuery, type TextResult } from './text-query.ts';

export interface PgSessionParts {
  client: Client;
  invocation: Pick<Invocation, 'emit'>;
  /** Names of types that are not built in, by `id:modifier`; shared by the sessions of a driver. */
  typeNames: Map<string, string>;
  /** Goes with every statement. */
  comment?: StatementComment;
  /** Reads a server's error of `sql`, sent behind `prefix`, where it does not speak as PostgreSQL does. */
  readError?(error: Error, sql: string, prefix: string): EngineError;
  /** Advice for an error of a statement, where there is more to say than the server does. */
  hint?(code: string | undefined, message: string): string | undefined;
}

/** query_canceled. */
const CANCELLED = '57014';

export class PgSession implements Session {
  private firstFailure: Error | undefined;
  private open = false;
  private running = 0;
  private tail: Promise<unknown> = Promise.resolve();
  /** The connection is gone, or nobody knows what the server did last. */
  broken = false;

  constructor(
    private readonly parts: PgSessionParts,
    private readonly owner: StatementOwner,
  ) {}

  get inTransaction(): boolean {
    return this.open;
  }

  /** A statement runs now. */
  get busy(): boolean {
    return this.running > 0;
  }

  async query(sql: string, options: { limit?: number } = {}): Promise<QueryResult> {
    return this.read(await this.send(sql, options.limit));
  }

  async execute(sql: string, options: { fetch?: boolean; limit?: number } = {}): Promise<ExecResult> {
    const verb = transactionVerb(sql);
    if (verb !== undefined) return this.transaction(verb);
    const result = await this.send(sql, options.fetch === true ? options.limit : 0);
    const done = tagResult(result.tag);
    if (options.fetch === true) done.result = await this.read(result);
    return done;
  }

  async begin(): Promise<void> {
    if (this.open) throw misuse('a transaction is open already');
    await this.send('begin');
    this.firstFailure = undefined;
  }

  /** Throws SqError kind Database when a statement before has made the server give the transaction up. */
  async commit(): Promise<void> {
    if (!this.open) throw misuse('there is no transaction to commit');
    const failure = this.firstFailure;
    const { tag } = await this.send('commit');
    this.firstFailure = undefined;
    // COMMIT of a transaction that has failed answers ROLLBACK
    if (tag !== 'ROLLBACK') return;
    throw new SqError({
      kind: 'Database',
      code: 'transaction-aborted',
      message:
        `The transaction was rolled back, nothing of it was kept: a statement in it had failed.\n${failure?.message ?? ''}`.trimEnd(),
      cause: failure,
    });
  }

  /** Does nothing when there is no transaction. */
  async rollback(): Promise<void> {
    if (!this.open) return;
    this.firstFailure = undefined;
    await this.send('rollback');
  }

  /** Settles when every statement sent has ended, however it ended. */
  async idle(): Promise<void> {
    await this.tail.catch(() => undefined);
  }

  /** Lends the client to a protocol of its own (COPY), in turn with the statements. */
  exclusive<T>(sql: string, work: (client: Client) => Promise<T>): Promise<T> {
    return this.inTurn(() => this.observed(sql, () => work(this.parts.client)));
  }

  private async transaction(verb: 'begin' | 'commit' | 'rollback'): Promise<ExecResult> {
    // texts of users (hooks) may say it once too often, about which the server only warns
    if (verb === 'begin' ? !this.open : this.open) await this[verb]();
    return { rowsAffected: null, message: verb.toUpperCase() };
  }

  private send(sql: string, limit?: number): Promise<TextResult> {
    return this.inTurn(() =>
      this.observed(sql, () => {
        const { client, comment = NO_COMMENT } = this.parts;
        const query = new TextQuery(withComment(sql, comment), limit);
        client.query(query);
        return query.done;
      }),
    );
  }

  /** One after the other: a connection runs one statement at a time. */
  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    const next = this.running === 0 ? work() : this.tail.catch(() => undefined).then(work);
    this.running += 1;
    const settle = () => {
      this.running -= 1;
    };
    next.then(settle, settle);
    this.tail = next;
    return next;
  }

  private async observed<T>(sql: string, work: () => Promise<T>): Promise<T> {
    const { invocation, client, comment = NO_COMMENT } = this.parts;
    invocation.emit({ name: 'SQLQuery', conn_name: this.owner.name, sql: withComment(sql, comment) });
    const started = performance.now();
    try {
      const result = await work();
      const elapsed = (performance.now() - started) / 1000;
      invocation.emit({ name: 'SQLQueryStatus', status: 'OK', elapsed, query_id: '' });
      return result;
    } catch (thrown) {
      const error = this.failure(thrown, sql);
      if (this.open) this.firstFailure ??= error;
      throw error;
    } finally {
      this.open = !this.broken && (client.getTransactionStatus() ?? 'I') !== 'I';
    }
  }

  private failure(thrown: unknown, sql: string): Error {
    if (thrown instanceof SqError) return thrown;
    if (!isServerError(thrown) || /^(57P0|08)/.test(thrown.code ?? '')) {
      this.broken = true;
      return lostConnection(thrown, sql);
    }
    if (thrown.code === CANCELLED && /user'?s? request/.test(thrown.message)) {
      return new SqError({
        kind: 'Database',
        code: 'cancelled',
        message: 'The statement was cancelled.',
        cause: thrown,
      });
    }
    const { comment, readError = pgEngineError } = this.parts;
    const engine = readError(thrown, sql, comment?.prefix ?? '');
    const hint = this.parts.hint?.(engine.code, engine.message) ?? serverHint(thrown);
    return new StatementError('Database', engine, { cause: thrown, ...(hint === undefined ? {} : { hint }) });
  }

  private async read({ fields, rows }: TextResult): Promise<QueryResult> {
    const types = await this.typesOf(fields);
    const columns = fields.map(({ name }, i) => ({
      name,
      type: types[i] as string,
      kind: pgValueKind(types[i] as string),
    }));
    return { columns, rows: rows.map((row) => row.map((text, i) => pgValue(columns[i]!.kind, text))) };
  }

  /** Names of the columns' types; one query where some are not built in and not known yet. */
  private async typesOf(fields: TextResult['fields']): Promise<string[]> {
    const { typeNames } = this.parts;
    const keyOf = (field: TextResult['fields'][number]) => `${field.dataTypeID}, ${field.dataTypeModifier}`;
    const unknown = fields.filter((field) => pgTypeName(field) === undefined && !typeNames.has(keyOf(field)));
    if (unknown.length > 0) {
      const { rows } = await this.send(
        `select ${unknown.map((field) => `format_type(${keyOf(field)})`).join(', ')}`,
      );
      unknown.forEach((field, i) => {
        typeNames.set(keyOf(field), rows[0]?.[i] ?? 'unknown');
      });
    }
    return fields.map((field) => pgTypeName(field) ?? typeNames.get(keyOf(field)) ?? 'unknown');
  }
}

const COUNTED = /^(SELECT|UPDATE|DELETE|MERGE|COPY|FETCH|MOVE|REFRESH|INSERT)(?: \d+)? (\d+)$/;

/** `SELECT 6820`, `INSERT 100`, `CREATE VIEW`; `OK` for a text without a statement. */
function tagResult(tag: string): ExecResult {
  const counted = COUNTED.exec(tag);
  if (counted === null) return { rowsAffected: null, message: tag === '' ? 'OK' : tag };
  return { rowsAffected: Number(counted[2]), message: `${counted[1]} ${counted[2]}` };
}

function lostConnection(thrown: unknown, sql: string): StatementError {
  const what = thrown instanceof Error ? thrown.message : String(thrown);
  const code = isServerError(thrown) ? thrown.code : 'connection-lost';
  return new StatementError(
    'Database',
    { message: `The connection to the server was lost: ${what}`, code, statement: sql },
    {
      cause: thrown,
      hint: 'the server or something on the way ended it (restart, idle timeout, an administrator); `keepalives_idle` in the profile keeps idle connections alive',
    },
  );
}

function misuse(what: string): SqError {
  return new SqError({
    kind: 'Internal',
    code: 'transaction-misuse',
    message: `On this connection ${what}.`,
  });
}
