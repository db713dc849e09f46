/** The questions of the analytics teams on the real data, against answers computed beforehand in plain Python. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CliProject } from './cli-project.ts';

const DATA = join(fileURLToPath(new URL('../..', import.meta.url)), '../shared/sparkify');
const expected = existsSync(DATA) ? JSON.parse(readFileSync(join(DATA, 'expected.json'), 'utf8')) : undefined;

describe.runIf(expected !== undefined)('the analyses on the real data', () => {
  let project: CliProject;
  const vars = ['--vars', JSON.stringify({ data: DATA })];

  /** Every row of an analysis, as `sq show` prints it. */
  async function answer(name: string): Promise<Record<string, unknown>[]> {
    const call = await project.sq([
      'show',
      '-s',
      name,
      '--limit',
      '-1',
      '--output',
      'json',
      '--quiet',
      ...vars,
    ]);
    expect(call.code, call.stdout + call.stderr).toBe(0);
    return JSON.parse(call.stdout.slice(call.stdout.indexOf('{'))).show;
  }

  beforeAll(async () => {
    project = CliProject.sample();
    const built = await project.sq(['build', ...vars]);
    expect(built.code, built.stdout).toBe(0);
  }, 240_000);
  afterAll(() => project?.remove());

  it('top_songs: what is played most, in the catalogue or not', async () => {
    const songs = await answer('top_songs');
    expect(songs.slice(0, 5).map(({ song, artist, plays }) => [song, artist, plays])).toEqual(
      expected.analytics.top_5_songs,
    );
    expect(songs).toHaveLength(expected.analytics['distinct_songs_played(song,artist)']);
    expect(songs.reduce((sum, { plays }) => sum + Number(plays), 0)).toBe(6_820);
    const matched = songs.filter(({ in_catalogue: found }) => found === 'yes');
    expect(matched[0]).toMatchObject({ song: "You're The One", artist: 'Dwight Yoakam', plays: 37 });
  });

  it('peak_hours: the plays of every hour, and of the paid on every weekday', async () => {
    const hours = await answer('peak_hours');
    const byHour: Record<string, number> = {};
    const paidByDay: Record<string, number> = {};
    for (const { hour, weekday, plays, paid_plays: paid } of hours) {
      byHour[String(hour)] = (byHour[String(hour)] ?? 0) + Number(plays);
      paidByDay[String(weekday)] = (paidByDay[String(weekday)] ?? 0) + Number(paid);
    }
    expect(byHour).toEqual(expected.analytics.plays_per_hour_utc);
    const { paid } = expected.analytics.plays_per_level_per_weekday;
    const names = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];
    expect(paidByDay).toEqual(Object.fromEntries(names.map((name, i) => [name, paid[String(i)]])));
  });

  it('top_locations: where most is played', async () => {
    const places = await answer('top_locations');
    expect(places.slice(0, 5).map(({ location, plays }) => [location, plays])).toEqual(
      expected.analytics.top_5_locations,
    );
    const paid = places.reduce(
      (sum, { plays, percent_paid: percent }) => sum + (Number(plays) * Number(percent)) / 100,
      0,
    );
    expect(Math.abs(paid - expected.analytics.plays_per_level.paid)).toBeLessThan(10);
  });

  it('level_changes: each change of plan, as the history of users has it', async () => {
    const changes = await answer('level_changes');
    expect(changes).toHaveLength(expected.users_scd2.rows_event_level - expected.users_scd2.open_rows);
    const people = [...new Set(changes.map(({ user_id: id }) => Number(id)))].sort((a, b) => a - b);
    expect(people).toEqual(expected.users_scd2.users_with_more_than_one_row);
  });

  it('conversions: of those who began free, how many ever paid', async () => {
    const file = readFileSync(join(DATA, 'expected_users_scd2.csv'), 'utf8').trim();
    const rows = file
      .split('\n')
      .map((line) => line.split(','))
      .slice(1);
    rows.sort((a, b) => Number(a[2]) - Number(b[2]));
    const history = new Map<string, string[]>();
    for (const [user = '', level = ''] of rows) history.set(user, [...(history.get(user) ?? []), level]);
    const free = [...history.values()].filter(([first]) => first === 'free');
    const converted = free.filter((levels) => levels.includes('paid')).length;
    expect(await answer('conversions')).toEqual([
      {
        people: 97,
        began_free: free.length,
        converted,
        percent_converted: Math.round((1000 * converted) / free.length) / 10,
      },
    ]);
  });
});
