/** The sample project on its own data: the tour of the README, and what each kind of change of the data must end in. */
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Value } from '../src/adapters/contract.ts';
import { adapterOf } from '../src/adapters/registry.ts';
import { createInvocation } from '../src/invocation.ts';
import { sq } from '../src/testing/cli.ts';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const TABLES = ['staging_events', 'staging_songs', 'users', 'songs', 'artists', 'time', 'songplays', 'weekdays'];
const COUNTS = {
  staging_events: 458,
  staging_songs: 76,
  users: 16,
  songs: 76,
  artists: 25,
  time: 302,
  songplays: 303,
  weekdays: 7,
};

let folder: string;

/** Rows of one query on the warehouse; it is closed again, so that the next command can open it. */
async function rows(sql: string): Promise<Value[][]> {
  const adapter = await adapterOf('duckdb');
  const invocation = createInvocation({ cwd: folder });
  const settings = adapter.settings(
    { type: 'duckdb', path: join(folder, 'sparkify.duckdb'), schema: 'main' },
    { projectDir: folder, projectName: 'sparkify', profileName: 'sparkify', targetName: 'dev', invocation },
  );
  const driver = await adapter.open(settings, { invocation, projectDir: folder, threads: 1, readOnly: true });
  try {
    return await driver.session({ name: 'test' }, async (session) => (await session.query(sql)).rows);
  } finally {
    await driver.close();
  }
}

async function counts(): Promise<Record<string, number>> {
  const query = TABLES.map((table) => `select '${table}', count(*)::int from "${table}"`).join(' union all ');
  return Object.fromEntries((await rows(query)).map(([table, count]) => [table, count]));
}

const plays = (): Promise<Value[][]> => rows('select * from songplays order by songplay_id');

async function build(...args: string[]): Promise<string> {
  const call = await sq(['build', '--no-use-colors', ...args], { cwd: folder });
  expect(call.code, `${call.stdout}${call.stderr}`).toBe(0);
  return call.stdout;
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sq-sample-'));
  for (const part of ['dbt_project.yml', 'models', 'macros', 'tests', 'project']) {
    cpSync(join(ROOT, part), join(folder, part), { recursive: true });
  }
  await build();
});

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the sample', () => {
  it('builds the star from its own files', async () => {
    expect(await counts()).toEqual(COUNTS);
  });

  it('stands every quirk of them', async () => {
    const one = async (sql: string): Promise<Value | undefined> => (await rows(sql))[0]?.[0];
    expect(await one(`select string_agg(distinct name, ',') from artists where name = '2096'`)).toBe('2096');
    expect(await one(`select string_agg(title, ',' order by title) from songs where title in ('4711.5', '88')`)).toBe('4711.5,88');
    expect(await one(`select count(*)::int from staging_events where user_id is null`)).toBe(63);
    expect(await one(`select count(*)::int from staging_songs where artist_location = ''`)).toBeGreaterThan(0);
    expect(await one(`select count(*)::int from staging_songs where artist_location is null`)).toBeGreaterThan(0);
    expect(await one(`select count(*)::int from staging_events where user_agent like '"%"'`)).toBeGreaterThan(200);
    expect(await one('select count(distinct epoch_ms(start_time) % 1000)::int from time')).toBe(1);
    expect(await one('select count(song_id)::int from songplays')).toBe(82);
  });

  it('has every song that is played to show a rule', async () => {
    const shown = await rows(`
      select songs.title, artists.name, count(*)::int
      from songplays join songs using (song_id) join artists on artists.artist_id = songplays.artist_id
      where songplays.session_id > 900 group by all order by songs.title`);
    expect(shown).toEqual([
      [' Half a Lantern ', 'Ombra Fennel', 1],
      ['4711.5', 'Marl', 1],
      ['Copper Weather Vane', '2096', 1],
      ['Unsent Postcards', 'The Marrow Kites', 1],
      ['Vårflod', 'Åsa Örnfjäll', 1],
    ]);
  });

  it('gives the same tables when it is built again', async () => {
    const before = await plays();
    await build();
    expect(await counts()).toEqual(COUNTS);
    expect(await plays()).toEqual(before);
  });

  it('follows its data without a full refresh: another catalogue and back, other events and back', async () => {
    const before = await plays();
    await build('--vars', 'songs: song_data_small');
    expect(await counts()).toMatchObject({ staging_songs: 12, songs: 12, songplays: 303 });
    expect(Number((await rows('select count(song_id) from songplays'))[0]?.[0])).toBeLessThan(82);

    const later = join(folder, 'later');
    cpSync(join(folder, 'project/data'), later, { recursive: true });
    rmSync(join(later, 'log_data/2024/02'), { recursive: true });
    await build('--vars', 'data: later');
    const march = (await counts())['songplays'] ?? 0;
    expect(march).toBeLessThan(303);
    expect((await rows(`select count(*)::int from songplays where start_time < '2024-03-01'`))[0]).toEqual([0]);

    await build();
    expect(await plays()).toEqual(before);
  });

  it('serves the songs of before when a delivery repeats keys', async () => {
    const before = await rows('select * from songs order by song_id');
    const broken = join(folder, 'broken');
    cpSync(join(folder, 'project/data'), broken, { recursive: true });
    cpSync(join(broken, 'song_data_small'), join(broken, 'song_data/small'), { recursive: true });
    const call = await sq(['build', '--no-use-colors', '--vars', 'data: broken'], { cwd: folder });
    expect(call.code).toBe(1);
    expect(call.stdout).toMatch(/unique_songs_song_id/);
    expect(call.stdout).toMatch(/\b12\b/);
    expect(await rows('select * from songs order by song_id')).toEqual(before);
    expect((await rows('select count(*)::int, count(distinct song_id)::int from songs__rejected'))[0]).toEqual([88, 76]);
    await build();
    expect(await counts()).toEqual(COUNTS);
  });
});

describe('the tour of the README', () => {
  it.each([
    ['run --select songplays+'],
    ['test'],
    ['test --select users'],
    ['build -s staging_songs+'],
    ['show --select songplays --limit 5'],
    ['show --select top_songs'],
    ['show --select peak_hours'],
    ['show --select level_changes'],
    ['show --select conversions'],
    ['show --select top_locations'],
    ['ls --select +songplays'],
    ['build --select songs --dry-run'],
  ])('sq %s', async (line) => {
    const call = await sq(line.split(' '), { cwd: folder });
    expect(call.code, `${call.stdout}${call.stderr}`).toBe(0);
  });

  it('sq ls --select +songplays --output json', async () => {
    const call = await sq(['ls', '--select', '+songplays', '--output', 'json'], { cwd: folder });
    expect(call.code).toBe(0);
    const listed = call.stdout.split('\n').filter((line) => line.startsWith('{'));
    const names = listed.map((line) => (JSON.parse(line) as { name: string }).name);
    expect(names).toEqual(expect.arrayContaining(['songplays', 'staging_events', 'staging_songs', 'events', 'songs']));
  });

  it('sq show --inline', async () => {
    const query = "select level, count(*) as people from {{ ref('users') }} group by level order by level";
    const call = await sq(['show', '--no-use-colors', '--inline', query], { cwd: folder });
    expect(call.code, `${call.stdout}${call.stderr}`).toBe(0);
    expect(call.stdout).toMatch(/free +\| +10 /);
    expect(call.stdout).toMatch(/paid +\| +6 /);
  });
});
