import type { Builder } from './builder.ts';
import { COLON, DASH, DOUBLE, GIVE_UP, HASH, NEWLINE, SINGLE, SPACE, SPECIAL_START } from './characters.ts';
import { foldLines, unescapeDouble } from './quoted.ts';
import { plainScalar } from './scalar.ts';

/** Reads scalars at a position of the text: quoted, plain, block. The base of the readers above it. */
export class ScalarReader {
  protected pos = 0;

  constructor(
    protected readonly text: string,
    protected readonly builder: Builder,
  ) {}

  /** Behind a value: only blanks and a comment may follow. Stands behind the newline afterwards. */
  protected endOfLine(): void {
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

  protected skipBlanks(): void {
    while (this.text.charCodeAt(this.pos) === SPACE) this.pos++;
  }

  protected isDash(pos: number): boolean {
    if (this.text.charCodeAt(pos) !== DASH) return false;
    const next = this.text.charCodeAt(pos + 1);
    return next === SPACE || next === NEWLINE || pos + 1 === this.text.length;
  }

  protected plain(parent: number, first: number): unknown {
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
  protected plainLine(): { text: string; commented: boolean } {
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
  protected continues(parent: number): boolean {
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

  protected blockScalar(parent: number, folded: boolean): string {
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
  protected quoteEnd(pos: number, quote: number): number {
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

  protected quotedText(from: number, end: number): string {
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
}
