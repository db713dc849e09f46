/** The PostgreSQL of the tests itself. */
import pg from 'pg';
import { describe, expect, it } from 'vitest';
import { createTestDatabase, hasPostgres } from './postgres.ts';

describe.runIf(hasPostgres())('createTestDatabase', () => {
  it('gives each caller an empty database of its own, and drops it under its connections', async () => {
    const [one, two] = await Promise.all([createTestDatabase('own'), createTestDatabase('own')]);
    expect(one.database).not.toBe(two.database);
    const client = new pg.Client({ connectionString: one.url });
    client.on('error', () => undefined);
    await client.connect();
    expect((await client.query('select current_database() as name')).rows).toEqual([{ name: one.database }]);
    await Promise.all([one.drop(), two.drop()]);
    await expect(client.query('select 1')).rejects.toThrow();
    await client.end().catch(() => undefined);
  });
});
