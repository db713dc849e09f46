/** Talks to PostgreSQL. */
import { readFileSync } from 'node:fs';
import type { Client } from 'pg';
import { SqError } from '../../errors.ts';
import type { Driver, OpenOptions, Settings } from '../contract.ts';
import { type ConnectOrder, connectPg, isPassing, refusedTls } from '../shared/pg/connect.ts';
import { PgDriver } from '../shared/pg/pg-driver.ts';
import { pgEngineError } from '../shared/pg/pg-error.ts';
import type { PostgresSettings } from './settings.ts';
import { statementHint } from './statement-hint.ts';

/** First wait before another attempt to connect, in milliseconds; it doubles. */
const FIRST_WAIT = 250;

/** Throws SqError kind Database when the server cannot be reached or does not let the user in. */
export async function openPostgres(settings: Settings, options: OpenOptions): Promise<Driver> {
  const own = settings.own as PostgresSettings;
  const connector = new Connector(own);
  const driver = new PgDriver({
    type: 'postgres',
    options,
    connect: () => connector.connect(),
    hint: (code, message) => statementHint(code, message, own),
    loader: async (request, session) => {
      const { createPostgresLoader } = await import('./load/loader.ts');
      return createPostgresLoader(options)(request, session);
    },
    fillRows: async (order, session) => {
      const { fillByCopy } = await import('./load/fill-rows.ts');
      return fillByCopy(order, session);
    },
  });
  // a wrong password is said once and at once, not by every node
  await driver.session({ name: 'master' }, async () => undefined);
  return driver;
}

class Connector {
  /** `prefer` has found that the server speaks no TLS. */
  private plain = false;

  constructor(private readonly own: PostgresSettings) {}

  async connect(): Promise<Client> {
    const { retries } = this.own;
    for (let attempt = 0; ; attempt += 1) {
      try {
        return await this.setUp(await this.byMode());
      } catch (error) {
        if (attempt >= retries || !isPassing(error)) throw error;
        await new Promise((resolve) => setTimeout(resolve, FIRST_WAIT * 2 ** attempt));
      }
    }
  }

  private async byMode(): Promise<Client> {
    const { sslmode } = this.own;
    switch (sslmode) {
      case 'disable':
        return connectPg(this.order(false));
      case 'allow':
        // libpq: without TLS first
        return connectPg(this.order(false)).catch((error: unknown) => {
          if (!/no pg_hba\.conf entry/.test(String(error))) throw error;
          return connectPg(this.order(this.tls(false)));
        });
      case 'prefer':
        if (this.plain) return connectPg(this.order(false));
        return connectPg(this.order(this.tls(false))).catch((error: unknown) => {
          if (!refusedTls(error)) throw error;
          this.plain = true;
          return connectPg(this.order(false));
        });
      default:
        // libpq: `require` with a root certificate checks like verify-ca
        return connectPg(this.order(this.tls(sslmode !== 'require' || this.own.sslrootcert !== undefined)));
    }
  }

  private order(tls: ConnectOrder['tls']): ConnectOrder {
    return { product: 'PostgreSQL', ...this.own, tls };
  }

  private tls(verify: boolean): Exclude<ConnectOrder['tls'], false> {
    const { sslmode, sslrootcert, sslcert, sslkey } = this.own;
    return {
      rejectUnauthorized: verify,
      ...(sslrootcert === undefined || sslrootcert === 'system'
        ? {}
        : { ca: pem(sslrootcert, 'sslrootcert') }),
      ...(sslcert === undefined ? {} : { cert: pem(sslcert, 'sslcert') }),
      ...(sslkey === undefined ? {} : { key: pem(sslkey, 'sslkey') }),
      // only verify-full compares the name in the certificate with the host
      ...(verify && sslmode !== 'verify-full' ? { checkServerIdentity: () => undefined } : {}),
    };
  }

  private async setUp(client: Client): Promise<Client> {
    const { role, searchPath } = this.own;
    const statements = [
      ...(role === undefined ? [] : [`set role ${role}`]),
      ...(searchPath === undefined ? [] : [`set search_path to ${searchPath}`]),
    ];
    try {
      for (const sql of statements) await client.query(sql);
      return client;
    } catch (thrown) {
      await client.end().catch(() => undefined);
      throw new SqError({
        kind: 'Database',
        code: 'connection-setup',
        message: `The profile's role or search_path could not be set: ${pgEngineError(thrown).message}`,
        hint: 'look at `role` and `search_path` of this target; the user must be a member of the role',
        cause: thrown,
      });
    }
  }
}

function pem(path: string, key: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw new SqError({
      kind: 'Database',
      code: 'certificate-file',
      message: `The file of '${key}' cannot be read: ${path}`,
      hint: 'give the path of a PEM file; relative paths count from the current folder',
      cause,
    });
  }
}
