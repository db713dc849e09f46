/** Statements that ran, for SYS_QUERY_HISTORY and STL_QUERY. */
import type { SeenStatement, World } from './world.ts';

/** What has ended and is written already. */
const written = new WeakSet<SeenStatement>();

/** Writes what is not written yet, so that a query of the history finds it. */
export async function flushQueries(world: World): Promise<void> {
  for (const seen of world.seen) {
    if (written.has(seen)) continue;
    if (seen.endedAt !== undefined) written.add(seen);
    await world.admin.query(
      `insert into sq_rs.queries values (100, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)
       on conflict (query_id) do update set status = excluded.status, end_time = excluded.end_time, error_message = excluded.error_message`,
      [
        seen.queryId,
        seen.label,
        seen.transaction,
        seen.pid,
        world.database,
        queryType(seen),
        seen.status,
        seen.startedAt.toISOString(),
        seen.endedAt?.toISOString() ?? null,
        seen.error ?? '',
        seen.sql,
      ],
    );
  }
}

/** The transaction that is open on a session, for SVV_TRANSACTIONS. */
export async function flushTransaction(world: World, pid: number, open: boolean): Promise<void> {
  await world.admin.query('delete from sq_rs.transactions where pid = $1', [pid]);
  const xid = world.seen.findLast((seen) => seen.pid === pid)?.transaction;
  if (open) await world.admin.query('insert into sq_rs.transactions values ($1, $2)', [pid, xid]);
}

function queryType({ sql }: SeenStatement): string {
  const word = /^\s*(\w+)/.exec(sql)?.[1]?.toUpperCase() ?? '';
  if (['SELECT', 'INSERT', 'UPDATE', 'DELETE', 'COPY', 'UNLOAD'].includes(word)) return word;
  if (['CREATE', 'DROP', 'ALTER', 'TRUNCATE'].includes(word)) return 'DDL';
  return ['BEGIN', 'COMMIT', 'ROLLBACK', 'SET'].includes(word) ? 'UTILITY' : 'OTHER';
}
