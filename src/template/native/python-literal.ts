/** `ast.literal_eval`: the value of a text that is a Python literal. */

import { unescapeString } from '../syntax/escapes.ts';
import { narrow, negate } from '../values/arithmetic.ts';
import { PySet } from '../values/collections.ts';
import { Dict } from '../values/dict.ts';
import { Failure } from '../values/failure.ts';
import { asFloat } from '../values/float.ts';
import { tupleOf } from '../values/tuple.ts';

/** The value, or undefined when the text is no literal: numbers, strings, True, False, None and containers. */
export function pythonLiteral(text: string): unknown {
  // Python drops spaces and tabs before an expression, and refuses any other indentation
  const reader = new LiteralReader(text.replace(/^[ \t]+/, ''));
  try {
    return reader.whole();
  } catch (thrown) {
    if (thrown instanceof NoLiteral || thrown instanceof Failure) return undefined;
    throw thrown;
  }
}

class NoLiteral extends Error {}

const NUMBER =
  /0[xX](?:_?[\da-fA-F])+|0[oO](?:_?[0-7])+|0[bB](?:_?[01])+|(?:\d(?:_?\d)*)?\.\d(?:_?\d)*(?:[eE][+-]?\d(?:_?\d)*)?|\d(?:_?\d)*\.?(?:[eE][+-]?\d(?:_?\d)*)?/y;

class LiteralReader {
  private at = 0;
  private depth = 0;

  constructor(private readonly text: string) {}

  whole(): unknown {
    const value = this.tuple(() => this.at >= this.text.length);
    this.space();
    if (this.at < this.text.length) throw new NoLiteral();
    return value;
  }

  /** One value, or several with commas: a tuple. */
  private tuple(atEnd: () => boolean): unknown {
    const items: unknown[] = [this.value()];
    let isTuple = false;
    this.space();
    while (this.take(',')) {
      isTuple = true;
      this.space();
      if (atEnd()) break;
      items.push(this.value());
      this.space();
    }
    return isTuple ? tupleOf(items) : items[0];
  }

  private value(): unknown {
    this.space();
    const char = this.text[this.at] ?? '';
    if (char === '(' || char === '[' || char === '{') return this.nested(char);
    if (char === "'" || char === '"' || /^[uUrRbB]{1,2}['"]/.test(this.text.slice(this.at, this.at + 3))) {
      return this.strings();
    }
    if (char === '-' || char === '+') {
      this.at += 1;
      this.space();
      // one sign before a number, as literal_eval takes it
      const operand = this.number();
      return char === '-' ? negate(operand) : operand;
    }
    if (/[\d.]/.test(char)) return this.number();
    return this.word();
  }

  private nested(open: string): unknown {
    this.depth += 1;
    if (this.depth > 200) throw new NoLiteral();
    this.at += 1;
    const value = open === '(' ? this.parenthesised() : open === '[' ? this.items(']') : this.braces();
    this.depth -= 1;
    return value;
  }

  private parenthesised(): unknown {
    this.space();
    if (this.take(')')) return tupleOf([]);
    const value = this.tuple(() => this.text[this.at] === ')');
    this.expect(')');
    return value;
  }

  private items(end: string): unknown[] {
    const items: unknown[] = [];
    for (;;) {
      this.space();
      if (this.take(end)) return items;
      items.push(this.value());
      this.space();
      if (!this.take(',')) {
        this.expect(end);
        return items;
      }
    }
  }

  private braces(): unknown {
    this.space();
    if (this.take('}')) return new Dict();
    const first = this.value();
    this.space();
    if (!this.take(':')) {
      const set = new PySet([first]);
      if (this.take(',')) for (const item of this.items('}')) set.add(item);
      else this.expect('}');
      return set;
    }
    const dict = new Dict([[first, this.value()]]);
    this.space();
    while (this.take(',')) {
      this.space();
      if (this.text[this.at] === '}') break;
      const key = this.value();
      this.space();
      this.expect(':');
      dict.set(key, this.value());
      this.space();
    }
    this.expect('}');
    return dict;
  }

  private number(): unknown {
    NUMBER.lastIndex = this.at;
    const match = NUMBER.exec(this.text);
    if (match === null || match[0] === '.') throw new NoLiteral();
    this.at = NUMBER.lastIndex;
    if (/\w/.test(this.text[this.at] ?? '')) throw new NoLiteral();
    const digits = match[0].replaceAll('_', '');
    if (/^0[xXoObB]/.test(digits)) return narrow(BigInt(digits.toLowerCase()));
    if (/[.eE]/.test(digits)) return asFloat(Number(digits));
    // Python refuses leading zeros
    if (/^0+[1-9]/.test(digits)) throw new NoLiteral();
    return narrow(BigInt(digits));
  }

  /** One or more adjacent string literals. Bytes are none: a template has no use for them. */
  private strings(): string {
    let text = '';
    const start = /([uUrR]?)('''|"""|'|")/y;
    for (;;) {
      start.lastIndex = this.at;
      const match = start.exec(this.text);
      if (match === null) {
        if (text === '' && !/['"]/.test(this.text.slice(0, this.at))) throw new NoLiteral();
        return text;
      }
      this.at = start.lastIndex;
      text += this.stringBody(match[2]!, /[rR]/.test(match[1]!));
      this.space();
    }
  }

  private stringBody(quote: string, isRaw: boolean): string {
    const from = this.at;
    for (let at = from; at < this.text.length; at++) {
      if (this.text[at] === '\\') at += 1;
      else if (this.text.startsWith(quote, at)) {
        this.at = at + quote.length;
        const body = this.text.slice(from, at);
        return isRaw ? body : unescapeString(body, from);
      } else if (quote.length === 1 && this.text[at] === '\n') break;
    }
    throw new NoLiteral();
  }

  private word(): unknown {
    const match = /^[A-Za-z_]\w*/.exec(this.text.slice(this.at, this.at + 6));
    switch (match?.[0]) {
      case 'True':
        this.at += 4;
        return true;
      case 'False':
        this.at += 5;
        return false;
      case 'None':
        this.at += 4;
        return null;
      default:
        throw new NoLiteral();
    }
  }

  /** Newlines count as spaces inside brackets only. */
  private space(): void {
    const isSpace = this.depth > 0 ? /[ \t\n\r\f]/ : /[ \t\f]/;
    while (this.at < this.text.length && isSpace.test(this.text[this.at]!)) this.at += 1;
    // newlines and a comment may end the text
    if (this.depth === 0 && /^(?:#[^\n]*)?\s*$/.test(this.text.slice(this.at))) this.at = this.text.length;
  }

  private take(char: string): boolean {
    if (this.text[this.at] !== char) return false;
    this.at += 1;
    return true;
  }

  private expect(char: string): void {
    if (!this.take(char)) throw new NoLiteral();
  }
}
