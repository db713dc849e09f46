/** The built command, as a person calls it, on the project that `sq init` makes. */
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type SqOptions, sq } from '../testing/cli.ts';

let folder: string;
let shop: string;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sq-cli-'));
  shop = join(folder, 'shop');
  expect(await call('init shop', { cwd: folder })).toMatchObject({ code: 0, stderr: '' });
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Runs in the project, without colours, at a clock that stands still; HOME is empty, so no profile is found. */
function call(line: string | string[], options: Partial<SqOptions> = {}) {
  return sq(Array.isArray(line) ? line : line.split(' '), {
    cwd: shop,
    ...options,
    env: { HOME: folder, NO_COLOR: '1', SQ_TEST_NOW: '2026-11-21T08:37:43Z', ...options.env },
  });
}

const HEAD = `08:37:43  Running with dbt=1.12.3
08:37:43  Using the embedded DuckDB in shop.duckdb: no profiles.yml has the profile 'shop'
08:37:43  Registered adapter: duckdb=1.11.1
`;

/** Lines after `Found …`, durations as `0.00s`. */
function body(stdout: string): string {
  const lines = stdout
    .replace(/\d+\.\d\ds/g, '0.00s')
    .replace(/and \d+\.\d\d seconds/, 'and 0.00 seconds')
    .split('\n');
  return lines.slice(lines.findIndex((line) => line.includes('Found ')) + 1).join('\n');
}

const artefact = (name: string) => JSON.parse(readFileSync(join(shop, 'target', name), 'utf8'));

test('--version: the level of dbt first, then sq', async () => {
  for (const flag of ['--version', '-V', '-v']) {
    const { code, stdout, stderr } = await call(flag, { cwd: folder });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^dbt 2\.0\.0 \(compatible\)\nsq \d+\.\d+\.\d+\n$/);
  }
});

describe('a wrong command line', () => {
  test('says so on stderr alone and ends with 2', async () => {
    expect(await call('run --selct a')).toEqual({
      code: 2,
      stdout: '',
      stderr:
        "Usage: sq run [OPTIONS]\nTry 'sq run --help' for help.\n\nError: No such option '--selct'. Did you mean '--select'?\n",
    });
  });

  test('vars that are no mapping', async () => {
    const { code, stdout, stderr } = await call(['run', '--vars', 'day:1']);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(
      "\nError: Invalid value for '--vars': String 'day:1' is not valid YAML (a blank belongs behind the colon: --vars 'day: 1')\n",
    );
  });

  test('a folder that is not there', async () => {
    const { code, stdout, stderr } = await call('run --project-dir nowhere');
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain("\nError: Invalid value for '--project-dir': Path 'nowhere' does not exist.\n");
  });

  test('no command at all shows the commands', async () => {
    const { code, stdout, stderr } = await call([]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^Usage: sq \[OPTIONS\] COMMAND/);
  });
});

describe('init', () => {
  test('refuses a folder that is there', async () => {
    expect(await call('init shop', { cwd: folder })).toEqual({
      code: 2,
      stdout: `08:37:43  Running with dbt=1.12.3
08:37:43  [ERROR]: Encountered an error:
Runtime Error
  A project called shop already exists here.
  hint: choose another name, or go into the folder shop
`,
      stderr: '',
    });
  });

  test('makes a project that builds at once, and again', async () => {
    for (let i = 0; i < 2; i++) {
      const { code, stdout, stderr } = await call('build');
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
      expect(stdout.startsWith(HEAD)).toBe(true);
      expect(stdout).toContain('Found 2 models, 1 seed, 7 data tests, ');
      expect(body(stdout)).toContain(`08:37:43  Completed successfully
08:37:43  
08:37:43  Rows in the tables that were built:
08:37:43    main.raw_orders  5
08:37:43    main.customers   3
08:37:43  
08:37:43  Done. PASS=10 WARN=0 ERROR=0 SKIP=0 NO-OP=0 REUSED=0 TOTAL=10
`);
    }
    expect(artefact('run_results.json')).toMatchObject({
      metadata: { dbt_schema_version: 'https://schemas.getdbt.com/dbt/run-results/v6.json' },
      args: { which: 'build', invocation_command: 'sq build', vars: {} },
    });
    expect(artefact('run_results.json').results).toHaveLength(10);
    expect(readFileSync(join(shop, 'logs/dbt.log'), 'utf8')).toContain(
      'Command `sq build` succeeded at 08:37:43 after',
    );
  });
});

describe('looking', () => {
  test('show', async () => {
    const { code, stdout } = await call('show -s customers --limit 2');
    expect(code).toBe(0);
    expect(body(stdout)).toBe(`08:37:43  
08:37:43  Concurrency: 4 threads (target='default')
08:37:43  
Previewing node 'customers':
| customer_name | orders | first_order_on | last_order_on | revenue |
| ------------- | ------ | -------------- | ------------- | ------- |
| ada           |      2 |     2026-01-03 |    2026-01-05 |   18.50 |
| grace         |      2 |     2026-01-03 |    2026-01-09 |   42.00 |
`);
  });

  test('show --inline, JSON and nothing else', async () => {
    const sql = "select 1.50 as price, {{ var('n') }} as n from {{ ref('customers') }} where orders = 1";
    const { stdout } = await call(['--quiet', 'show', '--inline', sql, '--output', 'json', '--vars', 'n: 2']);
    expect(stdout).toBe('{\n  "show": [\n    {\n      "price": 1.50,\n      "n": 2\n    }\n  ]\n}\n');
    expect(artefact('run_results.json').results[0].unique_id).toBe('sql_operation.shop.inline_query');
  });

  test('show wants something to show', async () => {
    const { code, stdout } = await call('show');
    expect(code).toBe(2);
    expect(stdout).toContain('Runtime Error\n  Either --select or --inline must be passed to show\n');
  });

  test('compile shows what was asked for', async () => {
    const { code, stdout } = await call('compile -s revenue_is_not_negative');
    expect(code).toBe(0);
    expect(body(stdout)).toContain(
      "Compiled node 'revenue_is_not_negative' is:\n-- A test passes when its query has no rows.\nselect customer_name, revenue\n" +
        'from "shop"."main"."customers"\nwhere revenue < 0',
    );
    expect(existsSync(join(shop, 'target/compiled/shop/tests/revenue_is_not_negative.sql'))).toBe(true);
  });

  test('compile --inline', async () => {
    const { stdout } = await call([
      'compile',
      '--inline',
      "select * from {{ ref('customers') }}",
      '--output',
      'json',
      '-q',
    ]);
    expect(stdout).toBe('{\n  "compiled": "select * from \\"shop\\".\\"main\\".\\"customers\\""\n}\n');
  });

  test('an inline query and a selection exclude each other', async () => {
    const { code, stdout } = await call(['show', '--inline', 'select 1', '-s', 'customers']);
    expect(code).toBe(2);
    expect(stdout).toContain(
      'Encountered an error:\nUsage Error\n  inline: not allowed with argument select\n',
    );
  });

  test('ls, one line a node', async () => {
    const { stdout } = await call('-q ls -s stg_orders+ --resource-type model');
    expect(stdout).toBe('shop.marts.customers\nshop.staging.stg_orders\n');
    const json = await call('-q ls -m customers --output json --output-keys name config.materialized');
    expect(json.stdout).toBe('{"name": "customers", "config.materialized": "table"}\n');
  });

  test('ls of nothing ends well; the warnings do not mix with nodes', async () => {
    const { code, stdout, stderr } = await call('-q ls -s nope');
    expect({ code, stdout }).toEqual({ code: 0, stdout: '' });
    expect(stderr).toBe('');
    const loud = await call('ls -s nope');
    expect(
      loud.stderr,
    ).toBe(`08:37:43  [WARNING]: The selection criterion 'nope' does not match any enabled nodes
08:37:43  [WARNING]: No nodes selected!
`);
  });

  test('every line is an object with --log-format json', async () => {
    const { stdout, stderr } = await call('--log-format json test -s stg_orders');
    const events = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(stderr).toBe('');
    expect(events.map((event) => event.info.name)).toContain('LogTestResult');
    expect(events.find((event) => event.info.name === 'NodeFinished')?.data.node_info.node_status).toBe(
      'pass',
    );
  });
});

describe('--dry-run', () => {
  test('prints the statements and writes nothing', async () => {
    const before = readFileSync(join(shop, 'shop.duckdb'));
    const { code, stdout } = await call('build --dry-run -s customers');
    expect(code).toBe(0);
    expect(stdout).toContain('-- customers (model.shop.customers)\n');
    expect(stdout).toMatch(/^create table .* as \($/m);
    expect(readFileSync(join(shop, 'shop.duckdb')).equals(before)).toBe(true);
  });
});

describe('a failing test', () => {
  test('ends with 1, names test and rows, keeps the old table; clean --rejected tidies up', async () => {
    const seed = join(shop, 'seeds/raw_orders.csv');
    const good = readFileSync(seed, 'utf8');
    appendFileSync(seed, '6,ada,2026-02-01,lost,3\n');
    const { code, stdout } = await call('build');
    writeFileSync(seed, good);
    expect(code).toBe(1);
    expect(stdout).toContain('FAIL 1 accepted_values_stg_orders_status__placed__completed__returned');
    expect(stdout).toContain('    Got 1 result, configured to fail if != 0\n');
    expect(stdout).toContain('Done. PASS=3 WARN=0 ERROR=2 SKIP=5 NO-OP=0 REUSED=0 TOTAL=10\n');
    expect((await call('-q show -s customers --limit 1')).stdout).toContain('| ada ');
    expect((await call('clean --rejected')).stdout).toContain(
      'Dropped "shop"."main"."stg_orders__rejected"\n',
    );
    expect((await call('clean --rejected')).stdout).toContain('No rejected tables to drop\n');
  });
});

describe('nothing selected', () => {
  test('is a warning, and a file without results', async () => {
    const { code, stdout } = await call('run -s nope');
    expect(code).toBe(0);
    expect(
      body(stdout),
    ).toBe(`08:37:43  [WARNING]: The selection criterion 'nope' does not match any enabled nodes
08:37:43  [WARNING]: Nothing to do. Try checking your model configs and model specification args
`);
    expect(artefact('run_results.json').results).toEqual([]);
  });

  test('is an error with --warn-error, before or after the command', async () => {
    for (const line of ['--warn-error run -s nope', 'run -s nope --warn-error']) {
      const { code, stdout } = await call(line);
      expect(code).toBe(2);
      expect(body(stdout)).toBe(`08:37:43  [ERROR]: Encountered an error:
Compilation Error
  [WARNING]: The selection criterion 'nope' does not match any enabled nodes
  hint: a warning stops this command because of --warn-error or --warn-error-options
`);
    }
  });
});

describe('where things are', () => {
  test('the project is found from a folder below it, or named', async () => {
    expect(
      (await call('-q ls -s customers --resource-type model', { cwd: join(shop, 'models/marts') })).stdout,
    ).toBe('shop.marts.customers\n');
    expect(
      (await call('-q ls -s customers --resource-type model --project-dir shop', { cwd: folder })).stdout,
    ).toBe('shop.marts.customers\n');
  });

  test('no project', async () => {
    const empty = join(folder, 'empty');
    mkdirSync(empty);
    const { code, stdout } = await call('build', { cwd: empty });
    expect(code).toBe(2);
    expect(stdout).toContain(
      'Encountered an error:\nRuntime Error\n  No dbt_project.yml found at expected path ',
    );
    expect(existsSync(join(empty, 'logs'))).toBe(false);
  });

  test('target folder and log folder by environment', async () => {
    const env = { DBT_TARGET_PATH: 'out/t', DBT_LOG_PATH: join(folder, 'log'), DBT_LOG_FORMAT_FILE: 'json' };
    expect((await call('parse', { env })).code).toBe(0);
    expect(existsSync(join(shop, 'out/t/manifest.json'))).toBe(true);
    const [first] = readFileSync(join(folder, 'log/dbt.log'), 'utf8').split('\n');
    expect(JSON.parse(first!).info.name).toBe('MainReportVersion');
    rmSync(join(shop, 'out'), { recursive: true });
  });

  test('flags of the project', async () => {
    const file = join(shop, 'dbt_project.yml');
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, `${text}\nflags:\n  printer_width: 60\n`);
    const { stdout } = await call('run -s customers');
    writeFileSync(file, text);
    expect(stdout).toContain('1 of 1 START sql table model main.customers ................ [RUN]\n');
  });

  test('a target needs a profile', async () => {
    const { code, stdout } = await call('--target prod build');
    expect(code).toBe(2);
    expect(stdout).toContain("Runtime Error\n  Could not find profile named 'shop'\n");
  });
});

describe('debug', () => {
  test('all is well', async () => {
    const { code, stdout } = await call('debug');
    expect(code).toBe(0);
    expect(stdout).toContain(`08:37:43  Configuration:
08:37:43    profiles.yml file [OK not needed: embedded DuckDB]
08:37:43    dbt_project.yml file [OK found and valid]
08:37:43  Connection:
08:37:43    database: shop
08:37:43    schema: main
`);
    expect(stdout).toContain(
      '08:37:43    Connection test: [OK connection ok]\n08:37:43  All checks passed!\n',
    );
  });

  test('a profile that is missing', async () => {
    const { code, stdout } = await call('debug --target prod');
    expect(code).toBe(1);
    expect(stdout).toContain('  profiles.yml file [ERROR not found]\n');
    expect(stdout).toContain('  dbt_project.yml file [OK found and valid]\n');
    expect(stdout).toContain(
      "08:37:43  1 check failed:\nProfile loading failed for the following reason:\nRuntime Error\n  Could not find profile named 'shop'\n",
    );
  });
});

test('debug: a folder of profiles that is not there', async () => {
  const { code, stdout } = await call('debug --profiles-dir nowhere');
  expect(code).toBe(1);
  expect(stdout).toContain('  profiles.yml file [ERROR not found]\n');
  expect(stdout).toContain(
    'dbt looked for a profiles.yml file in nowhere/profiles.yml, but did not find one.\n',
  );
});

test('debug: a project that cannot be read', async () => {
  const broken = join(folder, 'broken');
  mkdirSync(broken);
  writeFileSync(join(broken, 'dbt_project.yml'), 'profile: shop\n');
  const { code, stdout } = await call('debug', { cwd: broken });
  expect(code).toBe(1);
  expect(stdout).toContain('  dbt_project.yml file [ERROR invalid]\n');
  expect(stdout).toContain(
    '08:37:43  1 check failed:\nProject loading failed for the following reason:\nRuntime Error\n',
  );
});

describe('clean', () => {
  test('deletes the target folder, leaves databases', async () => {
    await call('parse');
    const { code, stdout } = await call('clean');
    expect(code).toBe(0);
    expect(stdout).toBe(`08:37:43  Running with dbt=1.12.3
08:37:43  Checking ${shop}/target/*
08:37:43  Cleaned ${shop}/target/*
08:37:43  Finished cleaning all paths.
`);
    expect(existsSync(join(shop, 'target'))).toBe(false);
    expect(existsSync(join(shop, 'shop.duckdb'))).toBe(true);
  });

  test('never outside the project, never sources', async () => {
    const file = join(shop, 'dbt_project.yml');
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, `${text}\nclean-targets: [models, ../other]\n`);
    const outside = await call('clean');
    writeFileSync(file, `${text}\nclean-targets: [models, .]\n`);
    const sources = await call('clean');
    writeFileSync(file, text);
    expect(outside.code).toBe(2);
    expect(outside.stdout).toContain(
      `  dbt will not clean the following directories outside the project: ['${join(folder, 'other')}']\n`,
    );
    expect(sources.code).toBe(0);
    expect(sources.stdout).toContain(`ERROR: not cleaning ${shop}/models/* because it is protected\n`);
    expect(existsSync(join(shop, 'models/marts/customers.sql'))).toBe(true);
  });
});

test('Ctrl-C cancels the running query, says so and ends with 2', async () => {
  const model = join(shop, 'models/slow.sql');
  writeFileSync(
    model,
    "{{ config(materialized='table') }}\nselect count(*) as n from range(1000000) a, range(1000000) b where a.range * b.range % 7 = 3\n",
  );
  const { code, stdout } = await call('run -s slow', { interruptAfterMs: 3000 });
  rmSync(model);
  expect(code).toBe(2);
  expect(stdout).toContain('08:37:43  Cancelled 1 running query\n');
  expect(stdout).toContain('08:37:43  Exited because of keyboard interrupt\n');
  expect(stdout).toContain('Done. PASS=0 WARN=0 ERROR=1 SKIP=0 NO-OP=0 REUSED=0 TOTAL=1\n');
}, 30_000);
