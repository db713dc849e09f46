/**
 * A reader for everyday YAML: block mappings and lists, flow collections, all kinds of scalars. It is some
 * thirty times faster than a full YAML library and needs none loaded. What it is not sure about (anchors, tags,
 * merges, several documents, odd indentation, anything that is an error) it gives up, and the library reads the
 * text instead; so it never has to explain an error. Like PyYAML, and unlike the library, it lets quoted text
 * and flow collections go on in any column.
 */
import type { Builder } from './builder.ts';
import {
  COLON,
  DOUBLE,
  GIVE_UP,
  HASH,
  NEWLINE,
  OPEN_LIST,
  OPEN_MAP,
  SINGLE,
  SPACE,
  SPECIAL_START,
} from './characters.ts';
import { FlowReader } from './flow-reader.ts';

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

class EverydayReader extends FlowReader {
  /** Column of the line's first character when `pos` stands on it; -1 at the end of the text. */
  private indent = 0;

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
      } else if (char === NEWLINE || Number.isNaN(char)) {
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
}
