/**
 * Reads the words of SQL text without parsing it: enough to tell what kind of statement it is. Comments,
 * strings, quoted names and everything inside parentheses are passed over.
 */

/** One statement of a text: its words outside parentheses, in upper case, in order. */
export type StatementWords = string[];

/**
 * The statements of `sql`, each as its words at depth 0. Statements that hold no word (only comments) are left
 * out. Stops collecting a statement's words after `limit`, so that a long query costs no long list.
 */
export function statementWords(sql: string, limit = Number.POSITIVE_INFINITY): StatementWords[] {
  const statements: StatementWords[] = [];
  let words: StatementWords = [];
  let depth = 0;
  let i = 0;
  while (i < sql.length) {
    const char = sql[i]!;
    if (isWordStart(char)) {
      let end = i + 1;
      while (end < sql.length && isWordPart(sql[end]!)) end += 1;
      if (depth === 0 && words.length < limit) words.push(sql.slice(i, end).toUpperCase());
      i = end;
      continue;
    }
    const skipped = skipOpaque(sql, i);
    if (skipped > i) {
      i = skipped;
      continue;
    }
    if (char === '(') depth += 1;
    else if (char === ')') depth = Math.max(0, depth - 1);
    else if (char === ';' && depth === 0) {
      if (words.length > 0) statements.push(words);
      words = [];
    }
    i += 1;
  }
  if (words.length > 0) statements.push(words);
  return statements;
}

/**
 * Offset behind the comment, string or quoted name that begins at `i`; `i` itself when none does. With
 * `backslashEscapes` a backslash in a string takes the character after it along.
 */
export function skipOpaque(sql: string, i: number, backslashEscapes = false): number {
  const char = sql[i]!;
  if (char === '-' && sql[i + 1] === '-') return orEnd(sql, sql.indexOf('\n', i));
  if (char === '/' && sql[i + 1] === '*') return skipBlockComment(sql, i);
  if (char === "'" || char === '"' || char === '`')
    return skipQuoted(sql, i, char, backslashEscapes && char === "'");
  if (char === '$') return skipDollarQuoted(sql, i);
  return i;
}

function skipBlockComment(sql: string, start: number): number {
  let depth = 1;
  let i = start + 2;
  while (i < sql.length && depth > 0) {
    if (sql[i] === '*' && sql[i + 1] === '/') {
      depth -= 1;
      i += 2;
    } else if (sql[i] === '/' && sql[i + 1] === '*') {
      depth += 1;
      i += 2;
    } else i += 1;
  }
  return i;
}

function skipQuoted(sql: string, start: number, quote: string, backslashEscapes: boolean): number {
  let i = start + 1;
  while (i < sql.length) {
    if (backslashEscapes && sql[i] === '\\') i += 2;
    else if (sql[i] !== quote) i += 1;
    else if (sql[i + 1] === quote) i += 2;
    else return i + 1;
  }
  return sql.length;
}

const DOLLAR_TAG = /\$([A-Za-z_][A-Za-z0-9_]*)?\$/y;

function skipDollarQuoted(sql: string, start: number): number {
  DOLLAR_TAG.lastIndex = start;
  const tag = DOLLAR_TAG.exec(sql)?.[0];
  if (tag === undefined) return start;
  const end = sql.indexOf(tag, start + tag.length);
  return end === -1 ? sql.length : end + tag.length;
}

function orEnd(sql: string, found: number): number {
  return found === -1 ? sql.length : found;
}

function isWordStart(char: string): boolean {
  return /[A-Za-z_\u0080-\uffff]/.test(char);
}

function isWordPart(char: string): boolean {
  return /[A-Za-z0-9_\u0080-\uffff]/.test(char);
}
