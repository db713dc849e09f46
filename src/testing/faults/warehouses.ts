/** The engines of the fault suite: a project on each, what ends its connections, and what stands there. */
import type { Session, Value } from '../../adapters/contract.ts';
import { createInvocation } from '../../invocation.ts';
import { createTestDatabase, type TestDatabase } from '../postgres.ts';
import { startRedshiftDouble } from '../redshift/double.ts';
import { TestProject } from '../run-project.ts';
import type { S3Server } from '../s3-server.ts';
import { fixtureFiles } from './fixture.ts';

export interface FaultWarehouse {
  project: TestProject;
  /** The engine can load files. */
  copy: boolean;
  /** A commit whose answer was lost is asked about: what says success was done once, what says error not at all. */
  exact: boolean;
  /** The server cannot tell that a transaction was undone: a cut just before its commit ends the node. */
  forgets?: boolean;
  end?: (session: Session) => Promise<void>;
  /** The object store that the engine loads from. */
  store?: S3Server;
  /** Rows of a query, past the run. */
  read(sql: string): Promise<Value[][]>;
  /** Query whose rows are the names of everything that stands there, in order; temporary ones too. */
  namesSql: string;
  /** Drops everything. */
  clear(): Promise<void>;
  close(): Promise<void>;
}

export async function duckDbFaults(): Promise<FaultWarehouse> {
  const project = new TestProject(fixtureFiles({ copy: true }));
  return {
    project,
    copy: true,
    exact: false,
    read: (sql) => readDuckDb(`${project.dir}/shop.duckdb`, sql),
    namesSql:
      'select table_name as n from duckdb_tables() union all select view_name from duckdb_views() where not internal order by 1',
    clear: async () => {
      const { rmSync } = await import('node:fs');
      for (const file of ['shop.duckdb', 'shop.duckdb.wal', 'data'])
        rmSync(`${project.dir}/${file}`, { force: true, recursive: true });
    },
    close: async () => project.remove(),
  };
}

export async function postgresFaults(): Promise<FaultWarehouse> {
  const database = await createTestDatabase('faults');
  const project = new TestProject({
    ...fixtureFiles({ copy: false }),
    'profiles.yml': postgresProfile(database),
  });
  const { default: pg } = await import('pg');
  const admin = new pg.Client({ connectionString: database.url });
  await admin.connect();
  await admin.query('set search_path to shop');
  return {
    project,
    copy: false,
    exact: true,
    read: async (sql) => (await admin.query({ text: sql, rowMode: 'array' })).rows as Value[][],
    end: async (session) => {
      const { rows } = await session.query('select pg_backend_pid()');
      await admin.query(`select pg_terminate_backend(${Number(rows[0]?.[0])}, 5000)`);
    },
    namesSql:
      "select relname from pg_class where relkind in ('r', 'v', 'm') and relnamespace::regnamespace::text not in ('pg_catalog', 'information_schema', 'pg_toast') order by 1",
    clear: async () => {
      await admin.query('drop schema if exists shop cascade');
    },
    close: async () => {
      await admin.end();
      project.remove();
      await database.drop();
    },
  };
}

/** The double, by one driver or the other; what is cut is the connection behind it. */
export async function redshiftFaults(driver: 'wire' | 'data_api'): Promise<FaultWarehouse> {
  const double = await startRedshiftDouble();
  double.s3Server.put('staging', '.keep', '');
  const output = {
    type: 'redshift',
    driver,
    dbname: double.database,
    user: double.user,
    schema: 'shop',
    threads: 2,
    region: double.region,
    access_key_id: 'AKIATEST',
    secret_access_key: 'secret',
    s3_staging_dir: 's3://staging/shop',
    endpoints: { redshift_data: double.dataApi.endpoint, s3: double.s3.endpoint },
    ...(driver === 'wire'
      ? { ...double.wire, password: double.password, sslmode: 'disable' }
      : { cluster_id: double.clusterId }),
  };
  const project = new TestProject({
    ...fixtureFiles({ copy: true }),
    'profiles.yml': JSON.stringify({ shop: { target: 'rs', outputs: { rs: output } } }),
  });
  await double.behind('set search_path to shop');
  return {
    project,
    copy: true,
    exact: true,
    forgets: true,
    store: double.s3Server,
    read: async (sql) => (await double.behind(sql)).map((row) => Object.values(row) as Value[]),
    end: async (session) => {
      const { rows } = await session.query('select pg_backend_pid()');
      await double.behind(`select pg_terminate_backend(${Number(rows[0]?.[0])}, 5000)`);
    },
    // temporary tables of a process that was killed stay with its session: by the Data API for half an hour
    namesSql: `select relname from pg_class where relkind in ('r', 'v', 'm') and relnamespace::regnamespace::text not in ('pg_catalog', 'information_schema', 'pg_toast', 'sq_rs') and oid >= 16384 ${driver === 'wire' ? '' : "and relpersistence <> 't' "}order by 1`,
    clear: async () => {
      await double.behind('drop schema if exists shop cascade');
    },
    close: async () => {
      project.remove();
      await double.stop();
    },
  };
}

/** Opened for the question only: a run may want the file next. */
async function readDuckDb(path: string, sql: string): Promise<Value[][]> {
  const { adapter } = await import('../../adapters/duckdb/index.ts');
  const invocation = createInvocation({ env: {} });
  const context = { projectDir: '/', projectName: 'p', profileName: 'p', targetName: 't', invocation };
  const settings = adapter.settings({ type: 'duckdb', path }, context);
  const driver = await adapter.open(settings, { invocation, projectDir: '/', threads: 1, readOnly: true });
  try {
    return await driver.session({ name: 'test' }, async (session) => (await session.query(sql)).rows);
  } finally {
    await driver.close();
  }
}

export function postgresProfile({ host, port, user, password, database }: TestDatabase): string {
  const output = {
    type: 'postgres',
    host,
    port,
    user,
    password,
    dbname: database,
    schema: 'shop',
    threads: 2,
    search_path: 'shop',
  };
  return `shop:\n  target: dev\n  outputs:\n    dev: ${JSON.stringify(output)}\n`;
}
