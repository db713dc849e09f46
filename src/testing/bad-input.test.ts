/**
 * Bad input as a table: every message a person may read at 2 a.m., whole. It says what is wrong, where in the
 * author's file, why, and what to do next; exit code 1 when a node failed, 2 for everything else.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { commandLine } from './bad-input/command-line.ts';
import { configs } from './bad-input/configs.ts';
import { connection } from './bad-input/connection.ts';
import type { BadInput } from './bad-input/contract.ts';
import { files } from './bad-input/files.ts';
import { graph } from './bad-input/graph.ts';
import { project } from './bad-input/project.ts';
import { properties } from './bad-input/properties.ts';
import { sql } from './bad-input/sql.ts';
import { templates } from './bad-input/templates.ts';
import { CLI, type SqCall } from './cli.ts';
import { CliProject } from './cli-project.ts';

const EVERY_RUN =
  /^08:00:00 {2}(Running with dbt|Using the embedded|Registered adapter|Unable to do partial parsing|Found |Concurrency: |$)/;

/** What is left of the output when the lines of every run are taken out. */
function said(
  shop: CliProject,
  { code, stdout, stderr }: SqCall,
): Required<Pick<BadInput, 'code' | 'stdout' | 'stderr'>> {
  const lines = shop.plain(stdout).split('\n');
  const end = lines.findIndex((line) => /^08:00:00 {2}Completed with/.test(line));
  const own = lines.slice(end + 1).filter((line) => !EVERY_RUN.test(line));
  return { code, stdout: own.join('\n'), stderr: shop.plain(stderr) };
}

async function inProject<T>(files: BadInput['files'], work: (shop: CliProject) => Promise<T>): Promise<T> {
  const shop = new CliProject(files === null ? {} : { 'dbt_project.yml': 'name: shop\n', ...files });
  try {
    return await work(shop);
  } finally {
    shop.remove();
  }
}

describe.each([
  ['command line', commandLine],
  ['dbt_project.yml', project],
  ['profiles.yml and the database', connection],
  ['references', graph],
  ['property files', properties],
  ['config values', configs],
  ['templates', templates],
  ['SQL', sql],
  ['files to load', files],
])('%s', (_, rows) => {
  test.each(rows.map((row) => [row.name, row] as const))('%s', async (_name, row) => {
    await inProject(row.files, async (shop) => {
      // a test needs its table
      if (row.run === 'test') await shop.here('run');
      const { code, stdout = '', stderr = '' } = row;
      expect(said(shop, await shop.here(row.run, row.env))).toEqual({ code, stdout, stderr });
    });
  });
});

test('a secret is neither printed nor in the log file nor in the artefacts', async () => {
  const secret = 'hunter22hunter';
  await inProject({ 'models/a.sql': "select '{{ env_var('SQ_SECRET_KEY') }}' as n" }, async (shop) => {
    const { stdout } = await shop.here('--debug build', { SQ_SECRET_KEY: secret });
    const written = [
      'manifest.json',
      'run_results.json',
      'compiled/shop/models/a.sql',
      'run/shop/models/a.sql',
    ];
    const texts = [
      stdout,
      ...['logs/dbt.log', ...written.map((path) => `target/${path}`)].map((path) => shop.read(path)),
    ];
    expect(texts.map((text) => text.includes('*****'))).toEqual(texts.map(() => true));
    expect(texts.map((text) => text.includes(secret))).toEqual(texts.map(() => false));
  });
});

test('a database that another process holds longer than lock_timeout', async () => {
  const profiles = `shop:
  target: dev
  outputs:
    dev: {type: duckdb, path: shop.duckdb, lock_timeout: 1}
`;
  const inputs = {
    'dbt_project.yml': 'name: shop\nprofile: shop\n',
    'profiles.yml': profiles,
    'models/a.sql': 'select 1 as n',
  };
  await inProject(inputs, async (shop) => {
    const engine = fileURLToPath(import.meta.resolve('@duckdb/node-api'));
    const hold = `import { DuckDBInstance } from ${JSON.stringify(engine)};
      const held = await DuckDBInstance.create('shop.duckdb');
      console.log('held');
      setInterval(() => held, 1000);`;
    const holder = spawn(process.execPath, ['--input-type=module', '-e', hold], {
      cwd: shop.dir,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    try {
      await once(holder.stdout, 'data');
      const call = await shop.sq('run');
      const who = `process ${holder.pid} (${process.execPath})`;
      expect(said(shop, call)).toEqual({
        code: 2,
        stdout: `08:00:00  shop.duckdb is held by ${who}; waiting up to 1 s (lock_timeout)
08:00:00  [ERROR]: Encountered an error:
Runtime Error
  shop.duckdb could not be opened: ${who} holds it and did not let go within 1 s.
  hint: DuckDB lets one process write at a time: end that process (a notebook, a viewer, another run), or raise \`lock_timeout\` in the profile
`,
        stderr: '',
      });
    } finally {
      holder.kill();
    }
  });
});

test.skipIf(process.platform === 'win32')('a disk that is full: the table of before is served', async () => {
  const model = (rows: number) => ({
    'models/a.sql': `{{ config(materialized='table') }}
select range as n, md5(range::varchar) as m, md5((range * 7)::varchar) as o from range(${rows})`,
  });
  await inProject(model(3), async (shop) => {
    expect((await shop.sq('run')).code).toBe(0);
    shop.write(model(400_000));
    // a limit on the size of files stands for the end of the disk: 8,000 blocks of 1,024 bytes
    const limited = `trap '' XFSZ; ulimit -f 8000; exec "$0" "$@"`;
    const child = spawn('bash', ['-c', limited, process.execPath, CLI, 'run'], {
      cwd: shop.dir,
      env: { PATH: process.env.PATH, ...shop.env() } as NodeJS.ProcessEnv,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const call: SqCall = { code: 0, stdout: '', stderr: '' };
    for (const stream of ['stdout', 'stderr'] as const)
      child[stream].setEncoding('utf8').on('data', (text: string) => {
        call[stream] += text;
      });
    [call.code] = (await once(child, 'close')) as [number];
    expect(said(shop, call)).toEqual({
      code: 1,
      stdout: `08:00:00  [ERROR]: in model a (models/a.sql)
08:00:00    Runtime Error in model a (models/a.sql)
              TransactionContext Error: Failed to commit: Could not write file "<project>/shop.duckdb": File too large
              compiled code at target/compiled/shop/models/a.sql
              hint: free some space on the disk of the database file, or point DuckDB's temporary files elsewhere: \`settings: {temp_directory: ...}\` in the profile
08:00:00  Done. PASS=0 WARN=0 ERROR=1 SKIP=0 NO-OP=0 REUSED=0 TOTAL=1
`,
      stderr: '',
    });
    expect(await shop.query('select count(*)::int from a', 'shop.duckdb')).toEqual([[3]]);
  });
});

test('every message stands by itself: no stack, no folder of the machine', () => {
  const rows = [commandLine, project, connection, graph, properties, configs, templates, sql, files].flat();
  for (const { name, stdout = '', stderr = '' } of rows) {
    expect(stdout + stderr, name).not.toMatch(/\n\s+at \S+ \(|node:internal|\/tmp\/|Internal Error/);
  }
});
