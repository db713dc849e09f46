/** Every materialization on the double by the wire, through the whole pipeline: new, again, changed, refused. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { hasPostgres } from '../../testing/postgres.ts';
import { type RedshiftDouble, startRedshiftDouble } from '../../testing/redshift/double.ts';
import { type RunOptions, TestProject } from '../../testing/run-project.ts';

let double: RedshiftDouble;
let shop: TestProject;
let schemas = 0;

const model = (config: string, sql: string) => `{{ config(${config}) }}\n${sql}\n`;

/** Lines of the profile, by driver. */
const DRIVERS = {
  wire: () => [
    `host: ${double.wire.host}`,
    `port: ${double.wire.port}`,
    `user: ${double.user}`,
    `password: ${double.password}`,
    'sslmode: disable',
  ],
  data_api: () => [
    'driver: data_api',
    `region: ${double.region}`,
    `cluster_id: ${double.clusterId}`,
    `user: ${double.user}`,
    'access_key_id: AKIATEST',
    'secret_access_key: secret',
    `endpoints: {redshift_data: '${double.dataApi.endpoint}'}`,
  ],
};
let driver: keyof typeof DRIVERS = 'wire';

function project(files: Record<string, string>): TestProject {
  schemas += 1;
  const lines = [
    'type: redshift',
    `dbname: ${double.database}`,
    `schema: mart${schemas}`,
    ...DRIVERS[driver](),
  ];
  shop = new TestProject({
    'dbt_project.yml': 'name: shop\nprofile: shop\n',
    'profiles.yml': `shop:\n  target: prod\n  outputs:\n    prod:\n${lines.map((line) => `      ${line}\n`).join('')}`,
    ...files,
  });
  return shop;
}

/** Runs and answers `name status: message` of every node. */
async function run(command: 'run' | 'build' | 'seed', options: RunOptions = {}): Promise<string[]> {
  const { outcome } = await shop.run(command, { threads: 2, ...options });
  return outcome.results
    .map(({ unique_id, status, message }) => `${unique_id.split('.')[2]} ${status}: ${message}`)
    .sort();
}
const rows = (name: string, columns = '*') =>
  shop.query(`select ${columns} from mart${schemas}.${name} order by 1`);

beforeAll(async () => {
  if (hasPostgres()) double = await startRedshiftDouble();
});
afterAll(() => double?.stop());

describe.runIf(hasPostgres()).each(['wire', 'data_api'] as const)('on the double, %s', (name) => {
  beforeAll(() => {
    driver = name;
  });
  beforeEach(() => () => shop.remove());

  it('builds a seed, views, tables and an incremental model, twice', async () => {
    project({
      'seeds/raw.csv': `id,title\n1,it's\n2,back\\slash\n3,${'long '.repeat(100)}\n`,
      'models/v.sql': model("materialized='view'", "select id, title from {{ ref('raw') }}"),
      'models/t.sql': model("materialized='table', dist='id', sort='id'", "select * from {{ ref('v') }}"),
      'models/i.sql': model("materialized='incremental', unique_key='id'", "select * from {{ ref('t') }}"),
      'models/m.yml': 'models: [{name: t, columns: [{name: id, data_tests: [unique, not_null]}]}]',
    });
    for (const round of [1, 2]) {
      const failed = (await run('build')).filter((line) => !/ (?:success|pass):/.test(line));
      expect(failed, `build ${round}`).toEqual([]);
    }
    expect(await rows('i', 'id, length(title)')).toEqual([
      [1, 4],
      [2, 10],
      [3, 500],
    ]);
    expect(await rows('t', 'title')).toContainEqual(['back\\slash']);
  });

  it.each(['append', 'delete+insert', 'merge'])('adds to an incremental model by %s', async (strategy) => {
    const body = "select {{ var('id', 0) }} as id, '{{ var('word', '') }}' as word";
    project({
      'models/i.sql': model(
        `materialized='incremental', unique_key='id', incremental_strategy='${strategy}'`,
        body,
      ),
    });
    await run('run', { vars: { id: 1, word: 'old' } });
    await run('run', { vars: { id: 2, word: 'two' } });
    expect(await run('run', { vars: { id: 1, word: 'new' } })).toEqual([expect.stringMatching(/^i success/)]);
    const words = (await rows('i', 'word')).flat();
    expect(words).toEqual(strategy === 'append' ? ['new', 'old', 'two'] : ['new', 'two']);
  });

  it('makes a text wider before longer ones come', async () => {
    project({
      'models/i.sql': model(
        "materialized='incremental'",
        "select cast('{{ var('word', '') }}' as varchar({{ var('size', 9) }})) as word",
      ),
    });
    await run('run', { vars: { word: 'a', size: 3 } });
    expect(await run('run', { vars: { word: 'longer word', size: 30 } })).toEqual(['i success: INSERT 1']);
    expect(await rows('i')).toEqual([['a'], ['longer word']]);
  });

  it('refuses a merge of one key in two rows, and keeps what stands', async () => {
    project({
      'models/i.sql': model(
        "materialized='incremental', unique_key='id', incremental_strategy='merge'",
        'select 1 as id, 1 as n{% if is_incremental() %} union all select 7, 2 union all select 7, 3{% endif %}',
      ),
    });
    await run('run');
    const [line] = await run('run');
    expect(line).toContain('The new rows hold a unique_key (id) more than once');
    expect(line).toContain('(7): 2 rows');
    expect(await rows('i')).toEqual([[1, 1]]);
  });

  it('changes kinds, and keeps late-binding views over a table that is made anew', async () => {
    project({
      'models/base.sql': model("materialized='table'", 'select 1 as id'),
      'models/above.sql': model("materialized='view'", "select id from {{ ref('base') }}"),
    });
    await run('run');
    shop.write({ 'models/base.sql': model("materialized='view'", 'select 2 as id') });
    expect(await run('run', { select: ['base'] })).toEqual(['base success: CREATE VIEW']);
    expect(await rows('above')).toEqual([[2]]);
  });

  it('makes a materialized view, refreshes it, and takes it down for a table', async () => {
    project({
      'models/base.sql': model("materialized='table'", 'select 1 as id'),
      'models/kept.sql': model("materialized='materialized_view'", "select id from {{ ref('base') }}"),
    });
    expect((await run('run')).filter((line) => !line.includes(' success'))).toEqual([]);
    expect((await run('run', { select: ['kept'] })).filter((line) => !line.includes(' success'))).toEqual([]);
    shop.write({ 'models/kept.sql': model("materialized='table'", 'select 5 as id') });
    expect((await run('run', { select: ['kept'] }))[0]).toMatch(/^kept success/);
    expect(await rows('kept')).toEqual([[5]]);
  });

  it('declares columns of a contract, encodings and numbers', async () => {
    project({
      'models/t.sql': model(
        "materialized='table', contract={'enforced': true}, encode={'title': 'zstd'}",
        "select cast(1 as bigint) as id, cast('x' as varchar(20)) as title",
      ),
      'models/n.sql': model("materialized='incremental'", "select 'x' as title"),
      'models/m.yml':
        'models: [{name: t, columns: [{name: id, data_type: bigint, constraints: [{type: not_null}]}, {name: title, data_type: varchar(20)}]}, {name: n, columns: [{name: key, data_type: bigint, config: {meta: {identity: [0, 1]}}}]}]',
    });
    expect((await run('run')).filter((line) => !line.includes(' success'))).toEqual([]);
    expect((await run('run')).filter((line) => !line.includes(' success'))).toEqual([]);
    expect((await rows('n', 'title')).length).toBe(2);
    expect(await rows('t')).toEqual([[1, 'x']]);
  });

  it('leaves a refused table beside the old one', async () => {
    project({
      'models/t.sql': model("materialized='table', publish='audited'", 'select 1 as id'),
      'models/m.yml': 'models: [{name: t, columns: [{name: id, data_tests: [unique]}]}]',
    });
    await run('build');
    shop.write({
      'models/t.sql': model("materialized='table', publish='audited'", 'select 2 as id union all select 2'),
    });
    expect((await run('build')).some((line) => line.startsWith('t error'))).toBe(true);
    expect(await rows('t')).toEqual([[1]]);
    expect(await rows('t__rejected')).toEqual([[2], [2]]);
  });
});
