/** The records of a CSV file, to say what is wrong in one that DuckDB has refused, and where. */
import type { FileRecord } from './record.ts';
import { replaceInvalid, utf8Text } from './utf8.ts';

export interface CsvShape {
  delimiter: string;
  quote: string;
  /** Lines at the start that hold no data. */
  header: number;
  /** How many fields a record has. */
  fields: number;
  /** Fewer fields are filled up with NULL (FILLRECORD). */
  fill: boolean;
  /** The text of an unquoted field that means NULL. */
  nullText: string;
  /** Stands in for bytes that are no UTF-8 (ACCEPTINVCHARS). */
  mark: string | undefined;
}

/** A text in quotes may go on over this many lines before its quote counts as forgotten. */
const LONGEST = 1000;

/** Fed with lines, answers records. */
export class CsvRecords {
  /** All bytes are as they were. */
  plain = true;
  private line = 0;
  private open: { line: number; texts: string[] } | undefined;

  constructor(private readonly shape: CsvShape) {}

  push(lines: readonly Buffer[]): FileRecord[] {
    const records: FileRecord[] = [];
    for (const bytes of lines) {
      this.line += 1;
      if (this.line <= this.shape.header) continue;
      const text = this.text(bytes);
      if (typeof text !== 'string') records.push({ line: this.line, ...text });
      else this.add(text, records);
    }
    return records;
  }

  end(): FileRecord[] {
    const { open } = this;
    this.open = undefined;
    return open === undefined
      ? []
      : [{ line: open.line, raw: open.texts.join('\n'), problem: 'a quote is not closed' }];
  }

  private text(bytes: Buffer): string | { raw: string; problem: string } {
    const line = bytes.at(-1) === 13 ? bytes.subarray(0, -1) : bytes;
    const text = utf8Text(line);
    if (typeof text === 'string') return text;
    this.plain = false;
    if (this.shape.mark !== undefined) return replaceInvalid(line, this.shape.mark);
    const byte = text.byte.toString(16).toUpperCase().padStart(2, '0');
    return {
      raw: line.toString('latin1'),
      problem: `byte 0x${byte} at character ${text.offset + 1} is not UTF-8`,
    };
  }

  private add(text: string, records: FileRecord[]): void {
    if (this.open === undefined && text === '') return;
    const open = this.open ?? { line: this.line, texts: [] };
    open.texts.push(text);
    const raw = open.texts.join('\n');
    const fields = splitFields(raw, this.shape);
    if (fields === undefined && open.texts.length < LONGEST) {
      this.open = open;
      return;
    }
    this.open = undefined;
    records.push({ line: open.line, raw, ...this.counted(fields) });
  }

  private counted(fields: (string | null)[] | undefined): { json: string } | { problem: string } {
    if (fields === undefined) return { problem: 'a quote is not closed' };
    const missing = this.shape.fields - fields.length;
    if (missing < 0 || (missing > 0 && !this.shape.fill)) {
      const hint = missing > 0 ? ' (fillrecord makes missing ones NULL)' : '';
      return {
        problem: `it has ${fields.length} fields, and ${this.shape.fields} columns are declared${hint}`,
      };
    }
    return { json: JSON.stringify([...fields, ...Array<null>(missing).fill(null)]) };
  }
}

/** Undefined when a quote is open at the end. */
function splitFields(text: string, { delimiter, quote, nullText }: CsvShape): (string | null)[] | undefined {
  const fields: (string | null)[] = [];
  let at = 0;
  for (;;) {
    if (text[at] === quote) {
      let value = '';
      for (at += 1; ; at += 1) {
        const end = text.indexOf(quote, at);
        if (end < 0) return undefined;
        value += text.slice(at, end);
        at = end + 1;
        if (text[at] !== quote) break;
        value += quote;
      }
      const next = text.indexOf(delimiter, at);
      fields.push(value + text.slice(at, next < 0 ? undefined : next));
      if (next < 0) return fields;
      at = next + 1;
    } else {
      const next = text.indexOf(delimiter, at);
      const value = text.slice(at, next < 0 ? undefined : next);
      fields.push(value === nullText ? null : value);
      if (next < 0) return fields;
      at = next + 1;
    }
  }
}
