/** SQL as tokens: enough to find keywords, names and brackets, whatever stands in strings and comments. */

export type TokenKind = 'word' | 'quoted' | 'string' | 'number' | 'space' | 'comment' | 'symbol';

export interface Token {
  kind: TokenKind;
  text: string;
}

const TOKEN =
  /(?<comment>--[^\n]*|\/\*[\s\S]*?\*\/)|(?<string>\$(?<tag>\w*)\$[\s\S]*?\$\k<tag>\$|'(?:''|\\[\s\S]|[^'\\])*')|(?<quoted>"(?:""|[^"])*")|(?<word>#?[\p{L}_][\p{L}\p{N}_$]*)|(?<number>\d+(?:\.\d+)?(?:e[+-]?\d+)?)|(?<space>\s+)|(?<symbol>::|[\s\S])/giu;

const KINDS: readonly TokenKind[] = ['comment', 'string', 'quoted', 'word', 'number', 'space', 'symbol'];

export function tokens(sql: string): Token[] {
  return [...sql.matchAll(TOKEN)].map((match) => ({
    kind: KINDS.find((kind) => match.groups?.[kind] !== undefined) ?? 'symbol',
    text: match[0],
  }));
}

export function isBlank(token: Token | undefined): boolean {
  return token?.kind === 'space' || token?.kind === 'comment';
}

/** The statements of a text, without what is empty. */
export function splitStatements(sql: string): string[] {
  const found: string[] = [];
  let current: Token[] = [];
  const flush = () => {
    if (current.some((token) => !isBlank(token))) found.push(text(current).trim());
    current = [];
  };
  for (const token of tokens(sql))
    if (token.text === ';') flush();
    else current.push(token);
  flush();
  return found;
}

export function text(list: readonly Token[]): string {
  return list.map((token) => token.text).join('');
}

/** A statement without blanks: what its keywords are, in upper case, and where its brackets end. */
export class Statement {
  readonly list: readonly Token[];

  constructor(readonly sql: string) {
    this.list = tokens(sql).filter((token) => !isBlank(token));
  }

  /** The keyword (or symbol) at a place, in upper case; names in quotes and strings are none. */
  word(at: number): string {
    const token = this.list[at];
    return token === undefined || token.kind === 'quoted' || token.kind === 'string'
      ? ''
      : token.text.toUpperCase();
  }

  /** Whether these words stand at a place; one may be several, `YES|NO`. */
  is(words: string, at = 0): boolean {
    return words.split(' ').every((word, offset) => word.split('|').includes(this.word(at + offset)));
  }

  /** The first place where these words stand, or -1. */
  find(words: string, from = 0): number {
    for (let at = from; at < this.list.length; at++) if (this.is(words, at)) return at;
    return -1;
  }

  /** A name with dots that begins at a place, and the place after it. */
  name(at: number): { parts: string[]; end: number } {
    const parts: string[] = [];
    let next = at;
    while (next < this.list.length) {
      parts.push(unquoted(this.list[next] as Token));
      next += 1;
      if (this.word(next) !== '.') break;
      next += 1;
    }
    return { parts, end: next };
  }

  /** The place of the bracket that closes the one at `open`. */
  closing(open: number): number {
    let depth = 0;
    for (let at = open; at < this.list.length; at++) {
      if (this.word(at) === '(') depth++;
      if (this.word(at) === ')' && --depth === 0) return at;
    }
    return this.list.length;
  }
}

export function unquoted(token: Token): string {
  return token.kind === 'quoted' ? token.text.slice(1, -1).replaceAll('""', '"') : token.text.toLowerCase();
}

/** What a string literal holds, by Redshift's rules: two quotes are one, a backslash escapes. */
export function literalValue(token: Token): string {
  const dollars = /^\$(\w*)\$([\s\S]*)\$\1\$$/.exec(token.text);
  if (dollars !== null) return dollars[2] as string;
  return token.text
    .slice(1, -1)
    .replace(/''|\\([\s\S])/g, (_, escaped: string | undefined) => escaped ?? "'");
}

export function quoteLiteral(value: string): string {
  return `'${value.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`;
}

export function quoteName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
