/** `attach:` of the profile: other databases beside the target's own (dbt-duckdb's keys). */
import { isRecord, type ProfileReader } from '../shared/profile-reader.ts';

export interface Attachment {
  path: string;
  alias: string | undefined;
  type: string | undefined;
  secret: string | undefined;
  readOnly: boolean;
  options: Record<string, unknown>;
}

const KEYS = ['path', 'alias', 'type', 'secret', 'read_only', 'options', 'is_ducklake'];

/** Reads one entry; throws dbt's "Credentials … invalid" when it has no path or a key that is not known. */
export function readAttachment(entry: unknown, reader: ProfileReader): Attachment {
  if (!isRecord(entry) || typeof entry.path !== 'string' || entry.path === '') {
    throw reader.invalid(`an entry of 'attach' needs a 'path', got ${JSON.stringify(entry)}`);
  }
  const unknown = Object.keys(entry).find((key) => !KEYS.includes(key));
  if (unknown !== undefined) {
    throw reader.invalid(`an entry of 'attach' has the key '${unknown}'`, `the keys are: ${KEYS.join(', ')}`);
  }
  const text = (key: string) => (typeof entry[key] === 'string' ? (entry[key] as string) : undefined);
  return {
    path: entry.path,
    alias: text('alias'),
    type: text('type'),
    secret: text('secret'),
    readOnly: entry.read_only === true,
    options: isRecord(entry.options) ? entry.options : {},
  };
}

/** The statement; repeatable, because connections of one process share the databases of an instance. */
export function attachSql(attachment: Attachment): string {
  const { alias, type, secret, readOnly, options } = attachment;
  const parts = [
    ...(type === undefined ? [] : [`TYPE ${type}`]),
    ...(secret === undefined ? [] : [`SECRET ${secret}`]),
    ...(readOnly ? ['READ_ONLY'] : []),
    ...Object.entries(options).map(([name, value]) => `${name.toUpperCase()} ${optionValue(value)}`),
  ];
  const target = `ATTACH IF NOT EXISTS '${attachment.path.replaceAll("'", "''")}'`;
  return `${target}${alias === undefined ? '' : ` AS ${quoted(alias)}`}${parts.length === 0 ? '' : ` (${parts.join(', ')})`}`;
}

function optionValue(value: unknown): string {
  return typeof value === 'string' ? `'${value.replaceAll("'", "''")}'` : String(value);
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
