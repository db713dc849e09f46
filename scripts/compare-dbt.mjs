// Builds the projects of scripts/compare-dbt with sq and with dbt-core + dbt-duckdb and compares what came out:
// every table row by row, the lines of `ls`, the manifest up to the differences listed below.
//
//   SQ_CONF_PYTHON=<python of the conformance suite> npm run compare-dbt -- [--only shop] [--keep]
//
// Without such a Python it says so and ends well. Exit code 1 when something differs.
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { DuckDBInstance } from '@duckdb/node-api';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const PROJECTS = join(ROOT, 'scripts/compare-dbt');
const PACKAGES = ['tools'];

/** Fields in which two runs, or two programs, may differ; see docs/compatibility.md. */
const RUN_FIELDS = new Set([
  'created_at',
  'root_path',
  'build_path',
  'compiled_path',
  'compiled',
  'compiled_code',
  'extra_ctes',
  'extra_ctes_injected',
]);
/** dbt gives a group the folder config of models; nothing reads it. */
const GROUP_CONFIG = /^groups \S+\.config\./;
/** Tables whose rows tell the time of the run. */
const TIME_COLUMNS = /^(dbt_updated_at|dbt_valid_from|dbt_valid_to|dbt_scd_id)$/;

const { values } = parseArgs({
  options: { only: { type: 'string' }, keep: { type: 'boolean', default: false } },
});
const python = process.env.SQ_CONF_PYTHON;
if (!python || !existsSync(python)) {
  console.log('skipped: SQ_CONF_PYTHON does not name a Python with dbt-core and dbt-duckdb');
  process.exit(0);
}
const scratch = mkdtempSync(join(tmpdir(), 'sq-compare-'));
let differences = 0;
for (const project of readdirSync(PROJECTS).filter((name) => !PACKAGES.includes(name))) {
  if (values.only !== undefined && values.only !== project) continue;
  differences += await compare(project);
}
if (values.keep) console.log(`kept: ${scratch}`);
else rmSync(scratch, { recursive: true, force: true });
process.exit(differences === 0 ? 0 : 1);

async function compare(project) {
  const sides = { sq: [process.execPath, join(ROOT, 'dist/cli.js')], dbt: [join(dirname(python), 'dbt')] };
  const outputs = {};
  for (const [side, command] of Object.entries(sides)) outputs[side] = build(project, side, command);
  const found = [
    ...different('ls', outputs.sq.ls, outputs.dbt.ls),
    ...differentManifests(outputs.sq.manifest, outputs.dbt.manifest),
    ...(await differentTables(outputs.sq.database, outputs.dbt.database)),
  ];
  const { tables } = outputs.sq;
  console.log(
    `${project}: ${found.length === 0 ? 'the same' : `${found.length} differences`} (${outputs.sq.ls.length} lines of ls${tables ?? ''})`,
  );
  for (const line of found.slice(0, 40)) console.log(`  ${line}`);
  return found.length;
}

function build(project, side, command) {
  const folder = join(scratch, side);
  cpSync(PROJECTS, folder, { recursive: true });
  const dir = join(folder, project);
  const database = join(dir, 'compare.duckdb');
  const output = { type: 'duckdb', path: database, schema: 'main', threads: 1 };
  writeFileSync(
    join(dir, 'profiles.yml'),
    JSON.stringify({ compare: { target: 'dev', outputs: { dev: output } } }),
  );
  const run = (...args) => {
    const [program, ...first] = command;
    const env = { ...process.env, DBT_SEND_ANONYMOUS_USAGE_STATS: 'false', NO_COLOR: '1', HOME: scratch };
    const done = spawnSync(program, [...first, ...args, '--profiles-dir', '.'], {
      cwd: dir,
      env,
      encoding: 'utf8',
    });
    if (done.status !== 0)
      throw new Error(`${side} ${args.join(' ')} in ${project}:\n${done.stdout}${done.stderr}`);
    return done.stdout;
  };
  // as `deps` leaves it; packages are compared elsewhere
  for (const name of PACKAGES)
    cpSync(join(folder, name), join(dir, 'dbt_packages', name), { recursive: true });
  run('seed');
  // twice: incremental models and snapshots have a second day
  run('build');
  run('build');
  const ls = run('--quiet', 'ls').split('\n').filter(Boolean).sort();
  return { database, ls, manifest: JSON.parse(readFileSync(join(dir, 'target/manifest.json'), 'utf8')) };
}

function different(what, ours, theirs) {
  return [
    ...ours.filter((line) => !theirs.includes(line)).map((line) => `${what}: only sq has ${line}`),
    ...theirs.filter((line) => !ours.includes(line)).map((line) => `${what}: only dbt has ${line}`),
  ];
}

function differentManifests(ours, theirs) {
  const found = [];
  for (const part of [
    'nodes',
    'sources',
    'exposures',
    'groups',
    'unit_tests',
    'docs',
    'macros',
    'disabled',
    'parent_map',
    'child_map',
    'group_map',
    'selectors',
    'functions',
  ]) {
    const mine = own(ours[part]);
    const other = own(theirs[part]);
    found.push(...different(part, Object.keys(mine), Object.keys(other)));
    for (const key of Object.keys(mine))
      if (key in other) found.push(...differentValues(`${part} ${key}`, mine[key], other[key]));
  }
  return found;
}

/** Macros and docs of dbt itself are not those of sq. */
function own(part) {
  return Object.fromEntries(
    Object.entries(part ?? {}).filter(([key]) => !/^(macro|doc)\.dbt(_|\.)/.test(key)),
  );
}

function differentValues(path, ours, theirs) {
  if (GROUP_CONFIG.test(path) || JSON.stringify(ours) === JSON.stringify(theirs)) return [];
  if (!isRecord(ours) || !isRecord(theirs)) {
    if (Array.isArray(ours) && Array.isArray(theirs) && sorted(ours) === sorted(theirs)) return [];
    return [
      `${path}: sq ${JSON.stringify(ours)?.slice(0, 150)}, dbt ${JSON.stringify(theirs)?.slice(0, 150)}`,
    ];
  }
  const keys = new Set([...Object.keys(ours), ...Object.keys(theirs)]);
  return [...keys]
    .filter((key) => !RUN_FIELDS.has(key))
    .flatMap((key) => differentValues(`${path}.${key}`, ours[key], theirs[key]));
}

/** Order within a list of ids tells nothing; macros of dbt that a node calls are not compared by name. */
function sorted(list) {
  const text = (item) => (typeof item === 'string' ? item : JSON.stringify(item));
  return JSON.stringify(
    list
      .map(text)
      .filter((item) => !/^macro\.dbt(_|\.)/.test(item))
      .sort(),
  );
}

function isRecord(value) {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

async function differentTables(ours, theirs) {
  const mine = await tablesOf(ours);
  const other = await tablesOf(theirs);
  const found = different('tables', Object.keys(mine), Object.keys(other));
  for (const [name, rows] of Object.entries(mine)) {
    if (other[name] !== undefined) found.push(...different(`rows of ${name}`, rows, other[name]));
  }
  return found;
}

/** Rows of every table and view as text, sorted, with the columns' names and types. */
async function tablesOf(database) {
  const instance = await DuckDBInstance.create(database, { access_mode: 'READ_ONLY' });
  const connection = await instance.connect();
  const read = async (sql) => (await connection.runAndReadAll(sql)).getRowsJson();
  const tables = {};
  for (const [schema, name] of await read(
    'select table_schema, table_name from information_schema.tables order by all',
  )) {
    const columns = await read(
      `select column_name, data_type from information_schema.columns where table_schema = '${schema}' and table_name = '${name}' order by ordinal_position`,
    );
    const shown = columns.filter(([column]) => !TIME_COLUMNS.test(column)).map(([column]) => `"${column}"`);
    const rows = await read(`select ${shown.join(', ')} from "${schema}"."${name}"`);
    tables[`${schema}.${name}`] = [JSON.stringify(columns), ...rows.map((row) => JSON.stringify(row)).sort()];
  }
  connection.closeSync();
  instance.closeSync();
  return tables;
}
