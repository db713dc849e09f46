/** The way to Redshift step by step, for `sq debug`: the first step that fails says what to do, the others wait. */
import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { SqError } from '../../errors.ts';
import type { ConnectionCheck, Driver, OpenOptions, Settings } from '../contract.ts';
import { literal } from './dialect-literal.ts';
import { openSessions } from './open-sessions.ts';
import type { RedshiftSettings } from './settings.ts';

/** A step: its name, and what it found out. Throws SqError when it fails. */
type Step = [name: string, work: () => Promise<string>];

export async function* redshiftChecks(
  settings: Settings,
  options: OpenOptions & { loads: readonly LoadedSource[] },
): AsyncGenerator<ConnectionCheck> {
  const own = settings.own as RedshiftSettings;
  const driver = await openSessions(settings, options);
  try {
    const steps = [
      ...(own.driver === 'wire' ? await wireSteps(own, options) : apiSteps(own, driver)),
      ['Schema privilege', () => schemaPrivilege(driver, settings)] as Step,
      ...(await loadSteps(own, driver, options)),
    ];
    let failed = false;
    for (const [name, work] of steps) {
      if (failed) {
        yield { name, skipped: true };
        continue;
      }
      try {
        yield { name, found: await work() };
      } catch (error) {
        failed = true;
        yield { name, error: error instanceof SqError ? error : unexpected(name, error) };
      }
    }
  } finally {
    await driver.close();
  }
}

type LoadedSource = import('../../manifest/nodes.ts').SourceNode;

async function wireSteps(own: RedshiftSettings, { invocation }: OpenOptions): Promise<Step[]> {
  const { connectClient } = await import('./wire/connect.ts');
  const { connectionError } = await import('./wire/connection-error.ts');
  const { CredentialSource } = await import('./wire/credentials.ts');
  const { openSocket } = await import('./wire/open-socket.ts');
  const once = { ...own, retries: 0 };
  const credentials = new CredentialSource(own, {
    now: () => Date.now(),
    keepSecret: (value) => invocation.secrets.add(value),
  });
  // the server looks for the database after it has let the user in
  let database: SqError | undefined;
  return [
    [
      'DNS',
      async () => {
        const host = own.host ?? '';
        if (isIP(host) !== 0) return 'the host is an address';
        const { address } = await lookup(host).catch((thrown: unknown) => {
          throw connectionError(thrown, own);
        });
        return address;
      },
    ],
    [
      'TCP',
      async () => {
        (await openSocket({ ...own, sslMode: 'disable' })).destroy();
        return `port ${own.port}`;
      },
    ],
    [
      'TLS',
      async () => {
        if (own.sslMode === 'disable') return 'not used: sslmode is disable';
        (await openSocket(own)).destroy();
        return own.sslMode === 'verify-full' ? 'authority and host are right' : 'the authority is right';
      },
    ],
    [
      'Authentication',
      async () => {
        const { user } = await credentials.get();
        try {
          const client = await connectClient(once, { credentials, signal: invocation.signal });
          await client.end();
        } catch (error) {
          if (!(error instanceof SqError) || error.code !== 'unknown-database') throw error;
          database = error;
        }
        return `user ${user}`;
      },
    ],
    [
      'Database',
      async () => {
        if (database !== undefined) throw database;
        return own.database;
      },
    ],
  ];
}

/** The service answers for the whole way; whether the database is there, the first statement says. */
function apiSteps(own: RedshiftSettings, driver: Driver): Step[] {
  const where = own.workgroup === undefined ? `cluster ${own.clusterId}` : `workgroup ${own.workgroup}`;
  return [
    [
      'Data API',
      async () => {
        const { rows } = await driver.session({ name: 'debug' }, (session) =>
          session.query('select current_user'),
        );
        return `${where}, user ${String(rows[0]?.[0])}`;
      },
    ],
    ['Database', async () => own.database],
  ];
}

async function schemaPrivilege(driver: Driver, { schema, database }: Settings): Promise<string> {
  const name = literal(schema.toLowerCase());
  const ask = (sql: string) =>
    driver.session({ name: 'debug' }, async (session) => (await session.query(sql)).rows[0] ?? []);
  const [there, user] = await ask(
    `select max(case when nspname = ${name} then 1 else 0 end), max(current_user) from pg_catalog.pg_namespace`,
  );
  if (Number(there) !== 1) {
    const [may] = await ask("select has_database_privilege(current_database(), 'create')");
    if (may === true) return `${schema} is not there yet, and the user may create it`;
    throw new SqError({
      kind: 'Database',
      code: 'schema-privilege',
      message: `There is no schema ${schema} in ${database}, and user ${String(user)} may not create it.`,
      hint: `as its owner: create schema ${schema} authorization "${String(user)}"; or grant create on database ${database} to "${String(user)}"`,
    });
  }
  const [create, usage] = await ask(
    `select has_schema_privilege(${name}, 'create'), has_schema_privilege(${name}, 'usage')`,
  );
  if (create === true && usage === true) return `may create in ${schema}`;
  throw new SqError({
    kind: 'Database',
    code: 'schema-privilege',
    message: `User ${String(user)} may not create in schema ${schema}.`,
    hint: `as its owner: grant usage, create on schema ${schema} to "${String(user)}"`,
  });
}

async function loadSteps(
  own: RedshiftSettings,
  driver: Driver,
  { loads, invocation, projectDir }: OpenOptions & { loads: readonly LoadedSource[] },
): Promise<Step[]> {
  if (loads.length === 0) return [];
  const { readByRole } = await import('./load/read-by-role.ts');
  const context = { settings: own, files: { projectDir, invocation } };
  return loads.map((source) => [
    `S3, source ${source.source_name}.${source.name}`,
    () => driver.session({ name: 'debug' }, (session) => readByRole(source, session, context)),
  ]);
}

function unexpected(step: string, cause: unknown): SqError {
  const message = `${step}: ${cause instanceof Error ? cause.message : String(cause)}`;
  return new SqError({ kind: 'Database', code: 'debug', message, cause });
}
