// Measures `sq docs generate` as a whole process on made-up projects: processor time, wall time, peak memory.
// The page in the browser is the other half: scripts/bench-docs-page.mjs, which runs after it.
//
//   npm run bench:docs -- [--sizes 1000,10000] [--columns] [--shared DIR] [--no-page]
//
// `--columns` also measures with column lineage. An aim that is missed is shown and fails nothing: wall time needs a
// quiet machine.
import { spawnSync } from 'node:child_process';
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { loadavg, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { DuckDBInstance } from '@duckdb/node-api';
import { measure } from './measure.mjs';

const root = resolve(fileURLToPath(new URL('..', import.meta.url)));
const { values } = parseArgs({
  allowNegative: true,
  options: {
    sizes: { type: 'string', default: '1000,10000' },
    columns: { type: 'boolean', default: false },
    page: { type: 'boolean', default: true },
    shared: { type: 'string', default: process.env.SQ_BENCH_SHARED ?? join(root, '..', 'shared') },
  },
});
const generator = join(values.shared, 'bench', 'generate.py');
const cli = join(root, 'dist', 'cli.js');
for (const needed of [generator, cli]) {
  if (existsSync(needed)) continue;
  console.error(`${needed} is missing: npm run build, and --shared for the folder of the generator`);
  process.exit(1);
}

/** Seconds of wall; MB of the whole process, its threads included. */
const AIMS = {
  'docs, cold': { 1000: { wall: 5 }, 10000: { wall: 25, peak: 1024 } },
  'docs, nothing changed': { 10000: { wall: 4, peak: 1024 } },
  'docs with columns, cold': { 10000: { wall: 60, peak: 1024 } },
};

const scratch = mkdtempSync(join(tmpdir(), 'sq-bench-docs-'));
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }));

function sq(project, ...args) {
  const words = [process.execPath, cli, ...args, '--project-dir', project, '--profiles-dir', project];
  const env = { BENCH_DUCKDB: join(project, 'bench.duckdb') };
  const result = measure(words, { env, out: join(scratch, 'said.txt') });
  if (result.code !== 0)
    throw new Error(`sq ${args.join(' ')}: exit code ${result.code}\n${result.said.slice(-2000)}`);
  return result;
}

/** A table for every node that has one, six columns and ten rows each: the catalog is read, not what built it. */
async function fill(project) {
  sq(project, 'parse', '--quiet');
  const manifest = JSON.parse(readFileSync(join(project, 'target', 'manifest.json'), 'utf8'));
  const database = await DuckDBInstance.create(join(project, 'bench.duckdb'));
  const connection = await database.connect();
  await connection.run('begin');
  const relations = [...Object.values(manifest.nodes), ...Object.values(manifest.sources)].filter(
    ({ relation_name, resource_type }) => relation_name && resource_type !== 'test',
  );
  for (const schema of new Set(relations.map((node) => node.schema))) {
    await connection.run(`create schema if not exists "${schema}"`);
  }
  for (const { schema, alias, identifier } of relations) {
    await connection.run(
      `create table if not exists "${schema}"."${alias ?? identifier}" as select range as id, 'x' as name, current_timestamp as at, 1.5::decimal(18,2) as amount, true as ok, 1.0::double as share from range(10)`,
    );
  }
  await connection.run('commit');
  connection.closeSync();
  database.closeSync();
}

function row(size, name, { wall, cpu, peak }) {
  const aim = AIMS[name]?.[size] ?? {};
  const wanted = Object.entries(aim).map(([figure, limit]) => `${figure} ≤ ${limit}`);
  const figures = [`${cpu.toFixed(1)} s cpu`, `${wall.toFixed(1)} s wall`, `${Math.round(peak)} MB`];
  console.log(
    `  ${name.padEnd(34)}${figures.map((one) => one.padStart(12)).join('')}   ${wanted.join(', ')}`.trimEnd(),
  );
}

for (const size of values.sizes.split(',').map(Number)) {
  const project = join(scratch, `models-${size}`);
  spawnSync('python3', [generator, '--models', String(size), '--out', project, '--runnable']);
  await fill(project);
  console.log(`${size} models; load of the machine ${loadavg()[0].toFixed(1)}`);
  const variants = [
    ['docs', ['--no-column-lineage']],
    ...(values.columns ? [['docs with columns', []]] : []),
  ];
  for (const [name, flags] of variants) {
    const generate = () => sq(project, 'docs', 'generate', '--quiet', ...flags);
    rmSync(join(project, 'target'), { recursive: true, force: true });
    row(size, `${name}, cold`, generate());
    row(size, `${name}, nothing changed`, generate());
    const { leaf_file: leaf } = JSON.parse(readFileSync(join(project, 'shape.json'), 'utf8'));
    appendFileSync(join(project, leaf), '\n-- edited\n');
    row(size, `${name}, one model changed`, generate());
  }
}
const page = join(root, 'scripts', 'bench-docs-page.mjs');
if (values.page && existsSync(page))
  spawnSync(process.execPath, [page, '--sizes', values.sizes], { stdio: 'inherit' });
