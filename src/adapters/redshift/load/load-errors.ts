/** Why COPY refused rows: read from the system tables, in statements of their own after the load has ended. */
import type { Session, Value } from '../../contract.ts';
import type { LoadError } from '../../loader-contract.ts';
import { StatementError } from '../../shared/statement-error.ts';
import { literal } from '../dialect-literal.ts';

/** Which errors are those of this load: of this server process, since this time of the server. */
export interface LoadMoment {
  pid: string;
  since: string;
}

/** STL_LOAD_ERRORS keeps as much of a line and of a value. */
const KEPT = 1024;

/** Functions of the leader node cannot be joined with system tables: they are asked beforehand. */
export async function loadMoment(session: Session): Promise<LoadMoment> {
  const { rows } = await session.query('select pg_backend_pid(), cast(getdate() as varchar(32))');
  const [pid, since] = rows[0] ?? [];
  return { pid: String(Number(pid)), since: String(since) };
}

/** Text of COPY's own error: it names the system table and no reason. */
export function isLoadRefusal(error: unknown): error is StatementError {
  return (
    error instanceof StatementError &&
    /stl_load_errors|sys_load_error_detail|Load into table .* failed/i.test(error.engine.message)
  );
}

/** Of which statements: the newest that failed, or the COPYs of these query numbers. */
export type LoadQueries = 'newest' | readonly number[];

/**
 * At most `limit` rows. STL_LOAD_ERRORS has line and value but only a provisioned cluster shows it;
 * SYS_LOAD_ERROR_DETAIL has the reason only. Empty where neither can be read.
 */
export async function loadErrors(
  session: Session,
  moment: LoadMoment,
  { of, limit }: { of: LoadQueries; limit: number },
): Promise<LoadError[]> {
  const { pid, since } = moment;
  const queries = [
    `select query, trim(filename), line_number, trim(colname), trim(type), trim(col_length), trim(raw_field_value), trim(raw_line), trim(err_reason)
from stl_load_errors
where session = ${pid} and starttime >= cast(${literal(since)} as timestamp)
order by query desc, filename, line_number limit ${limit}`,
    `select query_id, trim(file_name), line_number, trim(column_name), trim(column_type), trim(column_length), null, null, trim(error_message)
from sys_load_error_detail
where session_id = ${pid} and start_time >= cast(${literal(since)} as timestamp)
order by query_id desc, file_name, line_number limit ${limit}`,
  ];
  for (const sql of queries) {
    // not every user and not every kind of warehouse has both
    const rows = await session.query(sql).then(
      (result) => result.rows,
      () => [],
    );
    if (rows.length === 0) continue;
    const newest = Number(rows[0]?.[0]);
    // the two families of system tables number queries each in their own way
    const wanted = of === 'newest' || !rows.some(([query]) => of.includes(Number(query))) ? [newest] : of;
    return rows.filter(([query]) => wanted.includes(Number(query))).map(([, ...row]) => errorOf(row));
  }
  return [];
}

function errorOf([file, line, column, type, length, value, rawLine, reason]: Value[]): LoadError {
  const number = Number(line);
  return {
    file: text(file),
    line: line === null || number === 0 ? null : number,
    ...(text(column) === '' ? {} : { column: text(column), type: typeText(text(type), text(length)) }),
    ...(value === null || value === undefined ? {} : { value: text(value).slice(0, KEPT) }),
    rawLine: text(rawLine).slice(0, KEPT),
    reason: reasonText(text(reason), value === null ? undefined : text(value)),
  };
}

function typeText(type: string, length: string): string {
  const sized = /^(?:char|varchar|bpchar)/.test(type) && /^[1-9]\d*$/.test(length);
  return sized ? `${type}(${length})` : type;
}

/** Redshift's sentences do not repeat the value. */
function reasonText(reason: string, value: string | undefined): string {
  const sentence = reason.replace(/\.\s*$/, '');
  if (value === undefined || value === '' || sentence.includes(value)) return sentence;
  return `'${value.length > 80 ? `${value.slice(0, 80)}…` : value}': ${sentence}`;
}

function text(value: Value | undefined): string {
  return value === null || value === undefined ? '' : String(value).trim();
}
