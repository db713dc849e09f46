/** COPY as it is written: options checked one by one, an unknown one is a syntax error (DG r_COPY). */
import { failure } from '../protocol/messages.ts';
import { syntaxError } from '../sql/refusals.ts';
import { literalValue, type Statement } from '../sql/tokens.ts';

export interface CopyStatement {
  table: readonly string[];
  /** Undefined: all columns of the table. */
  columns: string[] | undefined;
  from: string;
  format: 'text' | 'csv' | 'json' | 'parquet';
  /** `auto`, `auto ignorecase`, `noshred` or the address of a JSONPaths file. */
  json: string;
  /** `default` or ARNs; undefined when the statement names keys. */
  role: string | undefined;
  region: string | undefined;
  delimiter: string | undefined;
  quote: string;
  nullAs: string;
  maxerror: number;
  ignoreheader: number;
  timeformat: string;
  dateformat: string;
  invchars: string | undefined;
  flags: ReadonlySet<string>;
}

/** Options without a value. */
const FLAGS = new Set(
  `MANIFEST GZIP BZIP2 LZOP ZSTD ENCRYPTED TRUNCATECOLUMNS BLANKSASNULL EMPTYASNULL ACCEPTANYDATE ESCAPE ROUNDEC FILLRECORD
  IGNOREBLANKLINES NOLOAD REMOVEQUOTES TRIMBLANKS EXPLICIT_IDS IGNOREALLERRORS`.split(/\s+/),
);

/** Options with a value that changes nothing here. */
const SKIPPED = new Set(['COMPROWS', 'ENCODING', 'READRATIO', 'MASTER_SYMMETRIC_KEY', 'KMS_KEY_ID']);

export function copyStatement(statement: Statement): CopyStatement {
  const { parts, end } = statement.name(1);
  const listed = statement.is('(', end);
  const from = listed ? statement.closing(end) + 1 : end;
  if (!statement.is('FROM', from)) throw syntaxError(statement, from);
  const source = statement.list[from + 1];
  if (source?.kind !== 'string') {
    if (statement.is('STDIN', from + 1)) throw failure('0A000', 'COPY FROM STDIN is not supported');
    throw syntaxError(statement, from + 1);
  }
  const url = literalValue(source);
  if (!url.startsWith('s3://'))
    throw failure('XX000', `COPY from this source is not supported by the double: ${url}`);
  const options = new OptionReader(statement, from + 2).read();
  checkTogether(options);
  return { table: parts, columns: listed ? names(statement, end) : undefined, from: url, ...options };
}

function names(statement: Statement, open: number): string[] {
  const found: string[] = [];
  for (let at = open + 1; at < statement.closing(open); at += 2)
    found.push(statement.name(at).parts[0] as string);
  return found;
}

type Options = Omit<CopyStatement, 'table' | 'columns' | 'from'>;

class OptionReader {
  private readonly flags = new Set<string>();
  private readonly seen = new Set<string>();
  private readonly options: Options = {
    format: 'text',
    json: '',
    role: undefined,
    region: undefined,
    delimiter: undefined,
    quote: '"',
    nullAs: '\\N',
    maxerror: 0,
    ignoreheader: 0,
    timeformat: '',
    dateformat: '',
    invchars: undefined,
    flags: this.flags,
  };
  private keys = false;

  constructor(
    private readonly statement: Statement,
    private at: number,
  ) {}

  read(): Options {
    const { statement, options } = this;
    while (this.at < statement.list.length) this.option();
    if (options.role === undefined && !this.keys)
      throw failure('XX000', 'credentials, IAM_ROLE or ACCESS_KEY_ID must be specified for a COPY from S3');
    return options;
  }

  private option(): void {
    const { statement, options } = this;
    const place = this.at;
    const word = statement.word(this.at++);
    // a second time is an error whatever the option
    if (this.seen.has(word) && word !== 'WITH') throw failure('42601', `conflicting or redundant options`);
    this.seen.add(word);
    if (FLAGS.has(word)) {
      this.flags.add(word);
      return;
    }
    switch (word) {
      case 'WITH':
        return;
      case 'FORMAT':
        this.skip('AS');
        this.format(place);
        return;
      case 'CSV':
      case 'JSON':
      case 'PARQUET':
        this.at = place;
        this.format(place);
        return;
      case 'QUOTE':
        options.quote = this.text('AS');
        return;
      case 'IAM_ROLE':
        options.role = statement.is('DEFAULT', this.at) ? this.word() : this.text('AS');
        return;
      case 'CREDENTIALS': {
        const given = this.text('AS');
        options.role = /aws_iam_role=([^;]+)/.exec(given)?.[1];
        this.keys = /aws_access_key_id=/.test(given);
        return;
      }
      case 'ACCESS_KEY_ID':
      case 'SECRET_ACCESS_KEY':
      case 'SESSION_TOKEN':
        this.text('AS');
        this.keys = true;
        return;
      case 'REGION':
        options.region = this.text('AS');
        return;
      case 'DELIMITER':
        options.delimiter = this.text('AS').replace('\\t', '\t');
        return;
      case 'NULL':
        options.nullAs = this.text('AS');
        return;
      case 'MAXERROR':
        options.maxerror = this.number(100_000);
        return;
      case 'IGNOREHEADER':
        options.ignoreheader = this.number(Number.MAX_SAFE_INTEGER);
        return;
      case 'TIMEFORMAT':
        options.timeformat = this.text('AS');
        return;
      case 'DATEFORMAT':
        options.dateformat = this.text('AS');
        return;
      case 'ACCEPTINVCHARS':
        options.invchars =
          this.next()?.kind === 'string' || statement.is('AS', this.at) ? this.text('AS') : '?';
        return;
      case 'COMPUPDATE':
      case 'STATUPDATE':
        if (statement.is('ON|OFF|TRUE|FALSE|PRESET', this.at)) this.at++;
        return;
      default:
        if (!SKIPPED.has(word)) throw syntaxError(statement, place);
        this.skip('AS');
        this.at++;
    }
  }

  private format(place: number): void {
    const { statement, options } = this;
    const word = this.word();
    if (word === 'CSV') {
      options.format = 'csv';
    } else if (word === 'JSON') {
      options.format = 'json';
      this.skip('AS');
      options.json = this.next()?.kind === 'string' ? this.text('AS') : 'auto';
      if (!/^(auto|auto ignorecase|noshred|s3:\/\/.+)$/.test(options.json))
        throw failure(
          'XX000',
          `Invalid JSON option '${options.json}': expected 'auto', 'auto ignorecase', 'noshred' or a JSONPaths file on S3`,
        );
    } else if (word === 'PARQUET') options.format = 'parquet';
    else if (/^(ORC|AVRO|SHAPEFILE)$/.test(word)) throw failure('0A000', `the double does not read ${word}`);
    else throw syntaxError(statement, Math.max(place, this.at - 1));
  }

  private next() {
    return this.statement.list[this.at];
  }

  private skip(word: string): void {
    if (this.statement.is(word, this.at)) this.at++;
  }

  private word(): string {
    return this.statement.word(this.at++);
  }

  private text(skipped: string): string {
    this.skip(skipped);
    const token = this.statement.list[this.at];
    if (token?.kind !== 'string') throw syntaxError(this.statement, this.at);
    this.at++;
    return literalValue(token);
  }

  private number(most: number): number {
    this.skip('AS');
    const value = Number(this.statement.word(this.at));
    if (!Number.isInteger(value)) throw syntaxError(this.statement, this.at);
    if (value > most) throw failure('22023', `Invalid value ${value}: at most ${most}`);
    this.at++;
    return value;
  }
}

/** DG copy-parameters: what does not go together. */
function checkTogether({ format, flags, delimiter, maxerror, json, ignoreheader }: Options): void {
  const refuse = (one: string, other: string) => {
    throw failure('42601', `${one} is not supported with ${other}`);
  };
  if (format === 'parquet') {
    for (const flag of flags)
      if (!['MANIFEST', 'FILLRECORD', 'EXPLICIT_IDS'].includes(flag)) refuse(flag, 'COPY from PARQUET');
    if (maxerror > 0) refuse('MAXERROR', 'COPY from PARQUET');
    if (ignoreheader > 0) refuse('IGNOREHEADER', 'COPY from PARQUET');
  }
  if (format === 'csv')
    for (const flag of ['REMOVEQUOTES', 'ESCAPE'])
      if (flags.has(flag)) throw failure('42601', `CSV is not compatible with ${flag}`);
  if (format === 'json') {
    if (delimiter !== undefined) refuse('DELIMITER', `JSON '${json}'`);
    for (const flag of ['ESCAPE', 'REMOVEQUOTES', 'FILLRECORD']) if (flags.has(flag)) refuse(flag, 'JSON');
  }
}
