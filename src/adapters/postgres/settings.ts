/** A PostgreSQL output of profiles.yml, validated. Keys and defaults are dbt-postgres's. */
import type { Settings, SettingsContext } from '../contract.ts';
import { ProfileReader } from '../shared/profile-reader.ts';

export const SSL_MODES = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full'] as const;
export type SslMode = (typeof SSL_MODES)[number];

export interface PostgresSettings {
  host: string;
  port: number;
  user: string;
  password: string | undefined;
  database: string;
  sslmode: SslMode;
  /** Paths of PEM files. */
  sslrootcert: string | undefined;
  sslcert: string | undefined;
  sslkey: string | undefined;
  /** Seconds; 0: the system's own. */
  keepalivesIdle: number;
  /** Seconds; 0 waits for ever. */
  connectTimeout: number;
  /** Attempts after the first to connect. */
  retries: number;
  searchPath: string | undefined;
  /** The role that statements run as. */
  role: string | undefined;
  applicationName: string;
}

const KEYS = [
  'host',
  'port',
  'user',
  'pass',
  'password',
  'sslmode',
  'sslrootcert',
  'sslcert',
  'sslkey',
  'keepalives_idle',
  'connect_timeout',
  'retries',
  'search_path',
  'role',
  'application_name',
];

/** Throws SqError kind Runtime (`Credentials in profile …`) for what is missing or cannot be used. */
export function postgresSettings(output: Record<string, unknown>, context: SettingsContext): Settings {
  const reader = new ProfileReader(output, context);
  reader.allowOnly(KEYS);
  const needed = (...keys: string[]): string => {
    for (const key of keys) {
      const value = reader.text(key);
      if (value !== undefined) return value;
    }
    throw reader.invalid(
      `'${keys[0]}' is a required property`,
      `a PostgreSQL target needs ${keys.join(' or ')}`,
    );
  };
  const password = reader.text('password') ?? reader.text('pass');
  const database = needed('dbname', 'database');
  const own: PostgresSettings = {
    host: needed('host'),
    port: reader.integer('port', 1) ?? 5432,
    user: needed('user'),
    password,
    database,
    sslmode: sslMode(reader),
    sslrootcert: reader.text('sslrootcert'),
    sslcert: reader.text('sslcert'),
    sslkey: reader.text('sslkey'),
    keepalivesIdle: reader.integer('keepalives_idle', 0) ?? 0,
    connectTimeout: reader.integer('connect_timeout', 0) ?? 10,
    retries: reader.integer('retries', 0) ?? 1,
    searchPath: reader.text('search_path'),
    role: reader.text('role'),
    applicationName: reader.text('application_name') ?? 'sq',
  };
  return {
    type: 'postgres',
    database,
    schema: needed('schema'),
    threads: reader.integer('threads', 1) ?? 1,
    shown: {
      host: own.host,
      port: own.port,
      user: own.user,
      database,
      connect_timeout: own.connectTimeout,
      role: own.role ?? null,
      search_path: own.searchPath ?? null,
      keepalives_idle: own.keepalivesIdle,
      sslmode: reader.text('sslmode') ?? null,
      sslcert: own.sslcert ?? null,
      sslkey: own.sslkey ?? null,
      sslrootcert: own.sslrootcert ?? null,
      application_name: own.applicationName,
      retries: own.retries,
    },
    secrets: password === undefined || password === '' ? [] : [password],
    own,
  };
}

/** libpq's own default is `prefer`: TLS where the server has it. */
function sslMode(reader: ProfileReader): SslMode {
  const given = reader.text('sslmode') ?? 'prefer';
  const mode = SSL_MODES.find((known) => known === given);
  if (mode === undefined)
    throw reader.invalid(`'sslmode' is '${given}'`, `the modes are: ${SSL_MODES.join(', ')}`);
  return mode;
}
