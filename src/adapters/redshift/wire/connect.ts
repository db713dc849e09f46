/** One connection to Redshift: credentials, socket, log-on, and what every session is set to. */
import type { Client } from 'pg';
import type { RedshiftSettings } from '../settings.ts';
import { connectionError } from './connection-error.ts';
import type { CredentialSource, Credentials } from './credentials.ts';
import { openSocket } from './open-socket.ts';
import { sessionSetup } from './session-setup.ts';
import { WatchedSocket } from './watched-socket.ts';

export interface ConnectOptions {
  credentials: Pick<CredentialSource, 'get' | 'forget'>;
  /** Ends the waiting between attempts. */
  signal: AbortSignal;
}

/** What another attempt cannot mend. */
const FINAL = new Set([
  'authentication',
  'unknown-host',
  'unknown-database',
  'certificate',
  'certificate-host',
  'tls-refused',
  'missing-ca',
  'aws-credentials',
  'secret',
]);

/**
 * Tries again `retries` times (profile), 1, 2, 4 … seconds apart, unless nothing would change. Throws SqError
 * kind Database.
 */
export async function connectClient(settings: RedshiftSettings, options: ConnectOptions): Promise<Client> {
  for (let attempt = 0; ; attempt++) {
    try {
      return await connectOnce(settings, await options.credentials.get());
    } catch (thrown) {
      const error = connectionError(thrown, settings);
      // temporary credentials may have ended between the asking and the log-on
      if (error.code === 'authentication') options.credentials.forget();
      if (attempt >= settings.retries || FINAL.has(error.code) || options.signal.aborted) throw error;
      await pause(Math.min(60, 2 ** attempt) * 1000, options.signal);
    }
  }
}

async function connectOnce(settings: RedshiftSettings, given: Credentials): Promise<Client> {
  const { default: pg } = await import('pg');
  const socket = await openSocket(settings);
  const watched = new WatchedSocket(socket, { ...given, nonce: () => String(Date.now()) });
  const client = new pg.Client({
    user: given.user,
    // pg looks into ~/.pgpass for a password that is absent
    password: given.password ?? '',
    database: settings.database,
    host: settings.host,
    port: settings.port,
    stream: () => watched,
    ssl: false,
    connectionTimeoutMillis: settings.connectTimeout * 1000,
  });
  // a connection that is lost while nobody waits for it must not end the process; its next statement fails
  client.on('error', () => undefined);
  try {
    await client.connect();
    for (const sql of sessionSetup(settings)) await client.query(sql);
    return client;
  } catch (thrown) {
    socket.destroy();
    throw connectionError(thrown, { ...settings, user: given.user });
  }
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = setTimeout(done, milliseconds);
    signal.addEventListener('abort', done);
  });
}
