/**
 * The records of a JSON file: objects one after another, each on a line of its own or spread over many. Used
 * where DuckDB has refused a file, to say what is wrong in it and where.
 */
import { type JsonProblem, jsonProblem } from './json-problem.ts';
import type { FileRecord } from './record.ts';
import { replaceInvalid, utf8Text } from './utf8.ts';

/** DuckDB's own limit for an object, in characters here: one that is never closed is not collected for ever. */
const LONGEST = 16 * 1024 * 1024;
const LONE_SURROGATE =
  /\\u[dD][89abAB][0-9a-fA-F]{2}(?!\\u[dD][c-fC-F])|(?<!\\u[dD][89abAB][0-9a-fA-F]{2})\\u[dD][c-fC-F][0-9a-fA-F]{2}/;

/** Fed with lines, answers records. `mark`: what stands in for bytes that are no UTF-8 (ACCEPTINVCHARS). */
export class JsonRecords {
  /** Every line is an object, and all bytes are as they were. */
  plain = true;
  private line = 0;
  private open: { line: number; texts: string[]; depth: number; length: number } | undefined;
  private begun = false;
  private stopped = false;

  constructor(private readonly mark: string | undefined) {}

  push(lines: readonly Buffer[]): FileRecord[] {
    const records: FileRecord[] = [];
    for (const bytes of lines) {
      if (this.stopped) break;
      this.line += 1;
      const text = this.text(bytes);
      if (typeof text === 'string') this.add(text, records);
      else records.push({ line: this.line, ...text });
    }
    return records;
  }

  /** What is left when the file ends. */
  end(): FileRecord[] {
    const records: FileRecord[] = [];
    while (this.open !== undefined) this.broken(this.open, records);
    return records;
  }

  private text(line: Buffer): string | { raw: string; problem: string } {
    const text = utf8Text(line);
    if (typeof text === 'string') return text;
    this.plain = false;
    if (this.mark !== undefined) return replaceInvalid(line, this.mark);
    const byte = text.byte.toString(16).toUpperCase().padStart(2, '0');
    return {
      raw: line.toString('latin1'),
      problem: `byte 0x${byte} at character ${text.offset + 1} is not UTF-8`,
    };
  }

  private add(text: string, records: FileRecord[]): void {
    if (text.startsWith('{') && isJson(text)) {
      // a whole object while another one is open: that one was never closed
      while (this.open !== undefined) this.broken(this.open, records);
      this.begun = true;
      records.push(wholeRecord(this.line, text));
      return;
    }
    if (this.open === undefined) {
      if (text.trim() === '') return;
      this.plain = false;
      if (!text.trimStart().startsWith('{')) {
        this.outside(text, records);
        return;
      }
      this.begun = true;
      this.open = { line: this.line, texts: [], depth: 0, length: 0 };
    }
    const { open } = this;
    open.texts.push(text);
    open.depth += bracesOf(text);
    open.length += text.length;
    if (open.depth > 0) {
      if (open.length > LONGEST) this.broken(open, records);
      return;
    }
    this.open = undefined;
    const whole = open.texts.join('\n');
    records.push(...(objectsIn(whole) ?? [whole]).map((part) => objectRecord(open.line, part)));
  }

  /** Something that is no object where one should begin. */
  private outside(text: string, records: FileRecord[]): void {
    this.stopped = !this.begun && text.trimStart().startsWith('[');
    this.begun = true;
    records.push(
      this.stopped ? { line: this.line, raw: text, ...LIST, fatal: true } : objectRecord(this.line, text),
    );
  }

  /** An object that was never closed: it ends where a later line begins another one, and reading goes on there. */
  private broken({ line, texts }: { line: number; texts: string[] }, records: FileRecord[]): void {
    this.open = undefined;
    const next = texts.findIndex((text, i) => i > 0 && text.startsWith('{'));
    records.push(objectRecord(line, (next < 0 ? texts : texts.slice(0, next)).join('\n')));
    if (next < 0) return;
    const reached = this.line;
    this.line = line + next - 1;
    for (const text of texts.slice(next)) {
      this.line += 1;
      this.add(text, records);
    }
    this.line = reached;
  }
}

const LIST = {
  problem:
    'the file holds a list; COPY reads objects one after another, without [ ] around them and without commas between them',
};

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

function objectRecord(line: number, text: string): FileRecord {
  const trimmed = text.trim();
  if (!isJson(trimmed)) {
    const problem = jsonProblem(trimmed);
    if (problem !== undefined) return { line, raw: text, problem: describe(trimmed, problem) };
  }
  if (!trimmed.startsWith('{')) {
    const what = trimmed.startsWith('[') ? 'a list' : 'a single value';
    return { line, raw: text, problem: `it is ${what}, not an object` };
  }
  return wholeRecord(line, text);
}

/** Of a text that is one object. */
function wholeRecord(line: number, text: string): FileRecord {
  const half = text.includes('\\u') ? LONE_SURROGATE.exec(text) : null;
  if (half !== null) return { line, raw: text, problem: `${half[0]} is half a character` };
  return { line, raw: text, json: text.trim().replace(/[\r\n]+/g, ' ') };
}

function describe(text: string, problem: JsonProblem): string {
  const before = text.slice(0, problem.offset);
  const line = before.split('\n').length;
  const character = problem.offset - before.lastIndexOf('\n');
  return `not valid JSON: ${problem.reason} at character ${character}${line > 1 ? ` of line ${line} of the object` : ''}`;
}

/** Opening braces less closing ones, outside texts. A text of JSON ends on its line. */
function bracesOf(line: string): number {
  const plain = line.replace(/"(?:[^"\\]|\\.)*(?:"|$)/g, '');
  return plain.split('{').length - plain.split('}').length;
}

/** The objects of a text that holds nothing else; undefined when it holds something else or ends inside one. */
function objectsIn(text: string): string[] | undefined {
  const parts: string[] = [];
  const sign = /["{}]|[^\s"{}]/g;
  let depth = 0;
  let start = 0;
  for (let match = sign.exec(text); match !== null; match = sign.exec(text)) {
    const char = match[0];
    if (char === '"') {
      const string = /"(?:[^"\\]|\\[\s\S])*"/y;
      string.lastIndex = match.index;
      if (!string.test(text)) return undefined;
      sign.lastIndex = string.lastIndex;
    } else if (char === '{') {
      if (depth === 0) start = match.index;
      depth += 1;
    } else if (char === '}') {
      depth -= 1;
      if (depth < 0) return undefined;
      if (depth === 0) parts.push(text.slice(start, match.index + 1));
    }
    if (depth === 0 && char !== '}') return undefined;
  }
  return depth === 0 && parts.length > 0 ? parts : undefined;
}
