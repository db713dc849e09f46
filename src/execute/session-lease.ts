/** One connection for as long as a plan needs it: opened at the first need, given back at the end. */
import type { Driver, ExecResult, Session } from '../adapters/contract.ts';
import type { Statement } from '../materializations/contract.ts';
import type { NodeSessions } from './inspector.ts';

export class SessionLease {
  /** The session, once it is open. */
  session: Session | undefined;
  private giveBack: (() => void) | undefined;
  private returned: Promise<void> | undefined;

  constructor(
    private readonly driver: Driver,
    private readonly owner: string,
    /** Where templates of the node find the session; undefined when they must not. */
    private readonly sessions: NodeSessions | undefined,
  ) {}

  open(): Promise<Session> {
    if (this.session !== undefined) return Promise.resolve(this.session);
    return new Promise((resolve, reject) => {
      this.returned = this.driver.session({ name: this.owner }, (session) => {
        this.session = session;
        this.sessions?.set(this.owner, { session, transactions: false, done: [] });
        resolve(session);
        return new Promise<void>((done) => {
          this.giveBack = done;
        });
      });
      this.returned.catch(reject);
    });
  }

  /** Gives the connection back; what a plan left open is rolled back by the driver. */
  async close(): Promise<void> {
    if (this.session === undefined) return;
    this.sessions?.delete(this.owner);
    this.session = undefined;
    this.giveBack?.();
    await this.returned;
  }

  /** Statements as one transaction, or inside the one that is open; each alone where it asks for that. */
  async run(statements: readonly Statement[]): Promise<ExecResult[]> {
    const session = await this.open();
    const results: ExecResult[] = [];
    for (const group of groups(statements)) {
      const alone = session.inTransaction || group.length === 1;
      if (!alone) await session.begin();
      try {
        for (const sql of group) results.push(await session.execute(sql));
        if (!alone) await session.commit();
      } catch (error) {
        if (!alone) await session.rollback();
        throw error;
      }
    }
    return results;
  }
}

function groups(statements: readonly Statement[]): string[][] {
  const out: string[][] = [];
  let open = false;
  for (const { sql, outsideTransaction } of statements) {
    if (open && !outsideTransaction) out.at(-1)?.push(sql);
    else out.push([sql]);
    open = !outsideTransaction;
  }
  return out;
}
