/** The stack's bucket, which outlives it: is there data in it, and its deletion. */
import type { S3Client } from '@aws-sdk/client-s3';
import { SqError } from '../errors.ts';
import type { Stacks } from './cloudformation.ts';
import type { InfraOptions } from './contract.ts';

export class Bucket {
  private constructor(
    readonly name: string,
    private readonly sdk: typeof import('@aws-sdk/client-s3'),
    private readonly client: S3Client,
    private readonly stacks: Stacks,
  ) {}

  static async open(name: string, stacks: Stacks, { region }: InfraOptions): Promise<Bucket> {
    const sdk = await import('@aws-sdk/client-s3');
    // a store of one's own (AWS_ENDPOINT_URL_S3) has no host names for buckets
    const forcePathStyle = Boolean(process.env.AWS_ENDPOINT_URL_S3 ?? process.env.AWS_ENDPOINT_URL);
    const client = new sdk.S3Client({
      ...(region === undefined ? {} : { region }),
      forcePathStyle,
      maxAttempts: 8,
    });
    return new Bucket(name, sdk, client, stacks);
  }

  /** Objects in it, counted up to 1,000; undefined when there is no such bucket any more. */
  async objects(): Promise<number | undefined> {
    return this.stacks.ask('looking into the bucket', async () => {
      try {
        const page = await this.client.send(new this.sdk.ListObjectsV2Command({ Bucket: this.name }));
        return page.Contents?.length ?? 0;
      } catch (error) {
        if ((error as Error).name === 'NoSuchBucket') return undefined;
        throw error;
      }
    });
  }

  /** Old versions of objects that were overwritten or deleted, counted up to 1,000. */
  async oldVersions(): Promise<number> {
    const { Versions = [] } = await this.stacks.ask('looking into the bucket', () =>
      this.client.send(new this.sdk.ListObjectVersionsCommand({ Bucket: this.name })),
    );
    return Versions.filter(({ IsLatest }) => IsLatest !== true).length;
  }

  /** Deletes every version of every object, then the bucket. Can be repeated. */
  async delete(): Promise<void> {
    const { sdk, client, name: Bucket } = this;
    for (;;) {
      const { Versions = [], DeleteMarkers = [] } = await this.stacks.ask(
        'listing what is in the bucket',
        () => client.send(new sdk.ListObjectVersionsCommand({ Bucket })),
      );
      const Objects = [...Versions, ...DeleteMarkers].map(({ Key, VersionId }) => ({ Key, VersionId }));
      if (Objects.length === 0) break;
      const { Errors = [] } = await this.stacks.ask('emptying the bucket', () =>
        client.send(new sdk.DeleteObjectsCommand({ Bucket, Delete: { Objects, Quiet: true } })),
      );
      // S3 answers 200 for a request of which it did nothing
      if (Errors.length > 0) throw notDeleted(Bucket, Errors);
    }
    await this.stacks.ask('deleting the bucket', () => client.send(new sdk.DeleteBucketCommand({ Bucket })));
  }
}

function notDeleted(
  bucket: string,
  errors: readonly { Key?: string; Code?: string; Message?: string }[],
): SqError {
  const [{ Key = '', Code = '', Message = '' } = {}] = errors;
  return new SqError({
    kind: 'Runtime',
    code: 'bucket-not-emptied',
    message: `S3 does not delete s3://${bucket}/${Key}: ${[Code, Message].filter(Boolean).join(': ')}`,
    hint: 'whoever empties the bucket needs s3:DeleteObject and s3:DeleteObjectVersion on it',
  });
}
