// Measures whole commands: processor time (user + sys), wall time and peak memory, each the median of some runs.
//
//   npm run bench -- [--sizes 100,1000,10000] [--only parse,ls] [--runs 3] [--json FILE] [--shared DIR]
//
// The projects come from the generator in DIR/bench, the real data of the sample from DIR/sparkify; DIR is
// --shared, $SQ_BENCH_SHARED or ../shared. Processor time is the figure to quote: wall time needs a quiet machine.
// An aim that is missed is shown and fails nothing; a command that fails makes the exit code 1.
import { spawnSync } from 'node:child_process';
import {
  appendFileSync,
  copyFileSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { writeMacroProject } from './macro-project.mjs';
import { measure } from './measure.mjs';

const KINDS = ['startup', 'parse', 'compile', 'ls', 'run', 'build', 'macros', 'sparkify'];
/** Aims on two cores: user + sys seconds, and MB where memory has one. Sizes without an entry have none. */
const AIMS = {
  startup: { any: { cpu: 0.1 } },
  'parse, cold': { 1000: { cpu: 0.8 }, 10000: { cpu: 5, peak: 350 } },
  'parse, nothing changed': { 1000: { cpu: 0.25 }, 10000: { cpu: 0.8 } },
  'parse, one file changed': { 1000: { cpu: 0.25 }, 10000: { cpu: 0.8 } },
  'parse, one property file changed': { 1000: { cpu: 0.25 }, 10000: { cpu: 0.8 } },
  'compile, all': { 10000: { cpu: 6 } },
  'compile, one model': { 1000: { cpu: 0.25 }, 10000: { cpu: 0.8 } },
  'compile, one model, its file changed': { 1000: { cpu: 0.25 }, 10000: { cpu: 0.8 } },
  'ls, one model': { 1000: { cpu: 0.25 }, 10000: { cpu: 0.8 } },
  run: { 1000: { cpu: 5 } },
  build: { 1000: { cpu: 8 } },
  'sparkify, run': { any: { cpu: 1.7 } },
  '1,500 macros, parse, cold': { any: { cpu: 1 } },
};

const root = resolve(fileURLToPath(new URL('..', import.meta.url)));
const cli = join(root, 'dist', 'cli.js');

// ---- options ------------------------------------------------------------------------------------------------

function stop(message) {
  console.error(`bench: ${message}`);
  process.exit(2);
}

function options() {
  try {
    const { values } = parseArgs({
      options: {
        sizes: { type: 'string', default: '100,1000,10000' },
        only: { type: 'string', default: KINDS.join(',') },
        runs: { type: 'string', default: '3' },
        json: { type: 'string' },
        shared: { type: 'string', default: process.env['SQ_BENCH_SHARED'] ?? join(root, '..', 'shared') },
        help: { type: 'boolean', short: 'h', default: false },
      },
    });
    const only = values.only.split(',');
    const unknown = only.find((kind) => !KINDS.includes(kind));
    if (unknown !== undefined) throw new Error(`--only ${unknown}: one of ${KINDS.join(', ')}`);
    const sizes = values.sizes.split(',').map(Number);
    if (!sizes.every((size) => Number.isInteger(size) && size >= 10)) {
      throw new Error('--sizes: whole numbers from 10, with commas');
    }
    const runs = Number(values.runs);
    if (!Number.isInteger(runs) || runs < 1) throw new Error('--runs: a whole number from 1');
    return { ...values, only, sizes, runs, shared: resolve(values.shared) };
  } catch (error) {
    return stop(error.message);
  }
}

const given = options();
if (given.help) {
  console.log(
    'npm run bench -- [--sizes 100,1000,10000] [--only KIND,..] [--runs 3] [--json FILE] [--shared DIR]',
  );
  console.log(`kinds: ${KINDS.join(', ')}`);
  process.exit(0);
}
if (!existsSync(cli)) stop('dist/cli.js is missing: run `npm run build` first');

const scratch = mkdtempSync(join(tmpdir(), 'sq-bench-'));
process.on('exit', () => rmSync(scratch, { recursive: true, force: true }));
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(130));

const said = join(scratch, 'said.txt');
const LOGS = { DBT_LOG_PATH: join(scratch, 'logs') };

const median = (values) => [...values].sort((one, other) => one - other)[Math.floor(values.length / 2)];
const results = [];
const failures = [];

function failed(what, { code, said }) {
  failures.push(`${what}: exit code ${code}\n${said.trim().split('\n').slice(-15).join('\n')}`);
}

/** Measures one row: `prepare` runs before each run and is not measured; answers what to run. */
function row(size, name, runs, prepare) {
  const each = [];
  for (let run = 0; run < runs; run++) {
    const { command, cwd, env } = prepare(run);
    const one = measure(command, { cwd: cwd ?? root, env: { ...LOGS, ...env }, out: said });
    if (one.code !== 0) {
      failed(`${size ?? ''} ${name}`.trim(), one);
      return print({ name });
    }
    each.push({ cpu: one.cpu, wall: one.wall, peak: one.peak });
  }
  const aim = AIMS[name]?.[size ?? 'any'] ?? AIMS[name]?.any ?? {};
  const middle = Object.fromEntries(
    ['cpu', 'wall', 'peak'].map((figure) => [figure, median(each.map((one) => one[figure]))]),
  );
  const met =
    (aim.cpu === undefined || middle.cpu <= aim.cpu) && (aim.peak === undefined || middle.peak <= aim.peak);
  results.push({ size, name, ...middle, runs: each, aim, met });
  return print({ name, ...middle, aim, met });
}

function heading(text) {
  console.log(`\n${text}`);
  console.log(
    `  ${'measure'.padEnd(38)}${'user+sys'.padStart(10)}${'wall'.padStart(10)}${'peak'.padStart(10)}   aim`,
  );
}

function print({ name, cpu, wall, peak, aim, met }) {
  if (cpu === undefined) return console.log(`  ${name.padEnd(38)}${'failed'.padStart(10)}`);
  const wanted = [];
  if (aim.cpu !== undefined) wanted.push(`${aim.cpu} s`);
  if (aim.peak !== undefined) wanted.push(`${aim.peak} MB`);
  const verdict = wanted.length === 0 ? '' : `   ≤ ${wanted.join(', ')}: ${met ? 'met' : 'missed'}`;
  const figures = [`${cpu.toFixed(2)} s`, `${wall.toFixed(2)} s`, `${Math.round(peak)} MB`];
  return console.log(
    `  ${name.padEnd(38)}${figures.map((figure) => figure.padStart(10)).join('')}${verdict}`,
  );
}

const sq = (...args) => [process.execPath, cli, ...args];
const wants = (kind) => given.only.includes(kind);

/** Runs what only sets the stage; false, and told at the end, when it fails. */
function setStage({ command, env }) {
  const one = measure(command, { cwd: root, env: { ...LOGS, ...env }, out: said });
  if (one.code !== 0) failed(`sq ${command[2]}`, one);
  return one.code === 0;
}

// ---- what is measured ---------------------------------------------------------------------------------------

function startup() {
  heading('startup');
  const runs = Math.max(given.runs, 5);
  row(null, 'node -e 0', runs, () => ({ command: [process.execPath, '-e', '0'] }));
  row(null, 'startup', runs, () => ({ command: sq('--version') }));
}

/** The generated project of one size; undefined with a message when the generator is not here. */
function generated(size) {
  const generator = join(given.shared, 'bench', 'generate.py');
  if (!existsSync(generator)) {
    console.log(
      `\n${size} models: left out, ${generator} is missing (say where it is with --shared or SQ_BENCH_SHARED)`,
    );
    return undefined;
  }
  const folder = join(scratch, `models-${size}`);
  const made = spawnSync('python3', [generator, '--models', String(size), '--out', folder, '--runnable'], {
    encoding: 'utf8',
  });
  if (made.status !== 0) throw new Error(`generate.py: ${made.stderr}`);
  return { folder, shape: JSON.parse(readFileSync(join(folder, 'shape.json'), 'utf8')) };
}

function project(size) {
  const made = generated(size);
  if (made === undefined) return;
  const { folder, shape } = made;
  const leaf = join(folder, shape.leaf_file);
  const leafModel = basename(shape.leaf_file, '.sql');
  const tests = `${shape.data_tests.toLocaleString('en')} tests`;
  heading(`${size.toLocaleString('en')} models, ${shape.model_refs.toLocaleString('en')} refs, ${tests}`);

  let stage = 0;
  /** A target path and a database of their own; `database`: a file to begin with. */
  const fresh = (database) => {
    const place = join(scratch, 'stages', String(size), String(stage++));
    mkdirSync(place, { recursive: true });
    const path = join(place, 'bench.duckdb');
    if (database !== undefined) copyFileSync(database, path);
    const where = ['--project-dir', folder, '--profiles-dir', folder, '--target-path', join(place, 'target')];
    return { at: (...args) => ({ command: sq(...args, ...where), env: { BENCH_DUCKDB: path } }), path };
  };
  const touch = (run) => appendFileSync(leaf, `\n-- changed ${process.pid}.${stage++}.${run}`);
  const properties = readdirSync(join(folder, 'models'), { recursive: true }).find((name) =>
    name.endsWith('.yml'),
  );
  const describe = (run) => {
    const file = join(folder, 'models', properties);
    const text = readFileSync(file, 'utf8');
    writeFileSync(
      file,
      text.replace(/description: "?/, (found) => `${found}${run} `),
    );
  };

  // every command below but the cold ones finds what an earlier command left in its target path
  const warm = fresh();
  if (!setStage(warm.at('parse'))) return;

  if (wants('parse')) {
    row(size, 'parse, cold', given.runs, () => fresh().at('parse'));
    row(size, 'parse, nothing changed', given.runs, () => warm.at('parse'));
    row(size, 'parse, one file changed', given.runs, (run) => {
      touch(run);
      return warm.at('parse');
    });
    row(size, 'parse, one property file changed', given.runs, (run) => {
      describe(run);
      return warm.at('parse');
    });
  }
  if (wants('compile')) {
    row(size, 'compile, all, cold', given.runs, () => fresh().at('compile'));
    row(size, 'compile, all', given.runs, () => warm.at('compile'));
    row(size, 'compile, one model', given.runs, () => warm.at('compile', '--select', leafModel));
    row(size, 'compile, one model, its file changed', given.runs, (run) => {
      touch(run);
      return warm.at('compile', '--select', leafModel);
    });
  }
  if (wants('ls')) {
    row(size, 'ls, all', given.runs, () => warm.at('ls'));
    row(size, 'ls, tag:hourly+', given.runs, () => warm.at('ls', '--select', 'tag:hourly+'));
    row(size, 'ls, one model', given.runs, () => warm.at('ls', '--select', leafModel));
  }
  // minutes of the engine's own work: once is enough
  const runs = size >= 10_000 ? 1 : given.runs;
  if (wants('run')) {
    const seeded = fresh();
    if (setStage(seeded.at('seed'))) row(size, 'run', runs, () => fresh(seeded.path).at('run'));
  }
  if (wants('build')) row(size, 'build', runs, () => fresh().at('build'));
  rmSync(folder, { recursive: true, force: true });
  rmSync(join(scratch, 'stages', String(size)), { recursive: true, force: true });
}

function macros() {
  const folder = join(scratch, 'macros');
  writeMacroProject(folder);
  const where = ['--project-dir', folder, '--profiles-dir', folder];
  heading('1,500 macros in 20 packages, 100 models');
  row(null, '1,500 macros, parse, cold', given.runs, () => {
    rmSync(join(folder, 'target'), { recursive: true, force: true });
    return { command: sq('parse', ...where) };
  });
  row(null, '1,500 macros, parse, nothing changed', given.runs, () => ({ command: sq('parse', ...where) }));
}

function sparkify() {
  const sample = join(scratch, 'sparkify');
  for (const part of ['dbt_project.yml', 'models', 'macros', 'tests', 'project']) {
    cpSync(join(root, part), join(sample, part), { recursive: true });
  }
  const at = (data, ...args) => {
    rmSync(join(sample, 'sparkify.duckdb'), { force: true });
    rmSync(join(sample, 'target'), { recursive: true, force: true });
    const vars = data === undefined ? [] : ['--vars', JSON.stringify({ data })];
    return { command: sq(...args, ...vars), cwd: sample };
  };
  heading('Sparkify: the sample project, nothing there before');
  row(null, 'bundled data, build', given.runs, () => at(undefined, 'build'));
  const real = join(given.shared, 'sparkify');
  if (!existsSync(join(real, 'log_data'))) {
    console.log(`  the real data is left out: no ${join(real, 'log_data')} (say where with --shared)`);
    return;
  }
  row(null, 'sparkify, run', given.runs, () => at(real, 'run'));
  row(null, 'sparkify, build', given.runs, () => at(real, 'build'));
}

// ---- all of it ----------------------------------------------------------------------------------------------

if (wants('startup')) startup();
if (['parse', 'compile', 'ls', 'run', 'build'].some(wants)) for (const size of given.sizes) project(size);
if (wants('macros')) macros();
if (wants('sparkify')) sparkify();

console.log(`\nmedian of ${given.runs} runs, Node ${process.version}, ${cpus().length} cores`);
if (given.json !== undefined) {
  const report = { node: process.version, cores: cpus().length, platform: process.platform, results };
  writeFileSync(given.json, `${JSON.stringify(report, null, 2)}\n`);
}
for (const failure of failures) console.error(`\n${failure}`);
process.exitCode = failures.length > 0 ? 1 : 0;
