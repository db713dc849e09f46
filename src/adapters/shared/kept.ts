/**
 * What takes minutes to open and is paid for while it is open, kept from one driver of a command to the next: a backfill
 * is many builds, and a page of docs is made after a build.
 */
interface Opened<T> {
  value: T;
  close(): Promise<void>;
}

/** By the signal of the command, which all its invocations share. */
const shelves = new WeakMap<AbortSignal, Map<string, Promise<Opened<unknown>>>>();

/** What is opened through `kept` during `work` stays open to its end, however it ends. */
export async function keeping<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  if (shelves.has(signal)) return work();
  const shelf = new Map<string, Promise<Opened<unknown>>>();
  shelves.set(signal, shelf);
  try {
    return await work();
  } finally {
    shelves.delete(signal);
    await Promise.all(
      [...shelf.values()].map(async (opening) => (await opening.catch(() => undefined))?.close()),
    );
  }
}

/** Opens it, or gives what another driver of the same command has opened under this key. */
export async function kept<T>(
  signal: AbortSignal,
  key: string,
  open: () => Promise<Opened<T>>,
): Promise<Opened<T>> {
  const shelf = shelves.get(signal);
  if (shelf === undefined) return open();
  let opening = shelf.get(key) as Promise<Opened<T>> | undefined;
  if (opening === undefined) {
    opening = open();
    shelf.set(key, opening);
    // the next one may have more luck
    opening.catch(() => shelf.delete(key));
  }
  const { value } = await opening;
  return { value, close: async () => undefined };
}
