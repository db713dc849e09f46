/** What the console shows of a statement where the engine answers no command tag. */
import type { ExecResult } from '../contract.ts';

const COUNTED = new Set(['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'MERGE', 'COPY', 'WITH', 'SHOW']);
const COMMENTS = /^(?:\s+|--[^\n]*(?:\n|$)|\/\*[\s\S]*?\*\/)+/;
const MODIFIERS =
  /^(CREATE)\s+(?:OR\s+REPLACE\s+)?(?:(?:LOCAL\s+)?TEMP(?:ORARY)?\s+)?(EXTERNAL\s+TABLE|EXTERNAL\s+SCHEMA|MATERIALIZED\s+VIEW|[A-Z]+)/i;
const CTAS = /^CREATE\s+(?:(?:LOCAL\s+)?TEMP(?:ORARY)?\s+)?TABLE\s+[^(;]+?(?:\([^)]*\)[^(;]*?)?\sAS\b/i;

/** `rows`: how many the statement touched, -1 where the engine does not count. */
export function commandMessage(sql: string, rows: number): ExecResult {
  const text = sql.replace(COMMENTS, '').trimStart();
  const word = (/^[A-Za-z]+/.exec(text)?.[0] ?? '').toUpperCase();
  const rowsAffected = rows >= 0 ? rows : null;
  if (word === 'CREATE') {
    if (CTAS.test(text))
      return { rowsAffected, message: rowsAffected === null ? 'SELECT' : `SELECT ${rowsAffected}` };
    const kind = MODIFIERS.exec(text)?.[2] ?? '';
    return { rowsAffected: null, message: `CREATE ${kind.toUpperCase().replace(/\s+/g, ' ')}`.trim() };
  }
  if (COUNTED.has(word)) {
    const tag = word === 'WITH' || word === 'SHOW' ? 'SELECT' : word;
    return { rowsAffected, message: rowsAffected === null ? tag : `${tag} ${rowsAffected}` };
  }
  const second = /^(?:ALTER|DROP)\s+([A-Za-z]+)/i.exec(text)?.[1];
  return {
    rowsAffected: null,
    message: second === undefined ? word || 'OK' : `${word} ${second.toUpperCase()}`,
  };
}
