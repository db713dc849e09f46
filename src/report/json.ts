/** One event as dbt's JSON log line: `{"info": {...}, "data": {...}}`. */
import type { SqEvent } from '../events.ts';
import { codeOf, type Level, nameOf } from './codes.ts';
import { isoStamp } from './stamp.ts';

export interface JsonLineContext {
  invocationId: string;
  time: Date;
  /** Message without colours. */
  message: string;
  level: Level;
  pid: number;
  /** `info.extra`: values of DBT_ENV_CUSTOM_ENV_* by the rest of their names. */
  extra: Readonly<Record<string, string>>;
}

/** The line without its line break. Numbers that JSON cannot hold become text. */
export function jsonLine(event: SqEvent, context: JsonLineContext): string {
  const info = {
    category: '',
    code: codeOf(event),
    extra: context.extra,
    invocation_id: context.invocationId,
    level: context.level,
    msg: context.message,
    name: nameOf(event),
    pid: context.pid,
    thread: 'MainThread',
    ts: isoStamp(context.time),
  };
  return JSON.stringify({ info, data: dataOf(event) }, (_key, value: unknown) =>
    typeof value === 'bigint' ? value.toString() : value,
  );
}

/** dbt's field names where they differ from ours. */
function dataOf(event: SqEvent): Record<string, unknown> {
  const { name, ...data } = event;
  switch (name) {
    case 'LogTestResult':
      return { ...data, name: event.test_name };
    case 'StatsLine': {
      const { 'no-op': noop, ...rest } = event.stats;
      return { stats: { ...rest, noop } };
    }
    default:
      return data;
  }
}
