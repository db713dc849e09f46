/** SQL with Jinja cut into pieces that have a colour. Nothing is understood here but words, texts and comments. */

export type TokenKind = 'comment' | 'jinja' | 'text' | 'number' | 'word' | 'plain';

export interface Token {
  kind: TokenKind;
  text: string;
  /** Offset in the whole text. */
  at: number;
}

const WORDS =
  'with recursive select distinct all from left right inner outer full cross natural join on using where group by order having qualify limit offset union intersect except case when then else end as and or not in is null over partition rows range between preceding following unbounded current row filter within like ilike similar exists any some true false interval cast create table view materialized insert into values update set delete merge matched copy unload format json csv parquet region iam_role lateral unnest pivot unpivot asc desc nulls first last returning truncate drop alter';

const KEYWORDS: ReadonlySet<string> = new Set(WORDS.split(' '));

const TOKEN =
  /(?<comment>\{#[\s\S]*?(?:#\}|$)|--[^\n]*|\/\*[\s\S]*?(?:\*\/|$))|(?<jinja>\{\{[\s\S]*?(?:\}\}|$)|\{%[\s\S]*?(?:%\}|$))|(?<text>'(?:[^']|'')*(?:'|$)|\$\$[\s\S]*?(?:\$\$|$))|(?<quoted>"(?:[^"]|"")*(?:"|$))|(?<number>\b\d+(?:\.\d+)?\b)|(?<word>[A-Za-z_]\w*)/g;

export function sqlTokens(sql: string): Token[] {
  const tokens: Token[] = [];
  let at = 0;
  const push = (kind: TokenKind, text: string) => {
    const last = tokens.at(-1);
    if (last !== undefined && last.kind === kind && kind === 'plain') last.text += text;
    else if (text !== '') tokens.push({ kind, text, at });
    at += text.length;
  };
  for (const match of sql.matchAll(TOKEN)) {
    push('plain', sql.slice(at, match.index));
    push(kindOf(match.groups ?? {}), match[0]);
  }
  push('plain', sql.slice(at));
  return tokens;
}

function kindOf(groups: Record<string, string | undefined>): TokenKind {
  if (groups['comment'] !== undefined) return 'comment';
  if (groups['jinja'] !== undefined) return 'jinja';
  if (groups['text'] !== undefined) return 'text';
  if (groups['number'] !== undefined) return 'number';
  return groups['word'] !== undefined && KEYWORDS.has(groups['word'].toLowerCase()) ? 'word' : 'plain';
}

export interface Reference {
  kind: 'ref' | 'source';
  /** Names as written: `['orders']`, `['package', 'orders']`, `['raw', 'events']`. */
  names: string[];
  /** Offsets within the text. */
  start: number;
  end: number;
}

const REFERENCE = /\b(ref|source)\s*\(\s*(['"])([^'"]+)\2\s*(?:,\s*(['"])([^'"]+)\4\s*)?[^)]*\)/g;

/** Calls of ref() and source() with literal names. */
export function references(jinja: string): Reference[] {
  return [...jinja.matchAll(REFERENCE)].map((match) => ({
    kind: match[1] as Reference['kind'],
    names: [match[3]!, ...(match[5] === undefined ? [] : [match[5]])],
    start: match.index,
    end: match.index + match[0].length,
  }));
}
