/** An error of a server that speaks PostgreSQL's protocol, as plain data. */
import type { EngineError } from '../../contract.ts';
import { StatementError } from '../statement-error.ts';

/** The fields of pg's DatabaseError that are read. */
interface ServerError {
  message: string;
  code?: string;
  position?: string;
  detail?: string;
  hint?: string;
  where?: string;
}

/** undefined_table, invalid_schema_name. */
const MISSING = new Set(['42P01', '3F000']);

export function readPgError(error: unknown): EngineError {
  if (error instanceof StatementError) return error.engine;
  return pgEngineError(error);
}

/**
 * `sql` is the statement, `prefix` what was sent in front of it: the server counts its position in code points
 * from 1, sq in UTF-16 units from 0.
 */
export function pgEngineError(error: unknown, sql?: string, prefix = ''): EngineError {
  if (!isServerError(error)) {
    return { message: error instanceof Error ? error.message : String(error) };
  }
  const detail = error.detail === undefined ? '' : `\nDETAIL:  ${error.detail}`;
  const position =
    error.position === undefined || sql === undefined
      ? undefined
      : utf16Offset(prefix + sql, Number(error.position));
  return {
    message: error.message + detail,
    ...(error.code === undefined ? {} : { code: error.code }),
    ...(position === undefined ? {} : { position: Math.max(0, position - prefix.length) }),
    ...(error.code !== undefined && MISSING.has(error.code) ? { missing: true } : {}),
    ...(sql === undefined ? {} : { statement: sql }),
  };
}

/** What the server itself advises. */
export function serverHint(error: unknown): string | undefined {
  return isServerError(error) ? error.hint : undefined;
}

/** True for an error the server sent, false for one of the connection. */
export function isServerError(error: unknown): error is ServerError & Error {
  return error instanceof Error && 'severity' in error;
}

function utf16Offset(sql: string, codePoint: number): number | undefined {
  if (!Number.isFinite(codePoint) || codePoint < 1) return undefined;
  let offset = 0;
  let counted = 1;
  for (const character of sql) {
    if (counted === codePoint) return offset;
    counted += 1;
    offset += character.length;
  }
  return offset;
}
