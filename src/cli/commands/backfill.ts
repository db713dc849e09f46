/** `sq backfill`: a build for each interval of a stretch of time, one after the other, going on where it was stopped. */
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { keeping } from '../../adapters/shared/kept.ts';
import { type Interval, momentOf } from '../../context/interval.ts';
import type { Invocation } from '../../invocation.ts';
import { openProject } from '../../parse/index.ts';
import { batchesOf, batchName, type Grain } from '../backfill/batches.ts';
import { Progress } from '../backfill/progress.ts';
import { runNodes } from '../run-nodes.ts';
import type { Session } from '../session.ts';
import { UsageError } from '../usage-error.ts';

/** Answers 0, 1 when a build failed (the batches after it are left), 2 after Ctrl-C. */
export async function run(session: Session): Promise<number> {
  const { invocation } = session;
  const { other } = invocation.flags;
  const stretch = stretchOf(other);
  const grain = (other.batch ?? 'day') as Grain;
  const parallel = Number(other.parallel ?? 1);
  if (parallel < 1)
    throw new UsageError(`Invalid value for '--parallel': ${parallel} is less than 1.`, 'backfill');
  const context = await openProject(invocation, session.projectFile);
  const progress = new Progress(context.projectDir, identity(invocation, stretch, grain));
  if (other.restart === true) progress.forget();
  const batches = batchesOf(stretch, grain);
  const left = batches.filter((batch) => !progress.has(batchName(batch)));
  say(invocation, headline(batches, left, grain));
  const workers = workersOf(parallel, invocation, context.adapter.dialect.runGuard !== undefined);
  let worst = 0;
  const work = async (worker: number) => {
    for (let batch = left.shift(); batch !== undefined && worst === 0; batch = left.shift()) {
      if (invocation.signal.aborted) break;
      say(invocation, `batch ${batches.indexOf(batch) + 1} of ${batches.length}: ${batchName(batch)}`);
      const folder = worker === 0 ? undefined : join(context.targetPath, `backfill-${worker}`);
      const code = await runNodes(within(session, batch, folder), 'build');
      if (code === 0) progress.add(batchName(batch));
      else if (worst === 0) {
        worst = code;
        say(invocation, `stopped at ${batchName(batch)}: the same command goes on from there`);
      }
    }
  };
  await keeping(invocation.signal, () =>
    Promise.all(Array.from({ length: workers }, (_, worker) => work(worker))),
  );
  if (invocation.signal.aborted) return 2;
  if (worst === 0) {
    say(invocation, `done: ${batches.length} ${batches.length === 1 ? 'batch' : 'batches'}`);
    progress.forget();
  }
  return worst;
}

function stretchOf(other: Readonly<Record<string, unknown>>): Interval {
  const [start, end] = [bound(other, 'from'), bound(other, 'to')];
  if (start >= end) throw new UsageError("Value for '--from' must be less than '--to'", 'backfill');
  return { start, end };
}

function bound(other: Readonly<Record<string, unknown>>, name: 'from' | 'to'): Date {
  const text = other[name];
  if (typeof text !== 'string') throw new UsageError(`Missing option '--${name}'.`, 'backfill');
  const moment = momentOf(text);
  if (moment !== undefined) return moment;
  throw new UsageError(
    `Invalid value for '--${name}': '${text}' is no moment; write it like 2018-11-15 or 2018-11-15T06:00:00+02:00`,
    'backfill',
  );
}

/** Where one run at a time can write, the others would only wait for it. */
function workersOf(asked: number, invocation: Invocation, manyRuns: boolean): number {
  if (asked === 1 || manyRuns) return asked;
  say(
    invocation,
    `--parallel ${asked}: this engine lets one run at a time write, so they run one after the other`,
  );
  return 1;
}

/** What else is built in another way is another backfill. */
function identity({ flags, vars }: Invocation, stretch: Interval, grain: Grain): Record<string, unknown> {
  const { select, exclude, selector } = flags.other;
  return {
    from: stretch.start.toISOString(),
    to: stretch.end.toISOString(),
    batch: grain,
    select: select ?? null,
    exclude: exclude ?? null,
    selector: selector ?? null,
    vars,
    target: flags.target ?? null,
    profile: flags.profile ?? null,
  };
}

/** A session of its own for one build; builds side by side keep their artefacts apart. */
function within(session: Session, batch: Interval, targetPath: string | undefined): Session {
  const { invocation } = session;
  const { flags } = invocation;
  const other = {
    ...flags.other,
    event_time_start: batch.start.toISOString(),
    event_time_end: batch.end.toISOString(),
  };
  const own = { ...flags, which: 'build', other, ...(targetPath === undefined ? {} : { targetPath }) };
  return { ...session, invocation: { ...invocation, id: randomUUID(), flags: own } };
}

function headline(batches: readonly Interval[], left: readonly Interval[], grain: Grain): string {
  const done = batches.length - left.length;
  const from = `${batchName({ start: batches[0]!.start, end: batches.at(-1)!.end })} by ${grain}`;
  const count = `${batches.length} ${batches.length === 1 ? 'batch' : 'batches'}`;
  return done === 0 ? `${from}, ${count}` : `${from}, ${count}, ${done} of them done before`;
}

function say(invocation: Invocation, msg: string): void {
  invocation.emit({ name: 'SqNotice', topic: 'backfill', msg: `backfill: ${msg}` });
}
