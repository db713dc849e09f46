// dbt's adapter suites against the built command, on DuckDB and PostgreSQL; the tests that have passed must pass.
//
//   npm run conformance -- [--adapter duckdb|postgres] [--only EXPRESSION] [--update] [--jobs 2] [--suite DIR]
//
// The suites are DIR (default ../shared/conformance, or $SQ_CONFORMANCE); .ci/conformance/<adapter>.txt lists what
// has passed. --update adds what passes now; the lists only grow. Exit code 1 when a listed test fails twice.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const { values } = parseArgs({
  options: {
    adapter: { type: 'string', multiple: true, default: ['duckdb', 'postgres'] },
    only: { type: 'string' },
    update: { type: 'boolean', default: false },
    jobs: { type: 'string', default: '2' },
    suite: { type: 'string', default: process.env.SQ_CONFORMANCE ?? resolve(ROOT, '../shared/conformance') },
  },
});

const absent = whatIsAbsent();
if (absent !== undefined) {
  console.log(`skipped: ${absent}`);
  process.exit(0);
}
const scratch = mkdtempSync(join(tmpdir(), 'sq-conformance-'));
const cache = join(scratch, 'cache');
mkdirSync(cache, { recursive: true });
const port = await freePort();
let broken = 0;
try {
  for (const adapter of values.adapter) broken += check(adapter);
} finally {
  if (values.adapter.includes('postgres')) stopPostgres();
  rmSync(scratch, { recursive: true, force: true });
}
process.exit(broken === 0 ? 0 : 1);

/** Answers how many listed tests failed. */
function check(adapter) {
  const list = join(ROOT, '.ci/conformance', `${adapter}.txt`);
  const known = existsSync(list) ? readFileSync(list, 'utf8').split('\n').filter(Boolean) : [];
  const first = run(adapter, values.only);
  const asked = (test) => values.only === undefined || test in first.messages;
  const failing = known.filter((test) => asked(test) && !first.passed.has(test));
  // a busy machine can fail a test that waits: what fails twice is broken
  const again = failing.length === 0 ? first : run(adapter, expression(failing));
  const broken = failing.filter((test) => !again.passed.has(test));
  const total = first.total;
  console.log(`${adapter}: ${first.passed.size} of ${total} usable tests pass, ${known.length} are listed`);
  for (const test of broken)
    console.log(`  has passed before, and fails: ${test}\n${indented(again.messages[test])}`);
  const grown = [...new Set([...known, ...first.passed])].sort();
  if (values.update) {
    writeFileSync(list, `${grown.join('\n')}\n`);
    console.log(`  ${list}: ${grown.length - known.length} added`);
  } else if (grown.length > known.length) {
    console.log(`  ${grown.length - known.length} pass that are not listed: npm run conformance -- --update`);
  }
  return broken.length;
}

function run(adapter, only) {
  const report = join(scratch, `${adapter}.json`);
  rmSync(report, { force: true });
  const args = [
    ['--adapter', adapter, '--bin', `${process.execPath} ${join(ROOT, 'dist/cli.js')}`, '--report', report],
    ['--cache', cache, '--jobs', values.jobs, '--pg-port', String(port), '--timeout', '180'],
    only === undefined ? [] : ['-k', only],
  ];
  // a colour or a log format of the caller's shell must not change what the suites read
  const env = { ...process.env };
  for (const key of ['NO_COLOR', 'FORCE_COLOR', 'CI']) delete env[key];
  const done = spawnSync(join(values.suite, 'run'), args.flat(), { encoding: 'utf8', env, maxBuffer: 1e9 });
  if (!existsSync(report)) throw new Error(`the suites did not run:\n${done.stdout}\n${done.stderr}`);
  // the suite's closing line is not that of whoever calls this
  if (only === values.only)
    process.stdout.write(done.stdout.replace(/^(?=\d+ passed, \d+ failed)/gm, 'dbt suite: '));
  const { tests } = JSON.parse(readFileSync(report, 'utf8'));
  const good = Object.keys(tests).filter((test) => /^(passed|xfailed|xpassed)$/.test(tests[test].outcome));
  return {
    passed: new Set(good),
    total: Object.keys(tests).length,
    messages: Object.fromEntries(Object.entries(tests).map(([test, { msg }]) => [test, msg ?? ''])),
  };
}

/** pytest's -k takes names of classes. */
function expression(tests) {
  return [...new Set(tests.map((test) => test.slice(0, test.indexOf('::'))))].join(' or ');
}

function indented(message = '') {
  return message.split('\n').slice(-12).join('\n    ');
}

function whatIsAbsent() {
  if (!existsSync(join(values.suite, 'run'))) return `there are no suites in ${values.suite}`;
  if (!existsSync(join(ROOT, 'dist/cli.js'))) return 'dist/cli.js is not built: npm run build';
  if (process.env.SQ_CONF_PYTHON) return undefined;
  const python = process.env.SQ_CONF_BASE_PYTHON ?? 'python3.11';
  const { status } = spawnSync(python, ['-c', 'import venv, ensurepip'], { stdio: 'ignore' });
  return status === 0 ? undefined : `${python} with venv is not here (SQ_CONF_BASE_PYTHON names another)`;
}

function stopPostgres() {
  const python = process.env.SQ_CONF_PYTHON ?? join(cache, 'venv/bin/python');
  spawnSync(python, ['-m', 'sqconf.pg', 'down', cache, String(port)], {
    env: { ...process.env, PYTHONPATH: values.suite, PYTHONDONTWRITEBYTECODE: '1' },
  });
}

function freePort() {
  return new Promise((done) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => done(port));
    });
  });
}
