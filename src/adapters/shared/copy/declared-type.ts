/** `data_type` of a column of an external source, in the words of Redshift and PostgreSQL, as data. */

export type DeclaredType = { /** As the author wrote it. */ written: string } & (
  | { family: 'text' /** Bytes of UTF-8; null without a limit. */; maxBytes: number | null }
  | { family: 'integer'; bytes: 1 | 2 | 4 | 8 | 16 }
  | { family: 'decimal'; precision: number; scale: number }
  | { family: 'float'; bytes: 4 | 8 }
  | { family: 'boolean' }
  | { family: 'date' }
  | { family: 'time' }
  | { family: 'timestamp'; zone: boolean }
  /** SUPER, JSON, JSONB: any JSON value. */
  | { family: 'json' }
  | { family: 'binary' }
  | { family: 'uuid' }
);

/** Widest VARCHAR of Redshift: what `max` stands for. */
const MAX_TEXT = 65_535;

/** Names without their sizes. A function where sizes matter. */
const NAMES: Record<string, (sizes: number[]) => DeclaredTypeShape> = {
  varchar: text,
  'character varying': text,
  nvarchar: text,
  text,
  string: text,
  char: fixedText,
  character: fixedText,
  nchar: fixedText,
  bpchar: text,
  tinyint: () => ({ family: 'integer', bytes: 1 }),
  smallint: () => ({ family: 'integer', bytes: 2 }),
  int2: () => ({ family: 'integer', bytes: 2 }),
  integer: () => ({ family: 'integer', bytes: 4 }),
  int: () => ({ family: 'integer', bytes: 4 }),
  int4: () => ({ family: 'integer', bytes: 4 }),
  bigint: () => ({ family: 'integer', bytes: 8 }),
  int8: () => ({ family: 'integer', bytes: 8 }),
  hugeint: () => ({ family: 'integer', bytes: 16 }),
  numeric: decimal,
  decimal,
  real: () => ({ family: 'float', bytes: 4 }),
  float4: () => ({ family: 'float', bytes: 4 }),
  float: () => ({ family: 'float', bytes: 8 }),
  float8: () => ({ family: 'float', bytes: 8 }),
  double: () => ({ family: 'float', bytes: 8 }),
  'double precision': () => ({ family: 'float', bytes: 8 }),
  boolean: () => ({ family: 'boolean' }),
  bool: () => ({ family: 'boolean' }),
  date: () => ({ family: 'date' }),
  time: () => ({ family: 'time' }),
  'time without time zone': () => ({ family: 'time' }),
  timestamp: () => ({ family: 'timestamp', zone: false }),
  'timestamp without time zone': () => ({ family: 'timestamp', zone: false }),
  datetime: () => ({ family: 'timestamp', zone: false }),
  timestamptz: () => ({ family: 'timestamp', zone: true }),
  'timestamp with time zone': () => ({ family: 'timestamp', zone: true }),
  super: () => ({ family: 'json' }),
  json: () => ({ family: 'json' }),
  jsonb: () => ({ family: 'json' }),
  varbyte: () => ({ family: 'binary' }),
  varbinary: () => ({ family: 'binary' }),
  'binary varying': () => ({ family: 'binary' }),
  bytea: () => ({ family: 'binary' }),
  blob: () => ({ family: 'binary' }),
  uuid: () => ({ family: 'uuid' }),
};

type WithoutWritten<T> = T extends unknown ? Omit<T, 'written'> : never;
type DeclaredTypeShape = WithoutWritten<DeclaredType>;

/** Names that `declaredType` knows, for "did you mean". */
export function declaredTypeNames(): string[] {
  return Object.keys(NAMES);
}

/** The type of `varchar(256)`, `NUMERIC(18, 0)`, `double precision`; undefined for what is none. */
export function declaredType(written: string): DeclaredType | undefined {
  const match =
    /^\s*([a-z][a-z0-9 ]*?)\s*(?:\(\s*(max|\d+(?:\s*,\s*\d+)?)\s*\))?\s*((?:with|without) time zone)?\s*$/i.exec(
      written,
    );
  if (match === null) return undefined;
  const name = [match[1], match[3]].filter(Boolean).join(' ').toLowerCase().replace(/\s+/g, ' ');
  const make = Object.hasOwn(NAMES, name) ? NAMES[name] : undefined;
  if (make === undefined) return undefined;
  const sizes =
    (match[2] ?? '').toLowerCase() === 'max'
      ? [MAX_TEXT]
      : (match[2] ?? '').split(',').filter(Boolean).map(Number);
  const shape = make(sizes);
  if (
    shape.family === 'decimal' &&
    (shape.precision < 1 || shape.precision > 38 || shape.scale > shape.precision)
  ) {
    return undefined;
  }
  return { ...shape, written: written.trim() };
}

/** Without a size there is no limit: PostgreSQL's rule, and every engine's but Redshift's (256). */
function text([bytes]: number[]): DeclaredTypeShape {
  return { family: 'text', maxBytes: bytes ?? null };
}

function fixedText([bytes]: number[]): DeclaredTypeShape {
  return { family: 'text', maxBytes: bytes ?? 1 };
}

/** Redshift's defaults. */
function decimal([precision = 18, scale = 0]: number[]): DeclaredTypeShape {
  return { family: 'decimal', precision, scale };
}
