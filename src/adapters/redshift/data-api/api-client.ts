/**
 * The client of the Data API. Retries are sq's own: the SDK's are few and quick, and a limit of the account takes
 * longer to pass. Every write carries a ClientToken, so that a repeated one is one.
 */
import type { RedshiftDataClient } from '@aws-sdk/client-redshift-data';
import { awsConfig } from '../../shared/aws-access.ts';
import type { RedshiftSettings } from '../settings.ts';
import { apiError, passes } from './api-error.ts';
import { keepLongDigits } from './long-digits.ts';

export type DataApiModule = typeof import('@aws-sdk/client-redshift-data');

/** Milliseconds: the first pause, the longest, and how long a call is repeated in all. */
const PAUSE = 100;
const LONGEST_PAUSE = 5_000;
const PATIENCE = 120_000;

export interface ApiClientOptions {
  /** Ends the waiting between attempts. */
  signal: AbortSignal;
  /** Of 0 to 1, for the jitter; tests give a constant. */
  random(): number;
  sleep(milliseconds: number): Promise<void>;
}

export class ApiClient {
  private opened: Promise<{ sdk: DataApiModule; client: RedshiftDataClient }> | undefined;

  constructor(
    readonly settings: RedshiftSettings,
    private readonly options: ApiClientOptions,
  ) {}

  /**
   * Sends one request until it is answered, with back-off and full jitter (at most two minutes). Throws SqError
   * kind Database for what no attempt mends; what `keep` recognises is thrown as it came.
   */
  async call<T>(
    send: (client: RedshiftDataClient, sdk: DataApiModule) => Promise<T>,
    keep: (thrown: unknown) => boolean = () => false,
  ): Promise<T> {
    const { sdk, client } = await this.open();
    let waited = 0;
    for (let attempt = 1; ; attempt++) {
      try {
        return await send(client, sdk);
      } catch (thrown) {
        if (keep(thrown)) throw thrown;
        if (!passes(thrown) || waited >= PATIENCE || this.options.signal.aborted)
          throw apiError(thrown, this.settings, attempt);
        const longest = Math.min(LONGEST_PAUSE, PAUSE * 2 ** attempt);
        const pause = longest / 2 + this.options.random() * (longest / 2);
        waited += pause;
        await this.options.sleep(pause);
      }
    }
  }

  async close(): Promise<void> {
    if (this.opened !== undefined) (await this.opened).client.destroy();
  }

  private open(): Promise<{ sdk: DataApiModule; client: RedshiftDataClient }> {
    this.opened ??= this.make();
    return this.opened;
  }

  private async make(): Promise<{ sdk: DataApiModule; client: RedshiftDataClient }> {
    // the SDK's advice about future versions of Node is for those who choose its version
    process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
    const sdk = await import('@aws-sdk/client-redshift-data');
    const client = new sdk.RedshiftDataClient({
      ...awsConfig(this.settings.aws, this.settings.aws.endpoints.redshiftData),
      maxAttempts: 1,
    });
    keepLongDigits(client);
    return { sdk, client };
  }
}
