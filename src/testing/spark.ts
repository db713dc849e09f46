/**
 * A Spark for tests: SQ_TEST_SPARK names one (`host:port`, with `:iceberg` and `:delta` behind it where it has them), or a Spark Connect server is started from a pip-installed
 * pyspark (SQ_TEST_PYSPARK names its virtual environment; otherwise python3 is asked) on a free port of this machine.
 */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';

export interface TestSpark {
  host: string;
  port: number;
  /** Folder for files of tests, which the server sees. */
  folder: string;
  /** An Iceberg catalog named `ice` is there. */
  iceberg: boolean;
  /** The server's own catalog knows `using delta`. */
  delta: boolean;
  stop(): Promise<void>;
}

const MODULES = ['@grpc/grpc-js', 'apache-arrow'];
/** How long a server may take to listen on a busy machine. */
const START_MS = 240_000;

/** Undefined where tests can run; otherwise what is missing, for whoever reads the list of skipped tests. */
export function sparkMissing(): string | undefined {
  const modules = MODULES.filter(
    (name) => !existsSync(join(import.meta.dirname, '../../node_modules', name)),
  );
  if (modules.length > 0) return `${modules.join(' and ')} not installed`;
  if (process.env.SQ_TEST_SPARK !== undefined) return undefined;
  if (spawnSync('java', ['-version']).status !== 0) return 'no Java';
  return sparkHome() === undefined ? 'no pyspark 4 (pip install pyspark==4.1.4)' : undefined;
}

export async function startSpark(): Promise<TestSpark> {
  const folder = mkdtempSync(join(tmpdir(), 'sq-spark-'));
  const given = process.env.SQ_TEST_SPARK;
  if (given !== undefined) {
    const [host = '', port = '', ...formats] = given.split(':');
    const stop = async () => rmSync(folder, { recursive: true, force: true });
    return {
      host,
      port: Number(port),
      folder,
      iceberg: formats.includes('iceberg'),
      delta: formats.includes('delta'),
      stop,
    };
  }
  const port = await freePort();
  const server = launch(port, folder);
  let said = '';
  server.stderr?.setEncoding('utf8').on('data', (text: string) => {
    said = (said + text).slice(-4000);
  });
  server.stdout?.resume();
  const stop = async () => {
    const ended = new Promise((resolve) => server.once('close', resolve));
    if (server.exitCode === null && server.kill('SIGKILL')) await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  const until = Date.now() + START_MS;
  while (!(await listens(port))) {
    if (server.exitCode !== null || Date.now() > until) {
      await stop();
      throw new Error(`Spark did not start:\n${said}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
  return {
    host: '127.0.0.1',
    port,
    folder,
    iceberg: icebergJars() !== undefined,
    delta: deltaJars() !== undefined,
    stop,
  };
}

function launch(port: number, folder: string): ChildProcess {
  const home = sparkHome() as string;
  const iceberg = icebergJars();
  const delta = deltaJars();
  const jars = [...(iceberg === undefined ? [] : [iceberg.iceberg]), ...(delta ?? [])];
  const extensions = [
    ...(iceberg === undefined ? [] : ['org.apache.iceberg.spark.extensions.IcebergSparkSessionExtensions']),
    ...(delta === undefined ? [] : ['io.delta.sql.DeltaSparkSessionExtension']),
  ];
  const conf: Record<string, string> = {
    'spark.ui.enabled': 'false',
    'spark.sql.shuffle.partitions': '2',
    'spark.sql.warehouse.dir': join(folder, 'warehouse'),
    'spark.sql.session.timeZone': 'UTC',
    'spark.driver.extraJavaOptions': `-Dderby.system.home=${join(folder, 'derby')}`,
    'spark.connect.grpc.binding.address': '127.0.0.1',
    'spark.connect.grpc.binding.port': String(port),
    ...(jars.length > 0 && { 'spark.jars': jars.join(',') }),
    ...(extensions.length > 0 && { 'spark.sql.extensions': extensions.join(',') }),
    ...(iceberg !== undefined && {
      'spark.driver.extraClassPath': iceberg.catalog,
      'spark.sql.catalog.ice': 'org.apache.iceberg.spark.SparkCatalog',
      'spark.sql.catalog.ice.type': 'jdbc',
      'spark.sql.catalog.ice.uri': 'jdbc:h2:mem:ice;DB_CLOSE_DELAY=-1;DATABASE_TO_UPPER=FALSE',
      'spark.sql.catalog.ice.jdbc.schema-version': 'V1',
      'spark.sql.catalog.ice.warehouse': join(folder, 'ice'),
    }),
    ...(delta !== undefined && {
      'spark.sql.catalog.spark_catalog': 'org.apache.spark.sql.delta.catalog.DeltaCatalog',
      // fifty tasks to read a log of three lines
      'spark.databricks.delta.snapshotPartitions': '2',
    }),
  };
  mkdirSync(join(folder, 'work'));
  const args = [
    '--master',
    'local[2]',
    '--driver-memory',
    '1g',
    '--class',
    'org.apache.spark.sql.connect.service.SparkConnectServer',
    ...Object.entries(conf).flatMap(([key, value]) => ['--conf', `${key}=${value}`]),
    'spark-internal',
  ];
  return spawn(join(home, 'bin/spark-submit'), args, {
    cwd: join(folder, 'work'),
    env: { ...process.env, SPARK_HOME: home, SPARK_LOCAL_IP: '127.0.0.1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

function sparkHome(): string | undefined {
  const venv = process.env.SQ_TEST_PYSPARK;
  if (venv !== undefined) {
    const lib = join(venv, 'lib');
    const python = existsSync(lib) ? readdirSync(lib).find((name) => name.startsWith('python3')) : undefined;
    const home = python === undefined ? venv : join(lib, python, 'site-packages/pyspark');
    return existsSync(join(home, 'bin/spark-submit')) ? home : undefined;
  }
  const asked = spawnSync('python3', [
    '-c',
    'import pyspark; print(pyspark.__version__, pyspark.__path__[0])',
  ]);
  const [version = '', home = ''] = String(asked.stdout ?? '')
    .trim()
    .split(' ');
  return asked.status === 0 && Number.parseInt(version, 10) >= 4 ? home : undefined;
}

/**
 * Iceberg, and the database of its catalog (H2: tables, views and namespaces; a catalog of folders has no views),
 * out of Maven's folder; `mvn dependency:get -Dartifact=…` puts them there. Undefined where one is missing.
 */
function icebergJars(): { iceberg: string; catalog: string } | undefined {
  const iceberg = mavenJar('org.apache.iceberg', 'iceberg-spark-runtime-4.1_2.13');
  const catalog = mavenJar('com.h2database', 'h2');
  return iceberg === undefined || catalog === undefined ? undefined : { iceberg, catalog };
}

function deltaJars(): string[] | undefined {
  const jars = ['delta-spark_4.1_2.13', 'delta-storage'].map((artifact) => mavenJar('io.delta', artifact));
  return jars.every((jar) => jar !== undefined) ? jars : undefined;
}

function mavenJar(group: string, artifact: string): string | undefined {
  const root = join(homedir(), '.m2/repository', group.replaceAll('.', '/'), artifact);
  if (!existsSync(root)) return undefined;
  return readdirSync(root)
    .map((version) => join(root, version, `${artifact}-${version}.jar`))
    .find((path) => existsSync(path));
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}

function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const done = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => done(true));
    socket.once('error', () => done(false));
  });
}
