/** The AWS SDK, loaded on use, for any store that speaks S3. */
import type { S3Client } from '@aws-sdk/client-s3';
import type { ExternalSource } from '../copy/external-source.ts';
import type { FilesContext } from './source-files.ts';

export type S3Module = typeof import('@aws-sdk/client-s3');

export interface S3Access {
  sdk: S3Module;
  client: S3Client;
  /** Part of the cache's key: buckets of one name on two stores are two buckets. */
  endpoint: string;
}

/** Requests under way at one time. */
export const PARALLEL = 32;

/**
 * Endpoint, region and keys come from the run's environment, everything else from where the SDK looks (profiles,
 * roles). Checksums are asked for only where they are required: other stores than AWS's refuse or mangle them.
 */
export async function openS3(
  { options = {} }: { options?: Partial<Pick<ExternalSource['options'], 'region' | 'anonymous'>> },
  { invocation }: Pick<FilesContext, 'invocation'>,
): Promise<S3Access> {
  // the SDK's advice about future versions of Node is for those who choose its version, not for those who load files
  process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
  const sdk = await import('@aws-sdk/client-s3');
  const { env } = invocation;
  const endpoint = env.AWS_ENDPOINT_URL_S3 || env.AWS_ENDPOINT_URL;
  const region = options.region ?? (env.AWS_REGION || env.AWS_DEFAULT_REGION);
  const {
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: sessionToken,
  } = env;
  const foreign = endpoint !== undefined && !/\.amazonaws\.com(\.cn)?(:\d+)?\/?$/.test(endpoint);
  const client = new sdk.S3Client({
    ...(endpoint === undefined ? {} : { endpoint }),
    ...(region === undefined ? (foreign ? { region: 'us-east-1' } : {}) : { region }),
    ...(foreign
      ? {
          forcePathStyle: true,
          requestChecksumCalculation: 'WHEN_REQUIRED',
          responseChecksumValidation: 'WHEN_REQUIRED',
        }
      : { followRegionRedirects: true }),
    ...(accessKeyId && secretAccessKey
      ? { credentials: { accessKeyId, secretAccessKey, ...(sessionToken ? { sessionToken } : {}) } }
      : {}),
    ...(options.anonymous
      ? {
          signer: { sign: async (request) => request },
          credentials: { accessKeyId: '', secretAccessKey: '' },
        }
      : {}),
    requestHandler: {
      connectionTimeout: 10_000,
      requestTimeout: 60_000,
      httpAgent: { maxSockets: PARALLEL },
      httpsAgent: { maxSockets: PARALLEL },
    },
  });
  return { sdk, client, endpoint: endpoint ?? 'aws' };
}
