import { describe, expect, it } from 'vitest';
import type { SqError } from '../errors.ts';
import { intervalOf, momentOf } from './interval.ts';

const read = (start?: string, end?: string) => {
  try {
    const found = intervalOf({ other: { event_time_start: start, event_time_end: end } });
    return found && [found.start.toISOString(), found.end.toISOString()];
  } catch (error) {
    return (error as SqError).text;
  }
};

describe('the interval of a run', () => {
  it.each([
    ['2018-11-15', '2018-11-15T00:00:00.000Z'],
    ['2018-11-15T06:00', '2018-11-15T06:00:00.000Z'],
    ['2018-11-15 06:00:30', '2018-11-15T06:00:30.000Z'],
    ['2018-11-15T06:00:00+00:00', '2018-11-15T06:00:00.000Z'],
    ['2018-11-15T01:00:00+02:00', '2018-11-14T23:00:00.000Z'],
    ['2018-11-15T01:00:00-0130', '2018-11-15T02:30:00.000Z'],
    ['2018-11-15T06:00:00.250Z', '2018-11-15T06:00:00.250Z'],
  ])('%s is %s', (text, moment) => {
    expect(momentOf(text)?.toISOString()).toBe(moment);
  });

  it.each(['2018-11', 'yesterday', '2018-02-30', '2018-11-15T25:00', ''])('%j is no moment', (text) => {
    expect(momentOf(text)).toBeUndefined();
  });

  it('needs both ends, in order', () => {
    expect(read()).toBeUndefined();
    expect(read('2018-11-15', '2018-11-16')).toEqual([
      '2018-11-15T00:00:00.000Z',
      '2018-11-16T00:00:00.000Z',
    ]);
    expect(read('2018-11-15')).toBe(`Usage Error
  The flag \`--event-time-start\` was specified, but \`--event-time-end\` was not. When specifying \`--event-time-start\`, \`--event-time-end\` must also be present.`);
    expect(read('2018-11-16', '2018-11-16')).toBe(`Usage Error
  Value for \`--event-time-start\` must be less than \`--event-time-end\``);
    expect(read('x', '2018-11-16')).toBe(`Usage Error
  Invalid value for '--event-time-start': 'x' does not match the formats '%Y-%m-%d', '%Y-%m-%dT%H:%M:%S', '%Y-%m-%d %H:%M:%S'.
  hint: an offset may follow the time: 2024-09-17T16:00:00+02:00; without one it is UTC`);
  });
});
