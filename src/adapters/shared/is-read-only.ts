/** Tells whether SQL only reads, by its keywords. What is not known to only read, writes. */
import { statementWords } from './sql-words.ts';

const WRITES_INSIDE_WITH = new Set(['INSERT', 'UPDATE', 'DELETE', 'MERGE']);

/**
 * True when every statement of `sql` begins with one of `readers` and changes nothing by its form:
 * `with … insert`, `select … into` and `explain analyze insert` are writes. Text without a statement reads.
 */
export function isReadOnlySql(sql: string, readers: ReadonlySet<string>): boolean {
  return statementWords(sql).every((words) => {
    const first = words[0]!;
    if (!readers.has(first)) return false;
    if (first === 'WITH')
      return !words.some((word) => WRITES_INSIDE_WITH.has(word)) && !words.includes('INTO');
    if (first === 'SELECT') return !words.includes('INTO');
    if (first === 'EXPLAIN' && words[1] === 'ANALYZE') return readers.has(words[2] ?? '');
    return true;
  });
}
