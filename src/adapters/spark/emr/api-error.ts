/** Errors of AWS around a session of EMR Serverless -> what a person can do about them. No credential is in any of these texts. */
import { SqError } from '../../../errors.ts';
import type { EmrSettings } from './settings.ts';

/** What was being done: `starting a session`. */
export type Doing =
  | 'starting a session'
  | 'looking at the session'
  | 'asking for the address of the session'
  | 'ending the session';

interface AwsFailure {
  name?: string;
  message?: string;
  code?: string;
  $metadata?: { httpStatusCode?: number; attempts?: number };
}

type Row = (failure: Required<Pick<AwsFailure, 'name' | 'message' | 'code'>> & AwsFailure) => boolean;
type Advice = (own: EmrSettings, doing: Doing, message: string) => string;

const named =
  (...names: string[]): Row =>
  ({ name }) =>
    names.includes(name);

/** The first that fits counts. */
const TABLE: readonly (readonly [code: string, row: Row, what: string, advice: Advice])[] = [
  [
    'aws-credentials',
    ({ name, message }) =>
      name === 'CredentialsProviderError' || /could not load credentials|token.*not.*found/i.test(message),
    'there are no AWS credentials',
    () =>
      'sign in to AWS (aws sso login), or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or iam_profile in the profile',
  ],
  [
    'aws-region',
    ({ message }) => /region is missing/i.test(message),
    'there is no AWS region',
    () => 'set region in the profile, or AWS_REGION',
  ],
  [
    'aws-expired',
    named('ExpiredToken', 'ExpiredTokenException', 'RequestExpired'),
    'the AWS credentials have expired',
    () => 'sign in again (aws sso login); `sq retry` then does what is left',
  ],
  [
    'aws-credentials',
    named(
      'InvalidClientTokenId',
      'SignatureDoesNotMatch',
      'InvalidSignatureException',
      'UnrecognizedClientException',
    ),
    'AWS does not accept these credentials',
    () => 'look at iam_profile, or access_key_id and secret_access_key, in the profile, or at AWS_PROFILE',
  ],
  [
    'aws-permission',
    ({ name, $metadata }) => /^AccessDenied/.test(name) || $metadata?.httpStatusCode === 403,
    'AWS refuses it',
    (_own, _doing, message) => {
      const action = /perform:?\s+([a-z0-9-]+:[A-Za-z*]+)/.exec(message)?.[1];
      return action === undefined
        ? 'allow this identity what the message names; docs/spark.md lists all permissions'
        : `allow this identity ${action}; docs/spark.md lists all permissions`;
    },
  ],
  [
    'emr-missing',
    named('ResourceNotFoundException'),
    'there is no such thing',
    ({ sessionId }, doing) =>
      doing !== 'starting a session' && sessionId !== undefined
        ? 'look at application_id, session_id and region in the profile: aws emr-serverless list-sessions --application-id …'
        : 'look at application_id and region in the profile: aws emr-serverless list-applications',
  ],
  [
    'emr-conflict',
    named('ConflictException'),
    'the application is not ready for it',
    ({ applicationId }) =>
      `start it (aws emr-serverless start-application --application-id ${applicationId}), or let it start by itself (autoStartConfiguration)`,
  ],
  [
    'emr-quota',
    named('ServiceQuotaExceededException'),
    'a limit of the account or the application is reached',
    ({ applicationId }) =>
      `end sessions that nobody uses (aws emr-serverless list-sessions --application-id ${applicationId}), or have the quota raised`,
  ],
  [
    'emr-invalid',
    named('ValidationException'),
    'EMR Serverless does not take it',
    () =>
      'the application needs release emr-spark-8.0.0 or later and interactive sessions (interactiveConfiguration: sessionEnabled); execution_role_arn, tags and conf of the profile go to it as they are',
  ],
  [
    'aws-throttled',
    ({ name }) => /^Throttl|RequestLimitExceeded|TooManyRequests/.test(name),
    'AWS takes no more requests for now',
    () => 'the same command again, in a minute',
  ],
  [
    'aws-connection',
    ({ name, code }) =>
      /^(ECONNRESET|ECONNREFUSED|ENOTFOUND|ETIMEDOUT|EPIPE|EAI_AGAIN)$/.test(code) || name === 'TimeoutError',
    'AWS cannot be reached',
    ({ idleTimeout, aws }, doing) =>
      [
        'look at the network, and at region in the profile',
        ...(aws.endpoint === undefined ? [] : ['and at endpoints']),
        ...(doing === 'starting a session'
          ? [`; if a session was begun all the same, it ends by itself after ${idleTimeout} idle minutes`]
          : []),
      ]
        .join(' ')
        .replace(' ;', ';'),
  ],
];

/** `sessionId`: of the session it is about, where there is one. */
export function emrError(
  thrown: unknown,
  doing: Doing,
  { own, sessionId }: { own: EmrSettings; sessionId?: string | undefined },
): SqError {
  if (thrown instanceof SqError) return thrown;
  const failure = { name: '', message: '', code: '', ...details(thrown) };
  const found = TABLE.find(([, row]) => row(failure));
  const where = `EMR Serverless, application ${own.applicationId}${sessionId === undefined ? '' : `, session ${sessionId}`}`;
  const words = [failure.name === 'Error' ? '' : failure.name, failure.message.trim() || failure.code]
    .filter((word) => word !== '')
    .join(': ');
  return new SqError({
    kind: 'Database',
    code: found?.[0] ?? 'emr-error',
    message: `${where}: ${found?.[2] ?? 'AWS answered with an error'} (${doing}): ${words || 'no reason was given'}`,
    hint: found?.[3](own, doing, failure.message),
    cause: thrown,
  });
}

/** The members of an error are not all its own. */
function details(thrown: unknown): AwsFailure {
  if (typeof thrown !== 'object' || thrown === null) return { message: String(thrown) };
  const { name, message, code, $metadata } = thrown as AwsFailure;
  return {
    ...(typeof name === 'string' && { name }),
    ...(typeof message === 'string' && { message }),
    ...(typeof code === 'string' && { code }),
    ...($metadata !== undefined && { $metadata }),
  };
}
