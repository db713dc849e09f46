import { describe, expect, it } from 'vitest';
import { dayOfWeek, isoCalendar, strftime, strptime } from './strftime.ts';

const moment = {
  year: 2018,
  month: 11,
  day: 4,
  hour: 21,
  minute: 1,
  second: 46,
  microsecond: 796000,
  offset: 0,
  zone: 'UTC',
};

describe("Python's strftime", () => {
  it.each([
    ['%Y-%m-%d %H:%M:%S.%f', '2018-11-04 21:01:46.796000'],
    ['%Y/%m/%Y-%m-%d-events.json', '2018/11/2018-11-04-events.json'],
    ['%a %A %b %B', 'Sun Sunday Nov November'],
    ['%I %p %j %w %u', '09 PM 308 0 7'],
    ['%U %W %V %G', '44 44 44 2018'],
    ['%z|%Z', '+0000|UTC'],
    ['%-d %e %%', '4  4 %'],
    ['%Q', '%Q'],
  ])('%s', (format, expected) => {
    expect(strftime(moment, format)).toBe(expected);
  });

  it('knows ISO weeks around the new year', () => {
    expect(isoCalendar({ year: 2021, month: 1, day: 3 })).toEqual([2020, 53, 7]);
    expect(isoCalendar({ year: 2018, month: 12, day: 31 })).toEqual([2019, 1, 1]);
    expect(dayOfWeek({ year: 1969, month: 12, day: 31 })).toBe(3);
  });
});

describe("Python's strptime", () => {
  it('reads back what strftime wrote', () => {
    const text = strftime(moment, '%Y-%m-%dT%H:%M:%S.%f%z');
    expect(strptime(text, '%Y-%m-%dT%H:%M:%S.%f%z')).toEqual(moment);
  });

  it('refuses text of another shape', () => {
    expect(strptime('2018-13-01', '%Y-%m-%d')).toBeUndefined();
    expect(strptime('2018-11-01 ', '%Y-%m-%d')).toBeUndefined();
  });

  it('reads month names and two-digit years', () => {
    expect(strptime('04 Nov 18', '%d %b %y')).toMatchObject({ year: 2018, month: 11, day: 4 });
  });
});
