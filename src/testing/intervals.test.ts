/** A day at a time: whatever the order, the repeats and the kills, the tables end as one full load leaves them. */
import { spawn } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Value } from '../adapters/contract.ts';
import { CLI, sq } from './cli.ts';
import { CliProject } from './cli-project.ts';
import { randomOf } from './faults/random.ts';
import { createTestDatabase, hasPostgres } from './postgres.ts';

const DATA = join(fileURLToPath(new URL('../..', import.meta.url)), '../shared/sparkify');
/** Another order: SQ_TEST_SEED=7. */
const SEED = Number(process.env.SQ_TEST_SEED ?? 1);
const TABLES = ['staging_events', 'songplays', 'users', 'time'];
const VARS = JSON.stringify({ data: DATA, songs: 'song_data_71' });

/** Every row of every table, in an order of its own. */
async function content(project: CliProject): Promise<Record<string, Value[][]>> {
  const found: Record<string, Value[][]> = {};
  for (const table of TABLES)
    found[table] = await project.query(`select * from ${table} order by all`, 'sparkify.duckdb');
  return found;
}

function dayArgs(day: number): string[] {
  const text = (one: number) => new Date(Date.UTC(2018, 10, one)).toISOString().slice(0, 10);
  return [
    'run',
    '--vars',
    VARS,
    '-s',
    'staging_events+',
    '--event-time-start',
    text(day),
    '--event-time-end',
    text(day + 1),
  ];
}

describe.runIf(existsSync(DATA))('the 30 log days', () => {
  let full: CliProject;
  let wanted: Record<string, Value[][]>;
  const projects: CliProject[] = [];
  const sample = async () => {
    const project = CliProject.sample();
    projects.push(project);
    const songs = await project.sq(['run', '--vars', VARS, '-s', 'staging_songs', 'songs', 'artists']);
    expect(songs.code, songs.stdout).toBe(0);
    return project;
  };

  beforeAll(async () => {
    full = await sample();
    const built = await full.sq(['run', '--vars', VARS]);
    expect(built.code, built.stdout).toBe(0);
    wanted = await content(full);
    expect(wanted.songplays).toHaveLength(6_820);
  }, 240_000);
  afterAll(() => {
    for (const project of projects) project.remove();
  });

  it('in any order, with repeats, and one killed in the middle', async () => {
    const project = await sample();
    const random = randomOf(SEED);
    const days = Array.from({ length: 30 }, (_, i) => i + 1);
    for (let i = days.length - 1; i > 0; i--) {
      const other = Math.floor(random() * (i + 1));
      [days[i], days[other]] = [days[other]!, days[i]!];
    }
    const order = [...days.slice(0, 20), ...days.slice(5, 9), ...days.slice(20), days[0]!];
    for (const [i, day] of order.entries()) {
      if (i === 15) await killed(project, dayArgs(day));
      const call = await project.here(dayArgs(day));
      expect(call.code, `day ${day} (seed ${SEED})\n${call.stdout}`).toBe(0);
    }
    expect(await content(project)).toEqual(wanted);
  }, 600_000);

  it('sq backfill goes on where it was stopped, and ends in the same', async () => {
    const project = await sample();
    const args = (to: string) => [
      'backfill',
      '--from',
      '2018-11-01',
      '--to',
      to,
      '-s',
      'staging_events+',
      '--vars',
      VARS,
    ];
    const env = { DBT_INDIRECT_SELECTION: 'empty' };
    await killed(project, args('2018-12-01'), 'batch 4 of 30', env);
    const [state] = readdirSync(join(project.dir, '.sq/backfill'));
    expect(JSON.parse(project.read(`.sq/backfill/${state}`)).done).toHaveLength(3);
    const call = await sq(args('2018-12-01'), { cwd: project.dir, env: project.env(env) });
    expect(call.code, call.stdout).toBe(0);
    expect(call.stdout).toContain(
      'backfill: 2018-11-01 00:00 to 2018-12-01 00:00 by day, 30 batches, 3 of them done before',
    );
    expect(call.stdout).toContain('backfill: done: 30 batches');
    expect(await content(project)).toEqual(wanted);
    expect(readdirSync(join(project.dir, '.sq/backfill'))).toEqual([]);
  }, 600_000);
});

describe.runIf(hasPostgres())('sq backfill --parallel, where many runs can write', () => {
  it('builds many days at a time, each of them once, and says nothing odd', async () => {
    const { host, port, user, password, database, drop } = await createTestDatabase('backfill');
    const days = Array.from({ length: 14 }, (_, i) => `2018-11-${String(i + 1).padStart(2, '0')}`);
    const output = { type: 'postgres', host, port, user, password, dbname: database, schema: 'backfill' };
    const project = new CliProject({
      'dbt_project.yml': 'name: plays\nprofile: plays\n',
      'profiles.yml': JSON.stringify({ plays: { target: 'pg', outputs: { pg: output } } }),
      'models/sources.yml': `
sources:
  - name: raw
    tables:
      - name: plays
        external:
          location: "log/{{ interval.start.strftime('%Y-%m-%d') }}.json"
          location_all: log/
          format: json
        columns: [{name: id, data_type: int4}, {name: played, data_type: timestamp}]
`,
      'models/plays.sql': `{{ config(materialized='copy', load={'mode': 'partition', 'event_time': 'played'}) }} select * from {{ source('raw', 'plays') }}`,
      ...Object.fromEntries(
        days.map((day, i) => [
          `log/${day}.json`,
          [0, 1, 2].map((n) => `{"id": ${i * 3 + n}, "played": "${day}T0${n}:00:00"}\n`).join(''),
        ]),
      ),
    });
    try {
      const first = await project.sq('run --event-time-start 2018-11-03 --event-time-end 2018-11-04');
      expect(first.code, first.stdout).toBe(0);
      const call = await project.sq('backfill --from 2018-11-01 --to 2018-11-15 --parallel 12');
      expect(call.code, call.stdout).toBe(0);
      expect(call.stderr).toBe('');
      expect(call.stdout.match(/backfill: batch \d+ of 14/g)).toHaveLength(14);
      expect(
        readdirSync(join(project.dir, 'target')).filter((name) => name.startsWith('backfill-')),
      ).toHaveLength(11);
      const counted = await project.sq([
        'show',
        '--quiet',
        '--output',
        'json',
        '--inline',
        "select count(*) as n, count(distinct id) as ids, sum(id) as total from {{ ref('plays') }}",
      ]);
      expect(JSON.parse(counted.stdout).show).toEqual([{ n: 42, ids: 42, total: 861 }]);
    } finally {
      project.remove();
      await drop();
    }
  }, 240_000);
});

describe('sq backfill, called in ways that mean nothing', () => {
  it.each([
    ['--from 2018-11-02 --to 2018-11-01', "Value for '--from' must be less than '--to'"],
    ['--from 2018-11-02', "Missing option '--to'."],
    [
      '--from 2018-11-31 --to 2018-12-02',
      "Invalid value for '--from': '2018-11-31' is no moment; write it like 2018-11-15 or 2018-11-15T06:00:00+02:00",
    ],
    ['--from 2018-11-01 --to 2018-11-02 --parallel 0', "Invalid value for '--parallel': 0 is less than 1."],
  ])('%s', async (args, text) => {
    const project = new CliProject({ 'dbt_project.yml': 'name: empty\n' });
    const call = await project.here(`backfill ${args}`);
    project.remove();
    expect(call.code).toBe(2);
    expect(call.stdout + call.stderr).toContain(text);
  });
});

/** Starts a command and kills it (SIGKILL) once it has said `text`: by default that the model is being loaded. */
function killed(
  project: CliProject,
  args: readonly string[],
  text = 'START sql copy model',
  env: Readonly<Record<string, string>> = {},
): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [CLI, ...args], {
      cwd: project.dir,
      env: { PATH: process.env.PATH, ...project.env(env) },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    let said = '';
    child.on('error', reject);
    child.on('close', () =>
      said.includes(text) ? resolve() : reject(new Error(`it never said ${text}:\n${said}`)),
    );
    child.stdout.setEncoding('utf8').on('data', (part: string) => {
      said += part;
      if (said.includes(text)) child.kill('SIGKILL');
    });
  });
}
