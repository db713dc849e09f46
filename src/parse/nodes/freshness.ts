/** Freshness of a source table, put together from its four places as dbt does. */
import { SqError } from '../../errors.ts';
import { pythonRepr } from '../../load/index.ts';
import type { FreshnessThreshold } from '../../manifest/nodes.ts';
import { isRecord } from '../config/merge.ts';
import type { SqErrorPlace } from '../session.ts';

type Time = { count: number | null; period: string | null };

/**
 * The threshold of source, source config, table and table config, each as written (undefined: not there; null:
 * the check is turned off). Answers undefined when nobody sets a threshold, null when it is turned off.
 */
export function mergedFreshness(levels: readonly unknown[]): FreshnessThreshold | null | undefined {
  const [first, ...rest] = levels.map((level) => (level === null ? null : thresholdOf(level)));
  let merged = first ?? null;
  for (const update of rest) {
    if (merged !== null && update !== null && update !== undefined) merged = over(merged, update);
    else if (merged === null && update !== null && update !== undefined && isSet(update)) merged = update;
    else merged = null;
  }
  return merged === null || isSet(merged) ? merged : undefined;
}

/** With all of dbt's fields. */
export function thresholdOf(value: unknown): FreshnessThreshold {
  const given = isRecord(value) ? value : {};
  return {
    warn_after: timeOf(given.warn_after),
    error_after: timeOf(given.error_after),
    filter: given.filter === undefined || given.filter === null ? null : String(given.filter),
  };
}

function timeOf(value: unknown): Time {
  const given = isRecord(value) ? value : {};
  return {
    count: given.count === undefined || given.count === null ? null : Number(given.count),
    period: given.period === undefined || given.period === null ? null : String(given.period),
  };
}

function over(base: FreshnessThreshold, update: FreshnessThreshold): FreshnessThreshold {
  const time = (key: 'warn_after' | 'error_after') =>
    isTime(update[key]) ? (update[key] as Time) : (base[key] as Time);
  return {
    warn_after: time('warn_after'),
    error_after: time('error_after'),
    filter: update.filter ?? base.filter ?? null,
  };
}

function isSet({ warn_after: warn, error_after: error }: FreshnessThreshold): boolean {
  return isTime(warn) || isTime(error);
}

function isTime(time: FreshnessThreshold['warn_after']): boolean {
  return time !== undefined && time.count !== null && time.period !== null;
}

const PERIODS = ['minute', 'hour', 'day'];

/** Throws SqError kind Parsing for a period that dbt does not know. */
export function checkPeriods(freshness: FreshnessThreshold | null, at: () => SqErrorPlace): void {
  for (const key of ['warn_after', 'error_after'] as const) {
    const time = freshness?.[key];
    if (typeof time?.period !== 'string' || PERIODS.includes(time.period)) continue;
    throw new SqError({
      kind: 'Parsing',
      code: 'freshness-period',
      message: `Field "${key}" of type Optional[Time] in FreshnessThreshold has invalid value ${pythonRepr(time)}`,
      at: at(),
      hint: `'${time.period}' is not a valid TimePeriod: period is ${PERIODS.join(', ')}`,
    });
  }
}
