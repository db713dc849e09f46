/**
 * DuckDB's errors as plain data. Connections run with `errors_as_json`, so that the position comes as a number
 * and not as a drawing; text errors (opening a file, commit) are read too.
 */
import type { EngineError } from '../contract.ts';
import { StatementError } from '../shared/statement-error.ts';

interface JsonError {
  exception_type?: string;
  exception_message?: string;
  error_subtype?: string;
  candidates?: string;
  position?: string;
}

export function readEngineError(error: unknown): EngineError {
  if (error instanceof StatementError) return error.engine;
  return parseEngineError(error instanceof Error ? error.message : String(error));
}

/** `sql` is the statement sent: the engine counts its position in bytes, sq in characters. */
export function parseEngineError(text: string, sql?: string): EngineError {
  const json = jsonOf(text);
  if (json === undefined) {
    const code = /^([A-Z][A-Za-z ]* Error): /.exec(text)?.[1];
    const message = text.replace(/\n\nLINE \d+:[\s\S]*$/, '');
    return { message, ...(code === undefined ? {} : { code }) };
  }
  const code = `${json.exception_type ?? 'Unknown'} Error`;
  const position = json.position === undefined ? undefined : characterOffset(sql, Number(json.position));
  const candidates = json.candidates?.split(',').map((name) => name.trim());
  const missingName = isMissing(json) ? nameOf(json) : undefined;
  return {
    message: `${code}: ${withoutSystemNames(json.exception_message ?? '')}`,
    code,
    ...(position === undefined ? {} : { position }),
    ...(candidates === undefined ? {} : { candidates: candidates.filter((name) => !SYSTEM_NAME.test(name)) }),
    ...(isMissing(json) ? { missing: true } : {}),
    ...(missingName === undefined ? {} : { missingName }),
    ...(sql === undefined ? {} : { statement: sql }),
  };
}

/** Parser errors carry their class once more in front of the JSON. */
function jsonOf(text: string): JsonError | undefined {
  const start = text.indexOf('{');
  if (start === -1 || !/^([A-Z][A-Za-z ]* Error: )?$/.test(text.slice(0, start))) return undefined;
  try {
    return JSON.parse(text.slice(start)) as JsonError;
  } catch {
    return undefined;
  }
}

/** DuckDB offers its own catalogue for a table that is not there; nobody ever means that. */
const SYSTEM_NAME = /^"?(\w+\.)*(information_schema\.|pg_|duckdb_|sqlite_|pragma_)/;

function withoutSystemNames(message: string): string {
  return message.replace(/\nDid you mean "([^"]+)"\?\s*$/, (line, name: string) =>
    SYSTEM_NAME.test(name) ? '' : line,
  );
}

function nameOf({ exception_message: message = '' }: JsonError): string | undefined {
  return /with name "?([^"\s]+?)"? does not exist/.exec(message)?.[1]?.split('.').at(-1);
}

function isMissing(json: JsonError): boolean {
  return json.exception_type === 'Catalog' && /does not exist/.test(json.exception_message ?? '');
}

function characterOffset(sql: string | undefined, bytes: number): number | undefined {
  if (!Number.isFinite(bytes)) return undefined;
  if (sql === undefined) return bytes;
  return Buffer.from(sql, 'utf8').subarray(0, bytes).toString('utf8').length;
}
