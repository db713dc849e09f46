/**
 * The door: one worker thread that holds the parser, started with the first question. A question that takes too
 * long ends the worker, and so does a library that breaks (its stack overflows for good after a while); the next
 * questions go to a new one. The process is never blocked and never ends because of a text of SQL.
 */
import { Worker } from 'node:worker_threads';
import type { Answer, Question } from './answer.ts';
import type { QueryLineage, SqlEngine, SqlFailure, SqlToken } from './contract.ts';
import type { Asked } from './worker.ts';
import { workerFile } from './worker-file.ts';

export interface EngineOptions {
  /** Longest time for one question, in milliseconds. Default 10,000. */
  timeLimit?: number;
}

interface Waiting extends Asked {
  settle(answer: Answer): void;
}

/** Time for a new worker to load the library, on a machine that does other things. */
const START_LIMIT = 60_000;
/** Questions sent ahead, so that the worker need not wait for the next one. */
const AHEAD = 8;

/** Starts nothing yet. */
export function createSqlEngine(options: EngineOptions = {}): SqlEngine {
  const door = new Door(options.timeLimit ?? 10_000);
  return {
    lineage: (query) => door.ask({ kind: 'lineage', query }) as Promise<QueryLineage | SqlFailure>,
    tokens: (sql, dialect) => door.ask({ kind: 'tokens', sql, dialect }) as Promise<SqlToken[] | SqlFailure>,
    split: (sql, dialect) => door.ask({ kind: 'split', sql, dialect }) as Promise<string[] | SqlFailure>,
    close: () => door.close(),
  };
}

class Door {
  private worker: Worker | undefined;
  private ready = false;
  private closed = false;
  private nextId = 1;
  private readonly queue: Waiting[] = [];
  private readonly sent: Waiting[] = [];
  private timer: NodeJS.Timeout | undefined;
  private failedStarts = 0;

  constructor(private readonly timeLimit: number) {}

  ask(question: Question): Promise<Answer> {
    if (this.closed) return Promise.resolve({ failure: 'the SQL parser has been closed', passing: true });
    return new Promise((settle) => {
      this.queue.push({ id: this.nextId++, question, settle });
      this.pump();
    });
  }

  async close(): Promise<void> {
    this.closed = true;
    const { worker } = this;
    this.drop();
    for (const waiting of [...this.sent.splice(0), ...this.queue.splice(0)]) {
      waiting.settle({ failure: 'the SQL parser has been closed', passing: true });
    }
    await worker?.terminate();
  }

  private pump(): void {
    if (this.closed || this.queue.length === 0) return;
    const worker = this.worker ?? this.start();
    if (!this.ready) return;
    while (this.sent.length < AHEAD && this.queue.length > 0) {
      const next = this.queue.shift()!;
      this.sent.push(next);
      worker.postMessage({ id: next.id, question: next.question } satisfies Asked);
      if (this.sent.length === 1) this.watch(this.timeLimit);
    }
  }

  private start(): Worker {
    const worker = new Worker(workerFile(), { name: 'sq-sql', stdout: false, stderr: false });
    this.worker = worker;
    this.ready = false;
    // the process may end while the parser waits for questions
    worker.unref();
    worker.on('message', (message: { id: number; answer?: Answer; broken?: string }) =>
      this.receive(worker, message),
    );
    worker.on('error', (error) => this.lost(worker, error.message));
    worker.on('exit', (code) => this.lost(worker, `it ended with code ${code}`));
    worker.postMessage({ id: 0, question: { kind: 'ready' } } satisfies Asked);
    worker.ref();
    this.watch(START_LIMIT);
    return worker;
  }

  private receive(worker: Worker, message: { id: number; answer?: Answer; broken?: string }): void {
    if (worker !== this.worker) return;
    if (message.id === 0) {
      this.ready = true;
      this.failedStarts = 0;
      clearTimeout(this.timer);
    } else {
      const waiting = this.sent.shift()!;
      clearTimeout(this.timer);
      if (message.broken !== undefined) {
        waiting.settle({ failure: `the SQL parser broke: ${message.broken}`, passing: true });
        this.replace();
      } else {
        waiting.settle(message.answer!);
        if (this.sent.length > 0) this.watch(this.timeLimit);
      }
    }
    if (this.sent.length === 0 && this.queue.length === 0) this.worker?.unref();
    this.pump();
  }

  /** Watches the first of the questions that were sent. */
  private watch(limit: number): void {
    this.worker?.ref();
    clearTimeout(this.timer);
    const watched = this.sent[0];
    this.timer = setTimeout(() => {
      // an answer that came while this process was busy is read before the judgement
      setImmediate(() => setImmediate(() => this.overdue(watched, limit)));
    }, limit);
    this.timer.unref();
  }

  private overdue(watched: Waiting | undefined, limit: number): void {
    if (this.closed || this.sent[0] !== watched || (watched === undefined && this.ready)) return;
    if (watched === undefined) {
      this.lost(this.worker, `it did not start within ${limit / 1000} s`);
      return;
    }
    this.sent.shift();
    watched.settle({ failure: `the SQL parser did not finish within ${limit / 1000} s`, passing: true });
    this.replace();
    this.pump();
  }

  /** A worker that ended by itself: the question it was at gets no second try, those behind it do. */
  private lost(worker: Worker | undefined, reason: string): void {
    if (worker === undefined || worker !== this.worker) return;
    const head = this.sent.shift();
    head?.settle({ failure: `the SQL parser broke: ${reason}`, passing: true });
    const started = this.ready;
    this.replace();
    if (!started && ++this.failedStarts >= 2) {
      for (const waiting of this.queue.splice(0)) {
        waiting.settle({ failure: `the SQL parser could not be started: ${reason}`, passing: true });
      }
    }
    this.pump();
  }

  /** Lets go of the worker; what it had not answered is asked again. */
  private replace(): void {
    const { worker } = this;
    this.drop();
    this.queue.unshift(...this.sent.splice(0));
    void worker?.terminate();
  }

  private drop(): void {
    clearTimeout(this.timer);
    this.worker = undefined;
    this.ready = false;
  }
}
