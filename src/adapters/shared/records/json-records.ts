/**
 * The records of a JSON file: objects one after another, each on a line of its own or spread over many. Used
 * where DuckDB has refused a file, to say what is wrong in it and where.
 */
import { jsonProblem } from './json-problem.ts';
import type { FileRecord } from './record.ts';
import { replaceInvalid, utf8Text } from './utf8.ts';

/** Lines looked at to tell a file of one object a line from one whose objects span lines. */
const SAMPLE = 50;
const LONE_SURROGATE =
  /\\u[dD][89abAB][0-9a-fA-F]{2}(?!\\u[dD][c-fC-F])|(?<!\\u[dD][89abAB][0-9a-fA-F]{2})\\u[dD][c-fC-F][0-9a-fA-F]{2}/;

/** Fed with lines, answers records. `mark`: what stands in for bytes that are no UTF-8 (ACCEPTINVCHARS). */
export class JsonRecords {
  private line = 0;
  private oneEach: boolean | undefined;
  private readonly open: { line: number; texts: string[]; depth: number } = { line: 0, texts: [], depth: 0 };
  private stopped = false;

  constructor(private readonly mark: string | undefined) {}

  push(lines: readonly Buffer[]): FileRecord[] {
    const records: FileRecord[] = [];
    if (this.stopped) return records;
    const texts = lines.map((line) => this.text(line));
    this.oneEach ??= isOneEach(texts);
    for (const text of texts) {
      this.line += 1;
      if (typeof text !== 'string') records.push({ line: this.line, ...text });
      else if (this.oneEach) this.single(text, records);
      else this.spread(text, records);
      if (records.at(-1)?.fatal) {
        this.stopped = true;
        break;
      }
    }
    return records;
  }

  /** What is left when the file ends. */
  end(): FileRecord[] {
    const records: FileRecord[] = [];
    if (this.open.texts.length > 0) this.broken(records);
    return records;
  }

  private text(line: Buffer): string | { raw: string; problem: string } {
    if (this.mark !== undefined) return replaceInvalid(line, this.mark);
    const text = utf8Text(line);
    if (typeof text === 'string') return text;
    const byte = text.byte.toString(16).toUpperCase().padStart(2, '0');
    return {
      raw: line.toString('latin1'),
      problem: `byte 0x${byte} at character ${text.offset + 1} is not UTF-8`,
    };
  }

  private single(text: string, records: FileRecord[]): void {
    if (text.trim() === '') return;
    const record = objectRecord(this.line, text);
    const several = record.problem === undefined ? undefined : objectsIn(text);
    if (several) records.push(...several.map((part) => objectRecord(this.line, part)));
    else
      records.push(
        this.line === 1 && text.trimStart().startsWith('[') ? { ...record, ...LIST, fatal: true } : record,
      );
  }

  private spread(text: string, records: FileRecord[]): void {
    const { open } = this;
    if (open.texts.length === 0) {
      if (text.trim() === '') return;
      if (!text.trimStart().startsWith('{')) {
        const list = records.length === 0 && text.trimStart().startsWith('[');
        records.push({
          line: this.line,
          raw: text,
          ...(list ? LIST : { problem: `expected an object, found '${text.trim()[0]}'` }),
          fatal: true,
        });
        return;
      }
      open.line = this.line;
      open.depth = 0;
    }
    open.texts.push(text);
    open.depth += bracesOf(text);
    if (open.depth > 0) return;
    const whole = open.texts.join('\n');
    open.texts = [];
    records.push(...(objectsIn(whole) ?? [whole]).map((part) => objectRecord(open.line, part)));
  }

  /** The object that was never closed: it ends where a later line begins another one. */
  private broken(records: FileRecord[]): void {
    const { line, texts } = this.open;
    this.open.texts = [];
    const next = texts.findIndex((text, i) => i > 0 && text.startsWith('{'));
    const own = next < 0 ? texts : texts.slice(0, next);
    records.push(objectRecord(line, own.join('\n')));
    if (next < 0) return;
    const resume = this.line;
    this.line = line + next - 1;
    for (const text of texts.slice(next)) {
      this.line += 1;
      this.spread(text, records);
    }
    this.line = resume;
    if (this.open.texts.length > 0) this.broken(records);
  }
}

const LIST = {
  problem:
    'the file holds a list; COPY reads objects one after another, without [ ] around them and without commas between them',
};

function isOneEach(texts: readonly (string | object)[]): boolean {
  const sample = texts
    .filter((text): text is string => typeof text === 'string' && text.trim() !== '')
    .slice(0, SAMPLE);
  const whole = sample.filter((text) => jsonProblem(text) === undefined && text.trimStart().startsWith('{'));
  return (
    sample.length === 0 ||
    sample[0] === whole[0] ||
    whole.length * 2 >= sample.length ||
    sample.every((text) => text.trimEnd().endsWith('}'))
  );
}

function objectRecord(line: number, text: string): FileRecord {
  const trimmed = text.trim();
  try {
    JSON.parse(trimmed);
  } catch {
    return { line, raw: text, problem: describe(trimmed) };
  }
  if (!trimmed.startsWith('{')) {
    const what = trimmed.startsWith('[') ? 'a list' : 'a single value';
    return { line, raw: text, problem: `it is ${what}, not an object` };
  }
  const half = LONE_SURROGATE.exec(trimmed);
  if (half !== null) return { line, raw: text, problem: `${half[0]} is half a character` };
  return { line, raw: text, json: trimmed.replace(/[\r\n]+/g, ' ') };
}

function describe(text: string): string {
  const problem = jsonProblem(text);
  if (problem === undefined) return 'not valid JSON';
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
