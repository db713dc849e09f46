/**
 * Two runs that write to one schema at the same time: the second one says so, and whose the first one is. Both
 * go on, as runs of disjoint parts of a project may; `--warn-error` makes it the end of the second.
 */
import type { Session, Value } from '../adapters/contract.ts';
import type { RunState } from './run-state.ts';

const OWNER = { name: 'sq_run_guard' };

/**
 * Takes the guard of each schema for as long as the run lasts, on a connection of its own, where the engine
 * has one to take. Answers what gives them back. A guard that cannot be had for another reason stops nobody.
 */
export async function guardSchemas(run: RunState, schemas: Iterable<string>): Promise<() => Promise<void>> {
  const guard = run.dialect.runGuard;
  const names = [...new Set(schemas)];
  if (guard === undefined || names.length === 0 || run.request.dryRun) return async () => undefined;
  const { driver } = run.warehouse;
  let giveBack = () => {};
  const ended = new Promise<void>((resolve) => {
    giveBack = resolve;
  });
  let held: Promise<void> | undefined;
  const taken = await new Promise<Value[][]>((resolve) => {
    held = driver.session(OWNER, async (session: Session) => {
      let rows: Value[][] = [];
      for (const sql of guard.takeSql(names)) ({ rows } = await session.query(sql));
      resolve(rows);
      await ended;
      for (const sql of guard.releaseSql(names)) await session.query(sql);
    });
    held.catch(() => resolve([]));
  });
  for (const [schema, holder] of taken) {
    if (holder === null) continue;
    run.invocation.emit({
      name: 'Warning',
      event_name: 'ConcurrentRun',
      msg: `another run of sq writes to schema ${schema}: ${holder}. What both of them build ends as the later one's.`,
    });
  }
  return async () => {
    giveBack();
    await held?.catch(() => undefined);
  };
}
