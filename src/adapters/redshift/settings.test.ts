import { describe, expect, it } from 'vitest';
import type { SqError } from '../../errors.ts';
import { createInvocation } from '../../invocation.ts';
import { type RedshiftSettings, redshiftSettings } from './settings.ts';

const context = {
  projectDir: '/project',
  projectName: 'shop',
  profileName: 'shop',
  targetName: 'prod',
  invocation: createInvocation({ env: {} }),
};
const PASSWORD = {
  type: 'redshift',
  host: 'shop.abc123.eu-west-1.redshift.amazonaws.com',
  user: 'etl',
  password: 'pw-1',
  dbname: 'dev',
  schema: 'analytics',
};
const read = (output: Record<string, unknown>) => redshiftSettings(output, context);
const own = (output: Record<string, unknown>) => read(output).own as RedshiftSettings;

function failure(output: Record<string, unknown>): string {
  try {
    read(output);
  } catch (error) {
    return (error as SqError).text;
  }
  return 'it was accepted';
}

describe('a Redshift profile', () => {
  it('by password: the safe defaults, the password a secret', () => {
    const settings = read(PASSWORD);
    expect(settings).toMatchObject({
      type: 'redshift',
      database: 'dev',
      schema: 'analytics',
      threads: 1,
      secrets: ['pw-1'],
    });
    expect(settings.own).toMatchObject({
      driver: 'wire',
      port: 5439,
      sslMode: 'verify-full',
      method: 'database',
      clusterId: 'shop',
      region: 'eu-west-1',
      connectTimeout: 60,
      retries: 1,
      keepalive: true,
      keepaliveIdle: 30,
      copyIamRole: 'default',
    });
    expect(JSON.stringify(settings.shown)).not.toContain('pw-1');
  });

  it('reads workgroup and region out of a serverless endpoint', () => {
    const host = 'wg.123456789012.us-east-1.redshift-serverless.amazonaws.com';
    expect(own({ ...PASSWORD, host, method: 'iam', user: undefined, password: undefined })).toMatchObject({
      workgroup: 'wg',
      clusterId: undefined,
      region: 'us-east-1',
    });
  });

  it.each([
    ['disable', 'disable'],
    ['allow', 'verify-ca'],
    ['prefer', 'verify-ca'],
    ['require', 'verify-ca'],
    ['verify-full', 'verify-full'],
  ])('sslmode %s checks as %s', (sslmode, mode) => {
    expect(own({ ...PASSWORD, sslmode }).sslMode).toBe(mode);
  });

  it('takes what env_var answers: texts', () => {
    const settings = own({ ...PASSWORD, port: '5440', retries: '3', autocreate: 'true' });
    expect(settings).toMatchObject({ port: 5440, retries: 3, autocreate: true });
  });

  it('for the Data API needs no host and no password', () => {
    const output = { type: 'redshift', driver: 'data_api', dbname: 'dev', schema: 's', region: 'eu-west-1' };
    expect(own({ ...output, serverless_work_group: 'wg' })).toMatchObject({
      driver: 'data_api',
      host: undefined,
    });
  });

  it.each<[string, Record<string, unknown>, string]>([
    [
      'no host',
      { ...PASSWORD, host: undefined },
      'Credentials in profile "shop", target "prod" invalid: \'host\' is a required property\n  hint: give the endpoint of the cluster or workgroup, or driver: data_api, which needs none',
    ],
    [
      'no password',
      { ...PASSWORD, password: undefined },
      'Credentials in profile "shop", target "prod" invalid: \'password\' is required for method \'database\'\n  hint: give user and password, or secret_arn, or method: iam',
    ],
    [
      'a cluster by IAM without a user',
      { ...PASSWORD, method: 'iam', user: undefined, password: undefined },
      'Credentials in profile "shop", target "prod" invalid: \'user\' is required for method \'iam\' on a cluster\n  hint: name the database user; method: iam_role connects as the IAM role itself',
    ],
    [
      'IAM behind an alias',
      { ...PASSWORD, host: 'dwh.example.com', method: 'iam' },
      "Credentials in profile \"shop\", target \"prod\" invalid: method 'iam' needs 'cluster_id' or 'serverless_work_group', the host does not tell it",
    ],
    [
      'a key that is not known',
      { ...PASSWORD, sslmod: 'require' },
      'Credentials in profile "shop", target "prod" invalid: Additional properties are not allowed (\'sslmod\' was unexpected)\n  hint: did you mean \'sslmode\'?',
    ],
    [
      'a method of browsers',
      { ...PASSWORD, method: 'browser_identity_center' },
      'Credentials in profile "shop", target "prod" invalid: \'method\' is \'browser_identity_center\': sign-in through IAM Identity Center is not supported\n  hint: use method: iam (or iam_role), or secret_arn, or user and password',
    ],
    [
      'half a key pair',
      { ...PASSWORD, access_key_id: 'AKIA' },
      'Credentials in profile "shop", target "prod" invalid: \'access_key_id\' and \'secret_access_key\' are both needed if providing explicit credentials',
    ],
    [
      'a staging folder that is none of S3',
      { ...PASSWORD, s3_staging_dir: '/tmp' },
      'Credentials in profile "shop", target "prod" invalid: \'s3_staging_dir\' is \'/tmp\', it must be an address s3://bucket/prefix',
    ],
  ])('with %s is refused', (_, output, message) => {
    expect(failure(output)).toBe(`Runtime Error\n  ${message}`);
  });
});
