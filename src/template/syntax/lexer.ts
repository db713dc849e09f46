/**
 * Jinja2's lexing rules behind the interface that nunjucks' parser reads tokens from. dbt's settings are
 * built in: no trimming of blocks, one final newline dropped.
 */
import nunjucks from 'nunjucks/src/lexer.js';
import { isSpace, stripEnd } from '../methods/whitespace.ts';
import { unescapeString } from './escapes.ts';
import { SyntaxFailure } from './syntax-failure.ts';

export interface Token {
  type: string;
  value: string;
  pos: number;
}

/** End of the template; nunjucks' parser has no token for it. */
export const END = 'end of template';

const NUMBER =
  /(?:\d+_)*\d+(?:(?:\.(?:\d+_)*\d+)?[eE][+-]?(?:\d+_)*\d+|\.(?:\d+_)*\d+)|0[bB](?:_?[01])+|0[oO](?:_?[0-7])+|0[xX](?:_?[\da-fA-F])+|[1-9](?:_?\d)*|0(?:_?0)*/y;
const INTEGER = /0[bB](?:_?[01])+|0[oO](?:_?[0-7])+|0[xX](?:_?[\da-fA-F])+|[1-9](?:_?\d)*|0(?:_?0)*/y;
const NAME = /[\p{L}\p{Nl}_][\p{L}\p{Nl}\p{Mn}\p{Mc}\p{Nd}\p{Pc}\u00b7]*/uy;
const RAW_START = /\s*raw\s*(-%\}|%\})/y;
const RAW_END = /\{%([-+]?)\s*endraw\s*(-%\}|\+?%\})/g;

const CLOSING: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };

const PUNCTUATION: Readonly<Record<string, string>> = {
  '(': nunjucks.TOKEN_LEFT_PAREN,
  ')': nunjucks.TOKEN_RIGHT_PAREN,
  '[': nunjucks.TOKEN_LEFT_BRACKET,
  ']': nunjucks.TOKEN_RIGHT_BRACKET,
  '{': nunjucks.TOKEN_LEFT_CURLY,
  '}': nunjucks.TOKEN_RIGHT_CURLY,
  ',': nunjucks.TOKEN_COMMA,
  ':': nunjucks.TOKEN_COLON,
  '~': nunjucks.TOKEN_TILDE,
  '|': nunjucks.TOKEN_PIPE,
};

const TWO_CHARACTER = new Set(['//', '**', '==', '!=', '>=', '<=']);
const ONE_CHARACTER = '+-*/%><=.;';

/** The text as Jinja reads it: `\n` line ends, and without one final newline. */
export function normalise(source: string): string {
  const text = source.includes('\r') ? source.replace(/\r\n?/g, '\n') : source;
  return text.endsWith('\n') ? text.slice(0, -1) : text;
}

export class Lexer {
  /** nunjucks reads delimiters from here. */
  readonly tags = { VARIABLE_START: '{{', VARIABLE_END: '}}', BLOCK_START: '{%', BLOCK_END: '%}' };
  private at = 0;
  /** What ends the tag being read, or undefined between tags. */
  private tagEnd: '}}' | '%}' | undefined;
  private pending: Token | undefined;
  /** Brackets that are open inside the tag: a `}}` in them ends no tag. */
  private readonly open: string[] = [];

  constructor(private readonly text: string) {}

  nextToken(): Token | null {
    if (this.pending !== undefined) {
      const token = this.pending;
      this.pending = undefined;
      return token;
    }
    if (this.tagEnd !== undefined) return this.tagToken();
    while (this.at < this.text.length) {
      const token = this.dataToken();
      if (token !== undefined) return token;
    }
    return null;
  }

  /** The text up to the next tag (and the tag's start, kept pending); undefined when both were empty. */
  private dataToken(): Token | undefined {
    const { text } = this;
    const start = this.at;
    const tag = this.nextTag(start);
    if (tag === -1) {
      this.at = text.length;
      return { type: nunjucks.TOKEN_DATA, value: text.slice(start), pos: start };
    }
    const kind = text[tag + 1];
    const sign = text[tag + 2];
    const data = sign === '-' ? stripEnd(text.slice(start, tag)) : text.slice(start, tag);
    this.at = tag + (sign === '-' || sign === '+' ? 3 : 2);
    if (kind === '#') this.skipComment(tag);
    else if (kind === '{') this.begin('}}', nunjucks.TOKEN_VARIABLE_START, tag);
    else {
      const raw = this.rawBlock(tag);
      if (raw === undefined) this.begin('%}', nunjucks.TOKEN_BLOCK_START, tag);
      else if (raw !== '') this.pending = { type: nunjucks.TOKEN_DATA, value: raw, pos: tag };
    }
    if (data !== '') return { type: nunjucks.TOKEN_DATA, value: data, pos: start };
    const { pending } = this;
    this.pending = undefined;
    return pending;
  }

  private nextTag(from: number): number {
    const { text } = this;
    for (let at = text.indexOf('{', from); at !== -1; at = text.indexOf('{', at + 1)) {
      const next = text.charCodeAt(at + 1);
      if (next === 123 || next === 37 || next === 35) return at;
    }
    return -1;
  }

  private begin(tagEnd: '}}' | '%}', type: string, pos: number): void {
    this.tagEnd = tagEnd;
    this.open.length = 0;
    this.pending = { type, value: this.text.slice(pos, pos + 2), pos };
  }

  private skipComment(pos: number): void {
    // Jinja lets a comment or raw block that starts at the very end pass
    if (this.at >= this.text.length) return;
    const end = this.text.indexOf('#}', this.at);
    if (end === -1) throw new SyntaxFailure('Missing end of comment tag', pos);
    const strips = end > this.at && this.text[end - 1] === '-';
    this.at = end + 2;
    if (strips) this.skipSpace();
  }

  /** The contents of a raw block that starts at this tag, or undefined when it is another tag. */
  private rawBlock(pos: number): string | undefined {
    RAW_START.lastIndex = this.at;
    const start = RAW_START.exec(this.text);
    if (start === null) return undefined;
    this.at = RAW_START.lastIndex;
    if (start[1] === '-%}') this.skipSpace();
    if (this.at >= this.text.length) return '';
    RAW_END.lastIndex = this.at;
    const end = RAW_END.exec(this.text);
    if (end === null) throw new SyntaxFailure('Missing end of raw directive', pos);
    const contents = this.text.slice(this.at, end.index);
    this.at = RAW_END.lastIndex;
    if (end[2] === '-%}') this.skipSpace();
    return end[1] === '-' ? stripEnd(contents) : contents;
  }

  private skipSpace(): void {
    const { text } = this;
    let { at } = this;
    while (text.charCodeAt(at) === 32 || (at < text.length && isSpace(text.charCodeAt(at)))) at += 1;
    this.at = at;
  }

  private tagToken(): Token | null {
    this.skipSpace();
    const { text, at } = this;
    if (at >= text.length) return null;
    if (this.open.length === 0) {
      const end = this.endOfTag();
      if (end !== undefined) return end;
    }
    const code = text.charCodeAt(at);
    if (code >= 48 && code <= 57) return this.number();
    if (code === 39 || code === 34) return this.string(code);
    return this.name(code) ?? this.operator();
  }

  private endOfTag(): Token | undefined {
    const { text, at } = this;
    const tagEnd = this.tagEnd!;
    const sign = text[at];
    const signed = sign === '-' || (sign === '+' && tagEnd === '%}');
    if (!text.startsWith(tagEnd, signed ? at + 1 : at)) return undefined;
    this.at += signed ? 3 : 2;
    if (sign === '-') this.skipSpace();
    this.tagEnd = undefined;
    const type = tagEnd === '}}' ? nunjucks.TOKEN_VARIABLE_END : nunjucks.TOKEN_BLOCK_END;
    return { type, value: tagEnd, pos: at };
  }

  private number(): Token {
    const { text, at } = this;
    // after a dot only an integer can stand: `x.0.1`
    const pattern = text[at - 1] === '.' ? INTEGER : NUMBER;
    pattern.lastIndex = at;
    const value = pattern.exec(text)![0];
    this.at = pattern.lastIndex;
    const isFloat = /^[\d_]+[.eE]/.test(value) && !/^0[xXbBoO]/.test(value);
    const type = isFloat ? nunjucks.TOKEN_FLOAT : nunjucks.TOKEN_INT;
    return { type, value: value.includes('_') ? value.replaceAll('_', '') : value, pos: at };
  }

  private string(quote: number): Token {
    const { text, at } = this;
    let end = at + 1;
    for (; end < text.length; end++) {
      const code = text.charCodeAt(end);
      if (code === 92) end += 1;
      else if (code === quote) break;
    }
    if (end >= text.length)
      throw new SyntaxFailure(`unexpected char ${text[at] === '"' ? `'"'` : `"'"`}`, at);
    this.at = end + 1;
    return { type: nunjucks.TOKEN_STRING, value: unescapeString(text.slice(at + 1, end), at), pos: at };
  }

  private name(first: number): Token | undefined {
    const { text, at } = this;
    let end = at;
    for (let code = first; isWord(code); code = text.charCodeAt(end)) end += 1;
    if (text.charCodeAt(end) > 127) {
      NAME.lastIndex = at;
      if (NAME.exec(text) === null) return undefined;
      end = NAME.lastIndex;
    }
    if (end === at) return undefined;
    this.at = end;
    return { type: nunjucks.TOKEN_SYMBOL, value: text.slice(at, end), pos: at };
  }

  private operator(): Token {
    const { text, at } = this;
    const two = text.slice(at, at + 2);
    if (TWO_CHARACTER.has(two)) {
      this.at += 2;
      return { type: nunjucks.TOKEN_OPERATOR, value: two, pos: at };
    }
    const char = text[at]!;
    const type = PUNCTUATION[char] ?? (ONE_CHARACTER.includes(char) ? nunjucks.TOKEN_OPERATOR : undefined);
    if (type === undefined) throw new SyntaxFailure(`unexpected char ${JSON.stringify(char)}`, at);
    const closing = CLOSING[char];
    if (closing !== undefined) this.open.push(closing);
    else if (char === ')' || char === ']' || char === '}') this.close(char, at);
    this.at += 1;
    return { type, value: char, pos: at };
  }

  private close(char: string, pos: number): void {
    const expected = this.open.pop();
    if (expected === undefined) throw new SyntaxFailure(`unexpected '${char}'`, pos);
    if (expected !== char) throw new SyntaxFailure(`unexpected '${char}', expected '${expected}'`, pos);
  }
}

/** Letters, digits and the underscore of ASCII. */
function isWord(code: number): boolean {
  return (
    (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 95 || (code >= 48 && code <= 57)
  );
}
