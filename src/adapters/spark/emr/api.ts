/** The API of EMR Serverless, its package loaded on use. Throttling and lost answers are tried again by the SDK. */
import type { EMRServerlessClient } from '@aws-sdk/client-emr-serverless';
import { SqError } from '../../../errors.ts';
import { awsConfig } from '../../shared/aws-access.ts';
import { type Doing, emrError } from './api-error.ts';
import type { EmrSettings } from './settings.ts';

export type EmrModule = typeof import('@aws-sdk/client-emr-serverless');

/** With growing pauses, some 20 seconds in all. */
const ATTEMPTS = 8;

export class EmrApi {
  private constructor(
    readonly sdk: EmrModule,
    private readonly client: EMRServerlessClient,
    private readonly own: EmrSettings,
  ) {}

  /** Throws SqError when the optional package is not installed. */
  static async open(own: EmrSettings): Promise<EmrApi> {
    // the SDK's advice about future versions of Node is for those who choose its version
    process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
    let sdk: EmrModule;
    try {
      sdk = await import('@aws-sdk/client-emr-serverless');
    } catch (cause) {
      throw new SqError({
        kind: 'Runtime',
        code: 'package-missing',
        message: `method: emr_serverless needs the package @aws-sdk/client-emr-serverless, and it is not installed: ${String((cause as Error).message).split('\n')[0]}`,
        hint: 'it is optional: npm install @aws-sdk/client-emr-serverless, in the project or wherever sq is installed',
        cause,
      });
    }
    const client = new sdk.EMRServerlessClient({
      maxAttempts: ATTEMPTS,
      ...awsConfig(own.aws, own.aws.endpoint),
    });
    return new EmrApi(sdk, client, own);
  }

  /** Sends one request. Throws SqError in a person's words. */
  async ask<T>(
    doing: Doing,
    send: (client: EMRServerlessClient) => Promise<T>,
    sessionId?: string,
  ): Promise<T> {
    try {
      return await send(this.client);
    } catch (thrown) {
      throw emrError(thrown, doing, { own: this.own, sessionId });
    }
  }

  close(): void {
    this.client.destroy();
  }
}
