/** Trying again what can succeed a moment later: how often, how long after, and counting it. */
import type { FailureKind } from '../adapters/contract.ts';
import { asSqError } from '../errors.ts';
import type { Invocation } from '../invocation.ts';

export interface RetryPolicy {
  /** Further attempts after the first, for all of a node's work together. */
  retries: number;
  /** Milliseconds before the second attempt; doubled for each one after. */
  firstWait: number;
  longestWait: number;
  /** From 0 to 1: the wait is spread over half of its length, so that two that clashed do not clash again. */
  random: () => number;
}

export const RETRY_POLICY: RetryPolicy = {
  retries: 4,
  firstWait: 500,
  longestWait: 60_000,
  random: Math.random,
};

export interface AttemptsParts {
  policy: RetryPolicy;
  classify: ((error: unknown) => FailureKind) | undefined;
  invocation: Pick<Invocation, 'emit' | 'signal'>;
  /** Name of what is tried, for the notice. */
  name: string;
}

/** The attempts of one node. */
export class Attempts {
  /** Attempts after the first. */
  retries = 0;

  constructor(private readonly parts: AttemptsParts) {}

  kindOf(error: unknown): FailureKind {
    return this.parts.classify?.(error) ?? 'never';
  }

  /**
   * Waits before another attempt. False, at once, when this is the last one's error, the error is not one of
   * those, or the run is being ended.
   */
  async again(error: unknown, worthIt: (kind: FailureKind) => boolean): Promise<boolean> {
    const { policy, invocation, name } = this.parts;
    const kind = this.kindOf(error);
    if (kind === 'never' || !worthIt(kind)) return false;
    if (this.retries >= policy.retries || invocation.signal.aborted) return false;
    const full = Math.min(policy.longestWait, policy.firstWait * 2 ** this.retries);
    const wait = full * (0.5 + policy.random() / 2);
    this.retries += 1;
    const reason = asSqError(error).message.split('\n')[0];
    const msg = `${name}: ${reason}; attempt ${this.retries + 1} of ${policy.retries + 1} in ${(wait / 1000).toFixed(1)} s`;
    invocation.emit({ name: 'SqNotice', topic: 'retry', msg });
    await pause(wait, invocation.signal);
    return !invocation.signal.aborted;
  }

  /** Does `work`, which can be repeated as a whole, until it succeeds or fails for good. */
  async carryOut<T>(
    work: () => Promise<T>,
    worthIt: (kind: FailureKind) => boolean = () => true,
    before: (kind: FailureKind) => Promise<void> = async () => undefined,
  ): Promise<T> {
    for (;;) {
      try {
        return await work();
      } catch (error) {
        if (!(await this.again(error, worthIt))) throw error;
        await before(this.kindOf(error));
      }
    }
  }
}

/** Ends early when the run is being ended. */
function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal.addEventListener('abort', done, { once: true });
  });
}
