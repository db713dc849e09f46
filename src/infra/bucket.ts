/** The stack's bucket, which outlives it: is there data in it, and its deletion. */
import type { S3Client } from '@aws-sdk/client-s3';
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
      await this.stacks.ask('emptying the bucket', () =>
        client.send(new sdk.DeleteObjectsCommand({ Bucket, Delete: { Objects, Quiet: true } })),
      );
    }
    await this.stacks.ask('deleting the bucket', () => client.send(new sdk.DeleteBucketCommand({ Bucket })));
  }
}
