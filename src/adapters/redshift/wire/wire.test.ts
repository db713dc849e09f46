/** Redshift by the wire, on the double: the ways in, and what a person reads who gets no further. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SqError } from '../../../errors.ts';
import type { SqEvent } from '../../../events.ts';
import { createInvocation } from '../../../invocation.ts';
import { hasPostgres } from '../../../testing/postgres.ts';
import { type RedshiftDouble, startRedshiftDouble } from '../../../testing/redshift/double.ts';
import { selfSigned } from '../../../testing/redshift/self-signed.ts';
import type { Driver } from '../../contract.ts';
import { adapter } from '../index.ts';

const events: SqEvent[] = [];
const invocation = createInvocation({ cwd: '/tmp', env: {}, emit: (event) => events.push(event) });
const context = {
  projectDir: '/tmp',
  projectName: 'shop',
  profileName: 'shop',
  targetName: 'prod',
  invocation,
};
let double: RedshiftDouble;

const profile = () => ({
  type: 'redshift',
  host: double.wire.host,
  port: double.wire.port,
  user: double.user,
  password: double.password,
  dbname: double.database,
  schema: 'public',
  sslmode: 'disable',
  retries: 0,
  connect_timeout: 5,
});

function open(output: Record<string, unknown> = {}): Promise<Driver> {
  const settings = adapter.settings({ ...profile(), ...output }, context);
  return adapter.open(settings, { invocation, projectDir: '/tmp', threads: 2, readOnly: false });
}

const owner = { name: 'model.shop.songs' };

/** Opens, asks one question, closes; what a person reads when that fails. */
async function ask(output: Record<string, unknown>, sql = 'select current_user'): Promise<string> {
  const driver = await open(output);
  try {
    const { rows } = await driver.session(owner, (session) => session.query(sql));
    return String(rows[0]?.[0]);
  } catch (error) {
    if (!(error instanceof SqError)) throw error;
    return error.text.replaceAll(String(double.wire.port), '<port>');
  } finally {
    await driver.close();
  }
}

describe.runIf(hasPostgres())('Redshift by the wire', () => {
  beforeAll(async () => {
    double = await startRedshiftDouble({
      users: [
        { name: 'digested', password: 'Pa$$w0rd é', auth: 'digest' },
        { name: 'tokened', password: 'x', auth: 'token' },
      ],
    });
  });
  afterAll(() => double?.stop());

  it('logs on where the password is kept as SHA-256', async () => {
    expect(await ask({ user: 'digested', password: 'Pa$$w0rd é' })).toBe('digested');
  });

  it('says in front of each statement who sent it, and tells places without that', async () => {
    expect(await ask({}, 'select nope')).toMatch(/^Database Error\n {2}column "nope" does not exist/);
    expect(double.statements().at(-1)).toContain('"node_id": "model.shop.songs"');
  });

  it('uses the query group and the time limit of the profile', async () => {
    await ask({ query_group: "it's", statement_timeout: 90 });
    const sent = double.statements();
    expect(sent).toContain("set query_group to 'it''s'");
    expect(sent).toContain('set statement_timeout to 90000');
  });

  it.each<[string, Record<string, unknown>, RegExp]>([
    [
      'a wrong password',
      { password: 'wrong' },
      /does not let user 'awsuser' in: .*\n {2}hint: check user and password/,
    ],
    [
      'a wrong password, digested',
      { user: 'digested', password: 'wrong' },
      /does not let user 'digested' in/,
    ],
    ['a user of an identity provider', { user: 'tokened', password: 'x' }, /token of an identity provider/],
    [
      'an unknown host',
      { host: 'no-such-host.invalid' },
      /^Database Error\n {2}The host no-such-host.invalid is not known\./,
    ],
    [
      'a port where nothing listens',
      { port: 1 },
      /^Database Error\n {2}127\.0\.0\.1:1 refuses the connection\./,
    ],
    ['a server without TLS', { sslmode: 'verify-full' }, /127\.0\.0\.1:<port> does not offer TLS\./],
    [
      'a database that is not there',
      { dbname: 'nowhere' },
      /There is no database 'nowhere' on 127\.0\.0\.1\./,
    ],
    ['a CA file that is not there', { sslmode: 'verify-full', sslrootcert: '/no/ca.pem' }, /TLS|sslrootcert/],
  ])('%s: one message with the remedy', async (_, output, message) => {
    expect(await ask(output)).toMatch(message);
  });

  it('gets the credentials of IAM for a cluster and a workgroup, and of a secret', async () => {
    const aws = {
      region: double.region,
      access_key_id: 'AKIATEST',
      secret_access_key: 'secret',
      endpoints: {
        redshift: double.dataApi.endpoint,
        redshift_serverless: double.dataApi.endpoint,
        secrets_manager: double.dataApi.endpoint,
      },
      password: undefined,
    };
    const cluster = await ask({ ...aws, method: 'iam', cluster_id: double.clusterId, user: double.user });
    const role = await ask({ ...aws, method: 'iam_role', cluster_id: double.clusterId, user: undefined });
    const workgroup = await ask({
      ...aws,
      method: 'iam',
      serverless_work_group: double.workgroup,
      user: undefined,
    });
    const secret = await ask({ ...aws, secret_arn: double.secretArn, user: undefined });
    expect([cluster, role, workgroup, secret].filter((text) => text.includes('Error'))).toEqual([]);
    expect(secret).toBe(double.user);
  });

  it('checks the certificate: its authority, its host', async () => {
    const tls = selfSigned('localhost');
    if (tls === undefined) return;
    const folder = mkdtempSync(join(tmpdir(), 'sq-ca-'));
    const sslrootcert = join(folder, 'ca.pem');
    writeFileSync(sslrootcert, tls.cert);
    const secure = await startRedshiftDouble({ tls, requireTls: true });
    const asked = (output: Record<string, unknown>) =>
      ask({ port: secure.wire.port, host: 'localhost', sslmode: 'verify-full', sslrootcert, ...output });
    try {
      expect(await asked({})).toBe(secure.user);
      expect(await asked({ sslrootcert: undefined })).toMatch(
        /The certificate of localhost is not trusted: self.signed certificate\.\n {2}hint: name the authority/,
      );
      expect(await asked({ host: '127.0.0.1' })).toMatch(
        /The certificate of the server is not for 127\.0\.0\.1: .*\n {2}hint: give the endpoint itself as host/,
      );
      expect(await asked({ host: '127.0.0.1', sslmode: 'verify-ca' })).toBe(secure.user);
      expect(await asked({ sslrootcert: '/no/ca.pem' })).toMatch(
        /^Runtime Error\n {2}The file of sslrootcert cannot be read: \/no\/ca\.pem/,
      );
    } finally {
      await secure.stop();
      rmSync(folder, { recursive: true, force: true });
    }
  });
});
