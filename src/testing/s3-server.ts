/**
 * An object store for tests: the wire format of S3 on 127.0.0.1 and a free port, objects in memory. No
 * signatures are checked. Buckets by path (`/bucket/key`).
 */
import { createHash } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface StoredObject {
  body: Buffer;
  /** MD5 in hexadecimal, without quotes. */
  etag: string;
  modified: Date;
}

/** An answer in place of the usual one. */
export interface Fault {
  status: number;
  code: string;
}

export interface S3ServerOptions {
  /** Whether it knows `If-Match` and `If-None-Match` of a PUT; default true. A store that does not answers 501. */
  conditions?: boolean;
  /** Most keys of one page of a listing; S3's own is 1,000. */
  pageSize?: number;
}

export class S3Server {
  readonly buckets = new Map<string, Map<string, StoredObject>>();
  /** Keys of which an older version is kept, though no object has them; of every bucket. */
  readonly oldVersions = new Set<string>();
  /** Keys that a request for many deletions does not delete: said in an answer with status 200. */
  readonly locked = new Set<string>();
  /** `GET /bucket/key`, in the order of arrival; listings as `LIST /bucket?prefix`. */
  readonly requests: string[] = [];
  /** Asked before each request is answered. */
  fault: ((request: string) => Fault | undefined) | undefined;
  /** Asked when a PUT has been done: its answer is lost, and this is sent. */
  after: ((request: string) => Fault | undefined) | undefined;
  private readonly server: Server;

  private constructor(private readonly options: S3ServerOptions) {
    this.server = createServer((request, response) => {
      this.serve(request, response).catch((error: Error) => {
        sendError(response, { status: 500, code: 'InternalError' }, error.message);
      });
    });
  }

  static async start(options: S3ServerOptions = {}): Promise<S3Server> {
    const s3 = new S3Server(options);
    await new Promise<void>((resolve) => s3.server.listen(0, '127.0.0.1', resolve));
    return s3;
  }

  get endpoint(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  /** What a client needs to find it. */
  get env(): Record<string, string> {
    return { AWS_ENDPOINT_URL_S3: this.endpoint, AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' };
  }

  put(bucket: string, key: string, body: string | Buffer): void {
    const objects = this.buckets.get(bucket) ?? new Map<string, StoredObject>();
    this.buckets.set(bucket, objects);
    const bytes = Buffer.from(body as string);
    objects.set(key, {
      body: bytes,
      etag: createHash('md5').update(bytes).digest('hex'),
      modified: new Date(),
    });
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', 'http://s3');
    const [bucket = '', ...rest] = url.pathname.slice(1).split('/').map(decodeURIComponent);
    const key = rest.join('/');
    const method = request.method ?? 'GET';
    const listing = method === 'GET' && key === '';
    const name = listing
      ? `LIST /${bucket}?${url.searchParams.get('prefix') ?? ''}`
      : `${method} /${bucket}/${key}`;
    this.requests.push(name);
    const body = await bodyOf(request);
    const fault = this.fault?.(name);
    if (fault) return sendError(response, fault, 'as the test wishes');
    const objects = this.buckets.get(bucket);
    if (method === 'PUT') {
      const { headers } = request;
      const asks = (headers['if-match'] ?? headers['if-none-match']) !== undefined;
      if (asks && this.options.conditions === false)
        return sendError(response, { status: 501, code: 'NotImplemented' }, 'A header is not implemented');
      if (refusesCondition(request, objects?.get(key)))
        return sendError(
          response,
          { status: 412, code: 'PreconditionFailed' },
          'At least one of the pre-conditions you specified did not hold',
        );
      return this.store(response, { bucket, key, body, lost: () => this.after?.(name) });
    }
    if (objects === undefined)
      return sendError(
        response,
        { status: 404, code: 'NoSuchBucket' },
        'The specified bucket does not exist',
      );
    if (listing && url.searchParams.has('versions'))
      return sendVersions(response, bucket, { objects, old: this.oldVersions });
    if (listing) return this.list(response, bucket, { objects, query: url.searchParams });
    if (method === 'POST' && url.searchParams.has('delete')) {
      const errors: string[] = [];
      for (const [, deleted = ''] of body.toString('utf8').matchAll(/<Key>(.*?)<\/Key>/g)) {
        if (this.locked.has(deleted)) {
          errors.push(
            `<Error><Key>${escapeXml(deleted)}</Key><Code>AccessDenied</Code><Message>Access Denied</Message></Error>`,
          );
          continue;
        }
        objects.delete(deleted);
        this.oldVersions.delete(deleted);
      }
      response
        .writeHead(200, { 'content-type': 'application/xml' })
        .end(`<DeleteResult>${errors.join('')}</DeleteResult>`);
      return;
    }
    if (method === 'DELETE' && key === '') {
      if (objects.size > 0)
        return sendError(
          response,
          { status: 409, code: 'BucketNotEmpty' },
          'The bucket you tried to delete is not empty',
        );
      this.buckets.delete(bucket);
      response.writeHead(204).end();
      return;
    }
    const object = objects.get(key);
    if (method === 'DELETE') {
      objects.delete(key);
      response.writeHead(204).end();
    } else if (object === undefined)
      sendError(response, { status: 404, code: 'NoSuchKey' }, 'The specified key does not exist.');
    else sendObject(request, response, object);
  }

  private store(
    response: ServerResponse,
    { bucket, key, body, lost }: { bucket: string; key: string; body: Buffer; lost: () => Fault | undefined },
  ): void {
    if (key === '') this.buckets.set(bucket, this.buckets.get(bucket) ?? new Map());
    else this.put(bucket, key, body);
    const fault = lost();
    const etag = this.buckets.get(bucket)?.get(key)?.etag;
    if (fault !== undefined) sendError(response, fault, 'as the test wishes');
    else response.writeHead(200, etag === undefined ? {} : { etag: `"${etag}"` }).end();
  }

  /** ListObjectsV2: keys in the order of their UTF-8 bytes, a token after each page. */
  private list(
    response: ServerResponse,
    bucket: string,
    { objects, query }: { objects: Map<string, StoredObject>; query: URLSearchParams },
  ): void {
    const prefix = query.get('prefix') ?? '';
    const delimiter = query.get('delimiter') ?? '';
    const token = query.get('continuation-token');
    const after =
      token === null ? (query.get('start-after') ?? '') : Buffer.from(token, 'base64').toString('utf8');
    const most = Math.min(Number(query.get('max-keys') ?? 1000), this.options.pageSize ?? 1000);
    const encode = query.get('encoding-type') === 'url' ? encodeURIComponent : escapeXml;
    const keys = [...objects.keys()]
      .filter((key) => key.startsWith(prefix) && byBytes(key, after) > 0)
      .sort(byBytes);
    const contents: string[] = [];
    const folders = new Set<string>();
    let last = '';
    for (const key of keys) {
      if (contents.length + folders.size >= most) break;
      last = key;
      const end = delimiter === '' ? -1 : key.indexOf(delimiter, prefix.length);
      if (end >= 0) {
        folders.add(key.slice(0, end + delimiter.length));
        continue;
      }
      const { body, etag, modified } = objects.get(key) as StoredObject;
      contents.push(
        `<Contents><Key>${encode(key)}</Key><LastModified>${modified.toISOString()}</LastModified><ETag>&quot;${etag}&quot;</ETag><Size>${body.length}</Size><StorageClass>STANDARD</StorageClass></Contents>`,
      );
    }
    const more = last !== '' && last !== keys.at(-1);
    const next = more
      ? `<NextContinuationToken>${Buffer.from(last).toString('base64')}</NextContinuationToken>`
      : '';
    const prefixes = [...folders].map(
      (folder) => `<CommonPrefixes><Prefix>${encode(folder)}</Prefix></CommonPrefixes>`,
    );
    sendXml(
      response,
      200,
      `<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Name>${bucket}</Name><Prefix>${encode(prefix)}</Prefix><KeyCount>${contents.length + folders.size}</KeyCount><MaxKeys>${most}</MaxKeys><IsTruncated>${more}</IsTruncated>${next}${contents.join('')}${prefixes.join('')}</ListBucketResult>`,
    );
  }
}

/** The order of UTF-8 bytes, which is that of UTF-16 but for surrogates. */
export function byBytes(a: string, b: string): number {
  const surrogates = /[\uD800-\uDFFF]/;
  if (surrogates.test(a) || surrogates.test(b)) return Buffer.compare(Buffer.from(a), Buffer.from(b));
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The body as it is meant: `aws-chunked` framing and trailers taken off. */
async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const raw = Buffer.concat(chunks);
  const framed =
    /aws-chunked/.test(request.headers['content-encoding'] ?? '') ||
    /^STREAMING-/.test(String(request.headers['x-amz-content-sha256'] ?? ''));
  return framed ? unframed(raw) : raw;
}

function unframed(raw: Buffer): Buffer {
  const parts: Buffer[] = [];
  for (let at = 0; at < raw.length; ) {
    const end = raw.indexOf('\r\n', at);
    // the length in hexadecimal, then perhaps `;chunk-signature=...`
    const length = Number.parseInt(raw.toString('latin1', at, end), 16);
    if (!Number.isFinite(length) || length === 0) break;
    parts.push(raw.subarray(end + 2, end + 2 + length));
    at = end + 2 + length + 2;
  }
  return Buffer.concat(parts);
}

/** `If-Match` and `If-None-Match: *` of a PUT. */
function refusesCondition({ headers }: IncomingMessage, standing: StoredObject | undefined): boolean {
  const wanted = headers['if-match']?.replaceAll('"', '');
  return (
    (wanted !== undefined && wanted !== standing?.etag) ||
    (headers['if-none-match'] === '*' && standing !== undefined)
  );
}

function sendObject(
  request: IncomingMessage,
  response: ServerResponse,
  { body, etag, modified }: StoredObject,
): void {
  const wanted = request.headers['if-match'];
  if (wanted !== undefined && wanted.replaceAll('"', '') !== etag) {
    const text = 'At least one of the pre-conditions you specified did not hold';
    sendError(response, { status: 412, code: 'PreconditionFailed' }, text);
    return;
  }
  const range = /^bytes=(\d*)-(\d*)$/.exec(request.headers.range ?? '');
  const from =
    range === null ? 0 : range[1] === '' ? Math.max(0, body.length - Number(range[2])) : Number(range[1]);
  const to =
    range === null || range[1] === '' || range[2] === ''
      ? body.length - 1
      : Math.min(Number(range[2]), body.length - 1);
  if (range !== null && from > to) {
    sendError(response, { status: 416, code: 'InvalidRange' }, 'The requested range is not satisfiable');
    return;
  }
  const part = body.subarray(from, to + 1);
  response.writeHead(range === null ? 200 : 206, {
    etag: `"${etag}"`,
    'last-modified': modified.toUTCString(),
    'content-length': part.length,
    'accept-ranges': 'bytes',
    ...(range === null ? {} : { 'content-range': `bytes ${from}-${to}/${body.length}` }),
  });
  response.end(request.method === 'HEAD' ? undefined : part);
}

/** Each object is its one version; of what was deleted an old one may be kept. */
function sendVersions(
  response: ServerResponse,
  bucket: string,
  { objects, old }: { objects: Map<string, StoredObject>; old: ReadonlySet<string> },
): void {
  const version = (key: string, latest: boolean) =>
    `<Version><Key>${escapeXml(key)}</Key><VersionId>null</VersionId><IsLatest>${latest}</IsLatest></Version>`;
  const versions = [
    ...[...objects.keys()].map((key) => version(key, true)),
    ...[...old].map((key) => version(key, false)),
  ];
  response.writeHead(200, { 'content-type': 'application/xml' });
  response.end(
    `<ListVersionsResult><Name>${bucket}</Name><IsTruncated>false</IsTruncated>${versions.join('')}</ListVersionsResult>`,
  );
}

function sendError(response: ServerResponse, { status, code }: Fault, message: string): void {
  sendXml(
    response,
    status,
    `<Error><Code>${code}</Code><Message>${escapeXml(message)}</Message><RequestId>test</RequestId></Error>`,
  );
}

function sendXml(response: ServerResponse, status: number, xml: string): void {
  const text = `<?xml version="1.0" encoding="UTF-8"?>\n${xml}`;
  response
    .writeHead(status, { 'content-type': 'application/xml', 'content-length': Buffer.byteLength(text) })
    .end(text);
}

function escapeXml(text: string): string {
  return text.replace(/[&<>"']/g, (char) => `&#${char.charCodeAt(0)};`);
}
