/**
 * A PostgreSQL for tests: the one SQ_TEST_PG_URL names, or a throw-away cluster that the first test of a run to
 * ask for it starts and the run's end stops. Every caller gets a database of its own.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Folder of the run's cluster; set by `reserveCluster`, inherited by the test processes. */
const FOLDER_VARIABLE = 'SQ_TEST_PG_FOLDER';
const PASSWORD = 'sq-test-password';

export interface TestDatabase {
  host: string;
  port: number;
  user: string;
  password: string;
  database: string;
  /** All of it as `postgresql://…`. */
  url: string;
  /** Drops the database; connections to it are ended. */
  drop(): Promise<void>;
}

/** Whether tests that need PostgreSQL can run here. */
export function hasPostgres(): boolean {
  return process.env.SQ_TEST_PG_URL !== undefined || binary('initdb') !== undefined;
}

/** Once before all tests: names the folder of a cluster that may be started. Answers what stops it. */
export function reserveCluster(): () => void {
  const folder = mkdtempSync(join(tmpdir(), 'sq-pg-'));
  process.env[FOLDER_VARIABLE] = folder;
  return () => stopCluster(folder);
}

/** A new empty database on the cluster. */
export async function createTestDatabase(name = 'sq'): Promise<TestDatabase> {
  const server = new URL(process.env.SQ_TEST_PG_URL ?? (await clusterUrl()));
  const database = `${name}_${randomBytes(5).toString('hex')}`;
  await administer(server, `create database ${database}`);
  const url = new URL(server);
  url.pathname = `/${database}`;
  return {
    host: url.hostname,
    port: Number(url.port || 5432),
    user: decodeURIComponent(url.username),
    password: decodeURIComponent(url.password),
    database,
    url: url.href,
    drop: () => administer(server, `drop database if exists ${database} with (force)`),
  };
}

async function administer(server: URL, sql: string): Promise<void> {
  const { default: pg } = await import('pg');
  const client = new pg.Client({ connectionString: server.href });
  await client.connect();
  try {
    await client.query(sql);
  } finally {
    await client.end();
  }
}

/** URL of the run's cluster; the first caller starts it, the others wait for it. */
async function clusterUrl(): Promise<string> {
  const folder = process.env[FOLDER_VARIABLE];
  if (folder === undefined) throw new Error(`${FOLDER_VARIABLE} is not set: run the tests through vitest`);
  const file = join(folder, 'url');
  if (!existsSync(file) && claim(join(folder, 'claimed'))) {
    try {
      writeFileSync(`${file}.new`, await startCluster(folder));
      execFileSync('mv', [`${file}.new`, file]);
    } catch (error) {
      writeFileSync(join(folder, 'failed'), String(error));
    }
  }
  for (let waited = 0; waited < 50_000; waited += 50) {
    if (existsSync(file)) return readFileSync(file, 'utf8');
    if (existsSync(join(folder, 'failed'))) throw new Error(readFileSync(join(folder, 'failed'), 'utf8'));
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error('the PostgreSQL of the tests did not start within 50 s');
}

function claim(path: string): boolean {
  try {
    mkdirSync(path);
    return true;
  } catch {
    return false;
  }
}

async function startCluster(folder: string): Promise<string> {
  const data = join(folder, 'data');
  const account = serverAccount();
  mkdirSync(data);
  chmodSync(folder, 0o755);
  const passwordFile = join(folder, 'password');
  writeFileSync(passwordFile, PASSWORD);
  for (const path of account === undefined ? [] : [data, folder, passwordFile])
    chownSync(path, account!.uid, account!.gid);
  const port = await freePort();
  serverCommand('initdb', [
    '-D',
    data,
    '-U',
    'sq',
    '-A',
    'scram-sha-256',
    '--pwfile',
    passwordFile,
    '-E',
    'UTF8',
    '--locale=C.UTF-8',
    '--no-sync',
  ]);
  const options = `-p ${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories='' -c fsync=off -c full_page_writes=off -c max_connections=200`;
  serverCommand('pg_ctl', ['-D', data, '-l', join(folder, 'log'), '-w', '-o', options, 'start']);
  return `postgresql://sq:${PASSWORD}@127.0.0.1:${port}/postgres`;
}

function stopCluster(folder: string): void {
  const data = join(folder, 'data');
  if (existsSync(join(data, 'postmaster.pid')))
    serverCommand('pg_ctl', ['-D', data, '-m', 'immediate', '-w', 'stop']);
  rmSync(folder, { recursive: true, force: true });
}

/** The server refuses to run as root. */
function serverCommand(name: string, args: readonly string[]): void {
  const program = binary(name) ?? name;
  const account = serverAccount();
  const [command, ...rest] =
    account === undefined
      ? [program, ...args]
      : ['setpriv', `--reuid=${account.uid}`, `--regid=${account.gid}`, '--clear-groups', program, ...args];
  const done = spawnSync(command as string, rest, {
    cwd: tmpdir(),
    stdio: ['ignore', 'ignore', 'pipe'],
    encoding: 'utf8',
  });
  if (done.status !== 0) throw new Error(`${name} failed: ${done.stderr || done.error?.message}`);
}

function serverAccount(): { uid: number; gid: number } | undefined {
  if (process.getuid?.() !== 0) return undefined;
  for (const user of ['postgres', 'nobody']) {
    const asked = ['-u', '-g'].map((flag) => spawnSync('id', [flag, user], { encoding: 'utf8' }));
    if (asked.every(({ status }) => status === 0))
      return { uid: Number(asked[0]!.stdout), gid: Number(asked[1]!.stdout) };
  }
  return { uid: 65_534, gid: 65_534 };
}

/** Path of a program of PostgreSQL's: in PATH, or where Debian puts it. */
function binary(name: string): string | undefined {
  const debian = [18, 17, 16, 15, 14, 13].map((version) => `/usr/lib/postgresql/${version}/bin`);
  return [...(process.env.PATH ?? '').split(':'), ...debian]
    .map((folder) => join(folder, name))
    .find((path) => existsSync(path));
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      const port = typeof address === 'object' && address !== null ? address.port : 0;
      server.close(() => resolve(port));
    });
  });
}
