/** Snapshots, microbatch models and functions on the double, by both drivers, through the whole pipeline. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { hasPostgres } from '../../testing/postgres.ts';
import { type RedshiftDouble, startRedshiftDouble } from '../../testing/redshift/double.ts';
import { type RunOptions, TestProject } from '../../testing/run-project.ts';

let double: RedshiftDouble;
let shop: TestProject;
let schemas = 0;

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

beforeAll(async () => {
  if (hasPostgres()) double = await startRedshiftDouble();
});
afterAll(() => double?.stop());

describe.runIf(hasPostgres()).each(['wire', 'data_api'] as const)('on the double, %s', (driver) => {
  beforeEach(() => () => shop.remove());

  function project(files: Record<string, string>): void {
    schemas += 1;
    const lines = [
      'type: redshift',
      `dbname: ${double.database}`,
      `schema: nodes${schemas}`,
      ...DRIVERS[driver](),
    ];
    shop = new TestProject({
      'dbt_project.yml': 'name: shop\nprofile: shop\n',
      'profiles.yml': `shop:\n  target: prod\n  outputs:\n    prod:\n${lines.map((line) => `      ${line}\n`).join('')}`,
      ...files,
    });
  }

  /** `name status` of every node; the message of what failed. */
  async function run(command: 'run' | 'build' | 'snapshot', options: RunOptions = {}): Promise<string[]> {
    const { outcome } = await shop.run(command, { threads: 2, ...options });
    return outcome.results
      .map(
        ({ unique_id, status, message }) =>
          `${unique_id.split('.')[2]} ${status}${status === 'success' ? '' : `: ${message}`}`,
      )
      .sort();
  }
  const rows = (name: string, columns: string, order = '1') =>
    shop.query(`select ${columns} from nodes${schemas}.${name} order by ${order}`);

  const users = (changed: string, level: string, more = '') =>
    `{{ config(materialized='table') }}\nselect 1 as id, cast('${level}' as varchar(20)) as level, cast('${changed}' as timestamp) as changed_at${more}`;
  const history = (config: string) =>
    `snapshots:\n  - name: history\n    relation: ref('users')\n    config: {unique_key: id, hard_deletes: invalidate, ${config}}\n`;

  it.each([
    ['timestamp', 'strategy: timestamp, updated_at: changed_at'],
    ['check', 'strategy: check, check_cols: [level]'],
  ])('keeps the versions of a snapshot by %s', async (_, config) => {
    const second = " union all select 2, 'free', cast('2020-01-01' as timestamp)";
    project({
      'models/users.sql': users('2020-01-01', 'free', second),
      'snapshots/history.yml': history(config),
    });
    expect(await run('build')).toEqual(['history success', 'users success']);
    shop.write({ 'models/users.sql': users('2020-02-01', 'paid') });
    expect(await run('build')).toEqual(['history success', 'users success']);
    expect(await run('snapshot')).toEqual(['history success']);
    expect(
      await rows('history', 'id, level, case when dbt_valid_to is null then 1 else 0 end as current', '1, 2'),
    ).toEqual([
      [1, 'free', 0],
      [1, 'paid', 1],
      [2, 'free', 0],
    ]);
  });

  it('leaves a unit test over several runs to the embedded engine', async () => {
    project({
      'models/base.sql': "{{ config(materialized='incremental') }}\nselect 1 as id",
      'models/unit.yml':
        'unit_tests:\n  - {name: runs, model: base, runs: [{given: []}, {given: []}], expect: {rows: [{id: 1}, {id: 1}]}}\n',
    });
    const notices: string[] = [];
    const onEvent: RunOptions['onEvent'] = (event) => {
      if (event.name === 'SqNotice' && event.topic === 'unit tests') notices.push(event.msg);
    };
    expect(await run('build', { onEvent })).toEqual(['base no-op: NO-OP', 'base success']);
    expect(notices).toEqual([
      "unit test 'runs' has runs and is not run on redshift: it needs the embedded engine (sq test --target <one of type duckdb>)",
    ]);
  });

  it('builds a microbatch model in batches, and later only in the last ones', async () => {
    const event = (id: number, day: string) =>
      `select ${id} as id, cast('${day} 06:00:00' as timestamp) as seen`;
    const events = (...list: string[]) =>
      `{{ config(materialized='table', event_time='seen') }}\n${list.join(' union all ')}`;
    project({
      'models/events.sql': events(event(1, '2020-01-01'), event(2, '2020-01-02')),
      'models/plays.sql':
        "{{ config(materialized='incremental', incremental_strategy='microbatch', event_time='seen', batch_size='day', begin='2020-01-01') }}\nselect id, seen, '{{ model.batch.id }}' as batch from {{ ref('events') }}",
    });
    const at = (moment: string) => ({ env: { SQ_TEST_NOW: moment } });
    expect(await run('run', at('2020-01-02T12:00:00Z'))).toEqual(['events success', 'plays success']);
    shop.write({
      'models/events.sql': events(event(9, '2020-01-01'), event(3, '2020-01-02'), event(4, '2020-01-03')),
    });
    expect(await run('run', at('2020-01-03T12:00:00Z'))).toEqual(['events success', 'plays success']);
    expect(await rows('plays', 'id, batch')).toEqual([
      [1, '20200101'],
      [3, '20200102'],
      [4, '20200103'],
    ]);
  });

  it.each(['price * 2', 'select price * 2'])(
    'makes a function of %s, and the model that calls it',
    async (body) => {
      project({
        'functions/doubled.sql': body,
        'functions/doubled.yml':
          'functions:\n  - name: doubled\n    arguments: [{name: price, data_type: integer}]\n    returns: {data_type: integer}\n    config: {volatility: deterministic}\n',
        'models/prices.sql':
          "{{ config(materialized='table') }}\nselect {{ function('doubled') }}(21) as price",
      });
      expect(await run('build')).toEqual(['doubled success', 'prices success']);
      expect(await run('build')).toEqual(['doubled success', 'prices success']);
      expect(await rows('prices', 'price')).toEqual([[42]]);
    },
  );
});
