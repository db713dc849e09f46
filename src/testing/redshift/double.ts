/**
 * A Redshift for tests: real PostgreSQL behind a port that speaks Redshift's dialect, COPY and UNLOAD against the
 * project's own S3 server, and the AWS interfaces (Data API, credentials) over the same database. What it cannot
 * judge is listed in docs/redshift.md.
 */
import type pg from 'pg';
import { createTestDatabase } from '../postgres.ts';
import { S3Server } from '../s3-server.ts';
import { installCatalog } from './catalog/install.ts';
import { type AwsFault, AwsServer } from './data-api/server.ts';
import { type Fault, Faults } from './faults.ts';
import type { DoubleUser } from './protocol/auth.ts';
import { Listener, type ListenOptions } from './protocol/listener.ts';
import { Names } from './sql/names.ts';
import { quoteLiteral, quoteName } from './sql/tokens.ts';
import type { SeenStatement, World } from './world.ts';

export interface RedshiftDoubleOptions extends ListenOptions {
  /** What the clients call the database. Default `dev`. */
  database?: string;
  /** Beside the administrator `awsuser` with the password `Secret-1`. */
  users?: readonly DoubleUser[];
  /** Default: a new one, stopped with the double. */
  s3?: S3Server;
  /** Region of the cluster. Default `us-west-2`. */
  region?: string;
  bucketRegions?: Readonly<Record<string, string>>;
  /** ARNs attached to the cluster. Default `arn:aws:iam::123456789012:role/loader`. */
  roles?: readonly string[];
  /** Default: the first role. `null`: none is set. */
  defaultRole?: string | null;
  /** Rows of one page of GetStatementResult. Default 1,000. */
  pageSize?: number;
  /** Active statements the Data API takes. Default 500. */
  maxActiveStatements?: number;
  /** Sessions the Data API takes. Default 500. */
  maxSessions?: number;
}

export interface RedshiftDouble {
  wire: { host: string; port: number };
  /** For the clients of Redshift Data, Redshift, Redshift Serverless and Secrets Manager. */
  dataApi: { endpoint: string };
  s3: { endpoint: string };
  s3Server: S3Server;
  database: string;
  user: string;
  password: string;
  clusterId: string;
  workgroup: string;
  secretArn: string;
  region: string;
  role: string;
  /** Arms a fault of the database; the answer takes it away. `on: 'connect'` is the logging on itself. */
  inject(fault: Fault): () => void;
  /** Arms a fault of the AWS interfaces. */
  injectAws(fault: AwsFault): () => void;
  /** Statements in the order of their arrival, by any driver. */
  statements(): string[];
  /** The same with who, when and what became of them. */
  seen(): readonly SeenStatement[];
  /** Requests to the AWS interfaces, by operation. */
  requests(): string[];
  /** Runs SQL of PostgreSQL's past the double, as a superuser. */
  behind(sql: string): Promise<Record<string, unknown>[]>;
  /** Adds or replaces a user. */
  addUser(user: DoubleUser): Promise<void>;
  stop(): Promise<void>;
}

const ADMINISTRATOR = { name: 'awsuser', password: 'Secret-1' };
const ROLE = 'arn:aws:iam::123456789012:role/loader';

export async function startRedshiftDouble(options: RedshiftDoubleOptions = {}): Promise<RedshiftDouble> {
  const [behind, s3] = await Promise.all([createTestDatabase('redshift'), options.s3 ?? S3Server.start()]);
  const { database = 'dev', region = 'us-west-2', roles = [ROLE] } = options;
  const admin = await installCatalog(behind.url, database);
  let queryId = 1000;
  let transaction = 5000;
  const world: World = {
    url: behind.url,
    behind: { host: behind.host, port: behind.port },
    database,
    users: new Map(),
    names: new Names((short, long) => {
      void admin.query('insert into sq_rs.long_names values ($1, $2) on conflict do nothing', [short, long]);
    }),
    s3,
    faults: new Faults(),
    seen: [],
    admin,
    lateViews: new Set(),
    region,
    pass: '',
    bucketRegions: options.bucketRegions ?? {},
    roles,
    defaultRole: options.defaultRole === null ? undefined : (options.defaultRole ?? roles[0]),
    nextQueryId: () => ++queryId,
    nextTransaction: () => ++transaction,
  };
  const addUser = (user: DoubleUser) => makeUser(admin, world, user);
  for (const user of [ADMINISTRATOR, ...(options.users ?? [])]) await addUser(user);
  const wire = await Listener.start(world, options);
  const aws = await AwsServer.start(world, wire.port, options, addUser);
  return {
    wire: { host: '127.0.0.1', port: wire.port },
    dataApi: { endpoint: aws.endpoint },
    s3: { endpoint: s3.endpoint },
    s3Server: s3,
    database,
    user: ADMINISTRATOR.name,
    password: ADMINISTRATOR.password,
    clusterId: aws.clusterId,
    workgroup: aws.workgroup,
    secretArn: aws.secretArn,
    region,
    role: roles[0] ?? ROLE,
    inject: (fault) => world.faults.inject(fault),
    injectAws: (fault) => aws.inject(fault),
    statements: () => world.seen.map(({ sql }) => sql),
    seen: () => world.seen,
    requests: () => aws.requests,
    behind: async (sql) => (await admin.query(sql)).rows as Record<string, unknown>[],
    addUser,
    stop: async () => {
      await aws.stop();
      await wire.stop();
      await admin.end();
      if (options.s3 === undefined) await s3.stop();
      await behind.drop();
    },
  };
}

/** Roles belong to the whole cluster behind, where another double may have made the same one. */
async function makeUser(admin: pg.Client, world: World, user: DoubleUser): Promise<void> {
  const name = quoteName(user.name);
  const kind = user.superuser === false ? 'nosuperuser' : 'superuser';
  await admin.query(
    `do $$ begin
       create role ${name} login ${kind};
     exception when duplicate_object or unique_violation then
       if (select rolsuper from pg_roles where rolname = ${quoteLiteral(user.name)}) <> (${kind === 'superuser'}) then
         alter role ${name} ${kind};
       end if;
     end $$`,
  );
  world.users.set(user.name, user);
}
