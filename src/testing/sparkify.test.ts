/** The sample project on the real data: DuckDB, PostgreSQL, and the Redshift double by both drivers. */
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { createTestDatabase, hasPostgres } from './postgres.ts';
import { startRedshiftDouble } from './redshift/double.ts';
import { S3Server } from './s3-server.ts';
import { DATA, describeAnswers, type Engine, VARIANTS, writeProfile } from './sparkify-answers.ts';

const ENGINES: (Engine & { here: boolean })[] = [
  {
    name: 'duckdb',
    adapter: 'duckdb',
    here: true,
    data: DATA,
    prepare: async (folder) => ({
      flags: [],
      output: { type: 'duckdb', path: join(folder, 'sparkify.duckdb'), schema: 'main' },
    }),
    momentSql: `strftime(start_time, '%Y-%m-%d %H:%M:%S.') || lpad((extract(millisecond from start_time) % 1000)::int::varchar, 3, '0')`,
  },
  {
    name: 'postgres',
    adapter: 'postgres',
    here: hasPostgres(),
    data: DATA,
    prepare: async (folder) => {
      const { host, port, user, password, database, drop } = await createTestDatabase('sparkify');
      const output = {
        type: 'postgres',
        host,
        port,
        user,
        password,
        dbname: database,
        schema: 'public',
        threads: 4,
      };
      writeProfile(folder, { pg: output });
      return { flags: ['--target', 'pg'], output, drop };
    },
    momentSql: `to_char(start_time, 'YYYY-MM-DD HH24:MI:SS.MS')`,
  },
  ...(['wire', 'data_api'] as const).map((driver): Engine & { here: boolean } => ({
    name: `redshift (${driver})`,
    adapter: 'redshift',
    here: hasPostgres(),
    data: 's3://sparkify',
    prepare: async (folder) => {
      const s3 = await realDataOnS3();
      const double = await startRedshiftDouble({ s3 });
      const output = {
        type: 'redshift',
        driver,
        dbname: double.database,
        user: double.user,
        schema: 'public',
        threads: 4,
        region: double.region,
        access_key_id: 'AKIATEST',
        secret_access_key: 'secret',
        endpoints: { redshift_data: double.dataApi.endpoint, s3: double.s3.endpoint },
        ...(driver === 'wire'
          ? { ...double.wire, password: double.password, sslmode: 'disable' }
          : { cluster_id: double.clusterId }),
      };
      writeProfile(folder, { [driver]: output });
      return {
        flags: ['--target', driver],
        output,
        drop: async () => {
          await double.stop();
          await s3.stop();
        },
      };
    },
    momentSql: `to_char(start_time, 'YYYY-MM-DD HH24:MI:SS.MS')`,
  })),
];

/** The real data below `s3://sparkify/`, as it lies in the folder. */
async function realDataOnS3(): Promise<S3Server> {
  const s3 = await S3Server.start();
  for (const entry of readdirSync(DATA, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile() && path.endsWith('.json'))
      s3.put('sparkify', relative(DATA, path), readFileSync(path));
  }
  return s3;
}

for (const { here, ...engine } of ENGINES)
  for (const variant of here ? VARIANTS : []) describeAnswers(engine, variant);
