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

const users = (rows: string) => ({ 'models/users.sql': `{{ config(materialized='table') }} ${rows}` });
const history = (config: string) => ({
  'snapshots/history.yml': `snapshots:\n  - name: history\n    relation: ref('users')\n    config: {unique_key: id, ${config}}\n`,
});
const byTime = 'strategy: timestamp, updated_at: seen';
const row = (level: string, day: number) =>
  `select 1 as id, '${level}' as level, timestamp '2020-01-0${day}' as seen`;
const LEVELS =
  'select level, dbt_valid_to is null from main.history order by dbt_valid_from, dbt_valid_to nulls last';

describe('a snapshot', () => {
  it('keeps each version of a row', async () => {
    const shop = project({ ...users(row('free', 1)), ...history(byTime) });
    const first = await shop.run('build');
    expect(first.statuses).toEqual(['model.shop.users success', 'snapshot.shop.history success']);
    expect(first.outcome.results[1]?.message).toBe('SELECT 1');
    shop.write(users(row('paid', 2)));
    const second = await shop.run('build');
    expect(second.outcome.results[1]?.message).toBe('INSERT 1');
    expect(await shop.query(LEVELS)).toEqual([
      ['free', false],
      ['paid', true],
    ]);
  });

  it('has a strategy of the project, of a block in a file', async () => {
    const shop = project({
      ...users(row('free', 1)),
      'macros/upgrades.sql': `{% macro snapshot_upgrades_strategy(node, snapshotted_rel, current_rel, model_config, target_exists) %}
        {% do return({'unique_key': 'id', 'updated_at': 'seen', 'scd_id': "id || '-' || seen", 'hard_deletes': 'ignore',
          'row_changed': snapshotted_rel ~ ".level = 'free' and " ~ current_rel ~ ".level = 'paid'"}) %}
      {% endmacro %}`,
      'snapshots/history.sql': `{% snapshot history %}{{ config(strategy='upgrades', unique_key='id') }} select * from {{ ref('users') }}{% endsnapshot %}`,
    });
    await shop.run('build');
    for (const next of [row('none', 2), row('paid', 3), row('free', 4)]) {
      shop.write(users(next));
      await shop.run('build');
    }
    expect(await shop.query(LEVELS)).toEqual([
      ['free', false],
      ['paid', true],
    ]);
  });

  it('is as it was when a test refuses the new versions', async () => {
    const guarded = `snapshots:\n  - name: history\n    relation: ref('users')\n    config: {unique_key: id, ${byTime}, publish: audited}\n    columns: [{name: level, data_tests: [not_null]}]\n`;
    const shop = project({ ...users(row('free', 1)), 'snapshots/history.yml': guarded });
    expect((await shop.run('build')).outcome.success).toBe(true);
    shop.write(users("select 1 as id, null::varchar as level, timestamp '2020-01-05' as seen"));
    const refused = await shop.run('build');
    expect(refused.statuses).toContain('snapshot.shop.history error');
    expect(refused.outcome.results.at(-1)?.message).toContain('1 test refused history');
    expect(await shop.query(LEVELS)).toEqual([['free', true]]);
  });

  it.each([
    [
      'a view stands in its place',
      'create view history as select 1 as id',
      'Compilation Error in snapshot history (snapshots/history.yml)\n  Trying to create table "shop"."main"."history", but it currently exists as a view. Either drop "shop"."main"."history" manually, or run dbt with `--full-refresh` and dbt will drop it for you.\n  hint: a snapshot never drops what it finds: drop it, or give the snapshot another alias or schema',
    ],
    [
      'a table that is no snapshot stands there',
      'create table history as select 1 as id, 2 as dbt_valid_to',
      'Compilation Error in snapshot history (snapshots/history.yml)\n  Snapshot target is missing configured columns (missing "dbt_scd_id", "dbt_valid_from"). See https://docs.getdbt.com/docs/build/snapshots#snapshot-meta-fields for more information.',
    ],
  ])('is refused where %s', async (_, sql, message) => {
    const shop = project({ ...users(row('free', 1)), ...history(byTime) });
    await shop.open({}, ({ driver }) => driver.batch([sql], { name: 'test' }));
    const { outcome } = await shop.run('build');
    expect(outcome.results[1]?.message).toContain(message);
  });

  it('says how its deleted rows are followed in one way only', async () => {
    const shop = project({
      ...users(row('free', 1)),
      ...history(`${byTime}, hard_deletes: ignore, invalidate_hard_deletes: true`),
    });
    const { outcome } = await shop.run('build');
    expect(outcome.results[1]?.message).toContain(
      'You cannot set both the invalidate_hard_deletes and hard_deletes config properties on the same snapshot.',
    );
  });

  it('warns when moments of two types meet', async () => {
    const shop = project({
      ...users(`select 1 as id, 'free' as level, date '2020-01-01' as seen`),
      ...history(byTime),
    });
    const { events } = await shop.run('build');
    expect(events).toContainEqual({
      name: 'Warning',
      event_name: 'SnapshotTimestampWarning',
      msg: "Data type of snapshot table timestamp columns (TIMESTAMP) doesn't match derived column 'updated_at' (DATE). Please update snapshot config 'updated_at'.",
    });
  });
});
