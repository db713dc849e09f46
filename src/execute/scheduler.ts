/**
 * Runs tasks in the order of their dependencies on a number of slots. It knows no SQL and no nodes: a task is
 * an id with parents. What starts when is the same in every run with the same outcomes: among the tasks that
 * can start, those nearest to the roots come first (dbt's order), then by id.
 */
import { ReadyQueue } from './ready-queue.ts';

export interface Task {
  id: string;
  /** Ids among the tasks; each is finished before this one starts. */
  parents: readonly string[];
  /**
   * A vertex at which nothing is run: done when its parents are, failed when one of them is. Order survives
   * selection through them.
   */
  bridge?: boolean;
}

/** `failed`: descendants are skipped. `stop`: failed, and nothing else is to start any more. */
export type Verdict = 'done' | 'failed' | 'stop';

/** The place of a running task. */
export interface Slot {
  /** From 1 to the number of slots. */
  readonly number: number;
  /**
   * Runs `work` for every item, one after another on the task's own slot and at the same time on slots that
   * are idle, which come before tasks that wait. Resolves when all are done; rejects with the first error
   * after the rest has settled.
   */
  expand<T>(items: readonly T[], work: (item: T, slot: number) => Promise<void>): Promise<void>;
}

export interface ScheduleRequest {
  tasks: readonly Task[];
  slots: number;
  /** Carries out one task. A rejection stops the schedule and becomes its own. */
  run(id: string, slot: Slot): Promise<Verdict>;
  /** Called instead of `run` for a task below a failed one; `cause` is that one's id. */
  skip(id: string, cause: string): void;
  /** Once aborted, nothing starts any more; what runs is waited for. */
  signal?: AbortSignal;
}

/**
 * Answers the ids of the tasks that were neither run nor skipped because of a stop or an abort, in the order
 * in which they would have come. Every other task has got exactly one call of `run` or `skip`.
 * Throws an Error when the tasks have a cycle or name an unknown parent.
 */
export function schedule(request: ScheduleRequest): Promise<string[]> {
  return new Schedule(request).start();
}

interface Expansion {
  /** Works on the rest of the items; resolves when there is none left to take. */
  help(slot: number): Promise<void>;
  hasWork(): boolean;
}

class Schedule {
  private readonly ids: string[];
  private readonly children: number[][];
  private readonly waiting: Int32Array;
  private readonly level: Int32Array;
  /** Alphabetical position of each task's id. */
  private readonly rank: Int32Array;
  private readonly cause: (string | undefined)[] = [];
  private readonly finished: Uint8Array;
  private readonly ready: ReadyQueue;
  private readonly expansions: Expansion[] = [];
  private readonly busy: boolean[];
  private running = 0;
  private stopped = false;
  private error: { value: unknown } | undefined;
  private settle: { resolve: (left: string[]) => void; reject: (error: unknown) => void } | undefined;

  constructor(private readonly request: ScheduleRequest) {
    const { tasks } = request;
    const n = tasks.length;
    this.ids = tasks.map((task) => task.id);
    this.children = Array.from({ length: n }, () => []);
    this.waiting = new Int32Array(n);
    this.level = new Int32Array(n);
    this.rank = new Int32Array(n);
    this.finished = new Uint8Array(n);
    this.busy = Array.from({ length: Math.max(1, request.slots) }, () => false);
    this.connect();
    this.measure();
    this.ready = new ReadyQueue((a, b) =>
      this.level[a] === this.level[b] ? this.rank[a]! < this.rank[b]! : this.level[a]! < this.level[b]!,
    );
  }

  start(): Promise<string[]> {
    const { signal } = this.request;
    const promise = new Promise<string[]>((resolve, reject) => {
      this.settle = { resolve, reject };
    });
    const stop = () => {
      this.stopped = true;
      this.pump();
    };
    signal?.addEventListener('abort', stop, { once: true });
    if (signal?.aborted) this.stopped = true;
    const roots: number[] = [];
    for (let i = 0; i < this.ids.length; i++) if (this.waiting[i] === 0) roots.push(i);
    for (const root of roots) this.becomeReady(root);
    this.pump();
    return promise.finally(() => signal?.removeEventListener('abort', stop));
  }

  private connect(): void {
    const { tasks } = this.request;
    const position = new Map(this.ids.map((id, i) => [id, i]));
    for (let i = 0; i < tasks.length; i++) {
      for (const parent of tasks[i]!.parents) {
        const p = position.get(parent);
        if (p === undefined) throw new Error(`task ${this.ids[i]} waits for ${parent}, which is not a task`);
        this.children[p]!.push(i);
        this.waiting[i]! += 1;
      }
    }
    const byId = this.ids.map((_, i) => i).sort((a, b) => (this.ids[a]! < this.ids[b]! ? -1 : 1));
    for (let r = 0; r < byId.length; r++) this.rank[byId[r]!] = r;
  }

  /** Levels: the longest way from a root, counted in tasks that are run. */
  private measure(): void {
    const { tasks } = this.request;
    const open = Int32Array.from(this.waiting);
    const queue: number[] = [];
    for (let i = 0; i < open.length; i++) if (open[i] === 0) queue.push(i);
    for (let at = 0; at < queue.length; at++) {
      const i = queue[at]!;
      const below = this.level[i]! + (tasks[i]!.bridge ? 0 : 1);
      for (const child of this.children[i]!) {
        if (this.level[child]! < below) this.level[child] = below;
        open[child]! -= 1;
        if (open[child] === 0) queue.push(child);
      }
    }
    if (queue.length < tasks.length) {
      const stuck = this.ids.filter((_, i) => open[i]! > 0);
      throw new Error(`tasks wait for each other: ${stuck.slice(0, 10).join(', ')}`);
    }
  }

  /** All parents of `first` are finished. Bridges are finished at once, however long their chain. */
  private becomeReady(first: number): void {
    const stack = [first];
    while (stack.length > 0) {
      const i = stack.pop()!;
      if (!this.request.tasks[i]!.bridge) {
        this.ready.push(i);
        continue;
      }
      this.finished[i] = 1;
      for (const child of this.children[i]!) if (this.release(child, this.cause[i])) stack.push(child);
    }
  }

  /** One parent of `child` is finished; answers whether it was the last. */
  private release(child: number, cause: string | undefined): boolean {
    if (cause !== undefined) this.cause[child] ??= cause;
    this.waiting[child]! -= 1;
    return this.waiting[child] === 0;
  }

  private finish(i: number, cause: string | undefined): void {
    this.finished[i] = 1;
    for (const child of this.children[i]!) if (this.release(child, cause)) this.becomeReady(child);
  }

  private pump(): void {
    while (!this.stopped) {
      const slot = this.busy.indexOf(false);
      if (slot !== -1 && this.helpOut(slot)) continue;
      const next = this.ready.peek();
      if (next === undefined) break;
      const cause = this.cause[next];
      if (cause === undefined && slot === -1) break;
      this.ready.pop();
      if (cause === undefined) this.runTask(next, slot);
      else {
        this.request.skip(this.ids[next]!, cause);
        this.finish(next, cause);
      }
    }
    if (this.running === 0) this.end();
  }

  private helpOut(slot: number): boolean {
    const expansion = this.expansions.find((candidate) => candidate.hasWork());
    if (expansion === undefined) return false;
    this.occupy(slot, () => expansion.help(slot + 1));
    return true;
  }

  private runTask(i: number, slot: number): void {
    const id = this.ids[i]!;
    const work = async () => {
      const verdict = await this.request.run(id, {
        number: slot + 1,
        expand: (items, one) => this.expand(items, one, slot + 1),
      });
      if (verdict === 'stop') this.stopped = true;
      this.finish(i, verdict === 'done' ? undefined : id);
    };
    this.occupy(slot, work);
  }

  private occupy(slot: number, work: () => Promise<void>): void {
    // before the work begins: it may abort the schedule in its first synchronous lines
    this.busy[slot] = true;
    this.running += 1;
    const leave = () => {
      this.busy[slot] = false;
      this.running -= 1;
      this.pump();
    };
    work().then(leave, (value) => {
      this.error ??= { value };
      this.stopped = true;
      leave();
    });
  }

  private async expand<T>(
    items: readonly T[],
    work: (item: T, slot: number) => Promise<void>,
    own: number,
  ): Promise<void> {
    let next = 0;
    let error: { value: unknown } | undefined;
    const helpers: Promise<void>[] = [];
    const loop = async (slot: number) => {
      while (next < items.length && error === undefined) {
        const item = items[next]!;
        next += 1;
        try {
          await work(item, slot);
        } catch (value) {
          error ??= { value };
        }
      }
    };
    const expansion: Expansion = {
      hasWork: () => next < items.length && error === undefined,
      help: (slot) => {
        const helping = loop(slot);
        helpers.push(helping);
        return helping;
      },
    };
    const mine = loop(own);
    this.expansions.push(expansion);
    this.pump();
    await mine;
    this.expansions.splice(this.expansions.indexOf(expansion), 1);
    await Promise.all(helpers);
    if (error !== undefined) throw error.value;
  }

  private end(): void {
    const settle = this.settle;
    if (settle === undefined) return;
    this.settle = undefined;
    if (this.error !== undefined) {
      settle.reject(this.error.value);
      return;
    }
    const left = this.ids
      .map((_, i) => i)
      .filter((i) => this.finished[i] === 0 && !this.request.tasks[i]!.bridge)
      .sort((a, b) => this.level[a]! - this.level[b]! || this.rank[a]! - this.rank[b]!);
    settle.resolve(left.map((i) => this.ids[i]!));
  }
}
