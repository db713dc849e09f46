/**
 * The fast path for models whose Jinja is only literal calls of `ref`, `source` and `config` (and comments): the
 * calls and the text around them, found without a syntax tree. Everything else is left to the full render, which
 * gives the same text.
 */
import type { LiteralCall } from './contract.ts';
import { isSpace, stripEnd, stripStart } from './methods/whitespace.ts';

/** A template that is only text and literal calls. */
export interface LiteralTemplate {
  /** The calls in the order of the text. */
  calls: LiteralCall[];
  /** Text and calls in order; joined, with each call replaced by its answer, they are the rendered text. */
  pieces: (string | LiteralCall)[];
}

const NAMES = new Set(['config', 'ref', 'source']);

/**
 * The literal calls of a model, or undefined when anything else than `{{ ref(...) }}`, `{{ source(...) }}`,
 * `{{ config(...) }}` with literal arguments, comments and text occurs. Literals are strings without
 * backslashes, integers, true, false, none, and lists and dicts (as arrays and objects) of them.
 */
export function literalCalls(source: string): LiteralTemplate | undefined {
  return new LiteralScanner(source).scan();
}

/** The text of a literal template; `answer` gives the text of a call. Answers are asked in order. */
export function renderLiteral(template: LiteralTemplate, answer: (call: LiteralCall) => string): string {
  let text = '';
  for (const piece of template.pieces) text += typeof piece === 'string' ? piece : answer(piece);
  return text;
}

/** Not a literal: JavaScript's undefined is one (it never is in a template). */
const NONE = undefined;

class LiteralScanner {
  private readonly pieces: (string | LiteralCall)[] = [];
  private readonly calls: LiteralCall[] = [];
  private at = 0;
  /** Whitespace after the last tag goes (`-}}`). */
  private strips = false;

  constructor(private readonly source: string) {}

  scan(): LiteralTemplate | undefined {
    const { source } = this;
    for (;;) {
      const tag = this.nextTag();
      if (tag === -1) break;
      const kind = source[tag + 1];
      if (kind === '%') return undefined;
      const isStripped = source[tag + 2] === '-';
      this.text(source.slice(this.at, tag), isStripped);
      this.at = tag + (isStripped || source[tag + 2] === '+' ? 3 : 2);
      if (kind === '#' ? !this.comment() : !this.call(tag)) return undefined;
    }
    // Jinja drops one newline at the very end of a source; nothing but text can stand there
    this.text(source.slice(this.at).replace(/(?:\r\n|\n|\r)$/, ''), false);
    return { calls: this.calls, pieces: this.pieces };
  }

  private nextTag(): number {
    const { source } = this;
    for (let at = source.indexOf('{', this.at); at !== -1; at = source.indexOf('{', at + 1)) {
      const next = source[at + 1];
      if (next === '{' || next === '%' || next === '#') return at;
    }
    return -1;
  }

  private text(raw: string, stripsEnd: boolean): void {
    let text = raw.includes('\r') ? raw.replace(/\r\n?/g, '\n') : raw;
    if (this.strips) text = stripStart(text);
    if (stripsEnd) text = stripEnd(text);
    if (text !== '') this.pieces.push(text);
    this.strips = false;
  }

  private comment(): boolean {
    const end = this.source.indexOf('#}', this.at);
    if (end === -1) return false;
    this.strips = end > this.at && this.source[end - 1] === '-';
    this.at = end + 2;
    return true;
  }

  private call(offset: number): boolean {
    const name = this.word();
    if (!NAMES.has(name) || !this.take('(')) return false;
    const call: LiteralCall = { name, args: [], kwargs: {}, offset };
    if (!this.sequence(')', () => this.argument(call))) return false;
    this.space();
    const isStripped = this.source[this.at] === '-';
    if (isStripped) this.at += 1;
    if (!this.source.startsWith('}}', this.at)) return false;
    this.at += 2;
    this.strips = isStripped;
    this.calls.push(call);
    this.pieces.push(call);
    return true;
  }

  /** Items separated by commas up to `end`; a comma may stand before the end. */
  private sequence(end: string, item: () => boolean): boolean {
    while (!this.take(end)) {
      if (!item()) return false;
      if (this.take(',')) continue;
      return this.take(end);
    }
    return true;
  }

  private argument(call: LiteralCall): boolean {
    const start = this.at;
    const name = this.word();
    if (name !== '' && this.take('=')) {
      if (this.source[this.at] === '=' || Object.hasOwn(call.kwargs, name) || name === '__proto__')
        return false;
      const value = this.literal();
      call.kwargs[name] = value;
      return value !== NONE;
    }
    this.at = start;
    if (Object.keys(call.kwargs).length > 0) return false;
    const value = this.literal();
    call.args.push(value);
    return value !== NONE;
  }

  private literal(): unknown {
    this.space();
    const char = this.source[this.at];
    if (char === "'" || char === '"') return this.string(char);
    if (char === '[') return this.list();
    if (char === '{') return this.dict();
    if (char === '-' || (char !== undefined && char >= '0' && char <= '9')) return this.integer();
    switch (this.word()) {
      case 'true':
      case 'True':
        return true;
      case 'false':
      case 'False':
        return false;
      case 'none':
      case 'None':
        return null;
      default:
        return NONE;
    }
  }

  private string(quote: string): string | undefined {
    const end = this.source.indexOf(quote, this.at + 1);
    if (end === -1) return NONE;
    const text = this.source.slice(this.at + 1, end);
    this.at = end + 1;
    this.space();
    // adjacent strings are one string, which the full grammar knows
    const next = this.source[this.at];
    return text.includes('\\') || text.includes('\r') || next === "'" || next === '"' ? NONE : text;
  }

  private integer(): number | undefined {
    const pattern = /-?(?:[1-9]\d{0,14}|0)(?![\w.])/y;
    pattern.lastIndex = this.at;
    const match = pattern.exec(this.source);
    if (match === null) return NONE;
    this.at = pattern.lastIndex;
    // the integer 0, not JavaScript's -0
    return Number(match[0]) + 0;
  }

  private list(): unknown[] | undefined {
    const items: unknown[] = [];
    this.at += 1;
    const isList = this.sequence(']', () => {
      const value = this.literal();
      items.push(value);
      return value !== NONE;
    });
    return isList ? items : NONE;
  }

  private dict(): Record<string, unknown> | undefined {
    const entries: [string, unknown][] = [];
    this.at += 1;
    const isDict = this.sequence('}', () => {
      const key = this.literal();
      // a key that JavaScript would move to the front of the object loses its place
      if (typeof key !== 'string' || /^\d+$/.test(key) || !this.take(':')) return false;
      const value = this.literal();
      entries.push([key, value]);
      return value !== NONE;
    });
    return isDict ? Object.fromEntries(entries) : NONE;
  }

  private word(): string {
    this.space();
    const pattern = /[A-Za-z_]\w*/y;
    pattern.lastIndex = this.at;
    const match = pattern.exec(this.source);
    if (match === null) return '';
    // a letter beyond ASCII goes on with the name
    if (this.source.charCodeAt(pattern.lastIndex) > 127) return '';
    this.at = pattern.lastIndex;
    return match[0];
  }

  private take(char: string): boolean {
    this.space();
    if (this.source[this.at] !== char) return false;
    this.at += 1;
    return true;
  }

  private space(): void {
    while (this.at < this.source.length && isSpace(this.source.charCodeAt(this.at))) this.at += 1;
  }
}
