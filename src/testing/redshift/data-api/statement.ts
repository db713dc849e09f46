/** One statement of the Data API, or a batch: its life on a connection of its own or of its session. */
import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import type { FieldDef } from 'pg';
import type { TextRow } from './fields.ts';
import type { StatementRequest } from './requests.ts';

export type StatementStatus = 'SUBMITTED' | 'PICKED' | 'STARTED' | 'FINISHED' | 'FAILED' | 'ABORTED';

/** What DescribeStatement tells of one text. */
export interface Part {
  Id: string;
  QueryString: string;
  Status: StatementStatus;
  Error?: string;
  /** Nanoseconds. */
  Duration: number;
  ResultRows: number;
  ResultSize: number;
  HasResultSet: boolean;
  RedshiftQueryId: number;
  CreatedAt: number;
  UpdatedAt: number;
  fields: FieldDef[];
  rows: TextRow[];
}

export const ENDED: ReadonlySet<StatementStatus> = new Set(['FINISHED', 'FAILED', 'ABORTED']);

const now = () => Date.now() / 1000;

/** `pg` with all values as text. */
export const AS_TEXT = { getTypeParser: () => (value: string) => value };

export class ApiStatement {
  readonly id = randomUUID();
  readonly whole: Part;
  /** Of a batch. */
  readonly parts: Part[] | undefined;
  pid = 0;
  readonly done: Promise<void>;
  private finish: () => void = () => {};

  constructor(
    readonly request: StatementRequest,
    readonly sessionId: string | undefined,
    private readonly queryId: () => number,
  ) {
    this.whole = this.part(this.id, request.Sql ?? '');
    this.parts = request.Sqls?.map((sql, at) => this.part(`${this.id}:${at + 1}`, sql));
    this.done = new Promise((resolve) => {
      this.finish = resolve;
    });
  }

  get ended(): boolean {
    return ENDED.has(this.whole.Status);
  }

  /** Runs on a client that the caller opens and closes; what goes wrong is part of the statement. */
  async run(open: () => Promise<pg.Client>, close: (client: pg.Client) => Promise<void>): Promise<void> {
    const started = process.hrtime.bigint();
    let client: pg.Client | undefined;
    try {
      client = await open();
      this.pid = (client as unknown as { processID: number }).processID;
      if (!this.ended) {
        this.move('STARTED');
        await this.execute(client);
      }
    } catch (error) {
      this.refuse(
        `${client === undefined ? 'FATAL' : 'ERROR'}: ${error instanceof Error ? error.message : String(error)}`,
      );
    } finally {
      this.whole.Duration = Number(process.hrtime.bigint() - started);
      if (client !== undefined) await close(client).catch(() => {});
      this.finish();
    }
  }

  abort(): void {
    this.move('ABORTED');
    for (const part of this.parts ?? []) if (!ENDED.has(part.Status)) part.Status = 'ABORTED';
  }

  /** What a request for `Id` or `Id:n` is about. */
  find(id: string): Part | undefined {
    return id === this.id ? this.whole : this.parts?.find((part) => part.Id === id);
  }

  private async execute(client: pg.Client): Promise<void> {
    const { parts, request } = this;
    if (parts === undefined) {
      await this.one(client, this.whole);
      return;
    }
    const together = request.ExecutionMode !== 'AUTO_COMMIT';
    if (together) await client.query('BEGIN');
    try {
      for (const part of parts) await this.one(client, part);
      if (together) await client.query('COMMIT');
    } catch (error) {
      if (together) await client.query('ROLLBACK').catch(() => {});
      throw error;
    }
    const last = parts.at(-1);
    this.whole.HasResultSet = parts.some((part) => part.HasResultSet);
    this.whole.ResultRows = last?.ResultRows ?? -1;
    this.move('FINISHED');
  }

  private async one(client: pg.Client, part: Part): Promise<void> {
    part.Status = 'STARTED';
    const started = process.hrtime.bigint();
    const { text, values } = bound(part.QueryString, this.request.Parameters ?? []);
    const result = await client.query<string[]>({
      text,
      rowMode: 'array',
      types: AS_TEXT as never,
      ...(values.length > 0 ? { values } : {}),
    });
    part.Duration = Number(process.hrtime.bigint() - started);
    part.fields = result.fields;
    part.rows = result.rows;
    part.HasResultSet = result.fields.length > 0;
    part.ResultRows = part.HasResultSet ? result.rows.length : (result.rowCount ?? -1);
    part.ResultSize = result.rows.reduce((sum, row) => sum + row.join('').length, 0);
    part.UpdatedAt = now();
    if (!ENDED.has(part.Status)) part.Status = 'FINISHED';
  }

  private refuse(text: string): void {
    const aborted = this.whole.Status === 'ABORTED';
    for (const part of this.parts ?? []) {
      if (part.Status === 'STARTED') Object.assign(part, { Status: 'FAILED', Error: text });
      else if (part.Status === 'SUBMITTED') part.Status = 'ABORTED';
    }
    const at = (this.parts?.findIndex((part) => part.Status === 'FAILED') ?? -1) + 1;
    this.whole.Error = at > 0 ? `Query #${at} failed with ${text}` : text;
    if (!aborted) this.move('FAILED');
  }

  private move(status: StatementStatus): void {
    this.whole.Status = status;
    this.whole.UpdatedAt = now();
  }

  private part(id: string, sql: string): Part {
    return {
      Id: id,
      QueryString: sql,
      Status: 'SUBMITTED',
      Duration: 0,
      ResultRows: -1,
      ResultSize: 0,
      HasResultSet: false,
      RedshiftQueryId: this.queryId(),
      CreatedAt: now(),
      UpdatedAt: now(),
      fields: [],
      rows: [],
    };
  }
}

/** `:name` → `$1`, for values only. */
function bound(
  sql: string,
  parameters: readonly { name: string; value: string }[],
): { text: string; values: string[] } {
  const values: string[] = [];
  if (parameters.length === 0) return { text: sql, values };
  const text = sql.replace(/(?<!:):(\w+)/g, (whole, name: string) => {
    const found = parameters.find((parameter) => parameter.name === name);
    return found === undefined ? whole : `$${values.push(found.value)}`;
  });
  return { text, values };
}
