/** A stranger's first minutes with the sample: every command of the tour, and what it prints. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { SqCall } from './cli.ts';
import { CliProject } from './cli-project.ts';

let sample: CliProject;
let first: SqCall;
beforeAll(async () => {
  sample = CliProject.sample();
  first = await sample.sq('build');
});
afterAll(() => sample.remove());

const HEAD = `08:00:00  Running with dbt=1.12.3
08:00:00  Using the embedded DuckDB in sparkify.duckdb: no profiles.yml has the profile 'sparkify'
08:00:00  Registered adapter: duckdb=1.11.1
`;
const FOUND = /Found 7 models, 1 seed, 5 analyses, 71 data tests, 2 sources, 2 exposures, \d+ macros\n/;

/** From the line that holds `start` on. */
function from(start: string, call: SqCall): string {
  const lines = sample.plain(call.stdout).split('\n');
  return lines.slice(lines.findIndex((line) => line.includes(start))).join('\n');
}

/** `main.users 16` and so on, sorted: the order is that of finishing. */
function rowCounts(call: SqCall): string[] {
  const lines = from('Rows in the tables', call).split('\n').slice(1);
  const rows = lines.slice(0, lines.indexOf('08:00:00  '));
  return rows.map((line) => line.replace('08:00:00', '').trim().replace(/ +/, ' ')).sort();
}

const DIMENSIONS = [
  'main.artists 25',
  'main.songs 76',
  'main.staging_events 458',
  'main.staging_songs 76',
  'main.time 302',
  'main.users 16',
  'main.weekdays 7',
];

test('sq build: the star is built, tested and counted', () => {
  expect(first).toMatchObject({ code: 0, stderr: '' });
  expect(first.stdout.startsWith(HEAD)).toBe(true);
  expect(first.stdout).toMatch(FOUND);
  expect(rowCounts(first)).toEqual([...DIMENSIONS, 'main.songplays 303'].sort());
  expect(from('Finished running', first)).toMatch(
    /^08:00:00 {2}Finished running 2 copy models, 2 exposures, 1 incremental model, 1 seed, 4 table models, 71 data tests in 0 hours 0 minutes and 0\.00 seconds \(0\.00s\)\.\n08:00:00 {2}\n08:00:00 {2}Completed successfully\n/,
  );
  expect(first.stdout).toMatch(/Done\. PASS=79 WARN=0 ERROR=0 SKIP=0 NO-OP=2 REUSED=0 TOTAL=81\n$/);
});

test('sq build again: the same, and no play is written twice', async () => {
  const again = await sample.sq('build');
  expect(again).toMatchObject({ code: 0, stderr: '' });
  expect(rowCounts(again)).toEqual(DIMENSIONS);
  expect(again.stdout).toMatch(/OK created sql incremental model main\.songplays \.+ \[INSERT 0 in /);
  expect(again.stdout).toMatch(/Done\. PASS=79 WARN=0 ERROR=0 SKIP=0 NO-OP=2 REUSED=0 TOTAL=81\n$/);
  expect(await sample.query('select count(*)::int from songplays', 'sparkify.duckdb')).toEqual([[303]]);
});

test('sq run --select songplays+', async () => {
  const run = await sample.sq('run --select songplays+');
  expect(run).toMatchObject({ code: 0, stderr: '' });
  expect(from('Concurrency', run)).toBe(`08:00:00  Concurrency: 4 threads (target='default')
08:00:00  
08:00:00  1 model is published without tests (publish: audited applies to sq build)
08:00:00  1 of 1 START sql incremental model main.songplays .............................. [RUN]
08:00:00  1 of 1 OK created sql incremental model main.songplays ......................... [INSERT 0 in 0.00s]
08:00:00  
08:00:00  Finished running 1 incremental model in 0 hours 0 minutes and 0.00 seconds (0.00s).
08:00:00  
08:00:00  Completed successfully
08:00:00  
08:00:00  Done. PASS=1 WARN=0 ERROR=0 SKIP=0 NO-OP=0 REUSED=0 TOTAL=1
`);
});

test('sq test', async () => {
  const tested = await sample.sq('test');
  expect(tested).toMatchObject({ code: 0, stderr: '' });
  expect(
    from('Finished running', tested),
  ).toBe(`08:00:00  Finished running 71 data tests in 0 hours 0 minutes and 0.00 seconds (0.00s).
08:00:00  
08:00:00  Completed successfully
08:00:00  
08:00:00  Done. PASS=71 WARN=0 ERROR=0 SKIP=0 NO-OP=0 REUSED=0 TOTAL=71
`);
});

test('sq show --select songplays --limit 5', async () => {
  const shown = await sample.sq('show --select songplays --limit 5');
  expect(shown).toMatchObject({ code: 0, stderr: '' });
  const table = from('Previewing', shown).trimEnd().split('\n');
  expect(table[0]).toBe("Previewing node 'songplays':");
  expect(table[1]!.split('|').map((cell) => cell.trim())).toEqual([
    '',
    ...['songplay_id', 'start_time', 'user_id', 'level', 'song_id', 'artist_id', 'session_id', 'location'],
    'user_agent',
    '',
  ]);
  expect(table.slice(3)).toHaveLength(5);
  expect(new Set(table.slice(1).map((line) => line.length)).size).toBe(1);
});

test('sq ls --select +songplays --output json', async () => {
  const listed = await sample.sq('ls --select +songplays --output json');
  expect(listed).toMatchObject({ code: 0, stderr: '' });
  const lines = listed.stdout.split('\n').filter((line) => line.startsWith('{'));
  const nodes = lines.map((line) => JSON.parse(line) as { name: string; resource_type: string });
  expect(nodes.filter((node) => node.resource_type !== 'test').map((node) => node.name)).toEqual([
    'songplays',
    'staging_events',
    'staging_songs',
    'events',
    'songs',
  ]);
  expect(Object.keys(nodes[0]!)).toEqual([
    ...[
      'name',
      'resource_type',
      'package_name',
      'original_file_path',
      'unique_id',
      'alias',
      'config',
      'tags',
    ],
    'depends_on',
    'direct_parents',
  ]);
});
