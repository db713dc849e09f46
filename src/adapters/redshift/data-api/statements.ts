/** Statements of the Data API: submitted, waited for, and their rows fetched page by page. */
import { randomUUID } from 'node:crypto';
import type { DescribeStatementResponse } from '@aws-sdk/client-redshift-data';
import { SqError } from '../../../errors.ts';
import type { QueryResult } from '../../contract.ts';
import { StatementError } from '../../shared/statement-error.ts';
import { engineError } from '../engine-error.ts';
import { statementHint } from '../statement-hint.ts';
import type { ApiClient } from './api-client.ts';
import { isSessionGone } from './api-error.ts';
import { resultColumns, resultRow } from './result-values.ts';

/** Redshift Data API quotas: most statements of a batch, most bytes of a statement. */
export const MOST_STATEMENTS = 40;
export const MOST_BYTES = 100 * 1024;
/** Seconds of one long poll; the API takes up to 30. */
const LONG_POLL = 20;
/** Seconds until the answer that a statement was taken: quick ones have ended then, others can be cancelled. */
const FIRST_POLL = 1;
/** Milliseconds between questions where the answer comes at once all the same. */
const FIRST_PAUSE = 50;
const LONGEST_PAUSE = 2_000;

export interface SubmitOptions {
  sqls: readonly string[];
  /** Text in front of each statement that is not the author's. */
  prefix: string;
  /** An open session, or none; `keepAlive` seconds ask for one. */
  sessionId?: string | undefined;
  keepAlive?: number | undefined;
  name: string;
  /** Told as soon as it is known: also when the statement fails, its session stays. */
  onSession?(sessionId: string): void;
}

interface Running {
  /** Known when the service has answered that it took the statement. */
  id?: string;
  /** Somebody wants it to end. */
  unwanted: boolean;
}

/** A statement or batch that has ended well. */
export interface Finished {
  id: string;
  sessionId: string | undefined;
  /** One for each statement. */
  parts: { id: string; rows: number; hasResult: boolean }[];
}

export class Statements {
  private readonly running = new Set<Running>();

  constructor(
    private readonly api: ApiClient,
    private readonly options: { sleep(milliseconds: number): Promise<void> },
  ) {}

  /** Throws StatementError for a statement that fails, SqError `cancelled` for one that was cancelled. */
  async run(order: SubmitOptions): Promise<Finished> {
    for (const sql of order.sqls) checkSize(sql, order.prefix);
    const running: Running = { unwanted: false };
    this.running.add(running);
    try {
      const submitted = await this.submit(order);
      const id = submitted.Id ?? '';
      running.id = id;
      if (submitted.SessionId !== undefined) order.onSession?.(submitted.SessionId);
      if (running.unwanted) await this.stop(id);
      const described = await this.wait(id);
      if (described.Status !== 'FINISHED') throw failure(described, order);
      return {
        id,
        sessionId: submitted.SessionId ?? order.sessionId,
        parts: partsOf(described, id),
      };
    } finally {
      this.running.delete(running);
    }
  }

  /** The rows of a finished statement; `limit` ends the reading early. */
  async rows(id: string, limit = Number.POSITIVE_INFINITY): Promise<QueryResult> {
    const result: QueryResult = { columns: [], rows: [] };
    let token: string | undefined;
    do {
      const page = await this.api.call((client, sdk) =>
        client.send(
          new sdk.GetStatementResultCommand({ Id: id, ...(token === undefined ? {} : { NextToken: token }) }),
        ),
      );
      if (result.columns.length === 0) result.columns = resultColumns(page.ColumnMetadata ?? []);
      for (const fields of page.Records ?? []) {
        if (result.rows.length >= limit) break;
        result.rows.push(resultRow(fields, result.columns));
      }
      token = page.NextToken;
    } while (token !== undefined && token !== '' && result.rows.length < limit);
    return result;
  }

  /** Asks the server to stop what runs, or is about to; answers how many it was asked about. */
  async cancel(): Promise<number> {
    const all = [...this.running];
    for (const one of all) one.unwanted = true;
    await Promise.all(all.map(({ id }) => (id === undefined ? undefined : this.stop(id))));
    return all.length;
  }

  /** One that has ended in the meantime cannot be cancelled any more. */
  private async stop(id: string): Promise<void> {
    await this.api
      .call((client, sdk) => client.send(new sdk.CancelStatementCommand({ Id: id })))
      .catch(() => undefined);
  }

  private async submit({ sqls, prefix, sessionId, keepAlive, name }: SubmitOptions) {
    const { settings } = this.api;
    const common = {
      ...(sessionId === undefined ? connectionOf(settings) : { SessionId: sessionId }),
      ...(keepAlive === undefined ? {} : { SessionKeepAliveSeconds: keepAlive }),
      StatementName: name.slice(0, 500),
      // the same for every attempt: what has arrived once is not done twice
      ClientToken: randomUUID(),
      WaitTimeSeconds: FIRST_POLL,
    };
    const texts = sqls.map((sql) => prefix + sql);
    return this.api.call(
      (client, sdk) =>
        texts.length === 1
          ? client.send(new sdk.ExecuteStatementCommand({ ...common, Sql: texts[0] }))
          : client.send(new sdk.BatchExecuteStatementCommand({ ...common, Sqls: texts })),
      isSessionGone,
    );
  }

  private async wait(id: string): Promise<DescribeStatementResponse> {
    for (let pause = FIRST_PAUSE; ; pause = Math.min(LONGEST_PAUSE, pause * 2)) {
      const asked = performance.now();
      const described = await this.api.call((client, sdk) =>
        client.send(new sdk.DescribeStatementCommand({ Id: id, WaitTimeSeconds: LONG_POLL })),
      );
      const { Status: status = '' } = described;
      if (status === 'FINISHED' || status === 'FAILED' || status === 'ABORTED') return described;
      // a long poll has waited already
      if (performance.now() - asked < 1_000) await this.options.sleep(pause);
    }
  }
}

/** How the profile says where to go and as whom; a session knows it already. */
function connectionOf({ database, workgroup, clusterId, secretArn, user, method }: ApiClient['settings']) {
  return {
    Database: database,
    ...(workgroup === undefined ? { ClusterIdentifier: clusterId } : { WorkgroupName: workgroup }),
    ...(secretArn !== undefined
      ? { SecretArn: secretArn }
      : workgroup === undefined && user !== undefined && method !== 'iam_role'
        ? { DbUser: user }
        : {}),
  };
}

function partsOf(
  { SubStatements, ResultRows, HasResultSet }: DescribeStatementResponse,
  id: string,
): Finished['parts'] {
  if (SubStatements === undefined || SubStatements.length === 0)
    return [{ id, rows: Number(ResultRows ?? -1), hasResult: HasResultSet ?? false }];
  return SubStatements.map((part) => ({
    id: part.Id ?? '',
    rows: Number(part.ResultRows ?? -1),
    hasResult: part.HasResultSet ?? false,
  }));
}

/** The failed one of a batch is the one whose part says so; the batch's own text names it with a number. */
function failure(described: DescribeStatementResponse, { sqls, prefix }: SubmitOptions): Error {
  const parts = described.SubStatements ?? [];
  const at = Math.max(
    0,
    parts.findIndex(({ Status }) => Status === 'FAILED'),
  );
  const text = parts[at]?.Error ?? described.Error ?? '';
  if (described.Status === 'ABORTED' || /cancell?ed on user'?s request/i.test(text)) {
    return new SqError({
      kind: 'Database',
      code: 'cancelled',
      message: 'The statement was cancelled.',
      ...(text === '' ? {} : { cause: new Error(text) }),
    });
  }
  const message = (text || 'the Data API gives no reason').replace(/^Query #\d+ failed with /i, '');
  const engine = engineError({ message }, sqls[at] ?? sqls[0], [...prefix].length);
  const hint = statementHint(engine.message);
  return new StatementError('Database', engine, hint === undefined ? {} : { hint });
}

function checkSize(sql: string, prefix: string): void {
  const bytes = Buffer.byteLength(sql) + Buffer.byteLength(prefix);
  if (bytes <= MOST_BYTES) return;
  throw new SqError({
    kind: 'Database',
    code: 'statement-size',
    message: `The statement has ${Math.ceil(bytes / 1024)} KB, and the Data API takes 100 KB at most: ${sql.trimStart().slice(0, 80).replace(/\s+/g, ' ')} …`,
    hint: 'driver: wire in the profile takes 16 MB; or split the model; a large seed goes through S3 when the profile names s3_staging_dir',
  });
}
