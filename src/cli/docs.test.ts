/** `sq docs` as a person calls it, on a small project on the embedded engine. */
import { existsSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { inflateRawSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CliProject } from '../testing/cli-project.ts';

const FILES = {
  'dbt_project.yml': 'name: shop\nversion: "1.0"\nprofile: shop\nmodels: {+materialized: table}\n',
  'seeds/raw_orders.csv': 'id,amount\n1,10\n2,20\n',
  'models/orders.sql': "select id, amount, 1 as one from {{ ref('raw_orders') }}\n",
  'models/totals.sql': "select sum(amount) as total from {{ ref('orders') }}\n",
  'models/orders.yml':
    'models:\n  - name: orders\n    columns:\n      - name: id\n        description: The order.\n        data_tests: [unique]\n',
};

/** Files as old as this are not looked into again by the next parse (docs/architecture.md). */
const settled = () => new Promise((resolve) => setTimeout(resolve, 150));

/** What is not about columns goes without tracing them. */
const QUICK = 'docs generate --no-column-lineage';

let shop: CliProject;
beforeEach(async () => {
  shop = new CliProject(FILES);
  await settled();
});
afterEach(() => shop.remove());

const artefact = (name: string) => JSON.parse(shop.read(`target/${name}`));
const page = () => statSync(join(shop.dir, 'target/index.html')).mtimeMs;
const plain = (text: string) => shop.plain(text).replace(/\(\d+ kB\)/g, '(0 kB)');

/** All chunks of the page, inflated: what a reader could see in it. */
function inflated(path = 'target/index.html'): string {
  return [...shop.read(path).matchAll(/<script type="text\/plain" id="sq-[\w-]+">([^<]*)</g)]
    .map(([, chunk]) => inflateRawSync(Buffer.from(chunk!, 'base64')).toString())
    .join('\n');
}

const HEAD = `08:00:00  Running with dbt=1.12.3
08:00:00  Using the embedded DuckDB in shop.duckdb: no profiles.yml has the profile 'shop'
08:00:00  Registered adapter: duckdb=1.11.1
`;

describe('sq docs generate', () => {
  it('writes both artefacts and the page, and says where', async () => {
    await shop.here('build');
    const { code, stdout, stderr } = await shop.here('docs generate');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(plain(stdout).replace(/^.*Found .*\n/m, '')).toBe(`${HEAD}08:00:00  Building catalog
08:00:00  
08:00:00  Concurrency: 4 threads (target='default')
08:00:00  
08:00:00  Catalog written to <project>/target/catalog.json
08:00:00  Docs page written to <project>/target/index.html (0 kB)
<project>/target/index.html
`);
    const { nodes, errors } = artefact('catalog.json');
    expect(nodes['model.shop.orders'].stats.row_count.value).toBe(2);
    expect(errors).toBeNull();
    expect(artefact('manifest.json').nodes['model.shop.totals'].compiled_code).toContain(
      'select sum(amount)',
    );
    expect(inflated()).toContain('The order.');
  });

  it('bare, too', async () => {
    const { code, stdout } = await shop.here('docs');
    expect([code, plain(stdout).split('\n').at(-2)]).toEqual([0, '<project>/target/index.html']);
  });

  it('does nothing twice: neither compiling nor the page', async () => {
    await shop.here(QUICK);
    const [before, manifest] = [page(), artefact('manifest.json')];
    const { stdout } = await shop.here(QUICK);
    expect(stdout).not.toMatch(/Concurrency|Docs page written/);
    expect(page()).toBe(before);
    expect(artefact('manifest.json').nodes).toEqual(manifest.nodes);
    expect(artefact('manifest.json').metadata.invocation_id).not.toBe(manifest.metadata.invocation_id);
  });

  it.each([
    ['a file of the project', () => shop.write({ 'models/more.sql': 'select 1 as a' })],
    ['a run', () => shop.here('run')],
    ['a check of sources', () => shop.write({ 'target/sources.json': '{}' })],
    ['another option', () => undefined, `${QUICK} --no-compiled-code`],
    ['a secret', () => undefined, undefined, { SQ_SECRET_A: 'amount' }],
    ['the page is gone', () => rmSync(join(shop.dir, 'target/index.html'))],
    ['the state is no JSON', () => shop.write({ 'target/.sq_docs.json': '{' })],
  ] as [string, () => unknown, string?, Record<string, string>?][])(
    'makes the page again after %s',
    async (_, change, call = QUICK, env = {}) => {
      await shop.here(QUICK);
      await change();
      expect((await shop.here(call, env)).stdout).toContain('Docs page written to');
    },
  );

  it('compiles again what asks the warehouse', async () => {
    shop.write({ 'models/asks.sql': "select {{ run_query('select 7').columns[0].values()[0] }} as seven" });
    await shop.here(QUICK);
    expect((await shop.here(QUICK)).stdout).toContain('Concurrency');
  });

  it('compiles an incremental model again when its table has come into being', async () => {
    shop.write({
      'models/grows.sql':
        "{{ config(materialized='incremental') }} select 1 as a {% if is_incremental() %}where false{% endif %}",
    });
    await settled();
    await shop.here(QUICK);
    expect((await shop.here(QUICK)).stdout).not.toContain('Concurrency');
    await shop.here('run -s grows');
    await shop.here(QUICK);
    expect(artefact('manifest.json').nodes['model.shop.grows'].compiled_code).toContain('where false');
  });

  it('--empty-catalog asks nobody; types come from the SQL', async () => {
    await shop.here('build');
    const { code, stdout } = await shop.here('docs generate --empty-catalog');
    expect([code, stdout.includes('Building catalog')]).toEqual([0, false]);
    expect(artefact('catalog.json').nodes).toEqual({});
    expect(inflated()).toContain('HUGEINT');
  });

  it('--select limits catalog and compiling, not the page', async () => {
    await shop.here('build');
    await shop.here(`${QUICK} -s orders`);
    expect(Object.keys(artefact('catalog.json').nodes)).toEqual(['model.shop.orders']);
    expect(inflated()).toContain('totals');
  });

  it('--no-compile shows what target/compiled has, unless it is older than its model', async () => {
    await shop.here('compile');
    shop.write({ 'models/totals.sql': "select max(amount) as total from {{ ref('orders') }}\n" });
    await shop.here(`${QUICK} --no-compile`);
    expect(inflated()).toContain('1 as one from \\"shop\\".\\"main\\".\\"raw_orders\\"');
    expect(inflated()).not.toMatch(/(sum|max)\(amount\) as total from \\"shop\\"/);
  });

  it('--output-dir, --static and --split', async () => {
    await shop.here(`${QUICK} --output-dir public --static --split`);
    for (const name of [
      'index.html',
      'static_index.html',
      'manifest.json',
      'catalog.json',
      'data/code-0.js',
    ]) {
      expect(existsSync(join(shop.dir, 'public', name)), name).toBe(true);
    }
    expect(existsSync(join(shop.dir, 'target/index.html'))).toBe(false);
  });

  it('gives the same bytes for the same project', async () => {
    const env = { SOURCE_DATE_EPOCH: '1764000000' };
    await shop.here(QUICK, env);
    const first = shop.read('target/index.html');
    rmSync(join(shop.dir, 'target'), { recursive: true });
    await shop.here(QUICK, env);
    expect(shop.read('target/index.html')).toBe(first);
  });

  it('shows no secret, in no file', async () => {
    const env = { SQ_SECRET_TOKEN: 'hush-hush-hush', DBT_ENV_SECRET_KEY: 'quiet-quiet' };
    shop.write({
      'models/leaky.sql':
        "-- {{ env_var('SQ_SECRET_TOKEN') }} hush-hush-hush quiet-quiet\nselect 1 as a, 'hush-hush-hush' as b",
    });
    await shop.here('build --docs', env);
    await shop.here(QUICK, env);
    const texts = ['catalog.json', 'index.html', 'run_results.json'].map((name) =>
      shop.read(`target/${name}`),
    );
    expect(/hush-hush-hush|quiet-quiet/.exec([...texts, inflated()].join('\n'))).toBeNull();
    expect(inflated()).toContain('*****');
  });
});

describe('sq build --docs', () => {
  it('shows what failed; the exit code is that of the build', async () => {
    shop.write({ 'seeds/raw_orders.csv': 'id,amount\n1,10\n1,20\n' });
    const { code, stdout } = await shop.here('build --docs');
    expect(code).toBe(1);
    expect(stdout).toContain('Docs page written to');
    expect(inflated()).toContain('Got 1 result');
  });
});

describe('what goes wrong is one message', () => {
  it('a warehouse that does not answer: the page is made without it, exit code 1', async () => {
    shop.write({
      'profiles.yml': JSON.stringify({
        shop: {
          target: 'dev',
          outputs: {
            dev: {
              type: 'postgres',
              host: '127.0.0.1',
              port: 1,
              user: 'a',
              password: 'pass-word-1',
              dbname: 'shop',
              schema: 'main',
              threads: 1,
              retries: 0,
            },
          },
        },
      }),
    });
    const { code, stdout } = await shop.here(QUICK);
    expect(code).toBe(1);
    const lines = plain(stdout).split('\n');
    const from = lines.findIndex((line) => line.includes('Building catalog'));
    expect(lines.slice(from).join('\n')).toMatchInlineSnapshot(`
      "08:00:00  Building catalog
      08:00:00  
      08:00:00  Concurrency: 1 thread (target='dev')
      08:00:00  
      08:00:00  Database Error
                  Nothing listens at 127.0.0.1:1 (PostgreSQL): connect ECONNREFUSED 127.0.0.1:1
                  hint: is the server running, are \`host\` and \`port\` right, does it listen on that address (listen_addresses)?
      08:00:00  [ERROR]: dbt encountered 1 failure while writing the catalog
      08:00:00  Catalog written to <project>/target/catalog.json
      08:00:00  Docs page written to <project>/target/index.html (0 kB)
      <project>/target/index.html
      "
    `);
    expect(artefact('catalog.json').errors).toHaveLength(1);
    expect(inflated()).toContain('orders');
  });

  it('a model that cannot be analysed hides no other', async () => {
    shop.write({ 'models/odd.sql': 'select * from (this is no query' });
    const { code, stdout } = await shop.here('docs generate --empty-catalog');
    expect(code).toBe(0);
    expect(stdout.split('\n').filter((line) => line.includes('No column lineage of'))).toHaveLength(1);
    expect(inflated()).toContain('totals');
  });

  it('artefacts of another version, or half of one, count as none', async () => {
    shop.write({
      'target/manifest.json':
        '{"metadata":{"dbt_schema_version":"https://schemas.getdbt.com/dbt/manifest/v4.json"}}',
      'target/catalog.json': '{"metadata":{"dbt_schema_ver',
      'target/sources.json':
        '{"metadata":{"dbt_schema_version":"https://schemas.getdbt.com/dbt/sources/v1.json"}}',
      '.sq/history/20261121T080000000Z-0000aaaa.json': '{"version":99}',
    });
    const { code, stderr } = await shop.here(QUICK);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(artefact('manifest.json').metadata.dbt_schema_version).toContain('/v12.json');
  });

  it('a page that cannot be written', async () => {
    writeFileSync(join(shop.dir, 'public'), 'a file');
    const { code, stdout } = await shop.here(`${QUICK} --output-dir public`);
    expect(code).toBe(2);
    expect(plain(stdout).slice(plain(stdout).indexOf('[ERROR]'))).toBe(
      '[ERROR]: Encountered an error:\nRuntime Error\n  public: there is a file of that name\n  hint: rename or remove that file\n',
    );
  });

  it('a port in use', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as { port: number };
    const { code, stdout } = await shop.here(`docs serve --no-browser --port ${port}`);
    await new Promise((resolve) => other.close(resolve));
    expect(code).toBe(2);
    expect(stdout.slice(stdout.indexOf('[ERROR]'))).toBe(
      `[ERROR]: Encountered an error:\nRuntime Error\n  Port ${port} of 127.0.0.1 is in use by another program\n  hint: choose another one, 'sq docs serve --port ${port + 1}', or --port 0 for any that is free\n`,
    );
    expect(existsSync(join(shop.dir, 'target/index.html'))).toBe(false);
  });

  it('a command of docs that there is not', async () => {
    const { code, stderr } = await shop.here('docs generat');
    expect([code, stderr]).toEqual([
      2,
      "Usage: sq [OPTIONS] COMMAND [ARGS]...\nTry 'sq --help' for help.\n\nError: No such command 'docs generat'. Did you mean 'docs generate'?\n",
    ]);
  });
});
