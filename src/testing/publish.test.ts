/** Stage, audit, publish: what stands under its name after a build whose data breaks a test, cell by cell. */
import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, describe, expect, it } from 'vitest';
import { CLI } from './cli.ts';
import { CliProject } from './cli-project.ts';
import { type RunDone, TestProject } from './run-project.ts';

const made: { remove(): void }[] = [];
afterEach(() => {
  for (const project of made.splice(0)) project.remove();
});

function project(files: Record<string, string>): TestProject {
  const project = new TestProject(files);
  made.push(project);
  return project;
}

/** `a success`, `unique_a_id fail`, in the order of the results. */
const statuses = (done: RunDone) =>
  done.outcome.results.map(({ unique_id, status }) => `${unique_id.split('.')[2]} ${status}`);
const messageOf = (done: RunDone, name: string) =>
  done.outcome.results.find(({ unique_id }) => unique_id.split('.')[2] === name)?.message;
const notices = (done: RunDone, topic: string) =>
  done.events.flatMap((event) => (event.name === 'SqNotice' && event.topic === topic ? [event.msg] : []));

const projectFile = (publish: string) =>
  `name: shop\nmodels:\n  +publish: ${publish}\nseeds:\n  +publish: ${publish}\n`;
const values = (ids: readonly number[]) =>
  `select id from (values ${ids.map((id) => `(${id})`).join(', ')}) as v (id)`;
const propertiesOf = (section: string, test = 'unique') =>
  `${section}:\n  - name: t\n    columns:\n      - name: id\n        data_tests: [${test}]\n`;

/** A project that holds exactly `ids` in the table `t`, as each materialization would come to them. */
type Cell = (ids: readonly number[]) => Record<string, string>;

const model =
  (materialized: string): Cell =>
  (ids) => ({
    'models/t.sql': `{{ config(materialized='${materialized}') }} ${values(ids)}`,
    'models/t.yml': propertiesOf('models'),
  });

const source = `sources:
  - name: raw
    tables:
      - name: t
        external: {location: files/, format: json, jsonpaths: auto}
        columns: [{name: id, data_type: int}]
`;
const copy =
  (load: string): Cell =>
  (ids) => ({
    'files/1.json': ids.map((id) => `{"id": ${id}}\n`).join(''),
    'models/t.sql': `{{ config(materialized='copy', load=${load}) }} select * from {{ source('raw', 't') }}`,
    'models/t.yml': `${source}${propertiesOf('models')}`,
  });

const WHOLE: [string, Cell][] = [
  ['table', model('table')],
  ['view', model('view')],
  ['seed', (ids) => ({ 'seeds/t.csv': `id\n${ids.join('\n')}\n`, 'seeds/t.yml': propertiesOf('seeds') })],
  ['copy, replace', copy("{'mode': 'replace'}")],
];

const idsIn = (of: TestProject) => of.query('select id::int from t order by id').then((rows) => rows.flat());
const tablesIn = (of: TestProject) =>
  of.query('select table_name from information_schema.tables order by 1').then((rows) => rows.flat());

describe.each(WHOLE)('%s', (_, of) => {
  it('audited: refused rows stand beside, the table of before (or none) is served', async () => {
    const shop = project({ 'dbt_project.yml': projectFile('audited'), ...of([5, 5]) });
    const first = await shop.run('build');
    expect(statuses(first)).toEqual(['unique_t_id fail', 't error']);
    expect(messageOf(first, 't')).toContain('1 test refused t: nothing was published\n');
    expect(await tablesIn(shop)).toEqual(['t__rejected']);

    shop.write(of([1, 2]));
    expect(statuses(await shop.run('build'))).toEqual(['unique_t_id pass', 't success']);
    expect(await tablesIn(shop)).toEqual(['t']);

    shop.write(of([5, 5]));
    const done = await shop.run('build');
    expect(statuses(done)).toEqual(['unique_t_id fail', 't error']);
    expect(messageOf(done, 't')).toMatch(
      /^Runtime Error in (model|seed) t \([^)]+\)\n {2}1 test refused t: what was published before is as it was\n {4}unique_t_id: 1 failing row\n {2}look at what was refused: sq show --inline 'select \* from "shop"\."main"\."t__rejected"'$/,
    );
    expect(await idsIn(shop)).toEqual([1, 2]);
    expect(await shop.query('select id::int from t__rejected')).toEqual([[5], [5]]);
  });

  it("immediate: dbt's order, the test fails on what is published", async () => {
    const shop = project({ 'dbt_project.yml': projectFile('immediate'), ...of([1, 2]) });
    await shop.run('build');
    shop.write(of([5, 5]));
    expect(statuses(await shop.run('build'))).toEqual(['t success', 'unique_t_id fail']);
    expect(await idsIn(shop)).toEqual([5, 5]);
  });
});

describe.each([
  ['incremental, append', (ids: readonly number[]) => model('incremental')(ids)],
  [
    'copy, append',
    (ids: readonly number[]) => {
      const files = copy("{'mode': 'append'}")(ids);
      const { 'files/1.json': rows, ...rest } = files;
      return { [`files/${ids.join('-')}.json`]: rows!, ...rest };
    },
  ],
  [
    'copy, partition',
    (ids: readonly number[]) => copy("{'mode': 'partition', 'partition_by': 'id // 10'}")(ids),
  ],
] satisfies [string, Cell][])('%s', (name, of) => {
  const before = name === 'copy, partition' ? [11, 12] : [1, 2];

  it('audited: the write is tested in its transaction and rolled back; its failing rows are kept', async () => {
    const shop = project({ 'dbt_project.yml': projectFile('audited'), ...of(before) });
    expect(statuses(await shop.run('build'))).toEqual(['unique_t_id pass', 't success']);
    shop.write(of([5, 5]));
    const done = await shop.run('build');
    expect(statuses(done)).toEqual(['unique_t_id fail', 't error']);
    expect(messageOf(done, 't')).toBe(
      `Runtime Error in model t (models/t.sql)
  1 test refused t: what was published before is as it was
    unique_t_id: 1 failing row
  look at what was refused: sq show --inline 'select * from "shop"."main"."t__rejected"'`,
    );
    expect(await idsIn(shop)).toEqual(before);
    expect(await shop.query('select * from t__rejected')).toEqual([['unique_t_id', 5, 2]]);

    if (name === 'copy, append') rmSync(join(shop.dir, 'files/5-5.json'));
    shop.write(of([7]));
    expect(statuses(await shop.run('build'))).toEqual(['unique_t_id pass', 't success']);
    expect(await idsIn(shop)).toEqual([...before, 7].sort((a, b) => a - b));
    expect(await tablesIn(shop)).toEqual(name === 'copy, append' ? ['sq_loads', 't'] : ['t']);
  });

  it("immediate: dbt's order", async () => {
    const shop = project({ 'dbt_project.yml': projectFile('immediate'), ...of(before) });
    await shop.run('build');
    shop.write(of([5, 5]));
    expect(statuses(await shop.run('build'))).toEqual(['t success', 'unique_t_id fail']);
    expect(await idsIn(shop)).toEqual([...before, 5, 5].sort((a, b) => a - b));
  });
});

describe('which tests guard which node', () => {
  const two = {
    'dbt_project.yml': projectFile('audited'),
    'models/a.sql': `{{ config(materialized='table') }} ${values([1])}`,
    'models/b.sql': `{{ config(materialized='table') }} {{ var('b', '${values([1])}') }}`,
  };
  const oneOfB = {
    'tests/same.sql': "select * from {{ ref('b') }} where id not in (select id from {{ ref('a') }})",
  };

  it('a singular test guards the last of what it reads; the others are published before', async () => {
    const shop = project({ ...two, ...oneOfB });
    expect(statuses(await shop.run('build'))).toEqual(['a success', 'same pass', 'b success']);
    const done = await shop.run('build', { vars: { b: values([2]) } });
    expect(statuses(done)).toEqual(['a success', 'same fail', 'b error']);
    expect(await shop.query('select id from b')).toEqual([[1]]);
  });

  it('ties are decided by unique id, and a test of a model guards that model', async () => {
    const relationships = `models:
  - name: a
    columns:
      - name: id
        data_tests:
          - relationships: {arguments: {to: ref('b'), field: id}}
`;
    const shop = project({ ...two, 'models/a.yml': relationships });
    const good = await shop.run('build');
    expect(statuses(good)).toEqual(['b success', 'relationships_a_id__id__ref_b_ pass', 'a success']);
    const done = await shop.run('build', { vars: { b: values([2]) } });
    expect(statuses(done)).toEqual(['b success', 'relationships_a_id__id__ref_b_ fail', 'a error']);
  });

  it('where both would wait for each other, one test guards the last alone and says so', async () => {
    const to = (other: string) => `    columns:
      - name: id
        data_tests:
          - relationships: {arguments: {to: ref('${other}'), field: id}}
`;
    const shop = project({
      ...two,
      'models/a.yml': `models:\n  - name: a\n${to('b')}  - name: b\n${to('a')}`,
    });
    const done = await shop.run('build');
    expect(done.outcome.results.map(({ status }) => status).sort()).toEqual([
      'pass',
      'pass',
      'success',
      'success',
    ]);
    expect(notices(done, 'publish')).toEqual([
      'test relationships_b_id__id__ref_a_ guards only a: b cannot wait for it',
    ]);
  });

  it('a test that is not selected guards nothing', async () => {
    const shop = project({ ...two, ...oneOfB });
    await shop.run('build');
    const done = await shop.run('build', { select: ['b'], vars: { b: values([2]) }, flags: {} });
    expect(statuses(done)).toEqual(['same fail', 'b error']);
    const without = await shop.run('build', { exclude: ['same'], vars: { b: values([2]) } });
    expect(statuses(without)).toEqual(['a success', 'b success']);
  });

  it('warn_if and error_if decide how many rows refuse', async () => {
    const some = (severity: string) => `models:
  - name: b
    columns:
      - name: id
        data_tests:
          - unique: {config: {${severity}}}
`;
    const shop = project({ ...two, 'models/b.yml': some("error_if: '>1'") });
    const vars = { b: values([5, 5]) };
    expect(statuses(await shop.run('build', { vars }))).toEqual([
      'a success',
      'unique_b_id warn',
      'b success',
    ]);
    shop.write({ 'models/b.yml': some("error_if: '>0'") });
    expect(statuses(await shop.run('build', { vars }))).toEqual(['a success', 'unique_b_id fail', 'b error']);
  });

  it('a test of severity warn guards nothing', async () => {
    const warn = propertiesOf('models', 'unique: {config: {severity: warn}}').replace('name: t', 'name: b');
    const shop = project({ ...two, 'models/b.yml': warn });
    const done = await shop.run('build', { vars: { b: values([5, 5]) } });
    expect(statuses(done)).toEqual(['a success', 'b success', 'unique_b_id warn']);
  });

  it('`run` publishes untested, and says so', async () => {
    const shop = project({ ...two, ...oneOfB });
    const done = await shop.run('run', { vars: { b: values([2]) } });
    expect(statuses(done)).toEqual(['a success', 'b success']);
    expect(notices(done, 'publish')).toEqual([
      '2 models are published without tests (publish: audited applies to sq build)',
    ]);
  });

  it('--fail-fast: the first refusal ends the run', async () => {
    const shop = project({ ...two, ...oneOfB, 'models/c.sql': "select * from {{ ref('b') }}" });
    const done = await shop.run('build', { vars: { b: values([2]) }, flags: { failFast: true } });
    expect(statuses(done)).toEqual(['a success', 'same fail', 'b error', 'c skipped']);
  });
});

describe('the command', () => {
  function command(files: Record<string, string>): CliProject {
    const shop = new CliProject(files);
    made.push(shop);
    return shop;
  }

  /** Runs a line of a printed message in a shell that knows `sq`. */
  async function inShell(shop: CliProject, line: string): Promise<string> {
    const sq = `sq() { ${JSON.stringify(process.execPath)} ${JSON.stringify(CLI)} "$@"; }`;
    const env = { PATH: process.env.PATH, ...shop.env() };
    return (await promisify(execFile)('bash', ['-c', `${sq}\n${line}`], { cwd: shop.dir, env })).stdout;
  }

  it('a key broken on purpose: exit 1, test, model and count are named, the songs of before are served', async () => {
    const shop = CliProject.sample();
    made.push(shop);
    expect((await shop.sq('build')).code).toBe(0);
    const songs = () => shop.query('select * from songs order by song_id', 'sparkify.duckdb');
    const before = await songs();
    const data = join(shop.dir, 'project/data');
    mkdirSync(join(data, 'song_data/again'));
    cpSync(join(data, 'song_data_small'), join(data, 'song_data/again'), { recursive: true });

    const { code, stdout } = await shop.sq('build');
    expect(code).toBe(1);
    expect(stdout).toMatch(/FAIL 12 unique_songs_song_id \.+ \[FAIL 12 in /);
    const told = shop.plain(stdout).split('\n');
    const at = told.indexOf('08:00:00  [ERROR]: in model songs (models/marts/songs.sql)');
    expect(told.slice(at, at + 5)).toEqual([
      '08:00:00  [ERROR]: in model songs (models/marts/songs.sql)',
      '08:00:00    Runtime Error in model songs (models/marts/songs.sql)',
      '              1 test refused songs: what was published before is as it was',
      '                unique_songs_song_id: 12 failing rows',
      `              look at what was refused: sq show --inline 'select * from "sparkify"."main"."songs__rejected"'`,
    ]);
    expect(await songs()).toEqual(before);
    const look = /sq show --inline '[^']+'/.exec(stdout)![0].replace(/'$/, ` where title is not null'`);
    expect(await inShell(shop, `${look} --limit 100 --quiet --output json`)).toContain('"song_id"');
  });

  /** Starts a command and ends it the hard way once `line` has been printed. */
  async function killAt(shop: CliProject, args: string[], line: RegExp): Promise<void> {
    const child = spawn(process.execPath, [CLI, ...args], {
      cwd: shop.dir,
      env: { PATH: process.env.PATH, ...shop.env() } as NodeJS.ProcessEnv,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let seen = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      seen += text;
      // the statement is sent right after the line is printed
      if (line.test(seen)) setTimeout(() => child.kill('SIGKILL'), 200);
    });
    await once(child, 'close');
    expect(child.signalCode, seen).toBe('SIGKILL');
  }

  const forever = 'select max(a.range * b.range)::int as id from range(3000000) a, range(3000000) b';

  it.each(['table', 'incremental'])('kill -9 while a %s is written: the old one is served', async (kind) => {
    const files = (body: string) => ({
      'dbt_project.yml': projectFile('audited'),
      'models/t.sql': `{{ config(materialized='${kind}') }} ${body}`,
      'models/t.yml': propertiesOf('models'),
    });
    const shop = command(files(values([1, 2])));
    expect((await shop.sq('build')).code).toBe(0);
    shop.write(files(forever));
    await killAt(shop, ['build'], /START sql/);
    expect(await shop.query('select id from t order by id', 'shop.duckdb')).toEqual([[1], [2]]);
    shop.write(files(values([3])));
    expect((await shop.sq('build')).code).toBe(0);
    expect(await shop.query('select max(id) from t', 'shop.duckdb')).toEqual([[3]]);
    const left = `select count(*)::int from duckdb_tables() where table_name <> 't'`;
    expect(await shop.query(left, 'shop.duckdb')).toEqual([[0]]);
  });

  it('kill -9 while tests run on the stage: the old one is served', async () => {
    const files = (body: string) => ({
      'dbt_project.yml': projectFile('audited'),
      'models/t.sql': `{{ config(materialized='table') }} ${body}`,
      'tests/slow.sql': `select * from {{ ref('t') }} where id > 2 and id < (${forever})`,
    });
    const shop = command(files(values([1, 2])));
    await shop.sq('build --exclude slow');
    shop.write(files(values([3])));
    await killAt(shop, ['build'], /START test slow/);
    expect(await shop.query('select id from t order by id', 'shop.duckdb')).toEqual([[1], [2]]);
  });
});
