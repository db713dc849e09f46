/** The engines of the fault suite: a project on each, what ends its connections, and what stands there. */
import type { Session, Value } from '../../adapters/contract.ts';
import { createInvocation } from '../../invocation.ts';
import { createTestDatabase, type TestDatabase } from '../postgres.ts';
import { TestProject } from '../run-project.ts';
import { fixtureFiles } from './fixture.ts';

export interface FaultWarehouse {
  project: TestProject;
  /** The engine can load files. */
  copy: boolean;
  /** A commit whose answer was lost is asked about: what says success was done once, what says error not at all. */
  exact: boolean;
  end?: (session: Session) => Promise<void>;
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
