/**
 * The parser takes some words for its own where engines take them for names (`join b old on …`, a column `limit`).
 * Where it stops at such a word, or right behind one, the word is quoted and the text read again.
 */
import type { Node } from './ast.ts';
import type { SqlDialect, SqlFailure, SqlToken } from './contract.ts';
import { parseStatements, tokensOf } from './polyglot.ts';

export interface Parsed {
  statements: Node[];
  /** The text as it was read: places in the tree are places in it. */
  sql: string;
}

const MOST_WORDS = 12;

/** Words that are never names, in any engine here. */
const RESERVED =
  /^(select|from|where|group|having|order|union|intersect|except|join|on|using|with|as|and|or|not|case|when|then|else|in|into|distinct|null|true|false|by|cast|create|inner|cross|full|outer)$/i;

export function parseLeniently(sql: string, dialect: SqlDialect): Parsed | SqlFailure {
  const first = parseStatements(sql, dialect);
  if (!('failure' in first)) return { statements: first, sql };
  let failure: SqlFailure = first;
  let text = sql;
  for (let i = 0; i < MOST_WORDS; i++) {
    const further = withOneMoreWord(text, failure, dialect);
    if (further === undefined) break;
    if (!('failure' in further)) return further;
    failure = further;
    text = further.sql;
  }
  return first;
}

/** The text with one word quoted, if the parser then comes to its end, or at least further than before. */
function withOneMoreWord(
  sql: string,
  { position }: SqlFailure,
  dialect: SqlDialect,
): Parsed | (SqlFailure & { sql: string }) | undefined {
  if (position === undefined) return undefined;
  for (const word of wordsBefore(sql, position, dialect)) {
    const text = `${sql.slice(0, word.start)}"${word.text}"${sql.slice(word.end)}`;
    const again = parseStatements(text, dialect);
    if (!('failure' in again)) return { statements: again, sql: text };
    if ((again.position ?? 0) > position + 2) return { ...again, sql: text };
  }
  return undefined;
}

/** Words that can be names: where the parser stopped, and right before. The nearest comes first. */
function wordsBefore(sql: string, position: number, dialect: SqlDialect): SqlToken[] {
  const tokens = tokensOf(sql, dialect);
  if ('failure' in tokens) return [];
  const at = tokens.findIndex((token) => token.end > position);
  return tokens
    .slice(Math.max(0, at - 3), at + 1)
    .reverse()
    .filter(({ start, end }) => {
      const written = sql.slice(start, end);
      return /^[a-z_]\w*$/i.test(written) && !RESERVED.test(written);
    });
}
