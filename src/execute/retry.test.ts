import { describe, expect, it } from 'vitest';
import type { FailureKind } from '../adapters/contract.ts';
import { Attempts, RETRY_POLICY } from './retry.ts';

function attempts(kind: FailureKind, signal = new AbortController().signal) {
  const said: string[] = [];
  const emit = (event: { name: string }) => {
    if ('msg' in event) said.push(String(event.msg));
  };
  const policy = { ...RETRY_POLICY, retries: 2, firstWait: 2, random: () => 0.5 };
  const made = new Attempts({ policy, classify: () => kind, invocation: { emit, signal }, name: 'songs' });
  return { made, said };
}

const failing = (times: number) => {
  let left = times;
  return async () => {
    if (left-- > 0) throw new Error('deadlock detected\nDETAIL: process 7');
    return 'done';
  };
};

describe('Attempts', () => {
  it('tries again, waits longer each time, counts and says so', async () => {
    const { made, said } = attempts('retry-transaction');
    expect(await made.carryOut(failing(2))).toBe('done');
    expect(made.retries).toBe(2);
    expect(said).toEqual([
      'songs: deadlock detected; attempt 2 of 3 in 0.0 s',
      'songs: deadlock detected; attempt 3 of 3 in 0.0 s',
    ]);
  });

  it('gives up after the last attempt with its error', async () => {
    await expect(attempts('retry-transaction').made.carryOut(failing(3))).rejects.toThrow(
      'deadlock detected',
    );
  });

  it('fails at once for what would fail again, and where the caller says no', async () => {
    const never = attempts('never');
    await expect(never.made.carryOut(failing(1))).rejects.toThrow('deadlock');
    const lost = attempts('connection-lost');
    await expect(lost.made.carryOut(failing(1), (kind) => kind !== 'connection-lost')).rejects.toThrow();
    expect([never.made.retries, lost.made.retries]).toEqual([0, 0]);
  });

  it('does not go on when the run is being ended', async () => {
    const ended = attempts('retry-transaction', AbortSignal.abort());
    await expect(ended.made.carryOut(failing(1))).rejects.toThrow('deadlock');
  });
});
