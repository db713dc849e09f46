// sq against dbt-postgres on a throw-away PostgreSQL: wall and processor time, and the statements each sends.
//
//   npm run bench:postgres -- [--models 1000] [--seed-rows 1000000] [--threads 4] [--dbt PATH] [--shared DIR] [--json FILE]
//
// Without --dbt a virtual environment is made from DIR/conformance/requirements.txt. Statements are counted in the
// server's own log (log_statement = all), by database. The server runs on 127.0.0.1 without durability: both sides
// write the same tables, what is compared is the client and what it asks for.
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  chownSync,
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { cpus, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { measure } from './measure.mjs';

const root = resolve(fileURLToPath(new URL('..', import.meta.url)));
const { values: given } = parseArgs({
  options: {
    models: { type: 'string', default: '1000' },
    'seed-rows': { type: 'string', default: '1000000' },
    threads: { type: 'string', default: '4' },
    dbt: { type: 'string' },
    shared: { type: 'string', default: process.env.SQ_BENCH_SHARED ?? join(root, '..', 'shared') },
    json: { type: 'string' },
  },
});
const shared = resolve(given.shared);
const cli = resolve(root, process.env.SQ_DIST || 'dist', 'cli.js');
if (!existsSync(cli)) stop(`${cli} is missing: run \`npm run build\` first`);

const scratch = mkdtempSync(join(tmpdir(), 'sq-bench-pg-'));
chmodSync(scratch, 0o755);

function stop(message) {
  console.error(`bench: ${message}`);
  process.exit(2);
}

// ---- the server ---------------------------------------------------------------------------------------------

const account = ['postgres', 'nobody']
  .map((user) => ['-u', '-g'].map((flag) => spawnSync('id', [flag, user], { encoding: 'utf8' })))
  .find((asked) => asked.every(({ status }) => status === 0))
  ?.map(({ stdout }) => Number(stdout));

/** The server refuses to run as root. */
function asServer(command) {
  if (process.getuid() !== 0 || account === undefined) return command;
  const [uid, gid] = account;
  return ['setpriv', `--reuid=${uid}`, `--regid=${gid}`, '--clear-groups', ...command];
}

function must(command, options = {}) {
  const done = spawnSync(command[0], command.slice(1), { encoding: 'utf8', cwd: tmpdir(), ...options });
  if (done.status !== 0) throw new Error(`${command.join(' ')}: ${done.stderr || done.error?.message}`);
  return done.stdout;
}

const freePort = () =>
  new Promise((done) => {
    const probe = createServer();
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => done(port));
    });
  });

const data = join(scratch, 'data');
const log = join(data, 'server.log');
const port = await freePort();

function startServer() {
  mkdirSync(data);
  if (process.getuid() === 0 && account !== undefined) chownSync(data, account[0], account[1]);
  must(
    asServer([
      'initdb',
      '-D',
      data,
      '-U',
      'bench',
      '-A',
      'trust',
      '-E',
      'UTF8',
      '--locale=C.UTF-8',
      '--no-sync',
    ]),
  );
  const options = [
    `-p ${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories=''`,
    '-c fsync=off -c full_page_writes=off -c log_statement=all -c max_connections=50',
    `-c log_line_prefix='[%d] '`,
  ].join(' ');
  must(asServer(['pg_ctl', '-D', data, '-l', log, '-w', '-o', options, 'start']), { stdio: 'ignore' });
}

const stopServer = () =>
  spawnSync(
    asServer(['pg_ctl'])[0],
    [...asServer(['pg_ctl']).slice(1), '-D', data, '-m', 'immediate', 'stop'],
    {
      stdio: 'ignore',
      cwd: tmpdir(),
    },
  );
process.on('exit', () => {
  if (existsSync(join(data, 'postmaster.pid'))) stopServer();
  rmSync(scratch, { recursive: true, force: true });
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(130));

/** Statements of a database that were logged beyond `from` bytes of the server's log. */
function statementsSince(from, database) {
  const part = Buffer.alloc(statSync(log).size - from);
  const file = openSync(log, 'r');
  readSync(file, part, 0, part.length, from);
  closeSync(file);
  const sent = new RegExp(`^\\[${database}\\] LOG:  (?:statement|execute )`, 'gm');
  return part.toString('latin1').match(sent)?.length ?? 0;
}

const results = [];
function row(what, tool, command, options) {
  const from = statSync(log).size;
  const one = measure(command, { ...options, out: join(scratch, 'said.txt') });
  const statements = statementsSince(from, options.database);
  const figures = { what, tool, wall: one.wall, cpu: one.cpu, peak: one.peak, statements, code: one.code };
  results.push(figures);
  const cells = [
    `${one.wall.toFixed(1)} s`,
    `${one.cpu.toFixed(1)} s`,
    `${Math.round(one.peak)} MB`,
    String(statements),
  ];
  console.log(`  ${what.padEnd(30)}${tool.padEnd(5)}${cells.map((cell) => cell.padStart(11)).join('')}`);
  if (one.code !== 0) console.log(one.said.trim().split('\n').slice(-12).join('\n'));
}

// ---- the two tools ------------------------------------------------------------------------------------------

function dbtCommand() {
  if (given.dbt !== undefined) return [resolve(given.dbt)];
  const venv = join(scratch, 'venv');
  must(['python3', '-m', 'venv', venv]);
  const wanted = join(shared, 'conformance', 'requirements.txt');
  must([join(venv, 'bin', 'pip'), 'install', '-q', '--no-deps', '-r', wanted]);
  return [join(venv, 'bin', 'dbt')];
}

function writeProfile(folder, database, profile) {
  const output = {
    type: 'postgres',
    host: '127.0.0.1',
    port,
    user: 'bench',
    password: 'bench',
    dbname: database,
    schema: 'bench',
    threads: Number(given.threads),
  };
  writeFileSync(
    join(folder, 'profiles.yml'),
    `${profile}:\n  target: pg\n  outputs:\n    pg: ${JSON.stringify(output)}\n`,
  );
}

startServer();
const dbt = dbtCommand();
const tools = { sq: [process.execPath, cli], dbt };
const admin = (sql) =>
  must(['psql', '-h', '127.0.0.1', '-p', String(port), '-U', 'bench', '-d', 'postgres', '-qc', sql]);

console.log(
  `  ${'measure'.padEnd(30)}${'tool'.padEnd(5)}${['wall', 'user+sys', 'peak', 'statements'].map((one) => one.padStart(11)).join('')}`,
);
for (const tool of ['sq', 'dbt']) {
  const folder = join(scratch, `models-${tool}`);
  must([
    'python3',
    join(shared, 'bench', 'generate.py'),
    '--models',
    given.models,
    '--out',
    folder,
    '--runnable',
  ]);
  const profile = /^profile:\s*['"]?([\w-]+)/m.exec(readFileSync(join(folder, 'dbt_project.yml'), 'utf8'))[1];
  const database = `bench_${tool}`;
  admin(`create database ${database}`);
  writeProfile(folder, database, profile);
  const options = { cwd: folder, database, env: { DBT_SEND_ANONYMOUS_USAGE_STATS: 'false' } };
  const call = (...args) => [...tools[tool], ...args, '--profiles-dir', folder];
  row('seed', tool, call('seed'), options);
  row('run, first', tool, call('run'), options);
  row('run, all there', tool, call('run'), options);
  row('build, nothing changed', tool, call('build'), options);
}

const seedRows = Number(given['seed-rows']);
for (const tool of seedRows > 0 ? ['sq', 'dbt'] : []) {
  const folder = join(scratch, `seed-${tool}`);
  mkdirSync(join(folder, 'seeds'), { recursive: true });
  writeFileSync(join(folder, 'dbt_project.yml'), 'name: big\nprofile: big\nversion: "1.0"\n');
  const file = openSync(join(folder, 'seeds', 'big.csv'), 'w');
  writeSync(file, 'id,name,amount,day\n');
  for (let id = 0; id < seedRows; ) {
    let part = '';
    for (const end = Math.min(seedRows, id + 10_000); id < end; id++)
      part += `${id},name ${id % 1000},${(id % 9973) / 100},2026-01-${String((id % 28) + 1).padStart(2, '0')}\n`;
    writeSync(file, part);
  }
  closeSync(file);
  const database = `seed_${tool}`;
  admin(`create database ${database}`);
  writeProfile(folder, database, 'big');
  const options = { cwd: folder, database, env: { DBT_SEND_ANONYMOUS_USAGE_STATS: 'false' } };
  row(
    `seed of ${seedRows.toLocaleString('en')} rows`,
    tool,
    [...tools[tool], 'seed', '--profiles-dir', folder],
    options,
  );
}

console.log(
  `\n${given.models} models, ${given.threads} threads, Node ${process.version}, ${cpus().length} cores; seconds and MB are the client's`,
);
if (given.json !== undefined) writeFileSync(given.json, `${JSON.stringify(results, null, 2)}\n`);
process.exitCode = results.some(({ code }) => code !== 0) ? 1 : 0;
