/** COPY from S3 into a table, with its errors in the system tables. */
import { isUtf8 } from 'node:buffer';
import { gunzipSync } from 'node:zlib';
import { failure, RedshiftError } from '../protocol/messages.ts';
import type { ClientSession } from '../protocol/session.ts';
import { quoteLiteral, quoteName, type Statement } from '../sql/tokens.ts';
import { nameBehind } from '../statements.ts';
import { type CopyStatement, copyStatement } from './copy-statement.ts';
import { csvRecords, textRecords } from './delimited.ts';
import { atPath, jsonPath, jsonRecords, memberText } from './json.ts';
import {
  assumeRole,
  checkRegion,
  detailed,
  hasObject,
  listObjects,
  readObject,
  type S3Address,
  s3Address,
} from './objects.ts';
import { readParquet } from './parquet.ts';
import { copyText, type LoadColumn, loadValue, NOT_UTF8, ValueRefused } from './values.ts';

interface LoadError {
  file: string;
  line: number;
  column: LoadColumn | undefined;
  raw: string;
  value: string;
  code: number;
  reason: string;
}

interface Scanned {
  file: string;
  lines: number;
  bytes: number;
}

/** One record: a value for each column, or why it is none. */
interface LoadRecord {
  line: number;
  raw: string;
  values?: (string | null)[];
  refused?: ValueRefused;
}

export async function copyFromS3(session: ClientSession, statement: Statement): Promise<void> {
  await new Load(session, copyStatement(statement)).run();
}

class Load {
  private readonly errors: LoadError[] = [];
  private readonly scanned: Scanned[] = [];
  private loaded = 0;
  private columns: LoadColumn[] = [];
  private paths: string[][] | undefined;

  constructor(
    private readonly session: ClientSession,
    private readonly options: CopyStatement,
  ) {}

  async run(): Promise<void> {
    const { session, options } = this;
    const { world } = session;
    const name = nameBehind(session, options.table);
    this.columns = await this.columnsOf(name);
    assumeRole(world, options.role, session.user);
    const source = s3Address(options.from);
    checkRegion(world, source.bucket, options.region);
    const objects = this.objects(source);
    this.paths = this.jsonPaths();
    if (options.flags.has('NOLOAD')) for await (const _ of this.rows(objects));
    else {
      const names = this.columns.map((column) => quoteName(session.names.behind(column.name)));
      const answer = await session.backend.ask(`copy ${name} (${names.join(', ')}) from stdin`, {
        copyIn: this.rows(objects),
      });
      await this.record();
      if (answer.error !== undefined)
        throw /Load into table|COPY from stdin failed/.test(answer.error.message) && this.failed()
          ? this.failed()
          : new RedshiftError(answer.error);
    }
    if (this.errors.length > options.maxerror) throw this.failed();
    this.tell();
  }

  private tell(): void {
    const { session, options } = this;
    const table = options.table.at(-1);
    const { counters } = session;
    counters['pg_last_copy_id'] = counters['pg_last_query_id'] ?? 0;
    counters['pg_last_copy_count'] = this.loaded;
    session.notice(`Load into table '${table}' completed, ${this.loaded} record(s) loaded successfully.`);
    if (this.errors.length > 0)
      session.notice(
        `Load into table '${table}' completed, ${this.errors.length} record(s) could not be loaded.  Check 'stl_load_errors' system table for details.`,
      );
    session.complete('COPY');
  }

  private failed(): Error {
    return failure(
      'XX000',
      `Load into table '${this.options.table.at(-1)}' failed.  Check 'stl_load_errors' system table for details.`,
    );
  }

  private async columnsOf(name: string): Promise<LoadColumn[]> {
    const { session, options } = this;
    const { rows } = await session.ask(
      `select attname, format_type(atttypid, null), atttypmod, attidentity, atttypid = 'super'::regtype from pg_attribute
       where attrelid = ${quoteLiteral(name)}::regclass and attnum > 0 and not attisdropped order by attnum`,
    );
    const all = rows.map(([column, type, modifier, identity]) => {
      const bits = Number(modifier) - 4;
      const numeric = type === 'numeric';
      return {
        name: session.names.shown(column as string),
        type: type as string,
        length: bits < 0 ? (numeric ? 38 : 0) : numeric ? (bits >> 16) & 65_535 : bits,
        scale: bits < 0 ? 0 : bits & 65_535,
        identity: identity !== '',
      };
    });
    if (options.columns === undefined)
      return all.filter(({ identity }) => !identity || options.flags.has('EXPLICIT_IDS'));
    return options.columns.map((wanted) => {
      const found = all.find((column) => column.name === wanted.toLowerCase());
      if (found === undefined)
        throw failure('42703', `column "${wanted}" of relation "${options.table.at(-1)}" does not exist`);
      return found;
    });
  }

  private objects(source: S3Address): S3Address[] {
    const { session, options } = this;
    if (!options.flags.has('MANIFEST')) {
      const found = listObjects(session.world, source);
      if (found.length === 0)
        throw detailed(`The specified S3 prefix '${source.key}' does not exist`, 8001, 'Listing objects');
      return found;
    }
    let entries: { url: string; mandatory?: boolean; meta?: { content_length?: number } }[];
    try {
      ({ entries } = JSON.parse(readObject(session.world, source).toString('utf8')));
    } catch (error) {
      if (error instanceof RedshiftError) throw error;
      throw detailed(`Problem reading manifest file - JSON parsing error`, 8001, options.from);
    }
    const found: S3Address[] = [];
    for (const entry of entries) {
      if (options.format === 'parquet' && entry.meta?.content_length === undefined)
        throw detailed('Invalid manifest: content_length is required for columnar files', 8001, entry.url);
      const address = s3Address(entry.url);
      const there = hasObject(session.world, address);
      if (there) found.push(address);
      else if (entry.mandatory)
        throw detailed(
          `Problem reading manifest file - The file ${entry.url} does not exist`,
          8001,
          options.from,
        );
    }
    return found;
  }

  private jsonPaths(): string[][] | undefined {
    const { options, columns, session } = this;
    if (options.format !== 'json' || !options.json.startsWith('s3://')) return undefined;
    const address = s3Address(options.json);
    checkRegion(session.world, address.bucket, options.region);
    let given: unknown;
    try {
      given = (JSON.parse(readObject(session.world, address).toString('utf8')) as { jsonpaths?: unknown })
        .jsonpaths;
    } catch (error) {
      if (error instanceof RedshiftError) throw error;
      throw detailed('Invalid JSONPath format: JSONPath file is not valid JSON', 8001, options.json);
    }
    // a misspelt key is read as 'auto'
    if (!Array.isArray(given)) return undefined;
    if (given.length !== columns.length)
      throw detailed(
        `Number of jsonpaths and the number of columns should match. JSONPath size: ${given.length}, Number of columns in table or column list: ${columns.length}`,
        8001,
        options.json,
      );
    return given.map((path: string) => {
      const steps = jsonPath(path);
      if (steps === undefined) throw detailed(`Invalid JSONPath format: ${path}`, 8001, options.json);
      return steps;
    });
  }

  /** The rows in PostgreSQL's text form, in pieces of about a megabyte. */
  private async *rows(objects: readonly S3Address[]): AsyncGenerator<string> {
    let piece = '';
    for (const object of objects) {
      const file = `s3://${object.bucket}/${object.key}`;
      const body = this.unpacked(readObject(this.session.world, object));
      const scanned = { file, lines: 0, bytes: body.length };
      this.scanned.push(scanned);
      for await (const record of this.recordsOf(body)) {
        scanned.lines++;
        const row = this.row(record, file);
        if (row === undefined) continue;
        this.loaded++;
        piece += row;
        if (piece.length < 1_000_000) continue;
        yield piece;
        piece = '';
      }
    }
    if (piece !== '') yield piece;
  }

  private unpacked(body: Buffer): Buffer {
    return this.options.flags.has('GZIP') || (body[0] === 0x1f && body[1] === 0x8b) ? gunzipSync(body) : body;
  }

  private async *recordsOf(body: Buffer): AsyncGenerator<LoadRecord> {
    const { options } = this;
    if (options.format === 'parquet') return yield* this.parquetRecords(body);
    const text = decoded(body).replace(/^\uFEFF/, '');
    if (options.format === 'json') return yield* this.jsonRows(text);
    const flag = (name: string) => options.flags.has(name);
    const records =
      options.format === 'csv'
        ? csvRecords(text, options.delimiter ?? ',', options.quote)
        : textRecords(text, options.delimiter ?? '|', {
            escaped: flag('ESCAPE'),
            removeQuotes: flag('REMOVEQUOTES'),
            nullAs: options.nullAs,
          });
    let at = 0;
    for (const { fields, raw, line } of records) {
      if (at++ < options.ignoreheader) continue;
      if (raw === '' && (flag('IGNOREBLANKLINES') || this.columns.length > 1)) {
        if (flag('IGNOREBLANKLINES')) continue;
      }
      yield { line, raw, ...this.counted(fields) };
    }
  }

  private counted(fields: (string | null)[]): Pick<LoadRecord, 'values' | 'refused'> {
    const { columns, options } = this;
    const values = fields.map((value) => (value === options.nullAs ? null : value));
    if (values.length > columns.length) return { refused: new ValueRefused(1202, 'Extra column(s) found') };
    if (values.length < columns.length && !options.flags.has('FILLRECORD'))
      return { refused: new ValueRefused(1203, 'Delimiter not found') };
    return { values: columns.map((_, at) => values[at] ?? null) };
  }

  private *jsonRows(text: string): Generator<LoadRecord> {
    const { options, columns, paths } = this;
    let at = 0;
    for (const { members, raw, line } of jsonRecords(text)) {
      // IGNOREHEADER skips lines of JSON too
      if (at++ < options.ignoreheader) continue;
      if (members === undefined) {
        yield { line, raw, refused: new ValueRefused(1214, 'Invalid value.') };
        continue;
      }
      const folded =
        options.json === 'auto ignorecase'
          ? new Map([...members].map(([key, value]) => [key.toLowerCase(), value]))
          : members;
      const values = columns.map(({ name }, place) => {
        if (options.json === 'noshred') return raw;
        const path = paths?.[place];
        return memberText(path === undefined ? folded.get(name) : atPath(members, path));
      });
      yield { line, raw, values };
    }
  }

  private async *parquetRecords(body: Buffer): AsyncGenerator<LoadRecord> {
    const { names, rows } = await readParquet(body);
    if (names.length !== this.columns.length && !this.options.flags.has('FILLRECORD'))
      throw failure(
        'XX000',
        `Spectrum Scan Error`,
        `\n  error:  Spectrum Scan Error\n  code:      15007\n  context:   Unmatched number of columns between table and file. Table columns: ${this.columns.length}, Data columns: ${names.length}\n`,
      );
    let line = 0;
    for (const values of rows) yield { line: ++line, raw: '', values };
  }

  private row({ values, refused, line, raw }: LoadRecord, file: string): string | undefined {
    if (refused !== undefined) return this.refuse({ file, line, raw, refused, column: undefined, value: '' });
    const out: string[] = [];
    for (const [at, column] of this.columns.entries()) {
      try {
        out.push(copyText(loadValue(values?.[at] ?? null, column, this.options)));
      } catch (error) {
        if (!(error instanceof ValueRefused)) throw error;
        return this.refuse({ file, line, raw, refused: error, column, value: values?.[at] ?? '' });
      }
    }
    return `${out.join('\t')}\n`;
  }

  private refuse(of: Omit<LoadError, 'code' | 'reason'> & { refused: ValueRefused }): undefined {
    const { refused, ...rest } = of;
    this.errors.push({ ...rest, code: refused.code, reason: refused.message });
    if (this.errors.length > this.options.maxerror && !this.options.flags.has('IGNOREALLERRORS'))
      throw this.failed();
    return undefined;
  }

  /** The system tables keep what happened, whatever becomes of the transaction. */
  private async record(): Promise<void> {
    const { session, options, errors, scanned } = this;
    const { admin, database } = session.world;
    const query = session.counters['pg_last_query_id'] ?? 0;
    const table = options.table.at(-1) as string;
    const good = errors.length <= options.maxerror;
    for (const { file, line, column, raw, value, code, reason } of errors)
      await admin.query(
        `insert into stl_load_errors (session, query, filename, line_number, colname, type, col_length, position, raw_line, raw_field_value, err_code, err_reason)
         values ($1, $2, $3, $4, $5, $6, $7, 0, $8, $9, $10, $11)`,
        [
          session.backend.pid,
          query,
          file,
          line,
          column?.name ?? '',
          shortType(column),
          column?.length ? `${column.length}` : '',
          raw.slice(0, 1024),
          value.slice(0, 1024),
          code,
          reason.slice(0, 100),
        ],
      );
    const perFile = good ? scanned : [];
    const failures = (file: string) => errors.filter((error) => error.file === file).length;
    await admin.query(
      `insert into stl_load_commits (query, name, filename, byte_offset, lines_scanned, errors, file_format)
       select $1, $2, f, b, l, e, $3 from unnest($4::text[], $5::int[], $6::int[], $7::int[]) as u (f, b, l, e)`,
      [
        query,
        table,
        options.format,
        perFile.map(({ file }) => file),
        perFile.map(({ bytes }) => bytes),
        perFile.map(({ lines }) => lines),
        perFile.map(({ file }) => (errors.length === 0 ? 0 : failures(file))),
      ],
    );
    const bytes = scanned.reduce((sum, { bytes: size }) => sum + size, 0);
    await admin.query(
      `insert into sys_load_history (query_id, session_id, database_name, status, table_name, data_source, loaded_rows, loaded_bytes, source_file_count, source_file_bytes, file_count_scanned, file_bytes_scanned, error_count, file_format)
       values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $8, $9, $8, $10, $11)`,
      [
        query,
        session.backend.pid,
        database,
        good ? 'completed' : 'aborted',
        table,
        options.from,
        good ? this.loaded : 0,
        bytes,
        scanned.length,
        errors.length,
        options.format,
      ],
    );
  }
}

/** UTF-8 → text; bytes that are none of it are marked. */
function decoded(body: Buffer): string {
  if (isUtf8(body)) return body.toString('utf8');
  // what is written as U+FFFD is told from what becomes it, by another character for the time being
  const kept = Buffer.from(body.toString('latin1').replaceAll('\xEF\xBF\xBD', '\xEF\xA3\xBF'), 'latin1');
  return kept.toString('utf8').replaceAll('\uFFFD', NOT_UTF8).replaceAll('\uF8FF', '\uFFFD');
}

function shortType(column: LoadColumn | undefined): string {
  const names: Readonly<Record<string, string>> = {
    integer: 'int4',
    smallint: 'int2',
    bigint: 'int8',
    'double precision': 'float8',
    real: 'float4',
    'character varying': 'varchar',
    character: 'char',
    boolean: 'bool',
    'timestamp without time zone': 'timestamp',
    'timestamp with time zone': 'timestampt',
  };
  return column === undefined ? '' : (names[column.type] ?? column.type).slice(0, 10);
}
