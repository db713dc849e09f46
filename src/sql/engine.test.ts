/** The door keeps its promises whatever the text: an answer or a reason, in time, and the next question is answered. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { CLI } from '../testing/cli.ts';
import { createSqlEngine, isFailure, type SqlEngine } from './index.ts';

let engine: SqlEngine | undefined;
afterEach(async () => {
  await engine?.close();
  engine = undefined;
});

const ask = (sql: string, dialect = 'duckdb') =>
  engine!.lineage({ sql, dialect, relations: [{ name: ['t'], columns: ['id', 'limit'] }] });
const good = async () => {
  const answer = await ask('select id from t');
  return !isFailure(answer) && answer.columns[0]!.origins[0]!.kind === 'copied';
};

describe('a question', () => {
  it('is answered in its order, many at a time', async () => {
    engine = createSqlEngine();
    const answers = await Promise.all(Array.from({ length: 50 }, (_, i) => ask(`select id as c${i} from t`)));
    expect(answers.map((answer) => (isFailure(answer) ? answer.failure : answer.columns[0]!.name))).toEqual(
      Array.from({ length: 50 }, (_, i) => `c${i}`),
    );
  });

  it('that takes too long is given up, and the next one is answered', async () => {
    engine = createSqlEngine({ timeLimit: 300 });
    const long = `select ${Array.from({ length: 200_000 }, (_, i) => `id + ${i} as c${i}`).join(', ')} from t`;
    expect(await ask(long)).toEqual({
      failure: 'the SQL parser did not finish within 0.3 s',
      passing: true,
    });
    // on a machine that does other things, a short one can be late as well
    await expect.poll(good, { timeout: 50_000 }).toBe(true);
  });

  it('that breaks the library costs its worker only', async () => {
    engine = createSqlEngine();
    const broken = engine.lineage({ sql: 'select 1', dialect: 'duckdb', relations: [null as never] });
    const behind = Array.from({ length: 20 }, () => good());
    expect(await broken).toMatchObject({
      failure: expect.stringMatching(/^the SQL parser broke: TypeError/),
      passing: true,
    });
    expect(await Promise.all(behind)).toEqual(Array(20).fill(true));
  });

  it('after the door was closed has a reason', async () => {
    engine = createSqlEngine();
    const open = good();
    await engine.close();
    await open;
    expect(await ask('select 1')).toEqual({ failure: 'the SQL parser has been closed', passing: true });
  });
});

describe('a text beyond the parser', () => {
  it.each([
    ['select (', /^Parse error at line 1/],
    ['', 'the text holds no statement'],
    ['select 1; select 2', 'the text holds several statements'],
    [
      `${'select id from ('.repeat(40)}select id from t${')'.repeat(40)}`,
      'it nests deeper than the SQL parser goes',
    ],
    [`select ${'('.repeat(5000)}id${')'.repeat(5000)} from t`, 'it nests deeper than the SQL parser goes'],
    [Array(2000).fill('select id from t').join(' union all '), 'it nests deeper than the SQL parser goes'],
  ])('%.40s', async (sql, reason) => {
    engine = createSqlEngine();
    const answer = await ask(sql);
    expect(isFailure(answer) && answer.failure).toMatch(reason);
    expect(await good()).toBe(true);
  });

  it.each([
    ['select id from t as a join t old on old.id = a.id', ['id']],
    ['select limit from t', ['limit']],
    ['select final.id, limit + 1 as more from t final', ['id', 'more']],
  ])('only because a name is a word of its own is read: %s', async (sql, names) => {
    engine = createSqlEngine();
    const answer = await ask(sql);
    expect(isFailure(answer) ? answer.failure : answer.columns.map(({ name }) => name)).toEqual(names);
  });
});

describe('texts', () => {
  it('are split into statements as they stand', async () => {
    engine = createSqlEngine();
    expect(
      await engine.split('select \'a;b\'; -- one; two\nselect "c;d" ; ; /* ; */ select é', 'duckdb'),
    ).toEqual(["select 'a;b'", '-- one; two\nselect "c;d"', '/* ; */ select é']);
  });

  it('are cut into tokens with their places, in characters as JavaScript counts them', async () => {
    engine = createSqlEngine();
    const sql = "select '😀' as é, b";
    const tokens = await engine.tokens(sql, 'postgres');
    expect(isFailure(tokens) ? [] : tokens.map(({ start, end }) => sql.slice(start, end))).toEqual([
      'select',
      "'😀'",
      'as',
      'é',
      ',',
      'b',
    ]);
  });
});

it('the worker of the built package is beside it, and lets the process end', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sq-worker-'));
  const file = join(folder, 'ask.mjs');
  const index = pathToFileURL(join(fileURLToPath(new URL('.', pathToFileURL(CLI))), 'index.js'));
  writeFileSync(
    file,
    `import { createSqlEngine } from ${JSON.stringify(index.href)};
     const engine = createSqlEngine();
     console.log(JSON.stringify(await engine.lineage({ sql: 'select a as b from t', dialect: 'redshift', relations: [{ name: ['t'], columns: ['a'] }] })));`,
  );
  const { stdout, stderr, status } = spawnSync(process.execPath, [file], {
    encoding: 'utf8',
    timeout: 50_000,
  });
  rmSync(folder, { recursive: true });
  expect(stderr).toBe('');
  expect(status).toBe(0);
  expect(JSON.parse(stdout).columns).toEqual([
    { name: 'b', origins: [{ relation: 0, column: 'a', kind: 'renamed' }] },
  ]);
});
