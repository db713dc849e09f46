/** The library, as docs/api.md shows it. */
import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { build, compile, load, type Project, run, SqError, type SqEvent, select, test } from '../index.ts';
import { CliProject } from '../testing/cli-project.ts';

let files: CliProject;
let project: Project;
const events: SqEvent[] = [];

beforeAll(async () => {
  files = new CliProject({
    'dbt_project.yml': 'name: shop\nprofile: shop\n',
    'profiles.yml':
      'shop: {target: dev, outputs: {dev: {type: duckdb, path: shop.duckdb, schema: main, threads: 2}}}\n',
    'models/base.sql': "{{ config(tags=['nightly']) }}select {{ var('value') }} as id",
    'models/top.sql': "select * from {{ ref('base') }}",
    'models/models.yml': 'models: [{name: top, columns: [{name: id, data_tests: [not_null]}]}]\n',
  });
  project = await load({
    projectDir: files.dir,
    cwd: files.dir,
    vars: { value: 7 },
    onEvent: (event) => void events.push(event),
  });
});
afterAll(() => files.remove());

const silent = () => {
  const spies = [vi.spyOn(process.stdout, 'write'), vi.spyOn(process.stderr, 'write')];
  return () => {
    const calls = spies.reduce((sum, spy) => sum + spy.mock.calls.length, 0);
    for (const spy of spies) spy.mockRestore();
    return calls;
  };
};

describe('the library', () => {
  it('loads a project without connecting', () => {
    expect(project.target).toBe('dev');
    expect([...project.manifest.index.keys()].filter((id) => id.startsWith('model.'))).toEqual([
      'model.shop.base',
      'model.shop.top',
    ]);
  });

  it('selects', () => {
    expect(select(project, 'tag:nightly')).toEqual(['model.shop.base']);
    expect(select(project, { select: 'base+', exclude: 'top', resourceTypes: ['model'] })).toEqual([
      'model.shop.base',
    ]);
    expect(() => select(project, 'state:modified')).toThrow(
      'Got a state selector method, but no comparison manifest',
    );
  });

  it('compiles', async () => {
    const { sql, success } = await compile(project, { select: 'top' });
    expect([success, sql.get('model.shop.top')]).toEqual([true, 'select * from "shop"."main"."base"']);
  });

  it('builds, with typed results and events, and prints nothing', async () => {
    const printed = silent();
    events.length = 0;
    const outcome = await build(project, { select: 'base+' });
    expect(printed()).toBe(0);
    expect(outcome.success).toBe(true);
    expect(outcome.results.map(({ unique_id, status }) => [unique_id, status])).toEqual([
      ['model.shop.base', 'success'],
      ['model.shop.top', 'success'],
      [expect.stringMatching(/^test\.shop\.not_null_top_id/), 'pass'],
    ]);
    const finished = events
      .filter((event) => event.name === 'NodeFinished')
      .map((event) => event.node_info.unique_id);
    expect(finished).toHaveLength(3);
    expect(await test(project)).toMatchObject({ success: true });
  });

  it('answers failures as results and throws for what cannot run', async () => {
    const broken = await load({ projectDir: files.dir, cwd: files.dir, vars: { value: 'nothing' } });
    const { success, results } = await run(broken);
    expect([success, results.map(({ status }) => status)]).toEqual([false, ['error', 'skipped']]);
    expect(results[0]?.message).toContain('nothing');
    await expect(load({ projectDir: files.dir, cwd: files.dir, target: 'nowhere' })).rejects.toThrow(SqError);
  });

  it('writes artefacts when it is asked to', async () => {
    await build(project, { select: 'base', artifacts: true });
    expect(JSON.parse(readFileSync(`${files.dir}/target/run_results.json`, 'utf8')).results).toHaveLength(1);
  });

  it('ends when its signal does', async () => {
    const abort = new AbortController();
    const stopped = await load({
      projectDir: files.dir,
      cwd: files.dir,
      vars: { value: 1 },
      signal: abort.signal,
    });
    abort.abort();
    await expect(build(stopped)).rejects.toThrow('The signal of this project is aborted');
  });
});
