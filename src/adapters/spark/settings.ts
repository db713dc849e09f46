/** A Spark output of profiles.yml, validated. Keys are dbt-spark's where it has them. */
import type { Settings, SettingsContext } from '../contract.ts';
import { isRecord, ProfileReader } from '../shared/profile-reader.ts';
import type { ConnectAddress } from './connect/client.ts';
import { EMR_KEYS, type EmrSettings, emrSettings, shownEmr } from './emr/settings.ts';

export const FILE_FORMATS = ['iceberg', 'delta', 'parquet', 'orc'] as const;
export type FileFormat = (typeof FILE_FORMATS)[number];

export interface SparkSettings extends ConnectAddress {
  /** Spark's catalog; relations' database. */
  catalog: string;
  fileFormat: FileFormat;
  /** Seconds. */
  connectTimeout: number;
  /** SET in every session. */
  serverSideParameters: Record<string, string>;
  /** Absolute or relative path of a CA file in PEM form; Node's own list otherwise. */
  sslRootCert: string | undefined;
  /** `method: emr_serverless`: host, port and token come from a session that is started first. */
  emr: EmrSettings | undefined;
}

const KEYS = [
  'method',
  'host',
  'port',
  'user',
  'token',
  'use_ssl',
  'sslrootcert',
  'catalog',
  'file_format',
  'location_root',
  'connect_timeout',
  'connect_retries',
  'server_side_parameters',
];

/** Throws SqError kind Runtime (`Credentials in profile …`) for what is missing or cannot be used. */
export function sparkSettings(output: Record<string, unknown>, context: SettingsContext): Settings {
  const reader = new ProfileReader(output, context);
  const method = reader.text('method') ?? 'connect';
  if (method !== 'connect' && method !== 'emr_serverless') {
    throw reader.invalid(
      `'method' is '${method}'`,
      "Spark is spoken to over Spark Connect (method: connect, or emr_serverless), Spark 4.0 and later; dbt-spark's thrift, http, odbc and session are not there",
      'method',
    );
  }
  const onEmr = method === 'emr_serverless';
  if (!onEmr && reader.has('application_id'))
    throw reader.invalid("'application_id' needs method: emr_serverless", undefined, 'application_id');
  reader.allowOnly(onEmr ? [...KEYS, ...EMR_KEYS] : KEYS);
  const emr = onEmr ? emrSettings(reader, context) : undefined;
  const schema = reader.text('schema');
  if (schema === undefined)
    throw reader.invalid("'schema' is a required property", 'a Spark target needs schema');
  const token = reader.text('token');
  const catalog = reader.text('catalog') ?? reader.text('database') ?? 'spark_catalog';
  const own: SparkSettings = {
    host: reader.text('host') ?? 'localhost',
    port: reader.integer('port', 1) ?? 15002,
    user: reader.text('user') ?? 'sq',
    token,
    tls: reader.flag('use_ssl') ?? token !== undefined,
    catalog,
    fileFormat: fileFormat(reader, catalog),
    // the address of a session that has just begun may take its time to answer
    connectTimeout: reader.integer('connect_timeout', 0) ?? (emr === undefined ? 30 : 120),
    serverSideParameters: parameters(reader.record('server_side_parameters')),
    sslRootCert: reader.text('sslrootcert'),
    emr,
  };
  return {
    type: 'spark',
    database: catalog,
    schema,
    threads: reader.integer('threads', 1) ?? 1,
    shown: {
      method,
      ...(emr === undefined ? { host: own.host, port: own.port } : shownEmr(emr)),
      user: own.user,
      catalog,
      file_format: own.fileFormat,
      location_root: reader.text('location_root') ?? null,
    },
    secrets: [token, emr?.aws.secretAccessKey, emr?.aws.sessionToken].filter(
      (value): value is string => value !== undefined && value !== '',
    ),
    own,
  };
}

/** The session's own catalog has files; another one is there because it keeps tables, which is Iceberg. */
function fileFormat(reader: ProfileReader, catalog: string): FileFormat {
  const given = reader.text('file_format') ?? (catalog === 'spark_catalog' ? 'parquet' : 'iceberg');
  const known = FILE_FORMATS.find((one) => one === given);
  if (known !== undefined) return known;
  throw reader.invalid(
    `'file_format' is '${given}'`,
    `it is one of: ${FILE_FORMATS.join(', ')}`,
    'file_format',
  );
}

function parameters(given: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(given).map(([name, value]) => [
      name,
      isRecord(value) ? JSON.stringify(value) : String(value),
    ]),
  );
}
