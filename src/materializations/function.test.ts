import { afterEach, describe, expect, it } from 'vitest';
import { createTestDatabase, hasPostgres } from '../testing/postgres.ts';
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

const DOUBLE = {
  'functions/double.sql': 'price * {{ 1 + 1 }}',
  'functions/f.yml':
    'functions: [{name: double, arguments: [{name: price, data_type: integer}], returns: {data_type: bigint}}]\n',
};

describe('a function of the project', () => {
  it('is made before what calls it', async () => {
    const shop = project({ ...DOUBLE, 'models/m.sql': "select {{ function('double') }}(21) as answer" });
    const done = await shop.run('build', { threads: 2 });
    expect(done.statuses).toEqual(['function.shop.double success', 'model.shop.m success']);
    expect(await shop.query('select answer, typeof(answer) from main.m')).toEqual([[42, 'BIGINT']]);
  });

  it.runIf(hasPostgres()).each([
    ['an expression', DOUBLE['functions/double.sql']],
    ['a query', '-- twice\nselect price * 2'],
  ])('is a SQL function on PostgreSQL, of %s', async (_, body) => {
    const { host, port, user, password, database: dbname, drop } = await createTestDatabase('function');
    const output = { type: 'postgres', host, port, user, password, dbname, schema: 'main' };
    try {
      const shop = project({
        ...DOUBLE,
        'dbt_project.yml': 'name: shop\nprofile: shop\n',
        'profiles.yml': JSON.stringify({ shop: { target: 'pg', outputs: { pg: output } } }),
        'functions/double.sql': body,
        'models/m.sql': "select {{ function('double') }}(21) as answer",
      });
      expect((await shop.run('build')).statuses).toEqual([
        'function.shop.double success',
        'model.shop.m success',
      ]);
      expect((await shop.query('select answer from main.m')).map(([answer]) => Number(answer))).toEqual([42]);
    } finally {
      await drop();
    }
  });

  it('that is not there is named', async () => {
    const shop = project({ ...DOUBLE, 'models/m.sql': "select {{ function('duble') }}(21)" });
    await expect(shop.run('build')).rejects.toMatchObject({
      message: "Model 'model.shop.m' (models/m.sql) depends on a function named 'duble' which was not found",
      hint: "did you mean 'double'?",
    });
  });

  it('needs a property file', async () => {
    const shop = project({ 'functions/double.sql': '1' });
    await expect(shop.run('build')).rejects.toMatchObject({
      message: "Function 'double' (functions/double.sql) has no 'returns' property with a 'data_type'",
    });
  });

  it.each([['type: table', "No macro named 'table_function_sql' found within namespace: 'dbt'"]])(
    'of %s is refused',
    async (config, message) => {
      const shop = project({ ...DOUBLE, 'dbt_project.yml': `name: shop\nfunctions: {+${config}}\n` });
      const { outcome } = await shop.run('build');
      expect(outcome.results[0]?.message).toContain(message);
    },
  );
});
