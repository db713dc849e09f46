import { describe, expect, it } from 'vitest';
import { classifyDuckDb } from '../adapters/duckdb/failures.ts';
import { classifyPostgres } from '../adapters/postgres/failures.ts';
import { classifyRedshift } from '../adapters/redshift/failures.ts';
import { StatementError } from '../adapters/shared/statement-error.ts';

const refused = (message: string, code?: string) =>
  new StatementError('Database', { message, ...(code === undefined ? {} : { code }) });

describe('what can be tried again', () => {
  it.each([
    ['40001', 'could not serialize access due to concurrent update', 'retry-transaction'],
    ['40P01', 'deadlock detected', 'retry-transaction'],
    ['55P03', 'canceling statement due to lock timeout', 'retry-transaction'],
    ['XX000', 'tuple concurrently updated', 'retry-transaction'],
    ['57P01', 'terminating connection due to administrator command', 'connection-lost'],
    ['connection-lost', 'The connection to the server was lost', 'connection-lost'],
    ['53300', 'too many connections for role', 'retry-new-connection'],
    ['57014', 'canceling statement due to statement timeout', 'never'],
    ['42P01', 'relation "x" does not exist', 'never'],
    ['2BP01', 'cannot drop table x because other objects depend on it', 'never'],
    ['53100', 'could not extend file: No space left on device', 'never'],
  ])('on PostgreSQL: %s %s', (code, message, kind) => {
    expect(classifyPostgres(refused(message, code))).toBe(kind);
  });

  it.each([
    ['1023 DETAIL: Serializable isolation violation on table - 100', 'retry-transaction'],
    ['could not open relation with OID 12345', 'retry-new-connection'],
    ['table 100 dropped by concurrent transaction', 'retry-new-connection'],
    ['conflict with concurrent transaction', 'retry-new-connection'],
    ['1018 DETAIL: Relation does not exist.', 'retry-transaction'],
    ['deadlock detected', 'retry-transaction'],
    ['too many connections', 'retry-new-connection'],
    ["Query (7) cancelled on user's request", 'never'],
    ['Query (7) cancelled by WLM abort action of Query Monitoring Rule', 'never'],
    ['current transaction is aborted, commands ignored until end of transaction block', 'never'],
    ['cannot drop table x because other objects depend on it', 'never'],
    ['8001 query-processing limit of 65535', 'never'],
    ['Disk Full', 'never'],
    ["Load into table 'x' failed.  Check 'sys_load_error_detail' system table for details.", 'never'],
  ])('on Redshift: %s', (message, kind) => {
    expect(classifyRedshift(refused(message, 'XX000'))).toBe(kind);
    expect(classifyRedshift(refused(message))).toBe(kind);
  });

  it('on DuckDB: conflicts of transactions', () => {
    const text = 'TransactionContext Error: Catalog write-write conflict on create with "a"';
    expect(classifyDuckDb(refused(text))).toBe('retry-transaction');
    expect(classifyDuckDb(refused('Catalog Error: Table with name x does not exist!'))).toBe('never');
  });
});
