import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createCompiler } from '../compile/index.ts';
import type { CompiledNode } from '../manifest/nodes.ts';
import { TestProject } from '../testing/run-project.ts';
import { showNode } from './index.ts';

const projects: TestProject[] = [];
function project(files: Record<string, string>): TestProject {
  const made = new TestProject(files);
  projects.push(made);
  return made;
}
afterEach(() => {
  for (const made of projects.splice(0)) made.remove();
});

describe('compile', () => {
  const shop = {
    'models/a.sql': 'select 1 as id',
    'models/b.sql': `select * from {{ ref('a') }}`,
    'analyses/c.sql': `select count(*) from {{ ref('b') }}`,
    'tests/d.sql': `select * from {{ ref('b') }} where id = 2`,
    'seeds/s.csv': 'id\n1\n',
  };

  it('gives the SQL of everything that is selected and sends nothing', async () => {
    const made = project(shop);
    const { outcome, events } = await made.run('compile', { threads: 2 });
    expect(outcome.results.map((r) => `${r.unique_id} ${r.status}`).sort()).toEqual([
      'analysis.shop.c success',
      'model.shop.a success',
      'model.shop.b success',
      'seed.shop.s success',
      'test.shop.d success',
    ]);
    expect(outcome.results.find((r) => r.unique_id === 'analysis.shop.c')?.compiled_code).toBe(
      'select count(*) from "shop"."main"."b"',
    );
    expect(outcome.results.find((r) => r.unique_id === 'seed.shop.s')?.compiled).toBeNull();
    expect(events.some(({ name }) => /^(SQLQuery|LogStartLine|Log.*Result)$/.test(name))).toBe(false);
    const path = join(made.dir, 'target/compiled/shop/models/b.sql');
    expect(readFileSync(path, 'utf8')).toBe('select * from "shop"."main"."a"');
    expect(existsSync(join(made.dir, 'target/run'))).toBe(false);
  });

  it('writes a shorter text over a longer one', async () => {
    const made = project({ 'models/a.sql': 'select 1 as a_long_name' });
    await made.run('compile');
    made.write({ 'models/a.sql': 'select 1 as b' });
    await made.run('compile');
    expect(readFileSync(join(made.dir, 'target/compiled/shop/models/a.sql'), 'utf8')).toBe('select 1 as b');
  });

  it('stops at the first node that does not compile', async () => {
    const made = project({ 'models/a.sql': `select {{ exceptions.raise_compiler_error('no') if execute }}` });
    await expect(made.run('compile')).rejects.toMatchObject({
      header: 'Compilation Error in model a (models/a.sql)',
    });
  });
});

describe('show', () => {
  async function show(made: TestProject, uniqueId: string, limit: number | null) {
    return made.open({ command: 'show' }, async ({ context, manifest, driver, warehouse }) => {
      const compiler = createCompiler({ context, manifest, inspector: warehouse.inspector });
      const node = manifest.get(uniqueId) as CompiledNode;
      const { table } = await showNode({ context, compiler, driver, warehouse, node, limit });
      return [table.columns.map((column) => column.name), ...table.rows];
    });
  }

  it('gives the first rows of a model, or all', async () => {
    const made = project({ 'models/a.sql': 'select range as id from range(9)' });
    expect(await show(made, 'model.shop.a', 2)).toEqual([['id'], [0], [1]]);
    expect((await show(made, 'model.shop.a', null)).length).toBe(10);
  });

  it('gives the whole query of an incremental model, also right after a run', async () => {
    const made = project({
      'models/a.sql': `{{ config(materialized='incremental') }} select 1 as id {% if is_incremental() %} where false {% endif %}`,
    });
    await made.run('run');
    expect(await show(made, 'model.shop.a', 5)).toEqual([['id'], [1]]);
  });

  it('gives the table of a seed', async () => {
    const made = project({ 'seeds/s.csv': 'id,name\n1,x\n' });
    await made.run('seed');
    expect(await show(made, 'seed.shop.s', 5)).toEqual([
      ['id', 'name'],
      [1, 'x'],
    ]);
  });

  it('names the author’s line of a bad query', async () => {
    const made = project({ 'models/a.sql': 'select 1 as id\nfrom nowhere' });
    await expect(show(made, 'model.shop.a', 5)).rejects.toMatchObject({
      header: 'Runtime Error in model a (models/a.sql)',
      at: { path: 'models/a.sql', line: 2, column: 6 },
    });
  });
});
