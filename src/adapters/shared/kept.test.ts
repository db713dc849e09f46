import { describe, expect, it } from 'vitest';
import { keeping, kept } from './kept.ts';

function counted() {
  const log: string[] = [];
  let count = 0;
  const open = async () => {
    count += 1;
    const value = count;
    log.push(`open ${value}`);
    return { value, close: async () => void log.push(`close ${value}`) };
  };
  return { log, open };
}

describe('what is kept from one driver of a command to the next', () => {
  const use = async (signal: AbortSignal, open: ReturnType<typeof counted>['open'], key = 'a') => {
    const { value, close } = await kept(signal, key, open);
    await close();
    return value;
  };

  it('is opened once, side by side too, and closed at the end', async () => {
    const { signal } = new AbortController();
    const { log, open } = counted();
    await keeping(signal, async () => {
      expect(await Promise.all([use(signal, open), use(signal, open)])).toEqual([1, 1]);
      // an inner one does not end it
      expect(await keeping(signal, () => use(signal, open))).toBe(1);
      expect(log).toEqual(['open 1']);
    });
    expect(log).toEqual(['open 1', 'close 1']);
  });

  it('is closed when the work fails', async () => {
    const { signal } = new AbortController();
    const { log, open } = counted();
    const work = keeping(signal, async () => {
      await use(signal, open);
      throw new Error('no');
    });
    await expect(work).rejects.toThrow('no');
    expect(log).toEqual(['open 1', 'close 1']);
  });

  it('is not shared by other commands, other keys, or where nobody keeps', async () => {
    const [one, other] = [new AbortController().signal, new AbortController().signal];
    const { log, open } = counted();
    await keeping(one, async () => {
      await use(one, open);
      await use(one, open, 'b');
      await use(other, open);
    });
    expect(log).toEqual(['open 1', 'open 2', 'open 3', 'close 3', 'close 1', 'close 2']);
  });

  it('is tried again by the next one where opening failed', async () => {
    const { signal } = new AbortController();
    const { log, open } = counted();
    await keeping(signal, async () => {
      const failing = kept(signal, 'a', () => Promise.reject(new Error('not yet')));
      await expect(failing).rejects.toThrow('not yet');
      expect(await use(signal, open)).toBe(1);
    });
    expect(log).toEqual(['open 1', 'close 1']);
  });
});
