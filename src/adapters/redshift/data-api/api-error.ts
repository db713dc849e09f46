/** What the Data API itself refuses (HTTP errors, not SQL errors): whether another attempt helps, and what to tell. */
import { SqError } from '../../../errors.ts';
import type { RedshiftSettings } from '../settings.ts';

interface Thrown {
  name: string;
  message: string;
  code?: unknown;
  $metadata?: { httpStatusCode?: number };
}

const LIMITS =
  /^(ActiveStatementsExceeded|ActiveSessionsExceeded|ActiveWaitingRequestsExceeded|Throttling|TooManyRequests|RequestLimitExceeded|SlowDown|QueryTimeout)/;
const NETWORK = /^(ECONNRESET|ECONNREFUSED|EPIPE|ETIMEDOUT|EAI_AGAIN|ENETUNREACH|EHOSTUNREACH)$/;

/** Redshift Data API reference, "Common errors": 5xx, limits and lost connections pass; the rest stays as it is. */
export function passes(thrown: unknown): boolean {
  const error = asThrown(thrown);
  const status = error.$metadata?.httpStatusCode ?? 0;
  // a session that is still busy says so as a validation error
  if (/session is (?:busy|not available)/i.test(error.message)) return true;
  return (
    status >= 500 ||
    status === 429 ||
    LIMITS.test(error.name) ||
    error.name === 'TimeoutError' ||
    (typeof error.code === 'string' && NETWORK.test(error.code))
  );
}

/** The session is over: it was kept alive for as long as it was asked to be, or the server restarted. */
export function isSessionGone(thrown: unknown): boolean {
  return /session.*(?:closed|does not exist|not found|expired|terminated)/i.test(asThrown(thrown).message);
}

const ADVICE: readonly (readonly [RegExp, string])[] = [
  [
    /could not load credentials|CredentialsProviderError/i,
    'sign in to AWS: aws sso login, environment variables, iam_profile in the profile, or a role of this machine',
  ],
  [
    /ExpiredToken|token.*expired|UnrecognizedClient/i,
    'the AWS session has ended: sign in again (aws sso login), then run `sq retry` for what is left',
  ],
  [
    /AccessDenied|not authorized/i,
    'this identity needs redshift-data:ExecuteStatement, BatchExecuteStatement, DescribeStatement, GetStatementResult and CancelStatement, and redshift:GetClusterCredentials, redshift-serverless:GetCredentials or secretsmanager:GetSecretValue',
  ],
  [/Region is missing/i, 'set region in the profile'],
  [
    /ActiveSessionsExceeded/,
    'the Data API keeps 500 sessions a cluster or workgroup: lower threads, or wait until those of other runs have ended',
  ],
  [
    /ActiveStatementsExceeded|ActiveWaitingRequestsExceeded|Throttling/,
    'too many statements run at once on this account: lower threads in the profile',
  ],
  [
    /secret/i,
    'look at secret_arn: it must be readable and hold username and password of this cluster or workgroup',
  ],
  [
    /ResourceNotFound|not found|does ?n.t exist|not.*valid identifier/i,
    'look at cluster_id or serverless_work_group, dbname and region in the profile',
  ],
  [
    /ENOTFOUND|ECONNREFUSED|ETIMEDOUT|EAI_AGAIN/,
    'look at the network, at region, and at endpoints: {redshift_data: …} in the profile',
  ],
];

export function apiError(thrown: unknown, settings: RedshiftSettings, attempts: number): SqError {
  if (thrown instanceof SqError) return thrown;
  const error = asThrown(thrown);
  const where =
    settings.workgroup === undefined ? `cluster ${settings.clusterId}` : `workgroup ${settings.workgroup}`;
  const words = `${error.name}: ${error.message || String(error.code ?? '')}`;
  const tried = attempts > 1 ? ` (${attempts} attempts)` : '';
  return new SqError({
    kind: 'Database',
    code: 'data-api',
    message: `The Redshift Data API refuses ${where}, database ${settings.database}${tried}: ${words}`,
    hint: ADVICE.find(([pattern]) => pattern.test(`${words} ${String(error.code ?? '')}`))?.[1],
    cause: thrown,
  });
}

function asThrown(thrown: unknown): Thrown {
  return thrown instanceof Error ? (thrown as Thrown) : { name: 'Error', message: String(thrown) };
}
