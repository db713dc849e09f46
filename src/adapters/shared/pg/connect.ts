/** Opens one connection on PostgreSQL's protocol, and says what is wrong when that fails. */

import type { Client, ClientConfig } from 'pg';
import { SqError } from '../../../errors.ts';
import { isServerError } from './pg-error.ts';

export interface ConnectOrder {
  /** Words of the product for messages: `PostgreSQL`. */
  product: string;
  host: string;
  port: number;
  user: string;
  password: string | undefined;
  database: string;
  applicationName: string;
  /** Seconds; 0 waits for ever. */
  connectTimeout: number;
  /** Seconds between TCP keep-alives on an idle connection; 0: the system's own. */
  keepalivesIdle: number;
  /** False, or what Node's TLS takes. */
  tls: false | { rejectUnauthorized: boolean; [key: string]: unknown };
  /** Further fields for pg, e.g. a socket of one's own. */
  more?: Partial<ClientConfig>;
}

/** What the server answers to a request for TLS that it does not know. */
const NO_TLS = /does not support SSL connections/;

/** Throws SqError kind Database (`connect`), whose `cause` is pg's error. */
export async function connectPg(order: ConnectOrder): Promise<Client> {
  const { default: pg } = await import('pg');
  const client = new pg.Client({
    host: order.host,
    port: order.port,
    user: order.user,
    // never pg's own ways of finding one (PGPASSWORD, .pgpass): the profile decides
    password: order.password ?? '',
    database: order.database,
    application_name: order.applicationName,
    connectionTimeoutMillis: order.connectTimeout * 1000,
    keepAlive: true,
    keepAliveInitialDelayMillis: order.keepalivesIdle * 1000,
    ssl: order.tls,
    ...order.more,
  });
  // an idle connection that is ended must not end the process; the next statement on it says so
  client.on('error', () => undefined);
  try {
    await client.connect();
    return client;
  } catch (error) {
    await client.end().catch(() => undefined);
    throw connectError(error, order);
  }
}

export function refusedTls(error: unknown): boolean {
  const cause = error instanceof SqError ? error.cause : error;
  return cause instanceof Error && NO_TLS.test(cause.message);
}

/** True when the same attempt can succeed a moment later. */
export function isPassing(error: unknown): boolean {
  const cause = error instanceof SqError ? error.cause : error;
  const code = codeOf(cause);
  return (
    code === undefined ||
    /^(ECONNREFUSED|ECONNRESET|ETIMEDOUT|EAI_AGAIN|EPIPE|53300|57P03|08\w{3})$/.test(code)
  );
}

function connectError(error: unknown, order: ConnectOrder): SqError {
  const { what, hint } = explain(error, order);
  return new SqError({ kind: 'Database', code: 'connect', message: what, hint, cause: error });
}

function explain(error: unknown, order: ConnectOrder): { what: string; hint: string } {
  const { host, port, user, database, product } = order;
  const at = `${host}:${port}`;
  const text = messageOf(error);
  switch (codeOf(error)) {
    case '28P01':
      return {
        what: `${product} at ${at} refused the password of user ${user}: ${text}`,
        hint: 'look at `user` and `password` of this target; with `"{{ env_var(\'...\') }}"` at the variable as well',
      };
    case '28000':
      return {
        what: `${product} at ${at} does not let user ${user} in: ${text}`,
        hint: 'the role must exist and be allowed to log in, and pg_hba.conf must admit this host, user, database and TLS mode (`sslmode`)',
      };
    case '3D000':
      return {
        what: `${product} at ${at} has no database ${database}: ${text}`,
        hint: 'look at `dbname` of this target (names are case-sensitive), or create it: create database',
      };
    case '42501':
      return {
        what: `User ${user} may not connect to database ${database} at ${at}: ${text}`,
        hint: `grant connect on database ${database} to ${user}`,
      };
    case '53300':
      return {
        what: `${product} at ${at} has no connection left: ${text}`,
        hint: 'lower `threads`, or raise max_connections of the server',
      };
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return {
        what: `The host ${host} of ${product} is not known: ${text}`,
        hint: 'look at `host` of this target; a private name needs the VPN or the network it is known in',
      };
    case 'ECONNREFUSED':
      return {
        what: `Nothing listens at ${at} (${product}): ${text}`,
        hint: 'is the server running, are `host` and `port` right, does it listen on that address (listen_addresses)?',
      };
    case 'ETIMEDOUT':
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return {
        what: `${product} at ${at} cannot be reached: ${text}`,
        hint: 'a firewall or security group may drop the packets, or the VPN is off',
      };
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
    case 'SELF_SIGNED_CERT_IN_CHAIN':
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
    case 'CERT_HAS_EXPIRED':
      return {
        what: `The certificate of ${product} at ${at} cannot be trusted: ${text}`,
        hint: '`sslrootcert` names the file of the authority that signed it; `sslmode: require` encrypts without checking who answers',
      };
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return {
        what: `The certificate that answers at ${at} is not for ${host}: ${text}`,
        hint: 'use the name in the certificate as `host`; `sslmode: verify-ca` does not compare names',
      };
  }
  if (NO_TLS.test(text)) {
    return {
      what: `${product} at ${at} does not speak TLS: ${text}`,
      hint: '`sslmode` of this target asks for TLS; `sslmode: disable` connects without',
    };
  }
  if (/timeout/i.test(text)) {
    return {
      what: `${product} at ${at} did not answer within ${order.connectTimeout} s`,
      hint: '`connect_timeout` of this target says how long to wait; a firewall may drop the packets',
    };
  }
  if (/SASL|password must be a string/.test(text)) {
    return {
      what: `${product} at ${at} asks user ${user} for a password: ${text}`,
      hint: 'set `password` of this target',
    };
  }
  return {
    what: `No connection to ${product} at ${at}: ${text}`,
    hint: 'sq debug checks the connection step by step',
  };
}

/** Node tries every address of a host and throws them together. */
function messageOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === '') return error.errors.map(messageOf).join('; ');
  return error instanceof Error ? error.message : String(error);
}

function codeOf(error: unknown): string | undefined {
  if (isServerError(error)) return error.code;
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}
