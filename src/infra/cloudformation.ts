/** The AWS client, loaded on use, and its answers in sq's words. */
import type { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { SqError } from '../errors.ts';
import { awsError } from './aws-error.ts';
import type { InfraOptions, StackState } from './contract.ts';
import { stackName } from './contract.ts';

export type Sdk = typeof import('@aws-sdk/client-cloudformation');

export const OWN_TAG = 'made-by';

export class Stacks {
  /** Somebody has prepared a stack of this name, and nothing of it is made: CloudFormation's REVIEW_IN_PROGRESS. */
  underReview = false;

  private constructor(
    readonly sdk: Sdk,
    readonly client: CloudFormationClient,
    private readonly options: InfraOptions,
  ) {}

  /** Throws SqError when the optional package is not installed. */
  static async open(options: InfraOptions): Promise<Stacks> {
    process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
    let sdk: Sdk;
    try {
      sdk = await import('@aws-sdk/client-cloudformation');
    } catch (cause) {
      throw new SqError({
        kind: 'Runtime',
        code: 'package-missing',
        message: 'sq infra needs the package @aws-sdk/client-cloudformation, which is not installed.',
        hint: 'npm install @aws-sdk/client-cloudformation',
        cause,
      });
    }
    const { region } = options;
    // throttling and lost connections are tried again by the SDK, with growing pauses
    const client = new sdk.CloudFormationClient({
      ...(region === undefined ? {} : { region }),
      maxAttempts: 8,
    });
    return new Stacks(sdk, client, options);
  }

  get name(): string {
    return stackName(this.options.name);
  }

  /** Sends one request. Throws SqError in a person's words. */
  async ask<T>(doing: string, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      throw awsError(error, { doing, stack: this.name });
    }
  }

  /** Undefined when there is no such stack, or none but the wish for one. */
  async state(id: string = this.name): Promise<StackState | undefined> {
    const { DescribeStacksCommand } = this.sdk;
    const stack = await this.ask('looking for the stack', async () => {
      try {
        return (await this.client.send(new DescribeStacksCommand({ StackName: id }))).Stacks?.[0];
      } catch (error) {
        if (/does not exist/.test(String((error as Error).message))) return undefined;
        throw error;
      }
    });
    this.underReview = stack?.StackStatus === 'REVIEW_IN_PROGRESS';
    if (stack === undefined || this.underReview) return undefined;
    return {
      id: stack.StackId ?? id,
      status: stack.StackStatus ?? '',
      reason: stack.StackStatusReason,
      outputs: Object.fromEntries(
        (stack.Outputs ?? []).map((one) => [one.OutputKey ?? '', one.OutputValue ?? '']),
      ),
      parameters: Object.fromEntries(
        (stack.Parameters ?? []).map((one) => [one.ParameterKey ?? '', one.ParameterValue ?? '']),
      ),
      own: (stack.Tags ?? []).some(({ Key, Value }) => Key === OWN_TAG && Value === 'sq'),
    };
  }

  /** Waits, unless the command was interrupted: what CloudFormation has begun goes on without us. */
  async pause(): Promise<void> {
    const { invocation, poll = 3_000 } = this.options;
    await new Promise((resolve) => setTimeout(resolve, poll));
    if (!invocation.signal.aborted) return;
    throw new SqError({
      kind: 'Runtime',
      code: 'interrupted',
      message: `Interrupted. What CloudFormation has begun with ${this.name} goes on.`,
      hint: 'sq infra status shows how far it is; the same command again goes on watching',
    });
  }
}
