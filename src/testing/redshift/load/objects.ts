/** Objects of the double's S3 server as the cluster sees them: through a role, from a region, with S3's errors. */
import { byBytes } from '../../s3-server.ts';
import { failure } from '../protocol/messages.ts';
import type { World } from '../world.ts';

export interface S3Address {
  bucket: string;
  key: string;
}

export function s3Address(url: string): S3Address {
  const [, bucket = '', key = ''] = /^s3:\/\/([^/]+)\/?(.*)$/s.exec(url) ?? [];
  if (bucket === '') throw failure('XX000', `Invalid S3 URI: ${url}`);
  return { bucket, key };
}

/** The role must be attached to the cluster; of chained ones, the first. */
export function assumeRole(
  { roles, defaultRole, region, database }: World,
  role: string | undefined,
  user: string,
): void {
  if (role === undefined) return;
  if (role.toLowerCase() === 'default') {
    if (defaultRole === undefined)
      throw detailed('Default IAM role is not set for this cluster', 8001, 'IAM_ROLE default');
    return;
  }
  const [first = ''] = role.split(',');
  if (!/^arn:aws[\w-]*:iam::\d{12}:role\/.+$/.test(first))
    throw detailed(`Invalid IAM role ARN '${first}'`, 8001, `IAM Role=${first}`);
  if (!roles.includes(first))
    throw detailed(
      `User arn:aws:redshift:${region}:123456789012:dbuser:${database}/${user} is not authorized to assume IAM Role ${first}`,
      8001,
      `IAM Role=${first}`,
    );
}

/** The bucket must lie where the statement says, or where the cluster is. */
export function checkRegion(world: World, bucket: string, region: string | undefined): void {
  const actual = world.bucketRegions[bucket] ?? world.region;
  if (actual !== (region ?? world.region))
    throw s3Failure(
      'The bucket you are attempting to access must be addressed using the specified endpoint. Please send all future requests to this endpoint.',
      301,
      'PermanentRedirect',
    );
}

export function readObject({ s3 }: World, { bucket, key }: S3Address): Buffer {
  ask(s3, `GET /${bucket}/${key}`);
  const found = objectsOf(s3, bucket).get(key);
  if (found === undefined) throw s3Failure('The specified key does not exist.', 404, 'NoSuchKey');
  return found.body;
}

export function hasObject({ s3 }: World, { bucket, key }: S3Address): boolean {
  ask(s3, `HEAD /${bucket}/${key}`);
  return objectsOf(s3, bucket).has(key);
}

/** Keys that begin with the prefix, in S3's order; folder markers excepted. */
export function listObjects({ s3 }: World, { bucket, key }: S3Address): S3Address[] {
  ask(s3, `LIST /${bucket}?${key}`);
  return [...objectsOf(s3, bucket).keys()]
    .filter((name) => name.startsWith(key) && !name.endsWith('/'))
    .sort(byBytes)
    .map((name) => ({ bucket, key: name }));
}

export function writeObject({ s3 }: World, { bucket, key }: S3Address, body: string | Buffer): void {
  ask(s3, `PUT /${bucket}/${key}`);
  objectsOf(s3, bucket);
  s3.put(bucket, key, body);
}

export function deleteObject({ s3 }: World, { bucket, key }: S3Address): void {
  ask(s3, `DELETE /${bucket}/${key}`);
  objectsOf(s3, bucket).delete(key);
}

function objectsOf(s3: World['s3'], bucket: string) {
  const objects = s3.buckets.get(bucket);
  if (objects === undefined) throw s3Failure('The specified bucket does not exist', 404, 'NoSuchBucket');
  return objects;
}

/** The server's own record of requests and its faults hold for the cluster too. */
function ask(s3: World['s3'], request: string): void {
  s3.requests.push(request);
  const fault = s3.fault?.(request);
  if (fault !== undefined)
    throw s3Failure(fault.code === 'AccessDenied' ? 'Access Denied' : fault.code, fault.status, fault.code);
}

function s3Failure(text: string, status: number, code: string): Error {
  return detailed(
    `S3ServiceException:${text},Status ${status},Error ${code},Rid 7D2F5A1B,ExtRid sq,CanRetry 1`,
    8001,
    'Listing or reading objects from S3',
  );
}

/** Redshift's block of details. */
export function detailed(text: string, code: number, context: string): Error {
  const line = '-----------------------------------------------';
  return failure(
    'XX000',
    text,
    `\n  ${line}\n  error:  ${text}\n  code:      ${code}\n  context:   ${context}\n  query:     0\n  location:  s3_utility.cpp:334\n  process:   padbmaster [pid=1]\n  ${line}\n`,
  );
}
