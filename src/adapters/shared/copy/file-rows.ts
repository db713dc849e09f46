/** Files as rows of texts by COPY's rules, read record by record: memory does not grow with the files. */
import type { LoadError } from '../../loader-contract.ts';
import type { LocalFile } from '../files/local-file.ts';
import { CsvRecords } from '../records/csv-records.ts';
import { lineBlocks } from '../records/file-lines.ts';
import { JsonRecords } from '../records/json-records.ts';
import type { FileRecord } from '../records/record.ts';
import { jsonOf, parseRecord, type RecordValue, textOf, valueAt } from '../records/record-values.ts';
import type { ExternalColumn, ExternalSource } from './external-source.ts';
import type { JsonPath } from './json-path.ts';
import { declaredPlaces } from './json-places.ts';
import { reasonOf } from './reason.ts';
import { UNFIT, valueText } from './value-text.ts';

export interface RowsOrder {
  source: ExternalSource;
  /** Of the load, in its order. */
  columns: readonly ExternalColumn[];
  /** Of the JSONPaths file, for all declared columns. */
  paths: readonly JsonPath[] | undefined;
  files: readonly LocalFile[];
  /** The search ends when more bad rows than this are found. */
  limit: number;
  /** More bad rows than this and nothing is sent any more. */
  maxErrors: number;
  /** Name of an engine that keeps no text with U+0000 in it. */
  refuseZero?: string;
}

/** STL_LOAD_ERRORS keeps as much of a line and of a value. */
const KEPT = 1024;
/** COPY's own text for NULL in CSV files. */
const NULL_TEXT = '\\N';
/** Records whose keys are looked at. */
const LOOKED_AT = 1000;

export class FileRows {
  readonly errors: LoadError[] = [];
  readonly rowsByFile = new Map<string, number>();
  /** Keys of the first records. */
  readonly keys = new Set<string>();
  /** Rows in which a column holds something, by column. */
  readonly filled: number[];
  /** A file cannot be read at all: no `maxerror` helps. */
  fatal = false;
  /** Every record was looked at. */
  complete = true;
  private looked = 0;

  constructor(private readonly order: RowsOrder) {
    this.filled = order.columns.map(() => 0);
  }

  /** Nothing may be kept of this load. */
  get refused(): boolean {
    return this.fatal || this.errors.length > this.order.maxErrors;
  }

  /** Rows that can be kept; ends early when there are more bad ones than are looked for. */
  async *rows(): AsyncGenerator<(string | null)[]> {
    const { files, source, limit } = this.order;
    const valuesOf = source.format === 'csv' ? this.csvValues() : this.jsonValues();
    for (const file of files) {
      const reader = this.reader();
      let count = 0;
      try {
        for await (const lines of lineBlocks(file, source.options.gzip || file.name.endsWith('.gz'))) {
          for (const record of reader.push(lines)) {
            const row = this.row(file.name, record, valuesOf);
            if (row !== undefined) {
              count += 1;
              yield row;
            }
          }
          if (this.errors.length > limit) {
            this.complete = false;
            return;
          }
        }
      } catch (error) {
        const problem = `it cannot be read: ${(error as Error).message}`;
        this.row(file.name, { line: 1, raw: '', problem, fatal: true }, valuesOf);
      }
      for (const record of reader.end()) {
        const row = this.row(file.name, record, valuesOf);
        if (row !== undefined) {
          count += 1;
          yield row;
        }
      }
      this.rowsByFile.set(file.name, count);
    }
  }

  private reader(): { push(lines: readonly Buffer[]): FileRecord[]; end(): FileRecord[] } {
    const { options, columns, format } = this.order.source;
    if (format !== 'csv') return new JsonRecords(options.acceptinvchars);
    return new CsvRecords({
      delimiter: options.delimiter,
      quote: options.quote,
      header: options.ignoreheader,
      fields: columns.length,
      fill: options.fillrecord,
      nullText: options.nullAs ?? NULL_TEXT,
      mark: options.acceptinvchars,
    });
  }

  private row(
    file: string,
    record: FileRecord,
    valuesOf: (record: RecordValue) => (string | null)[],
  ): (string | null)[] | undefined {
    const { columns, source } = this.order;
    const bad = { file, line: record.line, rawLine: record.raw.slice(0, KEPT) };
    if (record.json === undefined) {
      if (record.fatal === true) this.fatal = true;
      this.errors.push({ ...bad, reason: record.problem ?? 'it cannot be read' });
      return undefined;
    }
    const written = valuesOf(parseRecord(record.json));
    const cells: (string | null)[] = [];
    for (const [i, column] of columns.entries()) {
      const text = written[i] ?? null;
      const value = valueText(column.type, text, source.options);
      const zero =
        this.order.refuseZero !== undefined && typeof value === 'string' && value.includes('\u0000');
      if (value === UNFIT || zero) {
        const shown = text ?? '';
        this.errors.push({
          ...bad,
          column: column.name,
          type: column.type.written,
          value: shown.slice(0, KEPT),
          reason: zero
            ? `the text holds the character U+0000, which ${this.order.refuseZero} cannot keep`
            : reasonOf(column.type, shown, source.options),
        });
        return undefined;
      }
      cells.push(value);
      if (value !== null) this.filled[i] = (this.filled[i] as number) + 1;
    }
    return cells;
  }

  private csvValues(): (record: RecordValue) => (string | null)[] {
    const { source, columns } = this.order;
    const positions = columns.map((column) => source.columns.indexOf(column));
    return (record) => positions.map((position) => textOf((record as RecordValue[])[position]));
  }

  private jsonValues(): (record: RecordValue) => (string | null)[] {
    const { source, columns, paths } = this.order;
    const ignoreCase = source.jsonpaths === 'auto_ignorecase';
    const places = ignoreCase ? undefined : declaredPlaces(source, columns, paths);
    return (record) => {
      const object = record as { [key: string]: RecordValue };
      if (this.looked < LOOKED_AT) {
        this.looked += 1;
        for (const key of Object.keys(object)) this.keys.add(key);
      }
      return columns.map(({ name, type }, i) => {
        const found =
          places === undefined
            ? firstOfAnyCase(object, name)
            : places[i]
                ?.map((path) => valueAt(record, path))
                .find((value) => value !== undefined && value !== null);
        if (found === undefined || found === null) return null;
        return type.family === 'json' ? jsonOf(found) : textOf(found);
      });
    };
  }
}

/** Says that the rows may not be kept; `errors` tells why. */
export class RefusedRows extends Error {}

function firstOfAnyCase(object: { [key: string]: RecordValue }, name: string): RecordValue | undefined {
  const lower = name.toLowerCase();
  return Object.keys(object)
    .filter((key) => key.toLowerCase() === lower)
    .sort()
    .map((key) => object[key])
    .find((value) => value !== null);
}
