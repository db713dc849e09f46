import { afterEach, describe, expect, it } from 'vitest';
import { TestProject } from '../../testing/run-project.ts';

const projects: TestProject[] = [];
function project(files: Record<string, string>): TestProject {
  const made = new TestProject(files);
  projects.push(made);
  return made;
}
afterEach(() => {
  for (const made of projects.splice(0)) made.remove();
});

const EVENTS =
  "{{ config(materialized='table', event_time='seen') }} select range as id, timestamp '2020-01-01 06:00:00' + interval (range) day as seen from range({{ var('days', 3) }})";
const plays = (config = '', more = '') => ({
  'models/events.sql': EVENTS,
  'models/plays.sql': `{{ config(materialized='incremental', incremental_strategy='microbatch', event_time='seen', batch_size='day', begin='2020-01-01'${config}) }} select *, '{{ model.batch.id }}' as batch from {{ ref('events') }} where events.id >= 0${more}`,
});
const env = (moment: string) => ({ SQ_TEST_NOW: moment });
const BATCHES = 'select id, batch from main.plays order by 1';

describe('a microbatch model', () => {
  it('is built in batches, and later only in the last ones', async () => {
    const shop = project(plays());
    const first = await shop.run('run', { env: env('2020-01-03T13:57:00Z') });
    expect(first.outcome.results[1]).toMatchObject({
      status: 'success',
      message: 'SUCCESS',
      batch_results: {
        successful: [
          ['2020-01-01T00:00:00+00:00', '2020-01-02T00:00:00+00:00'],
          ['2020-01-02T00:00:00+00:00', '2020-01-03T00:00:00+00:00'],
          ['2020-01-03T00:00:00+00:00', '2020-01-04T00:00:00+00:00'],
        ],
        failed: [],
      },
    });
    expect(await shop.query(BATCHES)).toEqual([
      [0, '20200101'],
      [1, '20200102'],
      [2, '20200103'],
    ]);
    const lines = first.events.filter((event) => event.name === 'LogBatchResult');
    expect(lines).toMatchObject([
      { description: 'batch 2020-01-01 of main.plays', status: 'SELECT 1', batch_index: 1, total_batches: 3 },
      { description: 'batch 2020-01-02 of main.plays', status: 'INSERT 1' },
      { status: 'INSERT 1' },
    ]);
    const second = await shop.run('run', { env: env('2020-01-05T00:00:00Z'), vars: { days: 9 } });
    expect(second.outcome.results[1]?.batch_results?.successful.map(([start]) => start.slice(0, 10))).toEqual(
      ['2020-01-03', '2020-01-04'],
    );
    expect((await shop.query(BATCHES)).map(([id]) => id)).toEqual([0, 1, 2, 3]);
  });

  it('goes on when a batch fails, and is a partial success', async () => {
    const shop = project(plays('', " and 1 = {{ 'nothing' if model.batch.id == '20200102' else 1 }}"));
    const done = await shop.run('run', { env: env('2020-01-03T13:57:00Z'), threads: 4 });
    expect(done.outcome).toMatchObject({ success: false });
    expect(done.outcome.results[1]).toMatchObject({
      status: 'partial success',
      message: 'PARTIAL SUCCESS (2/3)',
    });
    expect(done.outcome.results[1]?.batch_results?.failed.map(([start]) => start.slice(0, 10))).toEqual([
      '2020-01-02',
    ]);
    expect(done.events).toContainEqual(
      expect.objectContaining({
        name: 'GenericExceptionOnRun',
        exc: expect.stringContaining(
          'Exception on worker thread. Runtime Error in model plays (models/plays.sql)',
        ),
      }),
    );
    expect((await shop.query(BATCHES)).map(([id]) => id)).toEqual([0, 2]);
  });

  it('skips the other batches when the first fails', async () => {
    const shop = project(plays('', ' and nothing'));
    const done = await shop.run('run', { env: env('2020-01-03T13:57:00Z') });
    expect(done.outcome.results[1]).toMatchObject({ status: 'error', message: 'ERROR' });
    const lines = done.events.filter((event) => event.name === 'LogBatchResult');
    expect(lines.map((event) => 'status' in event && event.status)).toEqual(['error', 'skipped', 'skipped']);
  });

  it('builds the time that is asked for', async () => {
    const shop = project(plays());
    const other = { event_time_start: '2020-01-02', event_time_end: '2020-01-03T01:00:00+02:00' };
    const done = await shop.run('run', { env: env('2020-01-09T00:00:00Z'), flags: { other } });
    expect(done.outcome.results[1]?.batch_results?.successful).toEqual([
      ['2020-01-02T00:00:00+00:00', '2020-01-03T00:00:00+00:00'],
    ]);
  });

  it('is not built in batches where the project spells the strategy', async () => {
    const shop = project({
      ...plays(),
      'macros/own.sql':
        '{% macro get_incremental_microbatch_sql(arg_dict) %}{% do return(get_incremental_append_sql(arg_dict)) %}{% endmacro %}',
      'models/plays.sql': plays()['models/plays.sql'].replace(
        "'{{ model.batch.id }}'",
        "'{{ is_incremental() }}'",
      ),
    });
    await shop.run('run', { env: env('2020-01-03T13:57:00Z') });
    const { outcome } = await shop.run('run', { env: env('2020-01-03T13:57:00Z') });
    expect(outcome.results[1]).toMatchObject({ status: 'success', batch_results: null });
    expect(await shop.query('select batch, count(*) from main.plays group by 1 order by 1')).toEqual([
      ['False', 3],
      ['True', 3],
    ]);
  });
});

describe('--sample', () => {
  it('reads the rows of the time', async () => {
    const shop = project({
      'models/events.sql': EVENTS,
      'models/m.sql': "select e.id from {{ ref('events') }} as e",
    });
    await shop.run('run');
    await shop.run('run', {
      env: env('2020-01-03T13:57:00Z'),
      flags: { other: { sample: '1 day' } },
      select: ['m'],
    });
    expect(await shop.query('select id from main.m')).toEqual([[2]]);
  });
});

describe('--empty', () => {
  it('reads no rows, of ephemeral parents too, under the names that they had', async () => {
    const shop = project({
      'models/events.sql': EVENTS,
      'models/e.sql': "{{ config(materialized='ephemeral') }} select 1 as id",
      'models/m.sql':
        "{{ config(materialized='table') }} select events.id from {{ ref('events') }} left join {{ ref('e') }} as x on x.id = events.id union all select id from {{ ref('e') }}",
    });
    await shop.run('run');
    expect(await shop.query('select count(*) from main.m')).toEqual([[4]]);
    expect((await shop.run('run', { flags: { empty: true } })).outcome.success).toBe(true);
    expect(await shop.query('select count(*) from main.m')).toEqual([[0]]);
  });
});
