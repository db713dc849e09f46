/** Spark's errors as plain data: class and SQLSTATE come beside the text, the place stands in it. */
import type { EngineError } from '../contract.ts';
import { StatementError } from '../shared/statement-error.ts';
import type { ConnectError } from './connect/client.ts';

export function readEngineError(error: unknown): EngineError {
  if (error instanceof StatementError) return error.engine;
  return { message: error instanceof Error ? error.message : String(error) };
}

/** Tables, views and schemas that are not there; the last is Iceberg's, which gives no class. */
const MISSING =
  /TABLE_OR_VIEW_NOT_FOUND|SCHEMA_NOT_FOUND|NO_SUCH_(TABLE|VIEW|NAMESPACE|DATABASE)|^Namespace does not exist/;

/** `sql` is the statement sent. */
export function parseConnectError({ message, sqlState, errorClass }: ConnectError, sql: string): EngineError {
  // behind the place stands the plan as a tree, which nobody asked for
  const [head = ''] = message.split(/;?\s*\n'|\n\n== SQL/);
  const text = head
    .replace(/\s*SQLSTATE: \w+/, '')
    .replace(/;\s*line \d+ pos \d+\s*$/, '')
    .trim();
  const position = positionOf(message, sql);
  const missing = MISSING.test(errorClass ?? message);
  const name = missing
    ? /The (?:table or view|schema|table|view) ((?:`[^`]*`\.?)+|\S+)/.exec(message)?.[1]
    : undefined;
  const candidates = /Did you mean one of the following\? \[([^\]]*)\]/.exec(message)?.[1];
  return {
    message: text,
    statement: sql,
    ...(sqlState === undefined ? {} : { code: sqlState }),
    ...(position === undefined ? {} : { position }),
    ...(missing ? { missing: true } : {}),
    ...(name === undefined ? {} : { missingName: name.split('.').at(-1)!.replaceAll('`', '') }),
    ...(candidates === undefined
      ? {}
      : { candidates: candidates.split(',').map((one) => one.trim().replaceAll('`', '')) }),
  };
}

/** Lines count from 1, columns from 0: `line 1 pos 14`, `(line 1, pos 14)`. */
function positionOf(message: string, sql: string): number | undefined {
  const match = /\bline (\d+),? pos (\d+)/.exec(message);
  if (match === null) return undefined;
  const lines = sql.split('\n');
  const line = Number(match[1]);
  if (line > lines.length) return undefined;
  const before = lines.slice(0, line - 1).reduce((sum, one) => sum + one.length + 1, 0);
  return Math.min(before + Number(match[2]), sql.length);
}
