/** A load of one interval: only its rows are kept and replaced. */
import type { LoadAnswer } from '../adapters/loader-contract.ts';
import { SqError } from '../errors.ts';
import { type Relation, renderRelation } from '../manifest/relation.ts';
import { type PlanNode, run, type Step } from './contract.ts';
import type { CopyConfig } from './copy-config.ts';

type Interval = { start: string; end: string };

/** Condition for the rows of an interval. */
export function within(eventTime: string, { start, end }: Interval): string {
  return `(${eventTime}) >= timestamp '${start}' and (${eventTime}) < timestamp '${end}'`;
}

/** Files may hold more than the interval (a day's file in an hourly run): the rest is left out, and told. */
export function* keepInterval(
  answer: LoadAnswer & { loaded: true },
  stage: Relation,
  { input, config }: { input: PlanNode; config: CopyConfig },
): Generator<Step, LoadAnswer & { loaded: true }, unknown> {
  const { part } = input;
  if (config.mode !== 'partition' || config.eventTime === null || typeof part !== 'object') return answer;
  const sql = `delete from ${renderRelation(stage)} where (${within(config.eventTime, part)}) is not true`;
  const [done] = yield* run({ sql });
  const left = done?.rowsAffected ?? 0;
  if (left === 0) return answer;
  const rows = `${left} ${left === 1 ? 'row' : 'rows'}`;
  const msg = `${input.target.identifier}: ${rows} of the files left out, not of the interval from ${part.start} to ${part.end}`;
  yield { kind: 'notice', topic: 'copy', msg };
  return { ...answer, rows: answer.rows - left };
}

const GRAINS: Readonly<Record<string, number>> = {
  hour: 3_600_000,
  day: 86_400_000,
  week: 7 * 86_400_000,
  month: 28 * 86_400_000,
  quarter: 90 * 86_400_000,
  year: 365 * 86_400_000,
};

/** Rows of a month would be deleted, and those of a day loaded: said before anything is written. */
export function refuseWidePartition({ part, target }: PlanNode, config: CopyConfig): void {
  if (config.mode !== 'partition' || config.eventTime !== null || typeof part !== 'object') return;
  const length =
    Date.parse(`${part.end.replace(' ', 'T')}Z`) - Date.parse(`${part.start.replace(' ', 'T')}Z`);
  const finest = Math.min(...config.partitionBy.map((expression) => grainOf(expression)?.[1] ?? 0));
  if (finest <= length) return;
  const [grain] = config.partitionBy.flatMap((expression) => grainOf(expression) ?? []);
  throw new SqError({
    kind: 'Compilation',
    code: 'wide-partition',
    message: `The partitions of ${target.identifier} (${config.partitionBy.join(', ')}) are wider than the interval from ${part.start} to ${part.end}: the rows of a whole ${grain} would be deleted, and those of the interval loaded.`,
    hint: 'run a whole partition, or give load: {event_time: …}, the moment of a row: then exactly the rows of the interval are replaced',
  });
}

/** A full refresh of one interval. */
export function wouldLoseRest({ part, target }: PlanNode): SqError {
  const { start, end } = part as Interval;
  return new SqError({
    kind: 'Compilation',
    code: 'refresh-interval',
    message: `--full-refresh with an interval would leave only the rows from ${start} to ${end} in ${target.identifier}.`,
    hint: 'without --full-refresh the rows of the interval are replaced; without the interval all files are loaded anew',
  });
}

/** Of an expression that names its grain; others are the author's business. */
function grainOf(expression: string): [name: string, milliseconds: number] | undefined {
  const named = /^\s*date_trunc\s*\(\s*'(\w+)'/i.exec(expression)?.[1]?.toLowerCase();
  const called = /^\s*(year|quarter|month|week)\s*\(/i.exec(expression)?.[1]?.toLowerCase();
  const day = /::\s*date\s*$|^\s*cast\s*\(.*\bas\s+date\s*\)\s*$|^\s*date\s*\(/is.test(expression)
    ? 'day'
    : undefined;
  const name = named ?? called ?? day;
  const length = name === undefined ? undefined : GRAINS[name];
  return name === undefined || length === undefined ? undefined : [name, length];
}
