/**
 * A Redshift output of profiles.yml, validated. Keys and defaults are dbt-redshift's; `driver`, `secret_arn`,
 * `db_user`, `dist`, `s3_staging_dir`, `copy_iam_role`, `external_schema`, `statement_timeout`, `constraints` and
 * `endpoints` are sq's own. TLS is checked in full unless the profile asks for less.
 */
import type { Settings, SettingsContext } from '../contract.ts';
import { type AwsAccess, readAwsAccess } from '../shared/aws-access.ts';
import { ProfileReader } from '../shared/profile-reader.ts';
import { type ConnectionTarget, connectionTarget } from './settings-target.ts';

export type SslMode = 'disable' | 'verify-ca' | 'verify-full';
export type AuthMethod = 'database' | 'iam' | 'iam_role';

/** Addresses of AWS services other than the region's own: test doubles, VPC endpoints. */
export interface Endpoints {
  redshift?: string;
  redshiftServerless?: string;
  redshiftData?: string;
  secretsManager?: string;
  s3?: string;
}

export interface RedshiftAws extends AwsAccess {
  endpoints: Endpoints;
}

export interface RedshiftSettings extends ConnectionTarget {
  driver: 'wire' | 'data_api';
  database: string;
  method: AuthMethod;
  user: string | undefined;
  password: string | undefined;
  /** A secret of AWS Secrets Manager that holds username and password. */
  secretArn: string | undefined;
  autocreate: boolean;
  dbGroups: string[];
  sslMode: SslMode;
  /** Absolute or relative path of a CA file in PEM form; Node's own list otherwise. */
  sslRootCert: string | undefined;
  /** Seconds. A serverless workgroup that sleeps takes its time. */
  connectTimeout: number;
  /** Attempts after the first to open a connection. */
  retries: number;
  /** `set role` after connecting. */
  role: string | undefined;
  queryGroup: string | undefined;
  /** Seconds; 0 is no limit. */
  statementTimeout: number | undefined;
  keepalive: boolean;
  /** Seconds a connection is silent before the first keepalive packet. */
  keepaliveIdle: number;
  aws: RedshiftAws;
  /** `s3://bucket/prefix` for what sq uploads: jsonpaths, manifests, large seeds. */
  s3StagingDir: string | undefined;
  /** Role of COPY and UNLOAD: an ARN, or `default` for the cluster's own. */
  copyIamRole: string;
  /** Schema of Spectrum tables over what `materialized: external` writes. */
  externalSchema: string | undefined;
  /** For the query comment. */
  profileName: string;
  targetName: string;
}

const KEYS = [
  'driver',
  'host',
  'port',
  'user',
  'username',
  'password',
  'pass',
  'method',
  'cluster_id',
  'serverless_work_group',
  'serverless_acct_id',
  'is_serverless',
  'region',
  'iam_profile',
  'access_key_id',
  'secret_access_key',
  'session_token',
  'secret_arn',
  'db_user',
  'autocreate',
  'db_groups',
  'sslmode',
  'sslrootcert',
  'connect_timeout',
  'retries',
  'role',
  'query_group',
  'statement_timeout',
  'tcp_keepalive',
  'tcp_keepalive_idle',
  'keepalives_idle',
  'dist',
  'constraints',
  's3_staging_dir',
  'copy_iam_role',
  'external_schema',
  'endpoints',
  // keys of dbt-redshift that change nothing here
  'autocommit',
  'ra3_node',
  'datasharing',
  'retry_all',
  'allow_concurrent_drops',
  'drop_without_cascade',
  'tcp_keepalive_interval',
  'tcp_keepalive_count',
  'redshift_skip_autocommit_transaction_statements',
];
const SSL_MODES: Readonly<Record<string, SslMode>> = {
  disable: 'disable',
  // dbt-redshift: each of these asks for TLS and checks the certificate's authority
  allow: 'verify-ca',
  prefer: 'verify-ca',
  require: 'verify-ca',
  'verify-ca': 'verify-ca',
  'verify-full': 'verify-full',
};
const ENDPOINT_KEYS: Readonly<Record<string, keyof Endpoints>> = {
  redshift: 'redshift',
  redshift_serverless: 'redshiftServerless',
  redshift_data: 'redshiftData',
  secrets_manager: 'secretsManager',
  s3: 's3',
};
const IDENTITY_CENTER = ['browser_identity_center', 'oauth_token_identity_center'];

/** Throws SqError kind Runtime (`Credentials in profile …`) for a value that cannot be used. */
export function redshiftSettings(output: Record<string, unknown>, context: SettingsContext): Settings {
  const reader = new ProfileReader(output, context);
  reader.allowOnly(KEYS);
  const database = reader.text('dbname') ?? reader.text('database');
  if (database === undefined)
    throw reader.invalid("'dbname' is a required property", 'name the database, e.g. dbname: dev');
  const schema = reader.text('schema');
  if (schema === undefined) throw reader.invalid("'schema' is a required property");
  const driver = oneOf(reader, 'driver', ['wire', 'data_api'] as const) ?? 'wire';
  const method = authMethod(reader);
  const target = connectionTarget(reader, { driver, method });
  const own: RedshiftSettings = {
    ...target,
    driver,
    database,
    method,
    user: reader.text('user') ?? reader.text('username') ?? reader.text('db_user'),
    password: reader.text('password') ?? reader.text('pass'),
    secretArn: reader.text('secret_arn'),
    autocreate: reader.flag('autocreate') ?? false,
    dbGroups: reader.list('db_groups').map(String),
    sslMode: sslMode(reader),
    sslRootCert: reader.text('sslrootcert'),
    connectTimeout: reader.number('connect_timeout', 0) ?? 60,
    retries: reader.integer('retries', 0) ?? 1,
    role: reader.text('role'),
    queryGroup: reader.text('query_group'),
    statementTimeout: reader.number('statement_timeout', 0),
    keepalive: reader.flag('tcp_keepalive') ?? true,
    keepaliveIdle: reader.number('tcp_keepalive_idle', 1) ?? reader.number('keepalives_idle', 0) ?? 30,
    aws: awsAccess(reader, target.region),
    s3StagingDir: stagingDir(reader),
    copyIamRole: reader.text('copy_iam_role') ?? 'default',
    externalSchema: reader.text('external_schema'),
    profileName: context.profileName,
    targetName: context.targetName,
  };
  checkCredentials(own, reader);
  return {
    type: 'redshift',
    database,
    schema,
    threads: reader.integer('threads', 1) ?? 1,
    shown: shownSettings(own, reader),
    secrets: [own.password, own.aws.secretAccessKey, own.aws.sessionToken].filter(
      (value): value is string => value !== undefined && value !== '',
    ),
    own,
  };
}

function authMethod(reader: ProfileReader): AuthMethod {
  const method = reader.text('method') ?? 'database';
  if (IDENTITY_CENTER.includes(method)) {
    throw reader.invalid(
      `'method' is '${method}': sign-in through IAM Identity Center is not supported`,
      'use method: iam (or iam_role), or secret_arn, or user and password',
    );
  }
  return oneOf(reader, 'method', ['database', 'iam', 'iam_role'] as const) ?? 'database';
}

function sslMode(reader: ProfileReader): SslMode {
  const mode = oneOf(reader, 'sslmode', Object.keys(SSL_MODES));
  return mode === undefined ? 'verify-full' : SSL_MODES[mode]!;
}

function awsAccess(reader: ProfileReader, region: string | undefined): RedshiftAws {
  const endpoints: Endpoints = {};
  for (const [key, url] of Object.entries(reader.record('endpoints'))) {
    const name = Object.hasOwn(ENDPOINT_KEYS, key) ? ENDPOINT_KEYS[key] : undefined;
    if (name === undefined || typeof url !== 'string') {
      throw reader.invalid(
        `'endpoints' has ${JSON.stringify({ [key]: url })}, it takes addresses by service`,
        `the services are: ${Object.keys(ENDPOINT_KEYS).join(', ')}`,
      );
    }
    endpoints[name] = url;
  }
  return { ...readAwsAccess(reader, region), endpoints };
}

function stagingDir(reader: ProfileReader): string | undefined {
  const url = reader.text('s3_staging_dir');
  if (url !== undefined && !/^s3:\/\/[^/]+/.test(url)) {
    throw reader.invalid(`'s3_staging_dir' is '${url}', it must be an address s3://bucket/prefix`);
  }
  return url?.replace(/\/+$/, '');
}

/** Fails before a connection is tried where it is known that it cannot come about. */
function checkCredentials(own: RedshiftSettings, reader: ProfileReader): void {
  if (own.driver === 'data_api' || own.secretArn !== undefined) return;
  if (own.method === 'database') {
    const missing = own.user === undefined ? 'user' : own.password === undefined ? 'password' : undefined;
    if (missing === undefined) return;
    throw reader.invalid(
      `'${missing}' is required for method 'database'`,
      'give user and password, or secret_arn, or method: iam',
    );
  }
  if (own.method === 'iam' && own.workgroup === undefined && own.user === undefined) {
    throw reader.invalid(
      "'user' is required for method 'iam' on a cluster",
      'name the database user; method: iam_role connects as the IAM role itself',
    );
  }
}

/** What `target.<key>` and `debug` may show (dbt-redshift's `_connection_keys`). */
function shownSettings(own: RedshiftSettings, reader: ProfileReader): Record<string, unknown> {
  return {
    driver: own.driver,
    host: own.host,
    user: own.user,
    port: own.port,
    method: own.method,
    cluster_id: own.clusterId,
    serverless_work_group: own.workgroup,
    iam_profile: own.aws.profile,
    region: own.region,
    sslmode: own.sslMode,
    connect_timeout: own.connectTimeout,
    retries: own.retries,
    role: own.role,
    query_group: own.queryGroup,
    autocreate: own.autocreate,
    db_groups: own.dbGroups,
    autocommit: true,
    dist: reader.text('dist'),
    constraints: oneOf(reader, 'constraints', ['proven', 'declared'] as const) ?? 'proven',
    external_schema: own.externalSchema,
  };
}

function oneOf<T extends string>(reader: ProfileReader, key: string, allowed: readonly T[]): T | undefined {
  const value = reader.text(key);
  if (value === undefined || (allowed as readonly string[]).includes(value)) return value as T | undefined;
  throw reader.invalid(`'${key}' is '${value}', it must be one of: ${allowed.join(', ')}`);
}
