/** What an object store refuses, for a person. */
import { SqError } from '../../../errors.ts';
import type { ExternalSource } from '../copy/external-source.ts';

interface Thrown {
  name?: string;
  message?: string;
  code?: string;
  $metadata?: { httpStatusCode?: number };
  cause?: Thrown;
}

/** `what`: the object or location that was asked for. */
export function s3Error(source: ExternalSource, what: string, error: unknown, endpoint: string): SqError {
  const thrown = error as Thrown;
  if (thrown.name === 'AbortError') {
    return new SqError({
      kind: 'Runtime',
      code: 'cancelled',
      message: `Reading ${what} was cancelled.`,
      cause: error,
    });
  }
  const { text, hint } = explain(thrown, what, endpoint);
  return source.problem(
    's3',
    ['external', 'location'],
    `Source ${source.name} cannot be read: ${text}.`,
    hint,
  );
}

function explain(thrown: Thrown, what: string, endpoint: string): { text: string; hint: string } {
  const name = thrown.name ?? '';
  const status = thrown.$metadata?.httpStatusCode;
  const bucket = /^s3:\/\/([^/]*)/.exec(what)?.[1] ?? what;
  const at = endpoint === 'aws' ? '' : ` at ${endpoint}`;
  if (name === 'NoSuchBucket')
    return {
      text: `there is no bucket ${bucket}${at}`,
      hint: 'look at the name in location; AWS_ENDPOINT_URL_S3 names another store than AWS',
    };
  if (/Credentials|Token/.test(name) || /credential/i.test(thrown.message ?? '')) {
    return {
      text: `no valid AWS credentials for ${what} (${name})`,
      hint: 'set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY; a bucket that is open to all: options: {anonymous: true}',
    };
  }
  if (
    name === 'AccessDenied' ||
    name === 'InvalidAccessKeyId' ||
    name === 'SignatureDoesNotMatch' ||
    status === 403
  ) {
    return {
      text: `access to ${what}${at} is denied (${name})`,
      hint: 'the credentials need s3:ListBucket on the bucket and s3:GetObject on the objects',
    };
  }
  if (name === 'PreconditionFailed' || status === 412)
    return { text: `${what} was changed while it was read`, hint: 'run the command again' };
  if (name === 'NoSuchKey' || name === 'NotFound' || status === 404)
    return {
      text: `there is no object ${what}${at}`,
      hint: 'look at the name; object names are case-sensitive',
    };
  if (/Region/.test(thrown.message ?? '') || status === 301) {
    return {
      text: `the region of bucket ${bucket} is not known or another one`,
      hint: 'set AWS_REGION, or options: {region: us-west-2}',
    };
  }
  const code = thrown.code ?? thrown.cause?.code;
  if (code !== undefined && /^E[A-Z_]+$/.test(code)) {
    return {
      text: `${endpoint === 'aws' ? 'S3' : endpoint} cannot be reached (${code})`,
      hint: 'look at the network, and at AWS_ENDPOINT_URL_S3 or AWS_ENDPOINT_URL',
    };
  }
  return { text: `${what}${at}: ${thrown.message ?? name}`, hint: "the message is the store's own" };
}
