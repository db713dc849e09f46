import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import pg from 'pg';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { SqError } from '../../../errors.ts';
import { createInvocation } from '../../../invocation.ts';
import { createTestDatabase, hasPostgres, type TestDatabase } from '../../../testing/postgres.ts';
import type { Driver } from '../../contract.ts';
import { redshiftSettings } from '../settings.ts';
import { openDataApi } from './open-data-api.ts';

interface Run {
  status: string;
  error?: string;
  parts: { rows: number; fields: { name: string; oid: number }[]; values: (string | null)[][] }[];
}
type Body = Record<string, unknown> & { Sql?: string; Sqls?: string[]; Id?: string; NextToken?: string };

/** The Data API over PostgreSQL, as small as these tests need it. */
class Endpoint {
  readonly requests: { op: string; body: Body }[] = [];
  readonly faults: { status: number; type: string; message: string; after?: boolean }[] = [];
  private readonly runs = new Map<string, Run>();
  private readonly byToken = new Map<string, string>();
  private readonly sessions = new Map<string, pg.Client>();
  private readonly working = new Map<string, pg.Client>();
  private readonly server: Server;
  private count = 0;

  constructor(private readonly url: string) {
    this.server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', async () => {
        const op = String(request.headers['x-amz-target']).replace('RedshiftData.', '');
        const body = JSON.parse(Buffer.concat(chunks).toString()) as Body;
        this.requests.push({ op, body });
        const fault = op === 'DescribeStatement' ? undefined : this.faults.shift();
        const send = (status: number, answer: unknown) =>
          response
            .writeHead(status, { 'content-type': 'application/x-amz-json-1.1' })
            .end(typeof answer === 'string' ? answer : JSON.stringify(answer));
        const refuse = () => send(fault!.status, { __type: fault!.type, message: fault!.message });
        if (fault !== undefined && fault.after !== true) return refuse();
        const answer = await this.answer(op, body).catch((error: Error) => error);
        if (fault !== undefined) return refuse();
        if (answer instanceof Error)
          return send(400, { __type: 'ValidationException', message: answer.message });
        return send(200, answer);
      });
    });
  }

  async start(): Promise<string> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async stop(): Promise<void> {
    for (const client of this.sessions.values()) await client.end();
    this.server.closeAllConnections();
    this.server.close();
  }

  async endSessions(): Promise<void> {
    for (const client of this.sessions.values()) await client.end();
    this.sessions.clear();
  }

  private async answer(op: string, body: Body): Promise<unknown> {
    if (op === 'ExecuteStatement' || op === 'BatchExecuteStatement') return this.submit(body);
    const [id = '', part = '1'] = String(body.Id).split(':');
    const run = this.runs.get(id)!;
    if (op === 'DescribeStatement') {
      const seen = run.parts.map(({ rows, fields }, i) => ({
        Id: `${id}:${i + 1}`,
        Status: run.status,
        ResultRows: rows,
        HasResultSet: fields.length > 0,
      }));
      const failed = run.error === undefined ? {} : { Error: run.error };
      return seen.length > 1
        ? { Id: id, Status: run.status, ...failed, SubStatements: seen }
        : { ...seen[0], Id: id, Status: run.status, ...failed };
    }
    if (op === 'CancelStatement') {
      const client = this.working.get(id);
      run.status = 'ABORTED';
      const other = new pg.Client(this.url);
      await other.connect();
      await other.query(
        `select pg_cancel_backend(${(client as unknown as { processID: number }).processID})`,
      );
      await other.end();
      return { Status: true };
    }
    return this.page(run.parts[Number(part) - 1]!, Number(body.NextToken ?? 0));
  }

  /** Two rows a page; numbers as the service writes them. */
  private page({ fields, values }: Run['parts'][number], from: number): string {
    const types: Record<number, string> = {
      20: 'int8',
      23: 'int4',
      701: 'float8',
      16: 'bool',
      1114: 'timestamp',
      1700: 'numeric',
    };
    const metadata = fields.map(({ name, oid }) => ({
      name,
      label: name,
      typeName: types[oid] ?? 'varchar',
    }));
    const records = values.slice(from, from + 2).map(
      (row) =>
        `[${row
          .map((value, i) => {
            const type = metadata[i]!.typeName;
            if (value === null) return '{"isNull": true}';
            if (/^int/.test(type)) return `{"longValue": ${value}}`;
            if (type === 'float8') return `{"doubleValue": ${value}}`;
            if (type === 'bool') return `{"booleanValue": ${value === 't'}}`;
            return `{"stringValue": ${JSON.stringify(value)}}`;
          })
          .join(', ')}]`,
    );
    const next = from + 2 < values.length ? `, "NextToken": "${from + 2}"` : '';
    return `{"ColumnMetadata": ${JSON.stringify(metadata)}, "Records": [${records.join(', ')}]${next}}`;
  }

  private async submit(body: Body): Promise<unknown> {
    const token = String(body.ClientToken);
    const before = this.byToken.get(token);
    if (before !== undefined) return { Id: before };
    this.count += 1;
    const id = `00000000-0000-0000-0000-${String(this.count).padStart(12, '0')}`;
    this.byToken.set(token, id);
    let sessionId = body.SessionId as string | undefined;
    if (sessionId !== undefined && !this.sessions.has(sessionId))
      throw new Error('Session is not available: it does not exist');
    const client = sessionId === undefined ? new pg.Client(this.url) : this.sessions.get(sessionId)!;
    if (sessionId === undefined) await client.connect();
    const keep = body.SessionKeepAliveSeconds as number | undefined;
    if (sessionId === undefined && keep !== undefined) {
      sessionId = `10000000-0000-0000-0000-${String(this.count).padStart(12, '0')}`;
      this.sessions.set(sessionId, client);
    }
    const run: Run = { status: 'STARTED', parts: [] };
    this.runs.set(id, run);
    this.working.set(id, client);
    void this.work(run, client, body).finally(async () => {
      if (sessionId === undefined) await client.end();
    });
    return { Id: id, ...(sessionId === undefined ? {} : { SessionId: sessionId }) };
  }

  private async work(run: Run, client: pg.Client, { Sql, Sqls }: Body): Promise<void> {
    try {
      if (Sqls !== undefined) await client.query('begin');
      for (const sql of Sqls ?? [Sql!]) {
        const result = await client.query({
          text: sql,
          rowMode: 'array',
          types: { getTypeParser: () => (v: string) => v } as never,
        });
        run.parts.push({
          rows: result.rowCount ?? -1,
          fields: result.fields.map(({ name, dataTypeID }) => ({ name, oid: dataTypeID })),
          values: result.rows as (string | null)[][],
        });
      }
      if (Sqls !== undefined) await client.query('commit');
      run.status = 'FINISHED';
    } catch (thrown) {
      const error = thrown as { message: string; position?: string };
      if (Sqls !== undefined) await client.query('rollback').catch(() => undefined);
      const position = error.position === undefined ? '' : `\n  Position: ${error.position}`;
      run.error = `ERROR: ${error.message}${position}`;
      if (run.status === 'STARTED') run.status = 'FAILED';
    }
  }
}

const owner = { name: 'model.shop.songs' };

describe.runIf(hasPostgres())('the Data API', () => {
  let database: TestDatabase;
  let endpoint: Endpoint;
  let driver: Driver;
  const open = (more: Record<string, unknown> = {}) => {
    const invocation = createInvocation({ cwd: '/', env: {} });
    const context = {
      projectDir: '/',
      projectName: 'shop',
      profileName: 'shop',
      targetName: 'prod',
      invocation,
    };
    const settings = redshiftSettings(
      {
        type: 'redshift',
        driver: 'data_api',
        serverless_work_group: 'wg',
        region: 'us-west-2',
        dbname: 'dev',
        schema: 'public',
        access_key_id: 'x',
        secret_access_key: 'y',
        endpoints: { redshift_data: url },
        ...more,
      },
      context,
    );
    return openDataApi(settings, { invocation, projectDir: '/', threads: 2, readOnly: false });
  };
  let url = '';

  beforeAll(async () => {
    database = await createTestDatabase('data_api');
    endpoint = new Endpoint(database.url);
    url = await endpoint.start();
    driver = open();
  });
  beforeEach(() => {
    endpoint.requests.length = 0;
    endpoint.faults.length = 0;
  });
  afterAll(async () => {
    await driver.close();
    await endpoint.stop();
    await database.drop();
  });

  const rows = (sql: string, limit?: number) =>
    driver.session(
      owner,
      async (session) => (await session.query(sql, limit === undefined ? {} : { limit })).rows,
    );
  const errorOf = (work: Promise<unknown>) =>
    work.then(
      () => 'no error',
      (error: SqError) => error.text,
    );
  const ops = () => endpoint.requests.map(({ op }) => op).filter((op) => op !== 'DescribeStatement');

  it('brings values back with every digit', async () => {
    expect(
      await rows(
        `select 9007199254740993::int8, (-9223372036854775808)::int8, 5::int8, 1.5::float8, true, null::int4,
          1.10::numeric(10,2), timestamp '2018-11-01 21:01:46.796123', '{"longValue": 12345678901234567890}'`,
      ),
    ).toEqual([
      [
        9007199254740993n,
        -9223372036854775808n,
        5,
        1.5,
        true,
        null,
        '1.10',
        '2018-11-01 21:01:46.796123',
        '{"longValue": 12345678901234567890}',
      ],
    ]);
  });

  it('reads page after page, and no page more than the limit needs', async () => {
    expect(await rows('select generate_series(1, 5)')).toEqual([[1], [2], [3], [4], [5]]);
    expect(ops()).toEqual([
      'ExecuteStatement',
      'GetStatementResult',
      'GetStatementResult',
      'GetStatementResult',
    ]);
    endpoint.requests.length = 0;
    expect(await rows('select generate_series(1, 5)', 1)).toEqual([[1]]);
    expect(ops()).toEqual(['ExecuteStatement', 'GetStatementResult']);
  });

  it('runs several statements as one request and one transaction', async () => {
    const done = await driver.batch(
      ['create table a as select 1 as x', 'insert into a values (2), (3)', 'drop table if exists zz'],
      owner,
    );
    expect(done).toEqual([
      { rowsAffected: 1, message: 'SELECT 1' },
      { rowsAffected: 2, message: 'INSERT 2' },
      { rowsAffected: null, message: 'DROP TABLE' },
    ]);
    expect(ops()).toEqual(['BatchExecuteStatement']);
    expect(await errorOf(driver.batch(['insert into a values (4)', 'insert into b values (1)'], owner))).toBe(
      'Database Error\n  relation "b" does not exist',
    );
    expect(await rows('select count(*) from a')).toEqual([[3]]);
  });

  it('takes a session for more than forty, still one transaction', async () => {
    await driver.batch(['create table many (x int)'], owner);
    endpoint.requests.length = 0;
    const inserts = Array.from({ length: 41 }, (_, i) => `insert into many values (${i})`);
    await errorOf(driver.batch([...inserts, 'select 1/0'], owner));
    expect(await rows('select count(*) from many')).toEqual([[0]]);
    expect(await driver.batch(inserts, owner)).toHaveLength(41);
    expect(await rows('select count(*) from many')).toEqual([[41]]);
    expect(ops()).not.toContain('BatchExecuteStatement');
  });

  it('repeats what was throttled, and a write that was applied is not applied twice', async () => {
    await driver.batch(['create table once (x int)'], owner);
    endpoint.faults.push(
      { status: 400, type: 'ThrottlingException', message: 'Rate exceeded' },
      { status: 500, type: 'InternalServerException', message: 'lost', after: true },
    );
    endpoint.requests.length = 0;
    await driver.batch(['insert into once values (1)'], owner);
    const sent = endpoint.requests.filter(({ op }) => op === 'ExecuteStatement');
    expect(sent).toHaveLength(3);
    expect(new Set(sent.map(({ body }) => body.ClientToken)).size).toBe(1);
    expect(await rows('select count(*) from once')).toEqual([[1]]);
  });

  it('tells where in the statement an error is', async () => {
    const error = await driver.batch(['select 1,\n  nope'], owner).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ engine: { position: 12, statement: 'select 1,\n  nope' } });
  });

  it('refuses to commit after a failed statement, and rolls back what is left open', async () => {
    await driver.batch(['create table t (x int)'], owner);
    const work = driver.session(owner, async (session) => {
      await session.begin();
      await session.execute('insert into t values (1)');
      await session.query('select 1/0').catch(() => undefined);
      await session.commit();
    });
    expect(await errorOf(work)).toBe(
      'Database Error\n  The transaction was rolled back, nothing of it was kept: a statement in it had failed.\n  division by zero',
    );
    await driver.session(owner, async (session) => {
      await session.begin();
      await session.execute('insert into t values (1)');
    });
    expect(await rows('select count(*) from t')).toEqual([[0]]);
  });

  it('sets every session before its first statement, and opens a new one for one that has ended', async () => {
    const grouped = open({ query_group: 'etl' });
    // PostgreSQL has no such setting: a prefixed one stands in its place
    endpoint.requests.length = 0;
    await grouped.session(owner, (session) => session.query('select 1')).catch(() => undefined);
    expect(endpoint.requests[0]?.body).toMatchObject({
      Sql: "set query_group to 'etl'",
      WorkgroupName: 'wg',
      Database: 'dev',
    });
    await grouped.close();
    await rows('select 1');
    await endpoint.endSessions();
    expect(await rows('select 2')).toEqual([[2]]);
  });

  it('cancels on the server', async () => {
    const work = errorOf(driver.session(owner, (session) => session.query('select pg_sleep(60)')));
    while (!ops().includes('ExecuteStatement')) await new Promise((resolve) => setTimeout(resolve, 10));
    await new Promise((resolve) => setTimeout(resolve, 100));
    expect(await driver.cancel()).toBe(1);
    expect(await work).toBe('Database Error\n  The statement was cancelled.');
  });

  it('explains what is too long, and what AWS refuses', async () => {
    expect(await errorOf(driver.batch([`select '${'x'.repeat(110_000)}'`], owner))).toBe(
      [
        'Database Error',
        `  The statement has 108 KB, and the Data API takes 100 KB at most: select '${'x'.repeat(72)} …`,
        '  hint: driver: wire in the profile takes 16 MB; or split the model; a large seed goes through S3 when the profile names s3_staging_dir',
      ].join('\n'),
    );
    endpoint.faults.push({ status: 400, type: 'ResourceNotFoundException', message: 'Endpoint not found.' });
    expect(await errorOf(driver.batch(['select 1'], owner))).toBe(
      [
        'Database Error',
        '  The Redshift Data API refuses workgroup wg, database dev: ResourceNotFoundException: Endpoint not found.',
        '  hint: look at cluster_id or serverless_work_group, dbname and region in the profile',
      ].join('\n'),
    );
  });
});
