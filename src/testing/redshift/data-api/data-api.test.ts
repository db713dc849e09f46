/** The AWS interfaces of the double, asked by the AWS SDK. */
import {
  GetClusterCredentialsCommand,
  GetClusterCredentialsWithIAMCommand,
  RedshiftClient,
} from '@aws-sdk/client-redshift';
import {
  BatchExecuteStatementCommand,
  CancelStatementCommand,
  DescribeStatementCommand,
  ExecuteStatementCommand,
  GetStatementResultCommand,
  GetStatementResultV2Command,
  ListSessionsCommand,
  ListStatementsCommand,
  RedshiftDataClient,
} from '@aws-sdk/client-redshift-data';
import { GetCredentialsCommand, RedshiftServerlessClient } from '@aws-sdk/client-redshift-serverless';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasPostgres } from '../../postgres.ts';
import { connectTo } from '../connect.ts';
import { type RedshiftDouble, startRedshiftDouble } from '../double.ts';

describe.runIf(hasPostgres())('the Data API', () => {
  let double: RedshiftDouble;
  let api: RedshiftDataClient;
  const settings = () => ({
    endpoint: double.dataApi.endpoint,
    region: 'us-west-2',
    credentials: { accessKeyId: 'a', secretAccessKey: 'b' },
  });
  const place = () => ({ WorkgroupName: double.workgroup, Database: 'dev' });

  beforeAll(async () => {
    double = await startRedshiftDouble({ pageSize: 2, maxSessions: 2 });
    api = new RedshiftDataClient({ ...settings(), maxAttempts: 1 });
  });
  afterAll(async () => {
    await double?.stop();
  });

  async function run(Sql: string, more: Record<string, unknown> = place()) {
    const { Id, SessionId } = await api.send(
      new ExecuteStatementCommand({ Sql, WaitTimeSeconds: 10, ...more }),
    );
    return {
      ...(await api.send(new DescribeStatementCommand({ Id, WaitTimeSeconds: 10 }))),
      Id: Id as string,
      SessionId,
    };
  }

  it('runs a statement, and gives its rows by pages with their types', async () => {
    const sql =
      "select 1 as a, 9007199254740991::bigint as b, 1.50::numeric(5,2) as c, 'x'::varchar(3) as d, null::int as e, true as f, '2018-11-01 00:00:00.123456'::timestamp as g, 2.5::float8 as h";
    const done = await run(`${sql} union all ${sql} union all ${sql}`);
    expect(done).toMatchObject({ Status: 'FINISHED', ResultRows: 3, HasResultSet: true });
    const first = await api.send(new GetStatementResultCommand({ Id: done.Id }));
    expect(first.Records).toHaveLength(2);
    expect(first.TotalNumRows).toBe(3);
    expect(first.Records?.[0]).toEqual([
      { longValue: 1 },
      { longValue: 9007199254740991 },
      { stringValue: '1.50' },
      { stringValue: 'x' },
      { isNull: true },
      { booleanValue: true },
      { stringValue: '2018-11-01 00:00:00.123456' },
      { doubleValue: 2.5 },
    ]);
    expect(
      first.ColumnMetadata?.map(({ name, typeName, length, precision, scale }) => [
        name,
        typeName,
        length,
        precision,
        scale,
      ]).slice(2, 4),
    ).toEqual([
      ['c', 'numeric', 0, 5, 2],
      ['d', 'varchar', 3, 0, 0],
    ]);
    const second = await api.send(new GetStatementResultCommand({ Id: done.Id, NextToken: first.NextToken }));
    expect(second.Records).toHaveLength(1);
    expect(second.NextToken).toBeUndefined();
  });

  it('gives CSV to who asks for it', async () => {
    const done = await run(`select 9223372036854775807::bigint as a, 'x "y"' as b`, {
      ...place(),
      ResultFormat: 'CSV',
    });
    const result = await api.send(new GetStatementResultV2Command({ Id: done.Id }));
    expect(result.Records?.[0]).toEqual({ CSVRecords: '"a","b"\r\n"9223372036854775807","x ""y"""\r\n' });
    await expect(api.send(new GetStatementResultCommand({ Id: done.Id }))).rejects.toThrow(
      'Query result is in CSV format: use GetStatementResultV2',
    );
  });

  it('tells of an error in the statement, not by HTTP', async () => {
    expect(await run('select nothing')).toMatchObject({
      Status: 'FAILED',
      Error: 'ERROR: column "nothing" does not exist',
    });
    expect(
      await run('select 1', { ClusterIdentifier: double.clusterId, Database: 'dev', DbUser: 'nobody' }),
    ).toMatchObject({
      Status: 'FAILED',
      Error: 'FATAL: password authentication failed for user "nobody"',
    });
  });

  it('runs a batch as one transaction, and says which statement failed', async () => {
    const { Id } = await api.send(
      new BatchExecuteStatementCommand({
        ...place(),
        Sqls: [
          'create table b (a int)',
          'insert into b values (1)',
          'insert into b values (1/0)',
          'select 1',
        ],
      }),
    );
    const done = await api.send(new DescribeStatementCommand({ Id, WaitTimeSeconds: 10 }));
    expect(done).toMatchObject({ Status: 'FAILED', Error: 'Query #3 failed with ERROR: division by zero' });
    expect(done.SubStatements?.map(({ Status }) => Status)).toEqual([
      'FINISHED',
      'FINISHED',
      'FAILED',
      'ABORTED',
    ]);
    expect(await run('select * from b')).toMatchObject({ Error: 'ERROR: relation "b" does not exist' });
  });

  it('keeps a session: temporary tables and transactions live in it', async () => {
    const begun = await run('create temp table s as select 5 as a', {
      ...place(),
      SessionKeepAliveSeconds: 30,
    });
    const { SessionId } = begun;
    expect(SessionId).toBeDefined();
    const done = await run('select a from s', { SessionId });
    expect((await api.send(new GetStatementResultCommand({ Id: done.Id }))).Records).toEqual([
      [{ longValue: 5 }],
    ]);
    expect((await api.send(new ListSessionsCommand({}))).Sessions).toHaveLength(1);
    await api.send(new ExecuteStatementCommand({ Sql: 'select 1', ...place(), SessionKeepAliveSeconds: 1 }));
    await expect(run('select 1', { ...place(), SessionKeepAliveSeconds: 30 })).rejects.toThrow(
      'Active sessions exceeded',
    );
    await expect(
      run('select 1', { SessionId: '00000000-0000-0000-0000-000000000000' }),
    ).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });

  it('runs a write once for one token, even when its answer was lost', async () => {
    await run('create table once (a int)');
    const request = new ExecuteStatementCommand({
      ...place(),
      Sql: 'insert into once values (1)',
      ClientToken: 'token-1',
      WaitTimeSeconds: 5,
    });
    double.injectAws({ operation: 'ExecuteStatement', drop: true, after: true });
    await expect(api.send(request)).rejects.toThrow();
    const { Id } = await api.send(request);
    await api.send(new DescribeStatementCommand({ Id, WaitTimeSeconds: 10 }));
    const counted = await run('select count(*) from once');
    expect((await api.send(new GetStatementResultCommand({ Id: counted.Id }))).Records).toEqual([
      [{ longValue: 1 }],
    ]);
  });

  it.each([
    [
      'more than 40 statements',
      () =>
        new BatchExecuteStatementCommand({ ...place(), Sqls: Array.from({ length: 41 }, () => 'select 1') }),
      "1 validation error detected: Value at 'sqls' failed to satisfy constraint: Member must have length less than or equal to 40",
    ],
    [
      'a statement of 100 KB',
      () => new ExecuteStatementCommand({ ...place(), Sql: `select '${'x'.repeat(102_400)}'` }),
      'SQL statement size 102409 bytes exceeds the limit of 100 KB',
    ],
    [
      'two statements in one',
      () => new ExecuteStatementCommand({ ...place(), Sql: 'select 1; select 2' }),
      'Multiple sql statements are not allowed.',
    ],
    [
      'a session of more than a day',
      () => new ExecuteStatementCommand({ ...place(), Sql: 'select 1', SessionKeepAliveSeconds: 86_401 }),
      "1 validation error detected: Value at 'sessionKeepAliveSeconds' failed to satisfy constraint: Member must have value less than or equal to 86400",
    ],
    [
      'an unknown cluster',
      () => new ExecuteStatementCommand({ ClusterIdentifier: 'none', Database: 'dev', Sql: 'select 1' }),
      "Redshift endpoint doesn't exist in this region. Cluster: none",
    ],
  ])('refuses %s', async (_, command, expected) => {
    await expect(api.send(command() as ExecuteStatementCommand)).rejects.toMatchObject({
      name: 'ValidationException',
      message: expected,
    });
  });

  it('cancels, and lists what there was', async () => {
    await run('create table big as select 1 as n union all select 2');
    const { Id } = await api.send(
      new ExecuteStatementCommand({
        ...place(),
        StatementName: 'slow',
        Sql: `select count(*) from ${Array.from({ length: 30 }, (_, at) => `big b${at}`).join(', ')}`,
      }),
    );
    await new Promise((resolve) => setTimeout(resolve, 200));
    expect((await api.send(new CancelStatementCommand({ Id }))).Status).toBe(true);
    expect((await api.send(new DescribeStatementCommand({ Id }))).Status).toBe('ABORTED');
    const { Statements } = await api.send(
      new ListStatementsCommand({ Status: 'ABORTED', StatementName: 'slow' }),
    );
    expect(Statements?.map((statement) => statement.Id)).toEqual([Id]);
  });

  it('throttles on request, and the SDK tries again', async () => {
    double.injectAws({
      operation: 'ExecuteStatement',
      type: 'ThrottlingException',
      message: 'Rate exceeded',
    });
    await expect(run('select 1')).rejects.toMatchObject({ name: 'ThrottlingException' });
    double.injectAws({ operation: 'ExecuteStatement', type: 'InternalServerException', status: 500 });
    const patient = new RedshiftDataClient({ ...settings(), maxAttempts: 3 });
    expect(
      (await patient.send(new ExecuteStatementCommand({ ...place(), Sql: 'select 1' }))).Id,
    ).toBeDefined();
  });

  it('hands out credentials that log on, each in its own way', async () => {
    const provisioned = new RedshiftClient(settings());
    const serverless = new RedshiftServerlessClient(settings());
    const secrets = new SecretsManagerClient(settings());
    const byUser = await provisioned.send(
      new GetClusterCredentialsCommand({
        ClusterIdentifier: double.clusterId,
        DbUser: 'awsuser',
        DbName: 'dev',
      }),
    );
    const byIdentity = await provisioned.send(
      new GetClusterCredentialsWithIAMCommand({ ClusterIdentifier: double.clusterId, DbName: 'dev' }),
    );
    const byWorkgroup = await serverless.send(
      new GetCredentialsCommand({ workgroupName: double.workgroup, dbName: 'dev' }),
    );
    const secret = await secrets.send(new GetSecretValueCommand({ SecretId: double.secretArn }));
    expect([byUser.DbUser, byIdentity.DbUser, byWorkgroup.dbUser]).toEqual([
      'IAM:awsuser',
      'IAMR:sq',
      'IAMR:sq',
    ]);
    const { username, password } = JSON.parse(secret.SecretString as string);
    for (const [user, word] of [
      [byUser.DbUser, byUser.DbPassword],
      [byWorkgroup.dbUser, byWorkgroup.dbPassword],
      [username, password],
    ]) {
      const client = await connectTo(double, { user, password: word });
      expect(await client.rows('select 1')).toEqual([['1']]);
      await client.end();
    }
    await expect(
      provisioned.send(new GetClusterCredentialsCommand({ ClusterIdentifier: 'none', DbUser: 'a' })),
    ).rejects.toThrow('Cluster none not found.');
    await double.addUser({ name: 'late', password: 'l', expires: Date.now() - 1 });
    await expect(connectTo(double, { user: 'late', password: 'l' })).rejects.toThrow(
      'IAM Authentication token has expired',
    );
  });
});
