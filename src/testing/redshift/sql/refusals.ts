/** What PostgreSQL understands and Redshift does not (DG c_unsupported-postgresql-features). */
import { failure } from '../protocol/messages.ts';
import type { Statement } from './tokens.ts';

/** Words at the beginning of a statement. */
const STATEMENTS = [
  'SAVEPOINT',
  'RELEASE',
  'ROLLBACK TO',
  'LISTEN',
  'NOTIFY',
  'UNLISTEN',
  'DO',
  'REINDEX',
  'CLUSTER',
  'PREPARE TRANSACTION',
  'CREATE INDEX',
  'CREATE UNIQUE INDEX',
  'CREATE SEQUENCE',
  'CREATE UNLOGGED',
  'CREATE TRIGGER',
  'CREATE RULE',
  'CREATE DOMAIN',
  'CREATE TYPE',
  'CREATE EXTENSION',
  'CREATE AGGREGATE',
  'CREATE RECURSIVE',
  'CREATE OR REPLACE TABLE',
  'ALTER TABLE IF',
  'ALTER MATERIALIZED VIEW IF',
  'DROP OWNED',
  'REASSIGN',
  'REFRESH MATERIALIZED VIEW CONCURRENTLY',
] as const;

/** Words anywhere: the word at fault is the one of the number. */
const ANYWHERE: readonly (readonly [words: string, atFault: number])[] = [
  ['ON CONFLICT', 1],
  ['DISTINCT ON', 1],
  ['IS DISTINCT', 1],
  ['IS NOT DISTINCT', 2],
  ['FILTER (', 1],
  [') FILTER', 1],
  ['LATERAL (', 0],
  ['FROM|JOIN|, ( VALUES', 2],
  ['EXCEPT|INTERSECT ALL', 1],
  ['ADD COLUMN IF', 2],
  ['DROP COLUMN IF', 2],
  ['WITH NO DATA', 1],
  ['WITH DATA', 1],
  ['ON COMMIT', 1],
  ['SET SCHEMA', 1],
  ['ARRAY [', 1],
  ['NOT VALID', 1],
  ['ALTER COLUMN TYPE', 2],
  [':: JSON|JSONB|UUID|BYTEA', 1],
];

const COLUMN_TYPES = /^(JSON|JSONB|UUID|BYTEA|SERIAL|BIGSERIAL|SMALLSERIAL|MONEY|INET|CIDR|XML|TSVECTOR)$/;

export function refuseUnsupported(statement: Statement): void {
  for (const words of STATEMENTS)
    if (statement.is(words)) {
      if (/^(SAVEPOINT|RELEASE|ROLLBACK TO)$/.test(words))
        throw failure('0A000', `SQL command "${statement.sql.trim()}" not supported.`);
      throw syntaxError(statement, words.split(' ').length - 1);
    }
  const grant = statement.is('GRANT|REVOKE');
  for (const [words, atFault] of ANYWHERE) {
    const at = statement.find(words);
    if (at >= 0 && !grant) throw syntaxError(statement, at + atFault);
  }
  if (statement.is('INSERT|UPDATE|DELETE|MERGE')) {
    const at = statement.find('RETURNING');
    if (at >= 0) throw syntaxError(statement, at);
  }
  if (
    statement.is('CREATE TABLE') ||
    statement.is('CREATE TEMP|TEMPORARY TABLE') ||
    statement.is('ALTER TABLE')
  )
    refuseInTables(statement);
}

function refuseInTables(statement: Statement): void {
  for (let at = 3; at < statement.list.length; at++) {
    const before = statement.list[at - 1];
    const named =
      (before?.kind === 'word' || before?.kind === 'quoted') && !/^(select|as|by|,)$/i.test(before.text);
    if (named && COLUMN_TYPES.test(statement.word(at)) && /^[(,)]$|COLUMN|ADD/.test(statement.word(at - 2)))
      throw failure(
        '0A000',
        `Column "${before?.text.replaceAll('"', '')}" has unsupported type "${statement.word(at).toLowerCase()}".`,
      );
  }
  const exists = statement.find('IF NOT EXISTS');
  const as = statement.find('AS');
  const opened = statement.find('(');
  if (exists >= 0 && as >= 0 && (opened < 0 || as < opened || statement.is('( SELECT|WITH', as + 1)))
    if (!statement.is('AS IDENTITY', as)) throw syntaxError(statement, as);
  if (statement.is('ALTER TABLE')) {
    const add = statement.find('ADD COLUMN');
    const second = add < 0 ? -1 : statement.find(', ADD', add + 2);
    if (second >= 0) throw syntaxError(statement, second);
  }
}

export function syntaxError(statement: Statement, at: number): Error {
  const token = statement.list[at];
  return token === undefined
    ? failure('42601', 'syntax error at end of input')
    : failure('42601', `syntax error at or near "${token.text}"`);
}
