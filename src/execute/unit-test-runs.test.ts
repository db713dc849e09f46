import { afterEach, describe, expect, it } from 'vitest';
import { TestProject } from '../testing/run-project.ts';

const projects: TestProject[] = [];
function project(files: Record<string, string>): TestProject {
  const made = new TestProject(files);
  projects.push(made);
  return made;
}
afterEach(() => {
  for (const made of projects.splice(0)) made.remove();
});

const EVENTS = "select 1 as id, 1 as amount, date '2020-01-01' as day, timestamp '2020-01-01' as loaded_at";
/** Adds up the amounts of the days that have come since: a row that comes late is lost. */
const daily = (config: string, since = 'day > (select max(day) from {{ this }})') => ({
  'models/events.sql': EVENTS,
  'models/daily.sql': `{{ config(materialized='incremental'${config}) }}
select day, sum(amount)::integer as amount from {{ ref('events') }}
{% if is_incremental() %}where ${since}{% endif %}
group by 1`,
});
const LATE = `unit_tests:
  - name: late_rows
    model: daily
    runs:
      - given:
          - input: ref('events')
            rows: [{day: 2020-01-01, amount: 1}, {day: 2020-01-02, amount: 2}]
      - given:
          - input: ref('events')
            rows:
              - {day: 2020-01-01, amount: 1}
              - {day: 2020-01-01, amount: 10}
              - {day: 2020-01-02, amount: 2}
              - {day: 2020-01-03, amount: 3}
    expect:
      rows:
        - {day: 2020-01-01, amount: 11}
        - {day: 2020-01-02, amount: 2}
        - {day: 2020-01-03, amount: 3}
`;
const DELETE_INSERT = ", incremental_strategy='delete+insert', unique_key='day'";
const MERGE = ", incremental_strategy='merge', unique_key='day'";
const LOOKS_BACK = 'day >= (select max(day) - 2 from {{ this }})';

async function statusOf(files: Record<string, string>, options = {}) {
  const { outcome } = await project(files).run('test', options);
  return outcome.results.map(({ status, message }) => [status, message]);
}

describe('a unit test over several runs', () => {
  it('finds the late row that the model loses, which no single run shows', async () => {
    const single = (run: string) => `
  - name: ${run}
    model: daily
    overrides: {macros: {is_incremental: ${run === 'later'}}}
    given:
      - {input: ref('events'), rows: [{day: 2020-01-01, amount: 1}, {day: 2020-01-02, amount: 2}]}
      - {input: this, rows: [{day: 2020-01-01, amount: 1}]}
    expect: {rows: [${run === 'later' ? '' : '{day: 2020-01-01, amount: 1}, '}{day: 2020-01-02, amount: 2}]}`;
    const shop = project({
      ...daily(DELETE_INSERT),
      'models/unit.yml': `${LATE}${single('first')}${single('later')}\n`,
    });
    // each run alone does what it says
    await shop.run('run');
    const { outcome } = await shop.run('test');
    const verdicts = Object.fromEntries(
      outcome.results.map(({ unique_id, status }) => [unique_id.split('.').at(-1), status]),
    );
    expect(verdicts).toEqual({ late_rows: 'fail', first: 'pass', later: 'pass' });
    const failed = outcome.results.find(({ status }) => status === 'fail');
    expect(failed?.message).toBe(
      '\n\nactual differs from expected:\n\n@@ ,day       ,amount\n→  ,2020-01-01,11→1\n   ,2020-01-02,2\n...,...       ,...\n\n',
    );
    expect(await shop.query('select * from main.daily')).toHaveLength(1);
  });

  it.each([
    ['delete+insert', DELETE_INSERT],
    ['merge', MERGE],
  ])('passes when the model looks back, with the real %s', async (_, config) => {
    expect(await statusOf({ ...daily(config, LOOKS_BACK), 'models/unit.yml': LATE })).toEqual([
      ['pass', null],
    ]);
  });

  it('shows the doubles that append leaves', async () => {
    const config = ", incremental_strategy='append'";
    const [[status, message] = []] = await statusOf({
      ...daily(config, LOOKS_BACK),
      'models/unit.yml': LATE,
    });
    expect(status).toBe('fail');
    expect(message).toContain('+++');
  });

  it('begins with the rows that are given for this', async () => {
    const unit = `unit_tests:
  - name: goes_on
    model: daily
    runs:
      - given:
          - {input: this, rows: [{day: 2020-01-01, amount: 5}]}
          - {input: ref('events'), rows: [{day: 2020-01-01, amount: 7}, {day: 2020-01-02, amount: 2}]}
    expect: {rows: [{day: 2020-01-01, amount: 5}, {day: 2020-01-02, amount: 2}]}
`;
    expect(await statusOf({ ...daily(DELETE_INSERT), 'models/unit.yml': unit })).toEqual([['pass', null]]);
  });

  it('has variables and overrides of each run, and nothing of the command line or of hooks', async () => {
    const files = {
      'models/log.sql': `{{ config(materialized='incremental', post_hook='drop table {{ this }}') }}
select '{{ var('who', 'nobody') }}' as who, '{{ env_var('E', 'none') }}' as e, {{ is_incremental() | lower }} as later`,
      'models/unit.yml': `unit_tests:
  - name: writes
    model: log
    overrides: {vars: {who: all}, env_vars: {E: x}}
    runs:
      - given: []
      - given: []
        vars: {who: me}
        overrides: {env_vars: {E: z}}
    expect: {rows: [{who: all, e: x, later: false}, {who: me, e: z, later: true}]}
`,
    };
    expect(await statusOf(files, { flags: { fullRefresh: true } })).toEqual([['pass', null]]);
  });

  it('builds a microbatch model in its batches, up to the moment of each run', async () => {
    const files = {
      'models/events.sql': `{{ config(event_time='loaded_at') }} ${EVENTS}`,
      'models/daily.sql': `{{ config(materialized='incremental', incremental_strategy='microbatch', event_time='loaded_at', batch_size='day', begin='2020-01-01', lookback=1) }}
select id, loaded_at, '{{ model.batch.id }}' as batch from {{ ref('events') }}`,
      'models/unit.yml': `unit_tests:
  - name: batches
    model: daily
    runs:
      - at: 2020-01-03
        given: [{input: ref('events'), rows: [{id: 1, loaded_at: 2020-01-01 05:00:00}, {id: 2, loaded_at: 2020-01-02 05:00:00}]}]
      - at: "2020-01-03T12:00:00Z"
        given:
          - input: ref('events')
            rows:
              - {id: 9, loaded_at: 2020-01-01 06:00:00}
              - {id: 2, loaded_at: 2020-01-02 05:00:00}
              - {id: 3, loaded_at: 2020-01-03 05:00:00}
    expect: {rows: [{id: 1, batch: "20200101"}, {id: 2, batch: "20200102"}, {id: 3, batch: "20200103"}]}
`,
    };
    expect(await statusOf(files)).toEqual([['pass', null]]);
  });

  it('keeps the versions of a snapshot', async () => {
    const files = {
      'models/users.sql': "select 1 as id, 'free' as level, timestamp '2020-01-01' as changed_at",
      'snapshots/history.yml':
        "snapshots:\n  - name: history\n    relation: ref('users')\n    config: {unique_key: id, strategy: timestamp, updated_at: changed_at}\n",
      'models/unit.yml': `unit_tests:
  - name: versions
    model: history
    runs:
      - given: [{input: ref('users'), rows: [{id: 1, level: free, changed_at: 2020-01-01 00:00:00}]}]
      - given: [{input: ref('users'), rows: [{id: 1, level: paid, changed_at: 2020-02-01 00:00:00}]}]
    expect:
      rows:
        - {id: 1, level: free, dbt_valid_to: 2020-02-01 00:00:00}
        - {id: 1, level: paid, dbt_valid_to: null}
`,
    };
    expect(await statusOf(files)).toEqual([['pass', null]]);
  });

  it('says which run it was that broke', async () => {
    const files = daily('', 'nothing');
    const [[status, message] = []] = await statusOf({ ...files, 'models/unit.yml': LATE });
    expect(status).toBe('error');
    expect(message).toContain("An error occurred during execution of unit test 'late_rows', in run 2.");
  });

  it.each([
    [
      'rows for this in a later run',
      'runs: [{given: [{input: ref("events"), rows: []}]}, {given: [{input: this, rows: []}]}]',
      "Unit test 'late_rows', run 2: only the first run can give rows for this.",
    ],
    [
      'a moment that is none',
      'runs: [{at: soon, given: [{input: ref("events"), rows: []}]}]',
      "Unit test 'late_rows', run 1: at is no moment: soon.",
    ],
  ])('refuses %s', async (_, body, message) => {
    const unit = `unit_tests:\n  - {name: late_rows, model: daily, ${body}, expect: {rows: []}}\n`;
    const [[status, text] = []] = await statusOf({ ...daily(''), 'models/unit.yml': unit });
    expect(status).toBe('error');
    expect(text).toContain(message);
  });

  it('refuses a view, and keys that it does not know', async () => {
    const view = { ...daily(''), 'models/daily.sql': "select * from {{ ref('events') }}" };
    const [[, text] = []] = await statusOf({ ...view, 'models/unit.yml': LATE });
    expect(text).toContain("Unit test 'late_rows' has runs, but 'daily' is materialized as view.");
    const wrong = { 'models/unit.yml': LATE.replace('- given', '- rows') };
    await expect(statusOf({ ...daily(''), ...wrong })).rejects.toThrow(
      "Unit test 'late_rows': run 1 has a key that is not known: rows.",
    );
    const both = { 'models/unit.yml': LATE.replace('    runs:', '    given: []\n    runs:') };
    await expect(statusOf({ ...daily(''), ...both })).rejects.toThrow(
      "Unit test 'late_rows' has both given and runs.",
    );
  });
});
