/**
 * What somebody who knows dbt types in a day, from `init` to `source freshness`: what is printed and the exit codes are
 * dbt's. Durations are 0.00s, the clock stands still.
 */
import { cpSync, mkdirSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CliProject } from './cli-project.ts';

let project: CliProject;

beforeAll(() => {
  project = new CliProject({
    'dbt_project.yml': 'name: shop\nprofile: shop\n',
    'profiles.yml':
      'shop:\n  target: dev\n  outputs:\n    dev: {type: duckdb, path: shop.duckdb, schema: dev, threads: 1}\n    prod: {type: duckdb, path: shop.duckdb, schema: prod, threads: 1}\n',
    'packages.yml': 'packages:\n  - local: ../helpers\n',
    'seeds/orders.csv': 'id,amount,loaded\n1,10,2026-11-20\n2,20,2026-11-21\n',
    'models/staging.sql': "select id, {{ helpers.cents('amount') }} as cents from {{ ref('orders') }}",
    'models/revenue.sql':
      "{{ config(materialized='table') }}\nselect sum(cents) as cents from {{ ref('staging') }}",
    'models/models.yml': `
models:
  - name: staging
    columns:
      - {name: id, data_tests: [unique, not_null]}
      - {name: cents, data_tests: [{accepted_values: {arguments: {values: [1000], quote: false}}}]}
sources:
  - name: raw
    schema: dev
    loaded_at_field: cast(loaded as timestamp)
    freshness: {warn_after: {count: 1, period: hour}, error_after: {count: 30, period: day}}
    tables: [{name: orders}]
`,
    'snapshots/orders_history.yml':
      "snapshots:\n  - name: orders_history\n    relation: ref('orders')\n    config: {unique_key: id, strategy: check, check_cols: [amount]}\n",
    'macros/own.sql': "{% macro greet(name) %}{{ log('hello ' ~ name, info=True) }}{% endmacro %}",
  });
  const helpers = join(dirname(project.dir), 'helpers');
  mkdirSync(join(helpers, 'macros'), { recursive: true });
  writeFileSync(join(helpers, 'dbt_project.yml'), 'name: helpers\nvars: {rate: 7}\n');
  writeFileSync(
    join(helpers, 'macros/cents.sql'),
    '{% macro cents(column) %}{{ column }} * 100{% endmacro %}\n' +
      "{% macro rate() %}{% do adapter.commit() %}{% do log([var('rate'), model.name, config.get('x', 5), sql_now] | join(' '), info=True) %}{% endmacro %}",
  );
});
afterAll(() => project.remove());

/** Messages without their time stamps, up to the first word of `until`, blank lines left out. */
async function say(args: string | readonly string[]): Promise<{ code: number; lines: string[] }> {
  const { code, stdout, stderr } = await project.here(args);
  const lines = project
    .plain(stdout + stderr)
    .split('\n')
    .map((line) => line.replace(/^\d\d:\d\d:\d\d {2}/, ''))
    .filter((line) => line.trim() !== '');
  return { code, lines };
}

const tail = (lines: readonly string[], from: string) =>
  lines.slice(lines.findIndex((line) => line.startsWith(from)));

describe('a day with dbt', () => {
  it('init makes a project that builds', async () => {
    const made = await say('init other --skip-profile-setup');
    expect([made.code, made.lines.join('\n')]).toEqual([
      0,
      expect.stringContaining('Your new project "other" was created!'),
    ]);
  });

  it('debug says that all is well', async () => {
    const { code, lines } = await say('debug');
    expect(code).toBe(0);
    expect(lines).toEqual(
      expect.arrayContaining([
        '  profiles.yml file [OK found and valid]',
        '  dbt_project.yml file [OK found and valid]',
        '  Connection test: [OK connection ok]',
        'All checks passed!',
      ]),
    );
  });

  it('without deps nothing is parsed; deps installs', async () => {
    const before = await say('parse');
    expect([before.code, before.lines.join('\n')]).toEqual([
      2,
      expect.stringContaining('Run "dbt deps" to install package dependencies.'),
    ]);
    const { code, lines } = await say('deps');
    expect([code, tail(lines, 'Installing')]).toEqual([
      0,
      ['Installing ../helpers', 'Installed from <local @ ../helpers>'],
    ]);
  });

  it('seed, run, test', async () => {
    const seeded = await say('seed');
    expect([seeded.code, tail(seeded.lines, '1 of 1 START')]).toEqual([
      0,
      [
        '1 of 1 START seed file dev.orders .............................................. [RUN]',
        '1 of 1 OK loaded seed file dev.orders .......................................... [INSERT 2 in 0.00s]',
        'Finished running 1 seed in 0 hours 0 minutes and 0.00 seconds (0.00s).',
        'Completed successfully',
        'Rows in the tables that were built:',
        '  dev.orders  2',
        'Done. PASS=1 WARN=0 ERROR=0 SKIP=0 NO-OP=0 REUSED=0 TOTAL=1',
      ],
    ]);
    const ran = await say('run');
    expect([ran.code, ran.lines.at(-1)]).toEqual([
      0,
      'Done. PASS=2 WARN=0 ERROR=0 SKIP=0 NO-OP=0 REUSED=0 TOTAL=2',
    ]);
    const tested = await say('test -s staging --exclude test_name:accepted_values');
    expect([tested.code, tail(tested.lines, 'Finished')]).toEqual([
      0,
      [
        'Finished running 2 data tests in 0 hours 0 minutes and 0.00 seconds (0.00s).',
        'Completed successfully',
        'Done. PASS=2 WARN=0 ERROR=0 SKIP=0 NO-OP=0 REUSED=0 TOTAL=2',
      ],
    ]);
  });

  it('build with a failing test skips what stands below, exit code 1', async () => {
    const { code, lines } = await say('build --exclude resource_type:snapshot');
    expect(code).toBe(1);
    expect(lines).toContain(
      '6 of 6 SKIP relation dev.revenue ............................................... [SKIP]',
    );
    const name = 'accepted_values_staging_cents__False__1000';
    expect(tail(lines, 'Completed')).toEqual(
      expect.arrayContaining([
        'Completed with 1 error, 0 partial successes, and 0 warnings:',
        `[ERROR]: in test ${name} (models/models.yml)`,
        '  Got 1 result, configured to fail if != 0',
        'Done. PASS=4 WARN=0 ERROR=1 SKIP=1 NO-OP=0 REUSED=0 TOTAL=6',
      ]),
    );
  });

  it('retry repeats what failed, until it is mended', async () => {
    const again = await say('retry');
    expect([again.code, again.lines.at(-1)]).toEqual([
      1,
      'Done. PASS=0 WARN=0 ERROR=1 SKIP=1 NO-OP=0 REUSED=0 TOTAL=2',
    ]);
    project.write({
      'models/models.yml': project
        .read('models/models.yml')
        .replace('values: [1000]', 'values: [1000, 2000]'),
    });
    const mended = await say('retry');
    // the name of the test has changed with its values
    expect(mended.code).toBe(2);
    expect(mended.lines.join('\n')).toContain(
      "Couldn't find model 'test.shop.accepted_values_staging_cents__False__1000.",
    );
    const built = await say('build --exclude resource_type:snapshot');
    expect([built.code, built.lines.at(-1)]).toEqual([
      0,
      'Done. PASS=6 WARN=0 ERROR=0 SKIP=0 NO-OP=0 REUSED=0 TOTAL=6',
    ]);
  });

  it('snapshot twice keeps history', async () => {
    const first = await say('snapshot');
    expect([first.code, first.lines.join('\n')]).toEqual([
      0,
      expect.stringContaining('1 of 1 OK snapshotted dev.orders_history'),
    ]);
    project.write({ 'seeds/orders.csv': 'id,amount,loaded\n1,10,2026-11-20\n2,25,2026-11-21\n' });
    await say('seed');
    expect((await say('snapshot')).code).toBe(0);
    expect(
      await project.query(
        'select id, amount, dbt_valid_to is null from dev.orders_history order by 1, 2',
        'shop.duckdb',
      ),
    ).toEqual([
      [1, 10, true],
      [2, 20, false],
      [2, 25, true],
    ]);
  });

  it('run --select state:modified+ --defer --state prod builds the change alone', async () => {
    project.write({ 'seeds/orders.csv': 'id,amount,loaded\n1,10,2026-11-20\n2,20,2026-11-21\n' });
    const production = await say('build --target prod');
    expect([production.code, production.lines.at(-1)]).toEqual([
      0,
      'Done. PASS=7 WARN=0 ERROR=0 SKIP=0 NO-OP=0 REUSED=0 TOTAL=7',
    ]);
    cpSync(join(project.dir, 'target'), join(project.dir, 'prod'), { recursive: true });
    project.write({
      'models/revenue.sql':
        "{{ config(materialized='table') }}\nselect sum(cents) / 100 as amount from {{ ref('staging') }}",
      'profiles.yml': project
        .read('profiles.yml')
        .replace('target: dev', 'target: ci')
        .concat('    ci: {type: duckdb, path: shop.duckdb, schema: ci, threads: 1}\n'),
    });
    const { code, lines } = await say('run --select state:modified+ --defer --state prod');
    expect([code, tail(lines, '1 of 1')]).toEqual([
      0,
      [
        '1 of 1 START sql table model ci.revenue ........................................ [RUN]',
        '1 of 1 OK created sql table model ci.revenue ................................... [SELECT 1 in 0.00s]',
        'Finished running 1 table model in 0 hours 0 minutes and 0.00 seconds (0.00s).',
        'Completed successfully',
        'Rows in the tables that were built:',
        '  ci.revenue  1',
        'Done. PASS=1 WARN=0 ERROR=0 SKIP=0 NO-OP=0 REUSED=0 TOTAL=1',
      ],
    ]);
    expect(project.read('target/compiled/shop/models/revenue.sql')).toContain('"prod"."staging"');
  });

  it('docs generate writes the catalog and says where; there is nothing to retry', async () => {
    const { code, lines } = await say('docs generate');
    expect([code, tail(lines, 'Building').slice(0, 3)]).toEqual([
      0,
      [
        'Building catalog',
        "Concurrency: 1 thread (target='ci')",
        'Catalog written to <project>/target/catalog.json',
      ],
    ]);
    const catalog = project.read('target/catalog.json');
    expect(Object.keys(JSON.parse(catalog).nodes)).toEqual(['model.shop.revenue']);
    const results = JSON.parse(project.read('target/run_results.json'));
    expect(results.args.which).toBe('generate');
    expect(results.results.map((one: { unique_id: string }) => one.unique_id)).toContain(
      'model.shop.revenue',
    );
    const again = await say('retry');
    expect([again.code, again.lines.at(-1)]).toEqual([
      0,
      '[WARNING]: Nothing to do. Try checking your model configs and model specification args',
    ]);
    expect(project.read('target/catalog.json')).toBe(catalog);
  });

  it('run-operation calls a macro', async () => {
    const { code, lines } = await say(['run-operation', 'greet', '--args', '{name: Ann}']);
    expect([code, lines.at(-1)]).toEqual([0, 'hello Ann']);
    // the names of dbt are there, and a package's macro sees the package's vars
    const ofPackage = await say('run-operation helpers.rate');
    expect([ofPackage.code, ofPackage.lines.at(-1)]).toEqual([0, '7 rate 5 current_timestamp']);
    const bare = await say('run-operation rate');
    expect([bare.code, bare.lines.at(-1)]).toEqual([0, '7 rate 5 current_timestamp']);
    const missing = await say('run-operation nobody');
    expect(missing.code).toBe(2);
    expect(missing.lines).toEqual(
      expect.arrayContaining([
        '[ERROR]: Encountered an error while running operation: Runtime Error',
        '  dbt could not find a macro with the name "nobody" in any package',
      ]),
    );
  });

  it('source freshness warns', async () => {
    utimesSync(join(project.dir, 'profiles.yml'), new Date(), new Date());
    const { code, lines } = await say('source freshness');
    expect([code, tail(lines, '1 of 1')]).toEqual([
      0,
      [
        '1 of 1 START freshness of raw.orders ........................................... [RUN]',
        expect.stringMatching(/^1 of 1 WARN freshness of raw\.orders \.+ \[WARN in 0\.00s\]$/),
        'Finished running 1 source in 0 hours 0 minutes and 0.00 seconds (0.00s).',
        'Done.',
      ],
    ]);
  });

  it('a wrong command line is told as click tells it', async () => {
    const { code, lines } = await say('run --no-such-option');
    expect([code, lines.at(-1)]).toEqual([2, "Error: No such option '--no-such-option'."]);
  });
});
