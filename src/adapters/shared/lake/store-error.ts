/** What an object store says of a folder of the lake, in a person's words. */
import { SqError } from '../../../errors.ts';

export interface StoreFailure {
  url: string;
  bucket: string;
  /** `aws`, or the address of another store. */
  endpoint: string;
  doing: 'read' | 'listed' | 'written' | 'deleted';
  error: unknown;
}

interface Thrown {
  name?: string;
  message?: string;
  code?: string;
  $metadata?: { httpStatusCode?: number };
}

export function storeError({ url, bucket, endpoint, doing, error }: StoreFailure): SqError {
  if (error instanceof SqError) return error;
  const at = endpoint === 'aws' ? '' : ` at ${endpoint}`;
  const [why, hint] = reasonOf(error as Thrown, { bucket, at });
  const beside =
    doing === 'deleted'
      ? '; until the model has run again, whoever lists names sees the old files beside the new ones'
      : '';
  return new SqError({
    kind: 'Runtime',
    code: 'lake-store',
    message: `${url} cannot be ${doing}: ${why}.`,
    hint: `${hint}${beside}`,
    cause: error,
  });
}

/** Another run has written the manifest since this one read it. */
export function folderTaken(url: string): SqError {
  return new SqError({
    kind: 'Runtime',
    code: 'lake-taken',
    message: `${url} was written by another run meanwhile. What this run had put there is taken away again.`,
    hint: 'run the model again when the other run has ended',
  });
}

function reasonOf(
  { name = '', message = '', code, $metadata }: Thrown,
  { bucket, at }: { bucket: string; at: string },
): [why: string, hint: string] {
  if (name === 'AbortError')
    return ['the run was stopped', 'run the model again: what was written is cleared away then'];
  if (name === 'NoSuchBucket')
    return [
      `there is no bucket ${bucket}${at}`,
      'look at the name in location; AWS_ENDPOINT_URL_S3 names another store than AWS',
    ];
  if (/Credentials|Token/.test(name) || /credential/i.test(message))
    return [
      `no valid AWS credentials (${name})`,
      'set AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY',
    ];
  if (name === 'AccessDenied' || name === 'SignatureDoesNotMatch' || $metadata?.httpStatusCode === 403)
    return [
      `access${at} is denied (${name})`,
      'the credentials need s3:ListBucket on the bucket, and s3:GetObject, s3:PutObject and s3:DeleteObject below the location',
    ];
  if (code !== undefined && /^E[A-Z_]+$/.test(code))
    return [
      `${at === '' ? 'S3' : at.slice(4)} cannot be reached (${code})`,
      'look at the network, and at AWS_ENDPOINT_URL_S3 or AWS_ENDPOINT_URL',
    ];
  return [
    message || name,
    "the message is the store's own; run the model again: what was half written is cleared away then",
  ];
}
