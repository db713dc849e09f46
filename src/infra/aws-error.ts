/** Errors of AWS -> what a person can do about them. No credential is part of any of these texts. */
import { SqError } from '../errors.ts';

export interface Doing {
  /** `looking for the stack`. */
  doing: string;
  stack: string;
}

interface AwsFailure {
  name?: string;
  message?: string;
  code?: string;
  $metadata?: { httpStatusCode?: number; attempts?: number };
}

export function awsError(error: unknown, { doing, stack }: Doing): SqError {
  if (error instanceof SqError) return error;
  const { name = '', message = '', code = '', $metadata } = (error ?? {}) as AwsFailure;
  const text = message.trim() || name || 'no reason was given';
  const make = (kind: string, what: string, hint: string) =>
    new SqError({ kind: 'Runtime', code: kind, message: what, hint, cause: error });
  if (name === 'CredentialsProviderError' || /could not load credentials|token.*not.*found/i.test(message)) {
    return make(
      'aws-credentials',
      `There are no AWS credentials (${doing}).`,
      'aws configure, or set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY; --dry-run needs none',
    );
  }
  if (/region is missing/i.test(message))
    return make(
      'aws-region',
      `There is no AWS region (${doing}).`,
      'say --region us-west-2, or set AWS_REGION',
    );
  if (['ExpiredToken', 'ExpiredTokenException', 'RequestExpired'].includes(name))
    return make(
      'aws-expired',
      `The AWS credentials have expired (${doing}).`,
      'sign in again (aws sso login), then the same command',
    );
  if (['InvalidClientTokenId', 'SignatureDoesNotMatch', 'UnrecognizedClientException'].includes(name))
    return make(
      'aws-credentials',
      `AWS does not accept these credentials (${doing}): ${text}`,
      'look at AWS_PROFILE and the keys it names',
    );
  if (
    ['AccessDenied', 'AccessDeniedException', 'UnauthorizedOperation'].includes(name) ||
    $metadata?.httpStatusCode === 403
  ) {
    const action = /perform:?\s+([a-z0-9-]+:[A-Za-z*]+)/.exec(message)?.[1];
    return make(
      'aws-permission',
      `AWS refuses this (${doing}): ${text}`,
      action === undefined
        ? 'ask for the permission it names'
        : `whoever runs sq infra needs ${action}; docs/infra.md lists all of them`,
    );
  }
  if (/^Throttl|RequestLimitExceeded|TooManyRequests/.test(name))
    return make(
      'aws-throttled',
      `AWS takes no more requests for now (${doing}; asked ${$metadata?.attempts ?? 'several'} times).`,
      `${stack} is as it was or goes on by itself: the same command again, in a minute`,
    );
  if (/^(ECONNRESET|ECONNREFUSED|ENOTFOUND|ETIMEDOUT|EPIPE|EAI_AGAIN)$/.test(code) || name === 'TimeoutError')
    return make(
      'aws-connection',
      `The connection to AWS was lost (${doing}): ${code || text}`,
      `${stack} is as it was or goes on by itself: sq infra status, or the same command again`,
    );
  return make(
    'aws-error',
    `AWS answered with an error (${doing}): ${name === '' ? '' : `${name}: `}${text}`,
    'sq infra status shows the stack',
  );
}
