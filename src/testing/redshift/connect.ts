/** A client of the double for its own tests: `pg`, rows as arrays of text. */
import pg from 'pg';
import type { RedshiftDouble } from './double.ts';

export interface TestClient {
  client: pg.Client;
  notices: string[];
  rows(sql: string): Promise<(string | null)[][]>;
  /** The code and text of the error, or what was wrong with there being none. */
  refusal(sql: string): Promise<string>;
  end(): Promise<void>;
}

export async function connectTo(double: RedshiftDouble, more: pg.ClientConfig = {}): Promise<TestClient> {
  const { wire, database, user, password } = double;
  const asText = { getTypeParser: () => (value: string) => value };
  const client = new pg.Client({ ...wire, database, user, password, types: asText as never, ...more });
  client.on('error', () => {});
  const notices: string[] = [];
  client.on('notice', (notice) => notices.push(notice.message ?? ''));
  await client.connect();
  const rows = async (sql: string) => (await client.query<string[]>({ text: sql, rowMode: 'array' })).rows;
  const refusal = (sql: string) =>
    rows(sql).then(
      () => 'it was accepted',
      (error: Error & { code?: string }) => [error.code, error.message].filter(Boolean).join(' '),
    );
  return { client, notices, rows, refusal, end: () => client.end().catch(() => {}) };
}
