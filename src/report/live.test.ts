import { expect, test } from 'vitest';
import { EVERY_EVENT } from './every-event.fixture.ts';
import { createLiveLine, statusText } from './live.ts';
import { plainPaint } from './paint.ts';

test('says how far the run is and what runs for how long', () => {
  const running = [
    { name: 'songs', since: 10 },
    { name: 'users', since: 12.4 },
  ];
  expect(statusText({ running, done: 6, total: 18, now: 13 }, 80)).toBe(
    '[#######-------------] 6/18  songs 3s, users 0s',
  );
});

test('never fills the last column: a terminal would break the line', () => {
  const running = [{ name: 'a_model_with_a_long_name', since: 0 }];
  expect(statusText({ running, done: 0, total: 1, now: 1 }, 40)).toBe(
    '[--------------------] 0/1  a_model_wi…',
  );
});

test('log lines are written above it, and it goes away at the end', () => {
  let screen = '';
  const live = createLiveLine(
    {
      write: (text) => {
        screen += text;
      },
      columns: 80,
    },
    plainPaint,
    () => 0,
  );
  live.follow(EVERY_EVENT.LogStartLine);
  live.above('START\n');
  live.follow(EVERY_EVENT.LogModelResult);
  live.above('OK\n');
  live.follow(EVERY_EVENT.FinishedRunningStats);
  live.above('Finished\n');
  live.close();
  expect(screen).toBe('START\n[--------------------] 0/11  songs 0s\r\x1b[2KOK\nFinished\n');
});
