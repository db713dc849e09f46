/**
 * A reader for everyday YAML: block mappings and lists, flow collections, all kinds of scalars. It is some
 * thirty times faster than a full YAML library and needs none loaded. What it is not sure about (anchors, tags,
 * merges, several documents, odd indentation, anything that is an error) it gives up, and the library reads the
 * text instead; so it never has to explain an error. Like PyYAML, and unlike the library, it lets quoted text
 * and flow collections go on in any column.
 */
import type { Builder } from './builder.ts';
import { foldLines, unescapeDouble } from './quoted.ts';
import { plainScalar } from './scalar.ts';

const GIVE_UP = Symbol('give up');

/** The value of `text` (line ends are `\n`), or `undefined` when the library has to read it. */
export function readEveryday(text: string, builder: Builder): { value: unknown; at: number } | undefined {
  // where tabs are allowed is a science of its own
  if (text.includes('\t')) return undefined;
  try {
    return new EverydayReader(text, builder).document();
  } catch (thrown) {
    if (thrown === GIVE_UP) return undefined;
    throw thrown;
  }
}

const SPACE = 32;
const NEWLINE = 10;
const HASH = 35;
const COLON = 58;
const DASH = 45;
const DOUBLE = 34;
const SINGLE = 39;
const COMMA = 44;
const OPEN_LIST = 91;
const CLOSE_LIST = 93;
const OPEN_MAP = 123;
const CLOSE_MAP = 125;

/** Characters that cannot begin a plain scalar, or begin something that this reader leaves to the library. */
const SPECIAL_START = new Set([...'[]{}#&*!|>%@`,?:='].map((char) => char.charCodeAt(0)));

class EverydayReader {
  private pos = 0;
  /** Column of the line's first character when `pos` stands on it; -1 at the end of the text. */
  private indent = 0;

  constructor(
    private readonly text: string,
    private readonly builder: Builder,
  ) {}

  document(): { value: unknown; at: number } {
    this.nextLine();
    if (this.text.startsWith('---', this.pos) && this.indent === 0) {
      this.pos += 3;
      this.endOfLine();
      this.nextLine();
    }
    if (this.indent < 0) return { value: null, at: 0 };
    const at = this.pos;
    const value = this.block(-1);
    if (this.indent >= 0) throw GIVE_UP;
    return { value, at };
  }

  /** From the end of a line to the first character of the next one that has content. */
  private nextLine(): void {
    const { text } = this;
    const end = text.length;
    let pos = this.pos;
    for (;;) {
      if (pos >= end) {
        this.pos = end;
        this.indent = -1;
        return;
      }
      const start = pos;
      while (text.charCodeAt(pos) === SPACE) pos++;
      const char = text.charCodeAt(pos);
      if (char === NEWLINE) {
        pos++;
      } else if (char === HASH) {
        pos = text.indexOf('\n', pos);
        if (pos < 0) pos = end;
        else pos++;
      } else if (pos < end) {
        this.pos = pos;
        this.indent = pos - start;
        return;
      }
    }
  }

  /** Behind a value: only blanks and a comment may follow. Stands behind the newline afterwards. */
  private endOfLine(): void {
    const { text } = this;
    let pos = this.pos;
    while (text.charCodeAt(pos) === SPACE) pos++;
    if (pos < text.length) {
      const char = text.charCodeAt(pos);
      if (char === HASH && text.charCodeAt(pos - 1) === SPACE) {
        pos = text.indexOf('\n', pos);
        if (pos < 0) pos = text.length - 1;
      } else if (char !== NEWLINE) {
        throw GIVE_UP;
      }
      pos++;
    }
    this.pos = pos;
  }

  private isDash(pos: number): boolean {
    if (this.text.charCodeAt(pos) !== DASH) return false;
    const next = this.text.charCodeAt(pos + 1);
    return next === SPACE || next === NEWLINE || pos + 1 === this.text.length;
  }

  /** A node that begins on its own line, deeper than `parent`. */
  private block(parent: number): unknown {
    if (this.isDash(this.pos)) return this.list(this.indent);
    const colon = this.keyEnd(this.pos);
    if (colon >= 0) return this.map(this.indent);
    if (this.isMarker()) throw GIVE_UP;
    const value = this.inline(parent);
    this.nextLine();
    return value;
  }

  private isMarker(): boolean {
    return (
      this.indent === 0 && (this.text.startsWith('---', this.pos) || this.text.startsWith('...', this.pos))
    );
  }

  private list(column: number): unknown[] {
    const out: unknown[] = [];
    while (this.indent === column && this.isDash(this.pos)) {
      if (this.isMarker()) throw GIVE_UP;
      const dash = this.pos;
      this.pos++;
      this.skipBlanks();
      const at = this.pos;
      const value = this.item(column, dash);
      this.builder.push(out, value, dash, at);
    }
    if (this.indent > column) throw GIVE_UP;
    return out;
  }

  /** What stands behind a dash at `column`: a nested collection on the same line, or any value. */
  private item(column: number, dash: number): unknown {
    const char = this.text.charCodeAt(this.pos);
    if (char === NEWLINE || char === HASH || this.pos >= this.text.length) return this.below(column, false);
    const inner = column + (this.pos - dash);
    if (this.isDash(this.pos)) {
      this.indent = inner;
      return this.list(inner);
    }
    if (this.keyEnd(this.pos) >= 0) {
      this.indent = inner;
      return this.map(inner);
    }
    const value = this.inline(column);
    this.nextLine();
    return value;
  }

  private map(column: number): Record<string, unknown> {
    const out: Record<string, unknown> = {};
    const { text, builder } = this;
    while (this.indent === column) {
      const keyAt = this.pos;
      const colon = this.keyEnd(keyAt);
      if (colon < 0 || this.isDash(keyAt) || this.isMarker()) throw GIVE_UP;
      const key = this.keyText(keyAt, colon);
      this.pos = colon + 1;
      this.skipBlanks();
      const valueAt = this.pos;
      const char = text.charCodeAt(valueAt);
      let value: unknown;
      if (char === NEWLINE || char === HASH || valueAt >= text.length) {
        value = this.below(column, true);
      } else {
        value = this.inline(column);
        this.nextLine();
      }
      builder.put(out, key, value, keyAt, valueAt);
    }
    if (this.indent > column) throw GIVE_UP;
    return out;
  }

  /** The value that begins on a later line than its key or dash; a list may stand under its key's own column. */
  private below(column: number, listAtColumn: boolean): unknown {
    this.endOfLine();
    this.nextLine();
    if (this.indent > column) return this.block(column);
    if (listAtColumn && this.indent === column && this.isDash(this.pos)) return this.list(column);
    return null;
  }

  private skipBlanks(): void {
    while (this.text.charCodeAt(this.pos) === SPACE) this.pos++;
  }

  /** Offset of the colon that ends the key at `pos`, or -1 when the line holds no key there. */
  private keyEnd(pos: number): number {
    const { text } = this;
    const first = text.charCodeAt(pos);
    let at = pos;
    if (first === DOUBLE || first === SINGLE) {
      at = this.quoteEnd(pos, first) + 1;
      if (text.slice(pos, at).includes('\n')) return -1;
      while (text.charCodeAt(at) === SPACE) at++;
      if (text.charCodeAt(at) !== COLON) return -1;
      const next = text.charCodeAt(at + 1);
      return next === SPACE || next === NEWLINE || at + 1 === text.length ? at : -1;
    }
    if (SPECIAL_START.has(first)) return -1;
    for (let char = first; ; char = text.charCodeAt(++at)) {
      if (char === COLON) {
        const next = text.charCodeAt(at + 1);
        if (next === SPACE || next === NEWLINE || at + 1 === text.length) return at;
      } else if (char === NEWLINE || char !== char) {
        return -1;
      } else if (char === HASH && text.charCodeAt(at - 1) === SPACE) {
        return -1;
      }
    }
  }

  private keyText(from: number, colon: number): string {
    const { text } = this;
    const first = text.charCodeAt(from);
    if (first === DOUBLE || first === SINGLE) return this.quotedText(from, this.quoteEnd(from, first));
    let end = colon;
    while (text.charCodeAt(end - 1) === SPACE) end--;
    const key = text.slice(from, end);
    if (key === '<<' || key === '') throw GIVE_UP;
    return key;
  }

  /** A scalar or flow collection that begins at `pos`; stands behind its last line afterwards. */
  private inline(parent: number): unknown {
    const { text } = this;
    const first = text.charCodeAt(this.pos);
    switch (first) {
      case DOUBLE:
      case SINGLE: {
        const end = this.quoteEnd(this.pos, first);
        const value = this.quotedText(this.pos, end);
        this.pos = end + 1;
        this.endOfLine();
        return value;
      }
      case OPEN_LIST:
      case OPEN_MAP: {
        const value = this.flow();
        this.endOfLine();
        return value;
      }
      case 124:
      case 62:
        return this.blockScalar(parent, first === 62);
      default:
        return this.plain(parent, first);
    }
  }

  private plain(parent: number, first: number): unknown {
    if (SPECIAL_START.has(first)) throw GIVE_UP;
    if (this.isDash(this.pos)) throw GIVE_UP;
    const line = this.plainLine();
    if (line.commented || !this.continues(parent)) return plainScalar(line.text);
    // several lines: folded, always text
    let out = line.text;
    while (this.continues(parent)) {
      const before = this.pos;
      let blanks = 0;
      let pos = before;
      for (;;) {
        const newline = this.text.indexOf('\n', pos);
        if (newline < 0 || this.text.slice(pos, newline).trim() !== '') break;
        blanks++;
        pos = newline + 1;
      }
      this.pos = pos;
      while (this.text.charCodeAt(this.pos) === SPACE) this.pos++;
      const next = this.plainLine();
      out += (blanks === 0 ? ' ' : '\n'.repeat(blanks)) + next.text;
      if (next.commented) break;
    }
    return out;
  }

  /** One line of a plain scalar, from `pos` to its end; stands behind the newline. */
  private plainLine(): { text: string; commented: boolean } {
    const { text } = this;
    let end = text.indexOf('\n', this.pos);
    const newline = end < 0 ? text.length : end + 1;
    if (end < 0) end = text.length;
    let commented = false;
    for (let at = this.pos; at < end; at++) {
      const char = text.charCodeAt(at);
      if (char === COLON) {
        const next = at + 1 === end ? NEWLINE : text.charCodeAt(at + 1);
        if (next === SPACE || next === NEWLINE) throw GIVE_UP;
      } else if (char === HASH) {
        if (text.charCodeAt(at - 1) === SPACE) {
          end = at;
          commented = true;
        }
      }
    }
    const line = text.slice(this.pos, end).trimEnd();
    this.pos = newline;
    return { text: line, commented };
  }

  /** True when the next line that is not blank goes on with a plain scalar of a node under `parent`. */
  private continues(parent: number): boolean {
    const { text } = this;
    let pos = this.pos;
    for (;;) {
      const start = pos;
      while (text.charCodeAt(pos) === SPACE) pos++;
      if (pos >= text.length) return false;
      const char = text.charCodeAt(pos);
      if (char !== NEWLINE) {
        if (char === HASH) return false;
        if (pos - start <= parent) return false;
        if (pos === start && (text.startsWith('---', pos) || text.startsWith('...', pos))) throw GIVE_UP;
        return true;
      }
      pos++;
    }
  }

  private blockScalar(parent: number, folded: boolean): string {
    const { text } = this;
    this.pos++;
    const chomp = text[this.pos] === '-' || text[this.pos] === '+' ? (text[this.pos++] as string) : '';
    this.endOfLine();
    const lines: string[] = [];
    let indent = -1;
    let pos = this.pos;
    let last = 0;
    while (pos < text.length) {
      let newline = text.indexOf('\n', pos);
      if (newline < 0) newline = text.length;
      let first = pos;
      while (first < newline && text.charCodeAt(first) === SPACE) first++;
      const blank = first === newline;
      if (!blank) {
        if (indent < 0) {
          indent = first - pos;
          if (indent <= parent) break;
          // leading blank lines may not be deeper than the first line
          if (lines.some((line) => line.length > indent)) throw GIVE_UP;
          lines.fill('');
        }
        if (first - pos < indent) {
          if (first - pos > parent && text.charCodeAt(first) !== HASH) throw GIVE_UP;
          break;
        }
        if (folded && first - pos > indent) throw GIVE_UP;
        lines.push(text.slice(pos + indent, newline));
        last = lines.length;
      } else {
        if (indent >= 0 && newline - pos > indent) throw GIVE_UP;
        lines.push(indent < 0 ? text.slice(pos, newline) : '');
      }
      // a last line without newline: chomping cannot add one
      if (newline === text.length && chomp !== '-' && (!blank || chomp === '+')) throw GIVE_UP;
      pos = Math.min(newline + 1, text.length);
      this.pos = pos;
    }
    this.pos = pos;
    if (indent <= parent || indent < 0) {
      if (chomp === '+') throw GIVE_UP;
      return '';
    }
    const content = lines.slice(0, last);
    const leading = folded ? content.findIndex((line) => line !== '') : 0;
    const body = folded ? '\n'.repeat(leading) + foldLines(content.slice(leading)) : content.join('\n');
    if (chomp === '-') return body;
    return chomp === '+' ? body + '\n'.repeat(lines.length - last + 1) : `${body}\n`;
  }

  /** Offset of the quote that ends the one at `pos`. */
  private quoteEnd(pos: number, quote: number): number {
    const { text } = this;
    const mark = quote === DOUBLE ? '"' : "'";
    let at = pos + 1;
    for (;;) {
      at = text.indexOf(mark, at);
      if (at < 0) throw GIVE_UP;
      if (quote === SINGLE) {
        if (text.charCodeAt(at + 1) !== SINGLE) return at;
        at += 2;
      } else {
        let slashes = 0;
        while (text.charCodeAt(at - 1 - slashes) === 92) slashes++;
        if (slashes % 2 === 0) return at;
        at++;
      }
    }
  }

  private quotedText(from: number, end: number): string {
    const { text } = this;
    const double = text.charCodeAt(from) === DOUBLE;
    let raw = text.slice(from + 1, end);
    if (raw.includes('\n')) {
      if (/^(?:---|\.\.\.)/m.test(raw.slice(raw.indexOf('\n'))) || (double && /\\[\s]/.test(raw)))
        throw GIVE_UP;
      const lines = raw.split('\n');
      raw = foldLines(
        lines.map((line, i) =>
          i === 0 ? line.trimEnd() : i === lines.length - 1 ? line.trimStart() : line.trim(),
        ),
      );
    }
    if (!double) return raw.includes("'") ? raw.replaceAll("''", "'") : raw;
    if (!raw.includes('\\')) return raw;
    const value = unescapeDouble(raw);
    if (value === undefined) throw GIVE_UP;
    return value;
  }

  private flowBlanks(): void {
    const { text } = this;
    for (;;) {
      const char = text.charCodeAt(this.pos);
      if (char !== SPACE && char !== NEWLINE) break;
      this.pos++;
    }
    const char = text.charCodeAt(this.pos);
    if (char === HASH || char !== char) throw GIVE_UP;
  }

  /** A flow collection at `pos`; stands behind its closing bracket. */
  private flow(): unknown {
    const list = this.text.charCodeAt(this.pos) === OPEN_LIST;
    this.pos++;
    return list ? this.flowList() : this.flowMap();
  }

  private flowList(): unknown[] {
    const out: unknown[] = [];
    for (;;) {
      this.flowBlanks();
      if (this.text.charCodeAt(this.pos) === CLOSE_LIST) break;
      const at = this.pos;
      const value = this.flowValue();
      this.builder.push(out, value, at, at);
      this.flowBlanks();
      if (!this.flowComma(CLOSE_LIST)) break;
    }
    this.pos++;
    return out;
  }

  private flowMap(): Record<string, unknown> {
    const out: Record<string, unknown> = {};
    for (;;) {
      this.flowBlanks();
      if (this.text.charCodeAt(this.pos) === CLOSE_MAP) break;
      const keyAt = this.pos;
      const key = this.flowKey();
      this.flowBlanks();
      let value: unknown = null;
      let valueAt = this.pos;
      if (this.text.charCodeAt(this.pos) === COLON) {
        this.pos++;
        this.flowBlanks();
        valueAt = this.pos;
        const char = this.text.charCodeAt(this.pos);
        if (char !== COMMA && char !== CLOSE_MAP) {
          value = this.flowValue();
          this.flowBlanks();
        }
      }
      this.builder.put(out, key, value, keyAt, valueAt);
      if (!this.flowComma(CLOSE_MAP)) break;
    }
    this.pos++;
    return out;
  }

  /** True behind a comma, false on the closing bracket. */
  private flowComma(close: number): boolean {
    const char = this.text.charCodeAt(this.pos);
    if (char === close) return false;
    if (char !== COMMA) throw GIVE_UP;
    this.pos++;
    return true;
  }

  private flowKey(): string {
    const first = this.text.charCodeAt(this.pos);
    if (first === OPEN_LIST || first === OPEN_MAP) throw GIVE_UP;
    if (first === DOUBLE || first === SINGLE) {
      const end = this.quoteEnd(this.pos, first);
      const key = this.quotedText(this.pos, end);
      if (key.includes('\n')) throw GIVE_UP;
      this.pos = end + 1;
      return key;
    }
    const key = this.flowPlain();
    if (key === '<<') throw GIVE_UP;
    return key;
  }

  private flowValue(): unknown {
    const first = this.text.charCodeAt(this.pos);
    if (first === OPEN_LIST || first === OPEN_MAP) return this.flow();
    if (first !== DOUBLE && first !== SINGLE) return plainScalar(this.flowPlain());
    const end = this.quoteEnd(this.pos, first);
    const value = this.quotedText(this.pos, end);
    this.pos = end + 1;
    return value;
  }

  private flowPlain(): string {
    const { text } = this;
    const from = this.pos;
    const first = text.charCodeAt(from);
    if (SPECIAL_START.has(first) || first === DASH) {
      // a negative number is fine, a lone dash is not
      if (first !== DASH || !/[\w.]/.test(text[from + 1] ?? '')) throw GIVE_UP;
    }
    let at = from;
    for (; at < text.length; at++) {
      const char = text.charCodeAt(at);
      if (char === COMMA || char === CLOSE_LIST || char === CLOSE_MAP) break;
      if (char === OPEN_LIST || char === OPEN_MAP) throw GIVE_UP;
      if (char === HASH && text.charCodeAt(at - 1) === SPACE) throw GIVE_UP;
      if (char === NEWLINE) {
        // only a scalar that ends with its line
        let next = at;
        while (text.charCodeAt(next) === SPACE || text.charCodeAt(next) === NEWLINE) next++;
        const after = text.charCodeAt(next);
        if (after !== COMMA && after !== CLOSE_LIST && after !== CLOSE_MAP) throw GIVE_UP;
        break;
      }
      if (char === COLON) {
        const next = text.charCodeAt(at + 1);
        if (next === SPACE || next === NEWLINE || next === COMMA || next === CLOSE_LIST || next === CLOSE_MAP)
          break;
        if (next === OPEN_LIST || next === OPEN_MAP) throw GIVE_UP;
      }
    }
    this.pos = at;
    return text.slice(from, at).trimEnd();
  }
}
