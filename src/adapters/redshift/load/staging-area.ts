/**
 * A folder of one load on S3, below the profile's `s3_staging_dir`: manifests, JSONPaths files, rows of seeds, local
 * files. Everything in it is deleted when the load has ended.
 */
import { createReadStream, statSync } from 'node:fs';
import { SqError } from '../../../errors.ts';
import type { Invocation } from '../../../invocation.ts';
import { awsConfig } from '../../shared/aws-access.ts';
import type { RedshiftSettings } from '../settings.ts';

export interface StagingContext {
  settings: Pick<RedshiftSettings, 'aws' | 's3StagingDir'>;
  invocation: Pick<Invocation, 'env' | 'signal'>;
}

/** Uploads under way at one time. */
const PARALLEL = 16;

export class StagingArea {
  private readonly urls: string[] = [];

  private constructor(
    private readonly access: Access,
    /** `s3://bucket/prefix/<name>`. */
    readonly folder: string,
  ) {}

  /** Undefined where the profile names no bucket. `name` tells loads apart. */
  static async open(context: StagingContext, name: string): Promise<StagingArea | undefined> {
    const { s3StagingDir } = context.settings;
    if (s3StagingDir === undefined) return undefined;
    return new StagingArea(await openAccess(context), `${s3StagingDir}/${name}`);
  }

  /** Answers the object's address. Throws SqError kind Runtime when the store refuses. */
  async put(name: string, body: string | Buffer): Promise<string> {
    return this.send(name, () => body, Buffer.byteLength(body));
  }

  /** Uploads files of this disk; answers their addresses in the same order. */
  async putFiles(paths: readonly string[]): Promise<string[]> {
    const urls: string[] = new Array(paths.length);
    let next = 0;
    const work = async () => {
      while (next < paths.length) {
        const i = next;
        next += 1;
        const path = paths[i] as string;
        const name = `${String(i).padStart(6, '0')}/${path.slice(path.lastIndexOf('/') + 1)}`;
        urls[i] = await this.send(`data/${name}`, () => createReadStream(path), statSync(path).size);
      }
    };
    await Promise.all(Array.from({ length: Math.min(PARALLEL, paths.length) }, work));
    return urls;
  }

  /** Deletes what was put; a store that refuses leaves it to the bucket's life-cycle rules. */
  async clear(): Promise<void> {
    const { sdk, client } = this.access;
    await Promise.all(
      this.urls.map((url) => client.send(new sdk.DeleteObjectCommand(addressOf(url))).catch(() => undefined)),
    );
    client.destroy();
  }

  private async send(
    name: string,
    body: () => string | Buffer | NodeJS.ReadableStream,
    bytes: number,
  ): Promise<string> {
    const { sdk, client, signal } = this.access;
    const url = `${this.folder}/${name}`;
    this.urls.push(url);
    try {
      await client.send(
        new sdk.PutObjectCommand({ ...addressOf(url), Body: body() as never, ContentLength: bytes }),
        { abortSignal: signal },
      );
      return url;
    } catch (cause) {
      throw refused(url, cause);
    }
  }
}

/** Reads an object that Redshift wrote, e.g. the manifest of UNLOAD. Throws what the store answers. */
export async function readStaged(context: StagingContext, url: string): Promise<string> {
  const { sdk, client } = await openAccess(context);
  try {
    const { Body } = await client.send(new sdk.GetObjectCommand(addressOf(url)));
    return (await Body?.transformToString()) ?? '';
  } finally {
    client.destroy();
  }
}

/** Addresses of at most 1,000 objects below a folder. Throws what the store answers. */
export async function listStaged(context: StagingContext, folder: string): Promise<string[]> {
  const { sdk, client } = await openAccess(context);
  const { Bucket, Key } = addressOf(folder);
  try {
    const { Contents = [] } = await client.send(new sdk.ListObjectsV2Command({ Bucket, Prefix: Key }));
    return Contents.map((object) => `s3://${Bucket}/${object.Key ?? ''}`);
  } finally {
    client.destroy();
  }
}

export function addressOf(url: string): { Bucket: string; Key: string } {
  const [, Bucket = '', Key = ''] = /^s3:\/\/([^/]+)\/?(.*)$/s.exec(url) ?? [];
  return { Bucket, Key };
}

interface Access {
  sdk: typeof import('@aws-sdk/client-s3');
  client: import('@aws-sdk/client-s3').S3Client;
  signal: AbortSignal;
}

async function openAccess({ settings, invocation }: StagingContext): Promise<Access> {
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
  const sdk = await import('@aws-sdk/client-s3');
  const { env } = invocation;
  const given = awsConfig(settings.aws, settings.aws.endpoints.s3);
  const endpoint = given.endpoint ?? (env.AWS_ENDPOINT_URL_S3 || env.AWS_ENDPOINT_URL);
  const foreign = endpoint !== undefined && !/\.amazonaws\.com(\.cn)?(:\d+)?\/?$/.test(endpoint);
  const region =
    given.region ?? (env.AWS_REGION || env.AWS_DEFAULT_REGION || (foreign ? 'us-east-1' : undefined));
  const client = new sdk.S3Client({
    ...given,
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(region === undefined ? {} : { region }),
    ...(given.credentials === undefined && env.AWS_ACCESS_KEY_ID && env.AWS_SECRET_ACCESS_KEY
      ? {
          credentials: {
            accessKeyId: env.AWS_ACCESS_KEY_ID,
            secretAccessKey: env.AWS_SECRET_ACCESS_KEY,
            ...(env.AWS_SESSION_TOKEN ? { sessionToken: env.AWS_SESSION_TOKEN } : {}),
          },
        }
      : {}),
    // other stores than AWS's refuse checksums that nobody asked for, or mangle them
    ...(foreign
      ? {
          forcePathStyle: true,
          requestChecksumCalculation: 'WHEN_REQUIRED' as const,
          responseChecksumValidation: 'WHEN_REQUIRED' as const,
        }
      : { followRegionRedirects: true }),
  });
  return { sdk, client, signal: invocation.signal };
}

function refused(url: string, cause: unknown): SqError {
  const error = cause instanceof Error ? cause : new Error(String(cause));
  return new SqError({
    kind: 'Runtime',
    code: 'staging',
    message: `${url} cannot be written: ${error.name}: ${error.message}`,
    hint: 's3_staging_dir in the profile must name a bucket in which these credentials may s3:PutObject and s3:DeleteObject',
    cause,
  });
}
