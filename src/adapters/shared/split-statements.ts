/** A text of several statements, for interfaces that take one at a time. */
import { skipOpaque, statementWords } from './sql-words.ts';

/**
 * The statements between semicolons, each trimmed and without its own; parts of comments alone are left out.
 * Semicolons in comments, strings, quoted names and parentheses end nothing.
 */
export function splitStatements(sql: string, options: { backslashEscapes?: boolean } = {}): string[] {
  const parts: string[] = [];
  let from = 0;
  let depth = 0;
  let i = 0;
  while (i < sql.length) {
    const skipped = skipOpaque(sql, i, options.backslashEscapes);
    if (skipped > i) {
      i = skipped;
      continue;
    }
    const char = sql[i];
    if (char === '(') depth += 1;
    else if (char === ')') depth = Math.max(0, depth - 1);
    else if (char === ';' && depth === 0) {
      parts.push(sql.slice(from, i));
      from = i + 1;
    }
    i += 1;
  }
  parts.push(sql.slice(from));
  return parts.filter((part) => statementWords(part, 1).length > 0).map((part) => part.trim());
}
