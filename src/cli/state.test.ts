/** `--state`, `--defer`, `retry`, `clone` and `source freshness` on a real project and a real engine. */

import { cpSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CliProject } from '../testing/cli-project.ts';

let project: CliProject;

beforeAll(() => {
  project = new CliProject({
    'dbt_project.yml': 'name: shop\nprofile: shop\n',
    'profiles.yml':
      'shop:\n  target: dev\n  outputs:\n    dev: {type: duckdb, path: shop.duckdb, schema: dev, threads: 2}\n    prod: {type: duckdb, path: shop.duckdb, schema: prod, threads: 2}\n',
    'models/base.sql': "{{ config(materialized='table') }}\nselect 1 as id",
    'models/top.sql': "select * from {{ ref('base') }}",
    'models/tests.yml':
      'models:\n  - name: top\n    columns:\n      - name: id\n        data_tests: [unique]\n',
    'macros/double.sql': '{% macro double(x) %}{{ x }} * 2{% endmacro %}',
    'seeds/plain.csv': 'a\n1\n',
  });
});
afterAll(() => project.remove());

const keep = (folder: string) =>
  cpSync(join(project.dir, 'target'), join(project.dir, folder), { recursive: true });

describe('another run', () => {
  it('is built in production and its artefacts are kept', async () => {
    expect((await project.here('build --target prod')).code).toBe(0);
    keep('prod');
  });

  it('lends the parents that are not here', async () => {
    const missing = await project.here('run -s top');
    expect(missing.code).toBe(1);
    const deferred = await project.here('run -s top --defer --state prod');
    expect([deferred.code, deferred.stdout]).toEqual([0, expect.stringContaining('Done. PASS=1')]);
    expect(project.read('target/compiled/shop/models/top.sql')).toBe('select * from "shop"."prod"."base"');
  });

  it('is left alone once they are here, unless it is favoured', async () => {
    await project.here('run -s base');
    await project.here('compile -s top --defer --state prod');
    expect(project.read('target/compiled/shop/models/top.sql')).toContain('"dev"."base"');
    await project.here('compile -s top --defer --state prod --favor-state');
    expect(project.read('target/compiled/shop/models/top.sql')).toContain('"prod"."base"');
    await project.here('compile -s top base --defer --state prod --favor-state');
    expect(project.read('target/compiled/shop/models/top.sql')).toContain('"dev"."base"');
  });

  it('must be named, and must have left a manifest', async () => {
    const nothing = await project.here('run --defer');
    expect([nothing.code, nothing.stdout]).toEqual([
      2,
      expect.stringContaining(
        'Runtime Error\n  --state or --defer-state are required for deferral, but neither was provided',
      ),
    ]);
    const empty = await project.here('run --defer --state nowhere');
    expect(empty.stdout).toContain('Could not find manifest in --state path: "nowhere"');
  });

  it('tells what has changed: text, macros, new files', async () => {
    const modified = async () =>
      (await project.here('ls --quiet --resource-type model -s state:modified --state prod')).stdout.split(
        '\n',
      );
    expect(await modified()).toEqual(['']);
    project.write({ 'models/top.sql': "select id from {{ ref('base') }}" });
    expect(await modified()).toEqual(['shop.top', '']);
    project.write({ 'models/more.sql': 'select {{ double(3) }} as six' });
    expect(await modified()).toEqual(['shop.more', 'shop.top', '']);
    expect((await project.here('ls --quiet -s state:new --state prod')).stdout).toBe('shop.more\n');
    await project.here('parse');
    keep('changed');
    project.write({ 'macros/double.sql': '{% macro double(x) %}2 * {{ x }}{% endmacro %}' });
    expect((await project.here('ls --quiet -s state:modified.macros --state changed')).stdout).toBe(
      'shop.more\n',
    );
  });

  it('is refused when it was written by something else', async () => {
    project.write({
      'old/manifest.json':
        '{"metadata": {"dbt_schema_version": "https://schemas.getdbt.com/dbt/manifest/v2.json"}}',
    });
    const { code, stdout } = await project.here('ls --quiet -s state:modified --state old');
    expect([code, stdout]).toEqual([
      2,
      expect.stringContaining(
        'Expected a schema version of "https://schemas.getdbt.com/dbt/manifest/v12.json" in ',
      ),
    ]);
  });

  it('that is written to right now is warned of', async () => {
    const { stdout, stderr } = await project.here('ls -s state:modified --state target');
    expect(stdout + stderr).toContain("The state and target directories are the same: 'target'");
  });
});

describe('retry', () => {
  it('repeats what failed and what was skipped, with the options of before', async () => {
    project.write({
      'models/base.sql': "{{ config(materialized='table') }}\nselect {{ var('value') }} as id",
      'models/other.sql': 'select 1 as id',
    });
    const failed = await project.here(['build', '--vars', '{value: nonsense}', '-s', 'base+', 'other']);
    expect([failed.code, failed.stdout]).toEqual([
      1,
      expect.stringContaining('Done. PASS=1 WARN=0 ERROR=1 SKIP=2'),
    ]);
    const again = await project.here('retry');
    expect([again.code, again.stdout]).toEqual([
      1,
      expect.stringContaining('ERROR=1 SKIP=2 NO-OP=0 REUSED=0 TOTAL=3'),
    ]);
    const mended = await project.here(['retry', '--vars', '{value: 5}']);
    expect([mended.code, mended.stdout]).toEqual([0, expect.stringContaining('Done. PASS=3')]);
    expect(JSON.parse(project.read('target/run_results.json')).args.which).toBe('build');
    const done = await project.here('retry');
    expect([done.code, done.stdout]).toEqual([0, expect.stringContaining('Nothing to do.')]);
  });

  it('builds again the batches of a microbatch model that failed, and no others', async () => {
    project.write({
      'models/happened.sql':
        "{{ config(materialized='table', event_time='seen') }}\nselect range as id, timestamp '2026-11-18 06:00:00' + interval (range) day as seen from range(3)",
      'models/batched.sql':
        "{{ config(materialized='incremental', incremental_strategy='microbatch', event_time='seen', batch_size='day', begin='2026-11-18') }}\nselect id, seen, '{{ var('mark', 'first') }}' as mark from {{ ref('happened') }}\nwhere {{ 'no_such_column' if model.batch.id == '20261119' and var('mark', 'first') == 'first' else 'true' }}",
    });
    const vars = (mark: string) => ['--vars', `{value: 1, mark: ${mark}}`];
    const failed = await project.here(['run', '-s', 'happened', 'batched', ...vars('first')]);
    expect([failed.code, failed.stdout]).toEqual([
      1,
      expect.stringContaining('PARTIALLY created sql microbatch model dev.batched'),
    ]);
    expect(await project.query('select id, mark from dev.batched order by 1', 'shop.duckdb')).toEqual([
      [0, 'first'],
      [2, 'first'],
    ]);
    const again = await project.here(['retry', ...vars('second')]);
    expect([again.code, again.stdout]).toEqual([0, expect.stringContaining('Done. PASS=1')]);
    expect(again.stdout).toContain('Batch 1 of 1 START batch 2026-11-19 of dev.batched');
    expect(await project.query('select id, mark from dev.batched order by 1', 'shop.duckdb')).toEqual([
      [0, 'first'],
      [1, 'second'],
      [2, 'first'],
    ]);
    const results = JSON.parse(project.read('target/run_results.json')).results;
    expect(results[0].batch_results.failed).toEqual([]);
    // four batches: the clock of the tests stands on the 21st
    expect(results[0].batch_results.successful).toHaveLength(4);
  });

  it('needs a run before it', async () => {
    const { code, stdout } = await project.here('retry --state nowhere');
    expect([code, stdout]).toEqual([
      2,
      expect.stringContaining("Could not find previous run in 'nowhere' target directory"),
    ]);
  });
});

describe('clone', () => {
  it('puts views on the tables of the other run', async () => {
    project.write({
      'profiles.yml': project
        .read('profiles.yml')
        .replace('target: dev', 'target: copy')
        .concat('    copy: {type: duckdb, path: shop.duckdb, schema: copy, threads: 2}\n'),
    });
    const vars = ['--vars', '{value: 5}'];
    const made = await project.here(['clone', '--state', 'prod', '-s', 'base', 'plain', ...vars]);
    expect([made.code, made.stdout]).toEqual([0, expect.stringContaining('Done. PASS=2')]);
    const again = await project.here(['clone', '--state', 'prod', '-s', 'base', ...vars]);
    expect(again.stdout).toContain('Relation "shop"."copy"."base" already exists');
    expect(JSON.parse(project.read('target/run_results.json')).results[0].message).toBe('No-op');
    expect(await project.query('select id from copy.base', 'shop.duckdb')).toEqual([[1]]);
  });

  it('needs a run to clone from', async () => {
    const { code, stdout } = await project.here(['clone', '--vars', '{value: 5}']);
    expect([code, stdout]).toEqual([
      2,
      expect.stringContaining('--state or --defer-state are required for deferral'),
    ]);
  });
});

describe('source freshness', () => {
  const age = (hours: number) => new Date(Date.parse('2026-11-21T08:00:00Z') - hours * 3_600_000);

  it('asks columns, queries and files, and says what is too old', async () => {
    project.write({
      'models/base.sql':
        "{{ config(materialized='table') }}\nselect 1 as id, timestamp '2026-11-20 20:00:00' as written",
      'models/sources.yml': `
sources:
  - name: raw
    schema: copy
    freshness: {warn_after: {count: 10, period: hour}, error_after: {count: 1000, period: day}}
    tables:
      - {name: base, loaded_at_field: written}
      - {name: asked, loaded_at_query: "select timestamp '2026-11-21 07:59:00'"}
      - {name: unknown, loaded_at_field: written}
      - {name: unlimited, freshness: null}
  - name: files
    freshness: {error_after: {count: 1, period: minute}}
    tables:
      - {name: events, external: {location: data/events, format: json}, columns: [{name: a, data_type: integer}]}
`,
      'macros/now.sql': "{% macro current_timestamp() %}timestamp '2026-11-21 08:00:00'{% endmacro %}",
      'data/events/a.json': '{"a": 1}\n',
    });
    const { utimesSync } = await import('node:fs');
    utimesSync(join(project.dir, 'data/events/a.json'), age(1), age(1));
    await project.here('run -s base --full-refresh');
    const { code, stdout } = await project.here('source freshness');
    expect(code).toBe(1);
    const lines = stdout
      .split('\n')
      .flatMap((line) => /(PASS|WARN|ERROR STALE|ERROR) freshness of \S+/.exec(line)?.[0] ?? []);
    expect(lines.sort()).toEqual([
      'ERROR STALE freshness of files.events',
      'ERROR freshness of raw.unknown',
      'PASS freshness of raw.asked',
      'WARN freshness of raw.base',
    ]);
    const { results } = JSON.parse(project.read('target/sources.json'));
    const base = results.find((one: { unique_id: string }) => one.unique_id === 'source.shop.raw.base');
    expect(base).toMatchObject({
      max_loaded_at: '2026-11-20T20:00:00+00:00',
      snapshotted_at: '2026-11-21T08:00:00+00:00',
      max_loaded_at_time_ago_in_s: 43_200,
      status: 'warn',
      criteria: {
        warn_after: { count: 10, period: 'hour' },
        error_after: { count: 1000, period: 'day' },
        filter: null,
      },
    });
    const unknown = results.find((one: { unique_id: string }) => one.unique_id === 'source.shop.raw.unknown');
    expect(unknown).toMatchObject({
      status: 'runtime error',
      error: expect.stringContaining('does not exist'),
    });
  });

  it('feeds source_status:fresher', async () => {
    keep('before');
    const earlier = JSON.parse(readFileSync(join(project.dir, 'before/sources.json'), 'utf8'));
    for (const one of earlier.results) {
      if (one.unique_id === 'source.shop.raw.base') one.max_loaded_at = '2026-11-19T00:00:00+00:00';
    }
    project.write({ 'before/sources.json': JSON.stringify(earlier) });
    const { stdout } = await project.here('ls --quiet -s source_status:fresher --state before');
    expect(stdout).toBe('source:shop.raw.base\n');
  });
});
