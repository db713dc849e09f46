/** What a finished statement says of itself: rows written, and the words in the console's brackets. */
import type { Result } from '@duckdb/node-bindings';
import type { ExecResult } from '../contract.ts';
import { statementWords } from '../shared/sql-words.ts';
import type { Binding } from './binding.ts';

/** Statement types of DuckDB's C API (`DUCKDB_STATEMENT_TYPE_*`) that count the rows they change. */
const WRITERS: Record<number, string> = { 2: 'INSERT', 3: 'UPDATE', 5: 'DELETE', 11: 'COPY', 30: 'MERGE' };
const SELECT = 1;
const CREATE = 7;

/**
 * `SELECT 6820` for a table made by a query (its own count, decision 21) and for a query, `INSERT 100`,
 * `CREATE VIEW`, otherwise dbt-duckdb's `OK`. Of a text with several statements the last one answers.
 */
export function resultMessage(binding: Binding, result: Result, sql: string): Omit<ExecResult, 'result'> {
  const type: number = binding.result_statement_type(result);
  const verb = WRITERS[type];
  if (verb !== undefined) {
    const rowsAffected = binding.rows_changed(result);
    return { rowsAffected, message: `${verb} ${rowsAffected}` };
  }
  if (type === SELECT) return { rowsAffected: null, message: `SELECT ${binding.row_count(result)}` };
  if (type !== CREATE) return { rowsAffected: null, message: 'OK' };
  if (binding.result_chunk_count(result) > 0 && binding.row_count(result) === 1) {
    const rowsAffected = firstCount(binding, result);
    return { rowsAffected, message: `SELECT ${rowsAffected}` };
  }
  return { rowsAffected: null, message: createdWhat(sql) };
}

/** The one number of a CREATE TABLE AS: column `Count`, a 64-bit integer. */
function firstCount(binding: Binding, result: Result): number {
  const vector = binding.data_chunk_get_vector(binding.result_get_chunk(result, 0), 0);
  const bytes = binding.vector_get_data(vector, 8);
  return Number(new DataView(bytes.buffer, bytes.byteOffset, 8).getBigInt64(0, true));
}

const QUICK =
  /^\s*create\s+(?:or\s+replace\s+)?(?:temp(?:orary)?\s+)?(table|view|schema|macro|sequence|type|index)\b[^;]*;?\s*$/i;
const KINDS = new Set(['TABLE', 'VIEW', 'SCHEMA', 'MACRO', 'SEQUENCE', 'TYPE', 'INDEX']);

function createdWhat(sql: string): string {
  const quick = QUICK.exec(sql)?.[1];
  if (quick !== undefined) return `CREATE ${quick.toUpperCase()}`;
  const words = statementWords(sql, 8).at(-1) ?? [];
  const kind = words.find((word) => KINDS.has(word));
  return kind === undefined ? 'OK' : `CREATE ${kind}`;
}
