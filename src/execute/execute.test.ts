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

describe('run', () => {
  it('builds models in order and answers dbt’s results', async () => {
    const shop = project({
      'models/orders.sql': `{{ config(materialized='table') }} select 1 as id union all select 2`,
      'models/paid.sql': `select * from {{ ref('orders') }} where id = 1`,
    });
    const { outcome, statuses } = await shop.run('run');
    expect(outcome.results.map((r) => r.message)).toEqual(['SELECT 2', 'CREATE VIEW']);
    expect(statuses).toEqual(['model.shop.orders success', 'model.shop.paid success']);
    expect(await shop.query('select * from paid')).toEqual([[1]]);
  });
});
