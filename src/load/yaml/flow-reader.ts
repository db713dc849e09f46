import {
  CLOSE_LIST,
  CLOSE_MAP,
  COLON,
  COMMA,
  DASH,
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
import { plainScalar } from './scalar.ts';
import { ScalarReader } from './scalar-reader.ts';

/** Reads flow collections: `[a, b]`, `{a: b}`, JSON. */
export class FlowReader extends ScalarReader {
  protected flowBlanks(): void {
    const { text } = this;
    for (;;) {
      const char = text.charCodeAt(this.pos);
      if (char !== SPACE && char !== NEWLINE) break;
      this.pos++;
    }
    const char = text.charCodeAt(this.pos);
    if (char === HASH || Number.isNaN(char)) throw GIVE_UP;
  }

  /** A flow collection at `pos`; stands behind its closing bracket. */
  protected flow(): unknown {
    const list = this.text.charCodeAt(this.pos) === OPEN_LIST;
    this.pos++;
    return list ? this.flowList() : this.flowMap();
  }

  protected flowList(): unknown[] {
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

  protected flowMap(): Record<string, unknown> {
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
  protected flowComma(close: number): boolean {
    const char = this.text.charCodeAt(this.pos);
    if (char === close) return false;
    if (char !== COMMA) throw GIVE_UP;
    this.pos++;
    return true;
  }

  protected flowKey(): string {
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

  protected flowValue(): unknown {
    const first = this.text.charCodeAt(this.pos);
    if (first === OPEN_LIST || first === OPEN_MAP) return this.flow();
    if (first !== DOUBLE && first !== SINGLE) return plainScalar(this.flowPlain());
    const end = this.quoteEnd(this.pos, first);
    const value = this.quotedText(this.pos, end);
    this.pos = end + 1;
    return value;
  }

  protected flowPlain(): string {
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
