/** One client of the double: its statements one after another, on a connection of its own behind. */
import type { Duplex } from 'node:stream';
import type { Fault } from '../faults.ts';
import { rewrite } from '../sql/rewrite.ts';
import { Statement, splitStatements, tokens } from '../sql/tokens.ts';
import { runStatement } from '../statements.ts';
import type { SeenStatement, World } from '../world.ts';
import type { Answer, Backend } from './backend.ts';
import {
  type ErrorFields,
  errorFields,
  errorMessage,
  failure,
  fieldsMessage,
  type Message,
  message,
  noticeMessage,
  RedshiftError,
  readFields,
  readRow,
  rowMessage,
} from './messages.ts';
import { shownError, shownFields, shownRow } from './shown.ts';

export class ClientSession {
  caseSensitive = false;
  /** What `pg_last_copy_count()` and its kin answer. */
  readonly counters: Record<string, number> = {};
  /** Settings that PostgreSQL does not have. */
  readonly settings = new Map<string, string>();
  private queue: Promise<void> = Promise.resolve();
  private transaction = 0;
  /** In the extended protocol: everything is ignored until Sync. */
  private skipping = false;
  private suspended = false;
  private superColumns: number[] = [];
  private muted = false;
  private longNames = false;

  constructor(
    readonly world: World,
    readonly backend: Backend,
    private readonly client: Duplex,
    readonly user: string,
  ) {
    backend.unasked = (next) => this.show(next);
    backend.onClose(() => this.client.end());
  }

  /** A message of the client, after it has logged on. */
  receive(next: Message): void {
    this.queue = this.queue.then(() => this.handle(next)).catch((error: Error) => this.fail(error));
  }

  /** Runs one statement behind as it is written; errors are thrown. */
  ask(sql: string): Promise<Answer> {
    return this.backend.must(sql);
  }

  /** Runs several as one: in a transaction of their own unless one is open. */
  async atomic<T>(work: () => Promise<T>): Promise<T> {
    if (this.backend.status !== 'I') return work();
    await this.ask('begin');
    try {
      const done = await work();
      await this.ask('commit');
      return done;
    } catch (error) {
      await this.backend.ask('rollback');
      throw error;
    }
  }

  /** As a superuser, for what the double keeps beside the client's own objects. */
  async asAdmin<T>(work: () => Promise<T>): Promise<T> {
    const { rows } = await this.ask('select session_user');
    await this.ask('reset session authorization');
    const done = await work();
    await this.ask(`set session authorization "${rows[0]?.[0]}"`);
    return done;
  }

  /** PostgreSQL's text of a statement of Redshift's. */
  translate(sql: string): string {
    return rewrite(tokens(sql), this);
  }

  get names() {
    return this.world.names;
  }

  get database(): string {
    return this.world.database;
  }

  /** Runs a statement and shows the client what comes back, the end of the cycle excepted. */
  async forward(sql: string, fault?: Fault): Promise<void> {
    let rows = 0;
    const answer = await this.backend.ask(sql, {
      forward: (next) => {
        if (next.type === 'D' && fault?.at === 'result' && fault.drop && rows++ >= (fault.rows ?? 1))
          this.drop();
        if (next.type !== 'E') this.show(next);
      },
    });
    if (answer.error !== undefined) throw new RedshiftError(answer.error);
  }

  /** What comes back of PostgreSQL's own catalogue names things as the client does. */
  async withLongNames(work: () => Promise<void>): Promise<void> {
    this.longNames = true;
    try {
      await work();
    } finally {
      this.longNames = false;
    }
  }

  notice(text: string): void {
    this.write(noticeMessage(text));
  }

  complete(tag: string): void {
    this.write(message('C', `${tag}\0`));
  }

  /** A result made by the double, not by PostgreSQL. */
  result(columns: readonly string[], rows: readonly string[][]): void {
    const field = { tableOid: 0, column: 0, typeOid: 25, size: -1, modifier: -1, format: 0 };
    this.write(fieldsMessage(columns.map((name) => ({ ...field, name }))));
    for (const row of rows) this.write(rowMessage(row));
    this.complete('SELECT');
  }

  /** Ends the connection without a word. */
  drop(): void {
    this.client.destroy();
    this.backend.destroy();
  }

  end(): void {
    this.backend.end();
  }

  private write(bytes: Buffer): void {
    if (this.client.writable && !this.muted) this.client.write(bytes);
  }

  private async handle(next: Message): Promise<void> {
    if (next.type === 'X') this.end();
    else if (next.type === 'Q') await this.simple(next.body.toString('utf8', 0, next.body.length - 1));
    else await this.extended(next);
  }

  /** A text of one statement or several; several are one transaction, unless they say otherwise. */
  private async simple(text: string): Promise<void> {
    const statements = splitStatements(text);
    if (statements.length === 0) this.write(message('I'));
    const controls = statements.some((sql) => new Statement(sql).is('BEGIN|START|COMMIT|END|ROLLBACK|ABORT'));
    const together = statements.length > 1 && !controls && this.backend.status === 'I';
    if (together) await this.ask('begin');
    let good = true;
    for (const sql of statements) {
      good = await this.one(sql);
      if (!good) break;
    }
    if (together && this.backend.status !== 'I') await this.backend.ask(good ? 'commit' : 'rollback');
    this.ready();
  }

  private async one(sql: string): Promise<boolean> {
    const seen = this.begin(sql);
    const fault = this.world.faults.take(sql);
    try {
      if (fault?.delay !== undefined) await new Promise((resolve) => setTimeout(resolve, fault.delay));
      const at = fault?.at ?? 'before';
      if (at === 'before' && fault?.drop) return this.lost(seen);
      if (at === 'before' && fault?.error) throw new RedshiftError(fault.error);
      if (at === 'after' && fault !== undefined) {
        await this.unseen(() => runStatement(this, sql, fault));
        if (fault.drop) return this.lost(seen, 'success');
        if (fault.error) throw new RedshiftError(fault.error);
      } else await runStatement(this, sql, fault);
      seen.status = 'success';
      return true;
    } catch (error) {
      const fields = error instanceof RedshiftError ? error.fields : this.unexpected(error);
      seen.status = 'failed';
      seen.error = fields.message;
      await this.spoil(sql);
      this.write(errorMessage(shownError(fields, this.world, seen.queryId)));
      return false;
    } finally {
      seen.endedAt = new Date();
    }
  }

  private begin(sql: string): SeenStatement {
    if (this.backend.status === 'I') this.transaction = this.world.nextTransaction();
    const { pid } = this.backend;
    const seen: SeenStatement = {
      sql,
      pid,
      queryId: this.world.nextQueryId(),
      transaction: this.transaction,
      user: this.user,
      startedAt: new Date(),
      status: 'running',
      label: this.settings.get('query_group') ?? 'default',
    };
    this.world.seen.push(seen);
    this.counters['pg_last_query_id'] = seen.queryId;
    return seen;
  }

  private lost(seen: SeenStatement, status: SeenStatement['status'] = 'failed'): boolean {
    seen.status = status;
    this.drop();
    return false;
  }

  /** After an error that PostgreSQL does not know of, its transaction must end as Redshift's would. */
  private async spoil(sql: string): Promise<void> {
    if (this.backend.status !== 'T') return;
    await this.backend.ask(new Statement(sql).is('COMMIT|END') ? 'rollback' : 'sq_rs_spoiled');
  }

  private unexpected(error: unknown): ErrorFields {
    return {
      code: 'XX000',
      message: `the double failed: ${error instanceof Error ? error.stack : String(error)}`,
    };
  }

  /** Runs with nothing shown to the client. */
  private async unseen(work: () => Promise<void>): Promise<void> {
    this.muted = true;
    try {
      await work();
    } finally {
      this.muted = false;
    }
  }

  private async extended(next: Message): Promise<void> {
    if (this.skipping && next.type !== 'S') return;
    if (next.type === 'P') {
      if (this.suspended)
        throw failure('XX000', "Invalid protocol sequence 'P' while in PortalSuspended state.");
      return this.parse(next);
    }
    if (next.type === 'C' || next.type === 'S') this.suspended = false;
    if (next.type !== 'S') {
      this.backend.send(next.raw);
      return;
    }
    this.skipping = false;
    const ready = this.backend.untilReady();
    this.backend.send(next.raw);
    await ready;
  }

  /** Parse: one plain statement; what the double runs by itself cannot be prepared. */
  private async parse({ body }: Message): Promise<void> {
    const named = body.indexOf(0);
    const end = body.indexOf(0, named + 1);
    const sql = body.toString('utf8', named + 1, end);
    const statement = new Statement(sql);
    const special = statement.is('COPY|UNLOAD|VACUUM|TRUNCATE|MERGE') || statement.is('CREATE|ALTER');
    if (special) throw failure('0A000', `cannot prepare this statement: ${statement.word(0)}`);
    if (splitStatements(sql).length > 1)
      throw failure('42601', 'cannot insert multiple commands into a prepared statement');
    const seen = this.begin(sql);
    const fault = this.world.faults.take(sql);
    if (fault?.drop) this.drop();
    else if (fault?.error) throw new RedshiftError(fault.error);
    seen.status = 'success';
    seen.endedAt = new Date();
    this.backend.send(
      message('P', body.subarray(0, named + 1), `${this.translate(sql)}\0`, body.subarray(end + 1)),
    );
  }

  private fail(error: Error): void {
    const fields = error instanceof RedshiftError ? error.fields : this.unexpected(error);
    this.skipping = true;
    this.write(errorMessage(shownError(fields, this.world)));
  }

  private ready(): void {
    this.write(message('Z', this.backend.status));
  }

  /** A message of PostgreSQL's as Redshift would have written it. */
  private show(next: Message): void {
    if (next.type === 'S') return;
    if (next.type === 's') this.suspended = true;
    if (next.type === 'E') this.write(errorMessage(shownError(errorFields(next.body), this.world)));
    else if (next.type === 'T') {
      const { fields, superColumns } = shownFields(readFields(next.body), this.world.names);
      this.superColumns = superColumns;
      this.write(fieldsMessage(fields));
    } else if (next.type === 'D' && (this.superColumns.length > 0 || this.longNames)) {
      const row = shownRow(readRow(next.body), this.superColumns);
      const { names } = this.world;
      this.write(rowMessage(this.longNames ? row.map((value) => value && names.shown(value)) : row));
    } else this.write(next.raw);
  }
}
