/** What stands before or after every statement of an owner: the query comment. */
import type { StatementComment } from '../contract.ts';

export const NO_COMMENT: StatementComment = { prefix: '', suffix: '' };

/** The statement as it is sent; a closing semicolon stays last. */
export function withComment(sql: string, { prefix, suffix }: StatementComment): string {
  if (suffix === '') return prefix + sql;
  const text = sql.trimEnd();
  return text.endsWith(';') ? `${prefix}${text.slice(0, -1)}${suffix};` : prefix + text + suffix;
}
