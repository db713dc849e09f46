import type { Driver } from '../adapters/contract.ts';

/**
 * A driver that connects at its first question: `compile` of models that do not look into the warehouse needs
 * none, and must work while another process holds the file. It loads no files. `onQuestion` hears who asks.
 */
export function lazyDriver(open: () => Promise<Driver>, onQuestion?: (owner: string) => void): Driver {
  let opening: Promise<Driver> | undefined;
  const driver = (owner?: string) => {
    if (owner !== undefined) onQuestion?.(owner);
    opening ??= open();
    return opening;
  };
  return {
    batch: async (statements, owner) => (await driver(owner.name)).batch(statements, owner),
    session: async (owner, work) => (await driver(owner.name)).session(owner, work),
    cancel: async () => (opening === undefined ? 0 : (await opening).cancel()),
    // an error of opening has reached who asked
    close: async () =>
      opening?.then(
        (opened) => opened.close(),
        () => {},
      ),
  };
}
