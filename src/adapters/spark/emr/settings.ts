/**
 * What `method: emr_serverless` takes of a profile. Names are dbt-glue's where it has one for the same thing
 * (`idle_timeout`, `conf`, `tags`, `session_provisioning_timeout_in_seconds`), AWS keys are the Redshift adapter's.
 */
import type { SettingsContext } from '../../contract.ts';
import { type AwsAccess, readAwsAccess } from '../../shared/aws-access.ts';
import { isRecord, type ProfileReader } from '../../shared/profile-reader.ts';

export interface EmrSettings {
  applicationId: string;
  /** Undefined only where `sessionId` is given. */
  executionRoleArn: string | undefined;
  /** A session that somebody else has started, and ends. */
  sessionId: string | undefined;
  sessionName: string;
  /** Minutes without work after which EMR ends the session by itself. */
  idleTimeout: number;
  /** Seconds that a new session may take until it is ready. */
  provisioningTimeout: number;
  /** The session that sq started is ended by sq. */
  terminate: boolean;
  tags: Record<string, string>;
  /** Spark's properties of the session (classification spark-defaults). */
  conf: Record<string, string>;
  aws: EmrAws;
}

export interface EmrAws extends AwsAccess {
  /** Another address of the service: a VPC endpoint, a double. */
  endpoint: string | undefined;
}

export const EMR_KEYS = [
  'application_id',
  'execution_role_arn',
  'session_id',
  'session_name',
  'idle_timeout',
  'session_provisioning_timeout_in_seconds',
  'terminate_session',
  'tags',
  'conf',
  'region',
  'iam_profile',
  'access_key_id',
  'secret_access_key',
  'session_token',
  'endpoints',
];

/** The session tells these itself. */
const CONNECT_ONLY = ['host', 'port', 'token', 'use_ssl'];
/** Minutes; EMR's own default, an hour, is paid for after a run that was killed. */
const IDLE_TIMEOUT = 15;
/** Seconds; an application that sleeps takes minutes. */
const PROVISIONING = 600;
/** The API's own patterns (StartSession). */
const ID = /^[0-9a-z]{1,64}$/;
const ROLE = /^arn:aws[a-zA-Z0-9-]*:iam::\d{12}:role\/\S+$/;

/** Throws SqError kind Runtime (`Credentials in profile …`) for what is missing or cannot be used. */
export function emrSettings(
  reader: ProfileReader,
  { projectName, targetName }: Pick<SettingsContext, 'projectName' | 'targetName'>,
): EmrSettings {
  for (const key of CONNECT_ONLY) {
    if (!reader.has(key)) continue;
    throw reader.invalid(
      `'${key}' has no meaning with method 'emr_serverless'`,
      'the session that sq starts tells its address and token: take the key out, or use method: connect',
      key,
    );
  }
  const applicationId = reader.text('application_id');
  if (applicationId === undefined) {
    throw reader.invalid(
      "'application_id' is a required property of method 'emr_serverless'",
      'the id of an application of EMR Serverless with release emr-spark-8.0.0 or later and interactive sessions enabled: aws emr-serverless list-applications',
    );
  }
  checkId(reader, 'application_id', applicationId);
  const sessionId = reader.text('session_id');
  if (sessionId !== undefined) checkId(reader, 'session_id', sessionId);
  return {
    applicationId,
    executionRoleArn: executionRole(reader, sessionId),
    sessionId,
    sessionName: sessionName(reader) ?? `sq ${projectName} ${targetName}`.slice(0, 256),
    idleTimeout: reader.integer('idle_timeout', 1) ?? IDLE_TIMEOUT,
    provisioningTimeout: reader.number('session_provisioning_timeout_in_seconds', 1) ?? PROVISIONING,
    terminate: reader.flag('terminate_session') ?? true,
    tags: texts(reader, 'tags'),
    conf: texts(reader, 'conf'),
    aws: { ...readAwsAccess(reader, reader.text('region')), endpoint: serviceEndpoint(reader) },
  };
}

/** What `target.<key>` and `debug` may show. */
export function shownEmr(own: EmrSettings): Record<string, unknown> {
  return {
    application_id: own.applicationId,
    region: own.aws.region ?? null,
    iam_profile: own.aws.profile ?? null,
    execution_role_arn: own.executionRoleArn ?? null,
    ...(own.sessionId === undefined
      ? { session_name: own.sessionName, idle_timeout: own.idleTimeout, terminate_session: own.terminate }
      : { session_id: own.sessionId }),
  };
}

function checkId(reader: ProfileReader, key: string, value: string): void {
  if (ID.test(value)) return;
  const hint =
    key === 'application_id'
      ? 'it is the id, not the name or the ARN: aws emr-serverless list-applications'
      : 'it is the id, not the name or the ARN: aws emr-serverless list-sessions --application-id …';
  throw reader.invalid(`'${key}' is '${value}', it must be small letters and digits`, hint, key);
}

function executionRole(reader: ProfileReader, sessionId: string | undefined): string | undefined {
  const arn = reader.text('execution_role_arn');
  if (arn === undefined) {
    if (sessionId !== undefined) return undefined;
    throw reader.invalid(
      "'execution_role_arn' is a required property of method 'emr_serverless'",
      'the role that the session works as: it must trust emr-serverless.amazonaws.com and may read and write your data',
    );
  }
  if (!ROLE.test(arn)) {
    throw reader.invalid(
      `'execution_role_arn' is '${arn}', it must be the ARN of a role`,
      'e.g. arn:aws:iam::123456789012:role/sq-spark',
      'execution_role_arn',
    );
  }
  return arn;
}

function sessionName(reader: ProfileReader): string | undefined {
  const name = reader.text('session_name');
  if (name === undefined || (name.trim() !== '' && name.length <= 256)) return name;
  throw reader.invalid("'session_name' must have 1 to 256 characters", undefined, 'session_name');
}

function texts(reader: ProfileReader, key: string): Record<string, string> {
  return Object.fromEntries(
    Object.entries(reader.record(key)).map(([name, value]) => {
      if (['string', 'number', 'boolean'].includes(typeof value)) return [name, String(value)];
      const shown = value === null ? 'empty' : isRecord(value) ? 'a mapping' : JSON.stringify(value);
      throw reader.invalid(`'${key}' has '${name}', which is ${shown}: it must be a text`, undefined, key);
    }),
  );
}

function serviceEndpoint(reader: ProfileReader): string | undefined {
  for (const [service, url] of Object.entries(reader.record('endpoints'))) {
    if (service === 'emr_serverless' && typeof url === 'string' && /^https?:\/\/./.test(url)) return url;
    throw reader.invalid(
      `'endpoints' has ${JSON.stringify({ [service]: url })}, it takes addresses by service`,
      'e.g. endpoints: {emr_serverless: "https://vpce-….emr-serverless.us-west-2.vpce.amazonaws.com"}',
      'endpoints',
    );
  }
  return undefined;
}
