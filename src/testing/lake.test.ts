/** The lake: the real data in parquet folders, a day of it replaced, and a run that is killed while it replaces files. */
import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Value } from '../adapters/contract.ts';
import { CLI, sq } from './cli.ts';
import { CliProject } from './cli-project.ts';
import { parquetDigests } from './parquet-digests.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const DATA = join(ROOT, '../shared/sparkify');
const expected = existsSync(DATA) ? JSON.parse(readFileSync(join(DATA, 'expected.json'), 'utf8')) : undefined;

const projects: CliProject[] = [];
afterEach(() => {
  for (const made of projects.splice(0)) made.remove();
});

describe.runIf(expected !== undefined)('the real data as a lake', () => {
  let project: CliProject;
  const rows = (sql: string): Promise<Value[][]> => project.query(sql, 'sparkify.duckdb');
  const build = async (args: string[]) => {
    const call = await sq(['build', ...args], { cwd: project.dir, env: project.env() });
    expect(call.code, `${call.stdout}${call.stderr}`).toBe(0);
    return call.stdout;
  };
  const VARS = JSON.stringify({ data: DATA, lake: 'lake' });

  beforeAll(async () => {
    project = CliProject.sample();
    const told = await build(['--vars', VARS]);
    expect(told).toContain('lake_songs: 12,620 partitions in lake/songs/; above 1,000 ');
  }, 600_000);
  afterAll(() => project?.remove(), 240_000);

  it('songs by year and artist: 12,620 folders of one file, and all rows', async () => {
    const partitions = Object.keys(parquetDigests(join(project.dir, 'lake/songs')));
    expect(partitions).toHaveLength(expected.songs.full.distinct_year_artist_id_partitions);
    expect(partitions[0]).toMatch(/^year=0\/artist_id=AR\w+\/data_0\.parquet$/);
    expect(
      await rows(
        'select count(*)::int, count(distinct song_id)::int, sum(duration::decimal(18,5)) from lake_songs',
      ),
    ).toEqual([[14_896, 14_896, expected.songs.full.sum_duration]]);
    expect(
      await rows(
        'select count(*)::int from (from songs except all select song_id, title, artist_id, year, duration from lake_songs)',
      ),
    ).toEqual([[0]]);
  });

  it('songplays and time by day: 30 folders each, with the plays of each day', async () => {
    const days = await rows(
      `select strftime(start_time, '%Y-%m-%d') as d, count(*)::int from lake_songplays group by d order by d`,
    );
    expect(Object.fromEntries(days)).toEqual(expected.analytics.plays_per_day);
    for (const name of ['songplays', 'time']) {
      const found = Object.keys(parquetDigests(join(project.dir, 'lake', name)));
      expect(found).toHaveLength(30);
      expect(found).toContain(`year=2018/month=11/day=15/data_0.parquet`);
    }
    expect(await rows('select count(*)::int from lake_time')).toEqual([[6_813]]);
  });

  it('a day that is built again replaces its folder and leaves the others as they are, to the byte', async () => {
    const folder = join(project.dir, 'lake/songplays');
    const before = parquetDigests(folder);
    const model = project.read('models/lake/lake_songplays.sql');
    project.write({
      'models/lake/lake_songplays.sql': `${model}\nwhere cast(start_time as date) = date '2018-11-15' and level = 'paid'\n`,
    });
    await build(['--vars', VARS, '--select', 'lake_songplays']);
    const after = parquetDigests(folder);
    const day = 'year=2018/month=11/day=15/data_0.parquet';
    expect(Object.keys(after)).toEqual(Object.keys(before));
    expect(Object.keys(after).filter((name) => after[name] !== before[name])).toEqual([day]);
    project.write({ 'models/lake/lake_songplays.sql': model });
    await build(['--vars', VARS, '--select', 'lake_songplays']);
    expect(parquetDigests(folder)).toEqual(before);
  });

  it('a run of an hour replaces its whole day, and no other file', async () => {
    const folder = join(project.dir, 'lake/songplays');
    const before = parquetDigests(folder);
    const hour = ['--event-time-start', '2018-11-15T08:00:00+02:00', '--event-time-end', '2018-11-15T07:00'];
    await build(['--vars', VARS, '--select', 'lake_songplays', ...hour]);
    const after = parquetDigests(folder);
    const changed = Object.keys(before).filter((name) => after[name] !== before[name]);
    expect(changed.filter((name) => !name.includes('month=11/day=15/'))).toEqual([]);
    expect(await rows('select count(*)::int, count(distinct songplay_id)::int from lake_songplays')).toEqual([
      [6_820, 6_820],
    ]);
  });
});

describe('a run that is killed while it replaces files', () => {
  it('leaves every partition old or new, and the next run finishes the work', async () => {
    const project = new CliProject({
      'dbt_project.yml': 'name: killed\nprofile: killed\n',
      'models/parts.sql': `{{ config(materialized='external', location='lake', partition_by='p') }}
        select i as p, {{ var('version') }} as version, n from range(600) as a(i), range({{ var('version') }} * 3) as b(n)`,
    });
    projects.push(project);
    const run = (version: number) => ['run', '--vars', JSON.stringify({ version })];
    const first = await project.sq(run(1));
    expect(first.code, first.stdout).toBe(0);
    const manifest = join(project.dir, 'lake/_sq_manifest');
    const child = spawn(process.execPath, [CLI, ...run(2)], {
      cwd: project.dir,
      env: { PATH: process.env.PATH, ...project.env() },
      stdio: 'ignore',
    });
    const ended = new Promise((resolve) => child.on('close', resolve));
    // the manifest announces the new files right before the first of them is put in its place
    const before = readFileSync(manifest, 'utf8');
    let going = true;
    void ended.then(() => {
      going = false;
    });
    while (going && readFileSync(manifest, 'utf8') === before)
      await new Promise((resolve) => setTimeout(resolve, 1));
    child.kill('SIGKILL');
    await ended;
    const parquet = `read_parquet('${project.dir}/lake/**/*.parquet', hive_partitioning = true)`;
    const mixed = `select p from ${parquet} group by p having count(distinct version) > 1 or count(*) <> 3 * max(version)`;
    expect(await project.query(mixed, 'absent.duckdb')).toEqual([]);
    expect(await project.query(`select count(distinct p)::int from ${parquet}`, 'absent.duckdb')).toEqual([
      [600],
    ]);
    const again = await project.sq(run(2));
    expect(again.code, again.stdout).toBe(0);
    expect(
      await project.query('select version, count(*)::int from parts group by 1', 'killed.duckdb'),
    ).toEqual([[2, 3_600]]);
    expect(readdirSync(join(project.dir, 'lake')).filter((name) => name.startsWith('.'))).toEqual([]);
  }, 240_000);
});
