/** CSV as Python's csv module reads it (dialect "excel", a delimiter of one character), record by record. */
import { closeSync, openSync, readSync } from 'node:fs';
import { StringDecoder } from 'node:string_decoder';

/** One record with the line its first character stands on, from 1. */
export interface CsvRecord {
  line: number;
  cells: string[];
}

const CHUNK_BYTES = 256 * 1024;

/**
 * Reads a file in parts, so that its size does not matter. A byte order mark is passed over, and so are lines
 * with nothing on them. Throws what the file system throws.
 */
export function* readCsv(path: string, delimiter: string): Generator<CsvRecord> {
  const splitter = new RecordSplitter(delimiter);
  const file = openSync(path, 'r');
  try {
    const decoder = new StringDecoder('utf8');
    const buffer = Buffer.allocUnsafe(CHUNK_BYTES);
    for (let first = true; ; first = false) {
      const length = readSync(file, buffer, 0, CHUNK_BYTES, null);
      const text = length === 0 ? decoder.end() : decoder.write(buffer.subarray(0, length));
      yield* splitter.push(first && text.startsWith('\ufeff') ? text.slice(1) : text);
      if (length === 0) break;
    }
    yield* splitter.end();
  } finally {
    closeSync(file);
  }
}

/** Splits text that comes in parts; what is not complete waits for the next part. */
export class RecordSplitter {
  private cells: string[] = [];
  private cell = '';
  private state: 'start' | 'plain' | 'quoted' | 'after-quote' = 'start';
  private line = 1;
  private recordLine = 1;
  private lastWasReturn = false;

  constructor(private readonly delimiter: string) {}

  *push(text: string): Generator<CsvRecord> {
    const { delimiter } = this;
    let i = 0;
    while (i < text.length) {
      const char = text[i]!;
      if (this.lastWasReturn) {
        this.lastWasReturn = false;
        if (char === '\n') {
          i += 1;
          continue;
        }
      }
      if (this.state === 'quoted') {
        const quote = text.indexOf('"', i);
        const end = quote === -1 ? text.length : quote;
        this.take(text.slice(i, end));
        if (quote !== -1) this.state = 'after-quote';
        i = end + 1;
        continue;
      }
      if (this.state === 'after-quote' && char === '"') {
        this.cell += '"';
        this.state = 'quoted';
      } else if (char === '"' && this.state === 'start') this.state = 'quoted';
      else if (char === delimiter) this.endCell();
      else if (char === '\n' || char === '\r') {
        this.lastWasReturn = char === '\r';
        const record = this.endRecord();
        if (record !== undefined) yield record;
        this.line += 1;
        this.recordLine = this.line;
      } else {
        // the rest of a plain cell in one piece
        let end = i + 1;
        while (end < text.length && !isSpecial(text[end]!, delimiter)) end += 1;
        this.cell += text.slice(i, end);
        this.state = 'plain';
        i = end;
        continue;
      }
      i += 1;
    }
  }

  *end(): Generator<CsvRecord> {
    const record = this.endRecord();
    if (record !== undefined) yield record;
  }

  private take(text: string): void {
    this.cell += text;
    for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) this.line += 1;
  }

  private endCell(): void {
    this.cells.push(this.cell);
    this.cell = '';
    this.state = 'start';
  }

  private endRecord(): CsvRecord | undefined {
    const empty = this.cells.length === 0 && this.state === 'start';
    this.endCell();
    const { cells } = this;
    this.cells = [];
    return empty ? undefined : { line: this.recordLine, cells };
  }
}

function isSpecial(char: string, delimiter: string): boolean {
  return char === delimiter || char === '\n' || char === '\r';
}
