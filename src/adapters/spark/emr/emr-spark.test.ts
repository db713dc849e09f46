/**
 * `method: emr_serverless` end to end: EMR's API on this machine, a gate with TLS and tokens, and a real Spark Connect
 * server behind it; skipped, with the reason, where there is none.
 */
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { SqError } from '../../../errors.ts';
import { createInvocation } from '../../../invocation.ts';
import { CLI } from '../../../testing/cli.ts';
import { CliProject } from '../../../testing/cli-project.ts';
import { ConnectGate, type Refusal } from '../../../testing/connect-gate.ts';
import {
  EMR_APPLICATION,
  EMR_KEY,
  EMR_REGION,
  EMR_ROLE,
  EmrServerless,
} from '../../../testing/emr-serverless.ts';
import { selfSigned } from '../../../testing/redshift/self-signed.ts';
import { sparkMissing, startSpark, type TestSpark } from '../../../testing/spark.ts';
import type { Driver } from '../../contract.ts';
import { adapter } from '../index.ts';

const certificate = selfSigned('localhost');
const missing = sparkMissing() ?? (certificate === undefined ? 'no openssl' : undefined);
const owner = { name: 'model.shop.test' };

describe.skipIf(missing !== undefined)(
  `EMR Serverless in front of Spark${missing === undefined ? '' : ` (skipped: ${missing})`}`,
  () => {
    let spark: TestSpark;
    let folder: string;
    let ca: string;
    let emr: EmrServerless;
    let gate: ConnectGate;
    const projects: CliProject[] = [];

    beforeAll(async () => {
      spark = await startSpark();
      folder = mkdtempSync(join(tmpdir(), 'sq-emr-'));
      ca = join(folder, 'ca.pem');
      writeFileSync(ca, certificate!.cert);
    }, 300_000);
    afterAll(async () => {
      rmSync(folder, { recursive: true, force: true });
      await spark?.stop();
    }, 60_000);

    beforeEach(async () => {
      emr = await EmrServerless.start();
      gate = await ConnectGate.start({
        ...certificate!,
        host: spark.host,
        port: spark.port,
        knows: (token) => emr.knows(token),
      });
      emr.address = gate.address;
    });
    afterEach(async () => {
      await gate.stop();
      await emr.stop();
      for (const project of projects.splice(0)) project.remove();
    });

    const output = (more: Record<string, unknown> = {}) => ({
      type: 'spark',
      method: 'emr_serverless',
      application_id: EMR_APPLICATION,
      execution_role_arn: EMR_ROLE,
      region: EMR_REGION,
      access_key_id: EMR_KEY,
      secret_access_key: 'planted-secret',
      endpoints: { emr_serverless: emr.endpoint },
      sslrootcert: ca,
      schema: 'emr',
      threads: 2,
      ...more,
    });

    function project(files: Record<string, string>, more: Record<string, unknown> = {}): CliProject {
      const made = new CliProject({
        'dbt_project.yml': 'name: shop\nprofile: shop\n',
        'profiles.yml': JSON.stringify({ shop: { target: 'emr', outputs: { emr: output(more) } } }),
        ...files,
      });
      projects.push(made);
      return made;
    }

    async function open(more: Record<string, unknown> = {}): Promise<Driver> {
      const invocation = createInvocation({ cwd: '/', env: {} });
      const context = {
        projectDir: '/',
        projectName: 'shop',
        profileName: 'shop',
        targetName: 'emr',
        invocation,
      };
      return adapter.open(adapter.settings(output(more), context), {
        invocation,
        projectDir: '/',
        threads: 2,
        readOnly: false,
      });
    }

    const rows = (driver: Driver, sql: string) =>
      driver.session(owner, async (session) => (await session.query(sql)).rows);
    const failure = async (work: Promise<unknown>) => {
      const error = await work.then(
        () => new Error('it did not fail'),
        (thrown: unknown) => thrown,
      );
      if (!(error instanceof SqError)) throw error;
      return error.body;
    };
    const count = (operation: string) => emr.requests.filter((one) => one === operation).length;

    const SHOP = {
      'seeds/songs.csv': 'id,title,year\n1,One,2001\n2,Two,2002\n',
      'models/recent.sql': "select * from {{ ref('songs') }} where year > 2001",
      'models/titles.sql': "{{ config(materialized='table') }} select id, title from {{ ref('recent') }}",
      'models/schema.yml':
        'models:\n  - name: titles\n    columns:\n      - name: id\n        data_tests: [not_null, unique]\n',
    };

    it('builds a project in one session, and ends it', async () => {
      const made = project(SHOP, { schema: 'emr_build', threads: 4 });
      const { code, stdout, stderr } = await made.sq('build');
      expect(code, stdout + stderr).toBe(0);
      const lines = made.plain(stdout).split('\n');
      expect(lines.filter((line) => line.includes('EMR Serverless'))).toEqual([
        expect.stringMatching(
          /EMR Serverless: session 00s00001, application 00fakeapp is starting \("sq shop emr"\); waiting up to 600 s \(session_provisioning_timeout_in_seconds\)$/,
        ),
        expect.stringMatching(
          /EMR Serverless: session 00s00001, application 00fakeapp is ready after \d+ s: emr-spark-8\.0\.0$/,
        ),
        expect.stringMatching(
          /EMR Serverless: session 00s00001, application 00fakeapp is reached at localhost:\d+$/,
        ),
      ]);
      expect(stdout).toContain('Done. PASS=5 WARN=0 ERROR=0 SKIP=0 NO-OP=0 REUSED=0 TOTAL=5');
      expect(emr.sessions).toMatchObject([{ state: 'TERMINATED', details: 'Terminated by user' }]);
      expect(count('GetSessionEndpoint')).toBe(1);
      expect(gate.calls.length).toBeGreaterThan(10);
      expect(gate.calls.filter((call) => / refused$/.test(call))).toEqual([]);
      expect(stdout + stderr + made.read('logs/dbt.log')).not.toMatch(/token-[0-9a-f]|planted-secret/);
    }, 180_000);

    it('is shown and tried by sq debug', async () => {
      const made = project({}, { schema: 'emr_debug', sslrootcert: undefined });
      const { code, stdout } = await made.sq('debug', {
        NODE_EXTRA_CA_CERTS: ca,
        // gRPC's own list, which a machine may have, goes before Node's
        GRPC_DEFAULT_SSL_ROOTS_FILE_PATH: '',
      });
      expect(code, stdout).toBe(0);
      const connection = made
        .plain(stdout)
        .replace(/^\d\d:\d\d:\d\d {2}/gm, '')
        .replace(/localhost:\d+/, 'localhost:<port>')
        .replace(/after \d+ s/, 'after 1 s');
      expect(connection.slice(connection.indexOf('Connection:'))).toBe(`Connection:
  database: spark_catalog
  schema: emr_debug
  method: emr_serverless
  application_id: 00fakeapp
  region: us-west-2
  iam_profile: null
  execution_role_arn: arn:aws:iam::123456789012:role/sq-spark
  session_name: sq shop emr
  idle_timeout: 15
  terminate_session: true
  user: sq
  catalog: spark_catalog
  file_format: parquet
  location_root: null
EMR Serverless: session 00s00001, application 00fakeapp is starting ("sq shop emr"); waiting up to 600 s (session_provisioning_timeout_in_seconds)
EMR Serverless: session 00s00001, application 00fakeapp is ready after 1 s: emr-spark-8.0.0
EMR Serverless: session 00s00001, application 00fakeapp is reached at localhost:<port>
  Connection test: [OK connection ok]
All checks passed!
`);
      expect(emr.sessions).toMatchObject([{ state: 'TERMINATED' }]);
    }, 60_000);

    it('one session serves all builds of a backfill', async () => {
      const made = project(
        { 'models/days.sql': "{{ config(materialized='table') }} select 1 as a" },
        { schema: 'emr_backfill' },
      );
      const { code, stdout } = await made.sq('backfill --from 2018-11-01 --to 2018-11-03 --batch day');
      expect(code, stdout).toBe(0);
      expect(stdout).toContain('batch 2 of 2');
      expect(emr.sessions).toMatchObject([{ state: 'TERMINATED' }]);
    }, 120_000);

    it.each<Refusal>(['grpc', 'http'])(
      'replaces a token that ended between two statements, refused in words of %s',
      async (words) => {
        gate.refuses = words;
        const driver = await open();
        try {
          await driver.batch(['create schema if not exists emr', 'drop table if exists emr.once'], owner);
          await driver.batch(['create table emr.once (a int) using parquet'], owner);
          emr.endTokens();
          await driver.batch(['insert into emr.once values (1)'], owner);
          emr.endTokens();
          expect(await rows(driver, 'select a from emr.once')).toEqual([[1]]);
          expect(gate.calls.filter((call) => /^ExecutePlan refused$/.test(call))).toHaveLength(2);
          expect(count('GetSessionEndpoint')).toBe(3);
        } finally {
          await driver.close();
        }
      },
      60_000,
    );

    it('replaces a token before its end', async () => {
      emr.tokenSeconds = 4;
      const driver = await open();
      try {
        // half of its life
        await new Promise((resolve) => setTimeout(resolve, 2_100));
        expect(await rows(driver, 'select 1')).toEqual([[1]]);
        expect(count('GetSessionEndpoint')).toBe(2);
        expect(gate.calls.filter((call) => / refused$/.test(call))).toEqual([]);
      } finally {
        await driver.close();
      }
    }, 60_000);

    describe('carries a statement out once', () => {
      const LONG = 'select count(*) from range(60000000) where sin(id) = 2';
      const late = (lateBy: number) => {
        Object.assign(gate, { refuses: 'late', lateBy });
        emr.endTokens();
      };
      const cases: [string, string, () => void | Promise<void>][] = [
        ['that the server has when it is refused', LONG, () => late(100)],
        ['that the server has done when it is refused', 'select 0', () => late(4_000)],
        [
          'whose token ends while it runs',
          LONG,
          async () => {
            await answering();
            emr.endTokens();
            gate.refuseRunning();
          },
        ],
        [
          'whose connection is lost while it runs',
          LONG,
          async () => {
            await answering();
            gate.drop();
          },
        ],
      ];
      /** Until the server tells of the progress of something that runs for a while. */
      const answering = async () => {
        for (let seen = 0; seen < 5; seen = gate.answering > 0 ? seen + 1 : 0)
          await new Promise((resolve) => setTimeout(resolve, 100));
      };
      it.each(cases)(
        '%s',
        async (_, query, happens) => {
          const driver = await open();
          try {
            await driver.batch(
              [
                'create schema if not exists emr',
                'drop table if exists emr.once',
                'create table emr.once (a bigint) using parquet',
              ],
              owner,
            );
            const before = gate.calls.length;
            const [done] = await Promise.all([
              driver.batch([`insert into emr.once ${query}`], owner),
              happens(),
            ]);
            expect(done).toHaveLength(1);
            expect(gate.calls.slice(before).filter((call) => /Execute/.test(call)).length).toBeGreaterThan(2);
            expect(await rows(driver, 'select a from emr.once')).toEqual([[0]]);
          } finally {
            await driver.close();
          }
        },
        120_000,
      );
    });

    it('says why a session ended in the middle', async () => {
      const made = project(
        {
          'models/a.sql':
            "{{ config(materialized='table') }} select count(*) as n from range(120000000) where sin(id) = 2",
          'models/b.sql': "{{ config(materialized='table') }} select 1 as a",
        },
        { schema: 'emr_lost', threads: 1 },
      );
      const running = made.sq('run');
      await untilSaid(gate, made);
      emr.kill('TERMINATED', 'Session was idle for 15 minutes.');
      gate.cut();
      const { code, stdout } = await running;
      expect(code, stdout).toBe(1);
      const text =
        'EMR Serverless: session 00s00001, application 00fakeapp is TERMINATED: Session was idle for 15 minutes.';
      expect(stdout.split('\n').filter((line) => line.includes(text)).length).toBeGreaterThanOrEqual(2);
      expect(stdout).toContain('Database Error in model b (models/b.sql)');
      expect(stdout).toContain('raise idle_timeout (minutes, 15 now) in the profile');
    }, 120_000);

    it('ends the session after Ctrl-C', async () => {
      const made = project(
        {
          'models/a.sql':
            "{{ config(materialized='table') }} select count(*) as n from range(240000000) where sin(id) = 2",
        },
        { schema: 'emr_stop' },
      );
      const child = spawn(process.execPath, [CLI, 'run'], {
        cwd: made.dir,
        env: { PATH: process.env.PATH, ...made.env() },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      let said = '';
      child.stdout.setEncoding('utf8').on('data', (text: string) => {
        said += text;
      });
      const ended = new Promise<number | null>((resolve) => child.once('close', resolve));
      await untilSaid(gate, made);
      child.kill('SIGINT');
      expect(await ended, said).not.toBe(0);
      expect(emr.sessions).toMatchObject([{ state: 'TERMINATED', details: 'Terminated by user' }]);
    }, 120_000);

    it('tells a server that cannot be trusted, and ends the session', async () => {
      // the connection is tried for two minutes, but not for this
      expect(await failure(open({ sslrootcert: undefined }))).toMatch(
        /^Spark Connect at localhost:\d+ cannot be reached: .*self-signed certificate.*\nhint: sslrootcert of the profile names a file with the authorities that are trusted \(or NODE_EXTRA_CA_CERTS, beside those of Node\)$/,
      );
      expect(emr.sessions).toMatchObject([{ state: 'TERMINATED' }]);
      expect(await failure(open({ sslrootcert: join(folder, 'none.pem') }))).toBe(
        `The file of sslrootcert cannot be read: ${join(folder, 'none.pem')}\nhint: check the path; without sslrootcert the authorities that Node knows are used`,
      );
      expect(emr.sessions).toHaveLength(1);
    }, 60_000);

    it('says what is missing where the package is not installed', async () => {
      const made = project({ 'models/a.sql': 'select 1 as a' });
      const hook = `export async function resolve(name, context, next) { if (name.startsWith('@aws-sdk/client-emr')) throw Object.assign(new Error("Cannot find package '" + name + "'"), { code: 'ERR_MODULE_NOT_FOUND' }); return next(name, context); }`;
      made.write({
        'absent.mjs': `import { register } from 'node:module'; register('data:text/javascript,' + encodeURIComponent(${JSON.stringify(hook)}));`,
      });
      const { code, stdout } = await made.sq('run', {
        NODE_OPTIONS: `--import ${join(made.dir, 'absent.mjs')}`,
      });
      expect(code, stdout).toBe(2);
      expect(stdout).toContain(
        [
          'Runtime Error',
          "  method: emr_serverless needs the package @aws-sdk/client-emr-serverless, and it is not installed: Cannot find package '@aws-sdk/client-emr-serverless'",
          '  hint: it is optional: npm install @aws-sdk/client-emr-serverless, in the project or wherever sq is installed',
        ].join('\n'),
      );
      expect(emr.requests).toEqual([]);
    }, 60_000);
  },
);

/** Until the long query of the project runs on the server. */
async function untilSaid(gate: ConnectGate, made: CliProject): Promise<void> {
  const until = Date.now() + 60_000;
  for (;;) {
    if (Date.now() > until) throw new Error(`the query did not begin: ${gate.calls.join(', ')}`);
    const log = await Promise.resolve()
      .then(() => made.read('logs/dbt.log'))
      .catch(() => '');
    if (/from range\(/.test(log)) break;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  await new Promise((resolve) => setTimeout(resolve, 1_000));
}
