/**
 * What a person reads at 2 a.m. of Redshift: the command itself on the double, every message whole, with its exit
 * code; and `sq debug`, which names each step.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CliProject } from '../cli-project.ts';
import { hasPostgres } from '../postgres.ts';
import { type RedshiftDouble, startRedshiftDouble } from './double.ts';
import { selfSigned } from './self-signed.ts';

const ARN = 'arn:aws:iam::123456789012:role/stranger';
const EVERY_RUN =
  /^08:00:00 {2}(Running with dbt|Registered adapter|Unable to do partial|Found |Concurrency: |$)/;

const model = { 'models/a.sql': 'select 1 as id' };
const events = (external = '') => ({
  'models/a.sql':
    "{{ config(materialized='copy', load={'mode': 'replace'}) }} select * from {{ source('raw', 'events') }}",
  'models/raw.yml': `sources:
  - name: raw
    tables:
      - name: events
        external: {location: 's3://lake/events/', format: json${external}}
        columns: [{name: id, data_type: int4}, {name: page, data_type: varchar(20)}]
`,
});

describe.runIf(hasPostgres())('Redshift, what a person reads', () => {
  let double: RedshiftDouble;
  beforeAll(async () => {
    double = await startRedshiftDouble({
      users: [{ name: 'guest', password: 'Guest-1', superuser: false }],
      bucketRegions: { far: 'eu-west-1' },
    });
    double.s3Server.put('lake', 'events/1.json', '{"id": 1, "page": "Home"}\n');
    double.s3Server.put('far', 'events/1.json', '{"id": 1, "page": "Home"}\n');
    double.s3Server.put('lake', 'paths.json', '{"jsonpaths": ["$.id"]}');
    await double.behind('create schema closed');
  });
  afterAll(() => double?.stop());

  const wire = (): Record<string, unknown> => ({
    type: 'redshift',
    ...double.wire,
    user: double.user,
    password: double.password,
    dbname: double.database,
    schema: 'mart',
    sslmode: 'disable',
    retries: 0,
    region: double.region,
    access_key_id: 'AKIATEST',
    secret_access_key: 'not-printed',
    endpoints: {
      s3: double.s3.endpoint,
      redshift: double.dataApi.endpoint,
      redshift_data: double.dataApi.endpoint,
    },
  });
  const api = (): Record<string, unknown> => {
    const { host: _, port: __, password: ___, sslmode: ____, ...rest } = wire();
    return { ...rest, driver: 'data_api', cluster_id: double.clusterId };
  };

  async function said(
    args: string,
    files: Record<string, string>,
    output: Record<string, unknown>,
  ): Promise<{ code: number; text: string }> {
    const shop = new CliProject({
      'dbt_project.yml': 'name: shop\nprofile: shop\n',
      'profiles.yml': JSON.stringify({ shop: { target: 'prod', outputs: { prod: output } } }),
      ...files,
    });
    try {
      const { code, stdout } = await shop.here(args);
      const lines = shop.plain(stdout).split('\n');
      const end = lines.findIndex((line) => /^08:00:00 {2}Completed with/.test(line));
      const text = lines
        .slice(end + 1)
        .filter((line) => !EVERY_RUN.test(line))
        .join('\n')
        .replaceAll(String(double.wire.port), '<port>')
        .replaceAll(double.dataApi.endpoint, '<api>')
        .replaceAll(double.s3.endpoint, '<s3>')
        .replace(/query \d+/g, 'query <n>')
        .replace(/__sq_stage_[0-9a-f]{8}/g, '__sq_stage_<run>');
      return { code, text };
    } finally {
      shop.remove();
    }
  }

  describe('sq run', () => {
    it.each<[string, Record<string, string>, () => Record<string, unknown>]>([
      ['a wrong password', model, () => ({ ...wire(), password: 'wrong' })],
      ['an unknown host', model, () => ({ ...wire(), host: 'no-such-host.invalid' })],
      [
        'a schema that the user may not write to',
        model,
        () => ({ ...wire(), user: 'guest', password: 'Guest-1', schema: 'closed' }),
      ],
      ['a role that is not attached', events(), () => ({ ...wire(), copy_iam_role: ARN })],
      [
        'a bucket in another region',
        { ...events(), 'models/raw.yml': events()['models/raw.yml'].replace('s3://lake', 's3://far') },
        wire,
      ],
      ['fewer JSONPaths than columns', events(', jsonpaths: s3://lake/paths.json'), wire],
      [
        'a statement of more than 100 KB by the Data API',
        { 'models/a.sql': `select 1 as id -- ${'x'.repeat(110_000)}` },
        api,
      ],
      ['a name of more than 127 bytes', { [`models/${'long_'.repeat(26)}.sql`]: 'select 1 as id' }, wire],
      [
        'a reserved word as a column',
        { 'models/a.sql': 'select id, order from (select 1 as id, 2 as "order") as t' },
        wire,
      ],
      ['a cluster that the Data API does not know', model, () => ({ ...api(), cluster_id: 'nowhere' })],
    ])('%s', async (_, files, output) => {
      expect(await said('run', files, output())).toMatchSnapshot();
    });

    it('a token that has expired', async () => {
      const undo = double.injectAws({
        operation: 'ExecuteStatement',
        type: 'ExpiredTokenException',
        message: 'The security token included in the request is expired',
        times: 9,
      });
      expect(await said('run', model, api())).toMatchSnapshot();
      undo();
      const undoIam = double.injectAws({
        operation: 'GetClusterCredentials',
        type: 'ExpiredToken',
        message: 'The security token included in the request is expired',
        times: 9,
      });
      const iam = { ...wire(), method: 'iam', cluster_id: double.clusterId, password: undefined };
      expect(await said('run', model, iam)).toMatchSnapshot();
      undoIam();
    });

    it('a certificate for another host, and one that nobody has signed', async () => {
      const tls = selfSigned('localhost');
      if (tls === undefined) return;
      const secure = await startRedshiftDouble({ tls, requireTls: true });
      try {
        const output = (more: Record<string, unknown>) => ({
          ...wire(),
          port: secure.wire.port,
          sslmode: 'verify-full',
          ...more,
        });
        const at = (text: { code: number; text: string }) => ({
          ...text,
          text: text.text.replaceAll(String(secure.wire.port), '<port>'),
        });
        const shop = new CliProject({});
        const sslrootcert = join(shop.dir, 'ca.pem');
        writeFileSync(sslrootcert, tls.cert);
        expect(at(await said('run', model, output({ host: '127.0.0.1', sslrootcert })))).toMatchSnapshot();
        expect(at(await said('run', model, output({ host: 'localhost' })))).toMatchSnapshot();
        shop.remove();
      } finally {
        await secure.stop();
      }
    });
  });

  describe('sq debug', () => {
    /** What comes after the settings. */
    const steps = ({ code, text }: { code: number; text: string }) => ({
      code,
      text: text
        .slice(text.indexOf('08:00:00  Connection:'))
        .split('\n')
        .filter((line) => !/^08:00:00 {4}[a-z_]+: /.test(line))
        .join('\n'),
    });
    it.each<[string, Record<string, string>, () => Record<string, unknown>]>([
      ['all is well by the wire', events(), wire],
      ['all is well by the Data API', events(), api],
      ['an unknown host', model, () => ({ ...wire(), host: 'no-such-host.invalid' })],
      ['a port where nothing listens', model, () => ({ ...wire(), port: 1 })],
      ['a server without TLS', model, () => ({ ...wire(), sslmode: 'verify-full' })],
      ['a wrong password', model, () => ({ ...wire(), password: 'wrong' })],
      ['no such database', model, () => ({ ...wire(), dbname: 'nowhere' })],
      [
        'a schema that the user may not write to',
        model,
        () => ({ ...wire(), user: 'guest', password: 'Guest-1', schema: 'closed' }),
      ],
      ['a role that is not attached', events(), () => ({ ...wire(), copy_iam_role: ARN })],
    ])('%s', async (_, files, output) => {
      expect(steps(await said('debug', files, output()))).toMatchSnapshot();
    });
  });
});
