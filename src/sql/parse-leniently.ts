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
  let failure = first;
  let text = sql;
  for (let i = 0; i < MOST_WORDS && failure.position !== undefined; i++) {
    const word = wordAt(text, failure.position, dialect);
    if (word === undefined) break;
    text = `${text.slice(0, word.start)}"${word.text}"${text.slice(word.end)}`;
    const again = parseStatements(text, dialect);
    if (!('failure' in again)) return { statements: again, sql: text };
    failure = again;
  }
  return first;
}

/** The word that can be a name where the parser stopped, or right before. */
function wordAt(sql: string, position: number, dialect: SqlDialect): SqlToken | undefined {
  const tokens = tokensOf(sql, dialect);
  if ('failure' in tokens) return undefined;
  const at = tokens.findIndex((token) => token.end > position);
  return [tokens[at], tokens[at - 1]].find(
    (token) =>
      token !== undefined &&
      /^[a-z_]\w*$/i.test(sql.slice(token.start, token.end)) &&
      !RESERVED.test(sql.slice(token.start, token.end)),
  );
}
