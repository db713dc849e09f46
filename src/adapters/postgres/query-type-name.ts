/**
 * What dbt-postgres calls the types of a query's columns (psycopg2's names, TEXT for STRING): contracts compare and
 * show these, so that `numeric` and `numeric(10,2)` are the same, and `text` and `character varying` too.
 */
const NAMES: Readonly<Record<string, string>> = {
  bigint: 'LONGINTEGER',
  integer: 'INTEGER',
  smallint: 'INTEGER',
  real: 'FLOAT',
  'double precision': 'FLOAT',
  numeric: 'DECIMAL',
  text: 'TEXT',
  name: 'TEXT',
  '"char"': 'TEXT',
  character: 'TEXT',
  'character varying': 'TEXT',
  boolean: 'BOOLEAN',
  'timestamp without time zone': 'DATETIME',
  'timestamp with time zone': 'DATETIMETZ',
  'time without time zone': 'TIME',
  'time with time zone': 'TIME',
  date: 'DATE',
  interval: 'INTERVAL',
  bytea: 'BINARY',
  oid: 'ROWID',
  json: 'JSON',
  jsonb: 'JSONB',
};

/** A type that psycopg2 does not know keeps PostgreSQL's name. */
export function queryTypeName(type: string): string {
  const plain = type.replace(/\(\d+(,-?\d+)?\)/, '').trim();
  if (!plain.endsWith('[]')) return NAMES[plain] ?? type;
  const element = NAMES[plain.slice(0, -2)];
  return element === undefined ? type : `${element === 'TEXT' ? 'STRING' : element}ARRAY`;
}
