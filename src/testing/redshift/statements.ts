/** Each kind of statement the way Redshift runs it, on PostgreSQL. */

import { externalSchema, externalTable } from './external.ts';
import type { Fault } from './faults.ts';
import { flushQueries, flushTransaction } from './history.ts';
import { createLateView, isLateView, refreshLateViews } from './late-binding.ts';
import { copyFromS3 } from './load/copy.ts';
import { unloadToS3 } from './load/unload.ts';
import { merge } from './merge.ts';
import { failure } from './protocol/messages.ts';
import type { ClientSession } from './protocol/session.ts';
import { set, show } from './settings.ts';
import { showRelations } from './show.ts';
import { refuseUnsupported, syntaxError } from './sql/refusals.ts';
import { Statement, unquoted } from './sql/tokens.ts';
import { alterTable, createMaterializedView, createTable } from './tables.ts';

export async function runStatement(session: ClientSession, sql: string, fault?: Fault): Promise<void> {
  const statement = new Statement(sql);
  // in a failed transaction PostgreSQL says so, whatever comes
  if (session.backend.status === 'E' && !statement.is('ROLLBACK|COMMIT|END|ABORT'))
    return session.forward('select 1');
  refuseUnsupported(statement);
  const handler = HANDLERS.find(([words]) => words.some((start) => statement.is(start)));
  if (handler !== undefined) return handler[1](session, statement);
  if (/\b(sys_query_history|stl_query)\b/i.test(sql)) await flushQueries(session.world);
  if (/\bsvv_transactions\b/i.test(sql))
    await flushTransaction(session.world, session.backend.pid, session.backend.status === 'T');
  await refreshLateViews(session, statement);
  const translated = top(session.translate(dropGroupWords(statement, sql)));
  if (session.names.any && /\bpg_(class|attribute|views|tables)\b/i.test(sql))
    return session.withLongNames(() => session.forward(session.names.inLiterals(translated), fault));
  await session.forward(translated, fault);
}

type Handler = (session: ClientSession, statement: Statement) => Promise<void>;

const HANDLERS: readonly (readonly [starts: readonly string[], run: Handler])[] = [
  [['COPY'], copyFromS3],
  [['UNLOAD'], unloadToS3],
  [['MERGE'], merge],
  [['SET SESSION AUTHORIZATION', 'SET TRANSACTION', 'SET CONSTRAINTS'], plain],
  [['SET', 'RESET'], set],
  [['SHOW TABLES|COLUMNS|SCHEMAS|DATABASES|GRANTS'], showRelations],
  [['SHOW'], show],
  [['VACUUM'], vacuum],
  [['ANALYZE'], analyze],
  [['TRUNCATE'], truncate],
  [['CREATE TABLE', 'CREATE TEMP|TEMPORARY TABLE', 'CREATE LOCAL TEMP|TEMPORARY TABLE'], createTable],
  [['CREATE VIEW', 'CREATE OR REPLACE VIEW'], createView],
  [['CREATE MATERIALIZED VIEW'], createMaterializedView],
  [['REFRESH MATERIALIZED VIEW'], refresh],
  [['CREATE EXTERNAL SCHEMA'], externalSchema],
  [['CREATE EXTERNAL TABLE'], externalTable],
  [['CREATE SCHEMA'], createSchema],
  [['CREATE ROLE'], createRole],
  [['CREATE DATABASE', 'DROP DATABASE'], outsideTransaction],
  [['ALTER TABLE'], alterTable],
  [['CANCEL'], cancel],
  [['USE'], use],
];

async function plain(session: ClientSession, statement: Statement): Promise<void> {
  await session.forward(session.translate(statement.sql));
}

/** `to group g`, `to role r` → the name alone; PostgreSQL knows roles only. */
function dropGroupWords(statement: Statement, sql: string): string {
  if (!statement.is('GRANT|REVOKE') && !statement.is('ALTER DEFAULT PRIVILEGES')) return sql;
  return sql.replace(/((?:\bto|\bfrom|,)\s+)(?:group|role)\s+/gi, '$1');
}

/** `select top 5 …` → `… limit 5`. */
function top(sql: string): string {
  const found = /^(\s*select\s+)top\s+(\d+)\s/i.exec(sql);
  return found === null ? sql : `${found[1]}${sql.slice(found[0].length)} limit ${found[2]}`;
}

function refuseInTransaction(session: ClientSession, what: string): void {
  if (session.backend.status !== 'I') throw failure('25001', `${what} cannot run inside a transaction block`);
}

async function outsideTransaction(session: ClientSession, statement: Statement): Promise<void> {
  refuseInTransaction(session, `${statement.word(0)} ${statement.word(1)}`);
  throw failure('42501', 'permission denied to create database');
}

/** `vacuum [full | sort only | …] [table] [to n percent] [boost]`. */
async function vacuum(session: ClientSession, statement: Statement): Promise<void> {
  refuseInTransaction(session, 'VACUUM');
  let at = 1;
  while (statement.is('FULL|SORT|DELETE|ONLY|REINDEX|RECLUSTER', at)) at++;
  if (at < statement.list.length && !statement.is('TO|BOOST', at)) {
    const { parts } = statement.name(at);
    await session.ask(`analyze ${nameBehind(session, parts)}`);
  }
  session.complete('VACUUM');
}

async function analyze(session: ClientSession, statement: Statement): Promise<void> {
  if (statement.is('ANALYZE COMPRESSION')) refuseInTransaction(session, 'ANALYZE COMPRESSION');
  const at = statement.is('ANALYZE COMPRESSION') ? 2 : 1;
  const { parts } = statement.name(at);
  if (at < statement.list.length) await session.ask(`analyze ${nameBehind(session, parts)}`);
  session.complete('ANALYZE');
}

/** TRUNCATE commits the transaction it is in (DG r_TRUNCATE). */
async function truncate(session: ClientSession, statement: Statement): Promise<void> {
  await session.forward(session.translate(statement.sql));
  if (session.backend.status === 'T') await session.ask('commit');
}

async function createView(session: ClientSession, statement: Statement): Promise<void> {
  if (isLateView(statement)) return createLateView(session, statement);
  await refreshLateViews(session, statement);
  await plain(session, statement);
}

async function refresh(session: ClientSession, statement: Statement): Promise<void> {
  await session.ask(session.translate(statement.sql));
  const { parts } = statement.name(3);
  session.notice(`Materialized view ${parts.at(-1)} was incrementally updated successfully.`);
  session.complete('REFRESH MATERIALIZED VIEW');
}

/** PostgreSQL has no quotas. */
async function createSchema(session: ClientSession, statement: Statement): Promise<void> {
  await session.forward(
    session.translate(statement.sql.replace(/\s+quota\s+(unlimited|\d+\s*(mb|gb|tb))/i, '')),
  );
}

/** Roles are told from groups by a list of their names. */
async function createRole(session: ClientSession, statement: Statement): Promise<void> {
  const { parts, end } = statement.name(2);
  if (end < statement.list.length && !statement.is('EXTERNALID', end)) throw syntaxError(statement, end);
  const name = parts[0] as string;
  await session.atomic(async () => {
    await session.asAdmin(async () => {
      // roles belong to the whole cluster behind, where another double may have made it
      await session.ask(
        `do $$ begin create role "${name}"; exception when duplicate_object then null; end $$; insert into sq_rs.roles values ('${name}')`,
      );
    });
  });
  session.complete('CREATE ROLE');
}

async function cancel(session: ClientSession, statement: Statement): Promise<void> {
  await session.ask(`select pg_cancel_backend(${Number(statement.word(1))})`);
  session.complete('CANCEL');
}

async function use(session: ClientSession, statement: Statement): Promise<void> {
  const wanted = unquoted(statement.list[1] ?? { kind: 'word', text: '' });
  if (wanted !== session.database) throw failure('3D000', `database "${wanted}" does not exist`);
  session.complete('USE');
}

/** A name of the client's as PostgreSQL is told it, in quotes. */
export function nameBehind(session: ClientSession, parts: readonly string[]): string {
  const own = parts.length === 3 && parts[0] === session.database ? parts.slice(1) : parts;
  return own.map((part) => `"${session.names.behind(part, session.caseSensitive)}"`).join('.');
}
