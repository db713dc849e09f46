/**
 * One connection for as long as a plan needs it: opened at the first need, given back at the end. Transactions
 * of its own are tried again here; those that a plan opens are the plan's.
 */
import type {
  Dialect,
  Driver,
  ExecResult,
  FailureKind,
  Session,
  StatementOwner,
} from '../adapters/contract.ts';
import type { Statement } from '../materializations/contract.ts';
import { markOf, wasCommitted } from './commit-outcome.ts';
import type { NodeSessions } from './inspector.ts';
import type { Attempts } from './retry.ts';

export interface LeaseParts {
  driver: Driver;
  /** Named by the unique id of the node. */
  owner: StatementOwner;
  /** Where templates of the node find the session; undefined when they must not. */
  sessions: NodeSessions | undefined;
  dialect?: Dialect;
  /** Absent: nothing is tried again. */
  attempts?: Attempts;
}

export class SessionLease {
  /** The session, once it is open. */
  session: Session | undefined;
  /** The session holds what another one would not (settings of a hook, a temporary table): it is not replaced. */
  keeps = false;
  /** The answer of a commit was lost, and the plan does it all again: nobody was asked. */
  private uncertain = false;
  private giveBack: (() => void) | undefined;
  private returned: Promise<void> | undefined;

  constructor(private readonly parts: LeaseParts) {}

  open(): Promise<Session> {
    if (this.session !== undefined) return Promise.resolve(this.session);
    const { driver, owner, sessions } = this.parts;
    return new Promise((resolve, reject) => {
      this.returned = driver.session(owner, (session) => {
        this.session = session;
        sessions?.set(owner.name, { session, transactions: false, done: [] });
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
    this.parts.sessions?.delete(this.parts.owner.name);
    this.session = undefined;
    this.giveBack?.();
    await this.returned;
  }

  /** Does what only reads: again, on another connection, when that is all that went wrong. */
  async read<T>(work: (session: Session) => Promise<T>): Promise<T> {
    const { attempts } = this.parts;
    const once = async () => work(await this.open());
    if (attempts === undefined || (await this.open()).inTransaction) return once();
    return attempts.carryOut(
      once,
      (kind) => kind === 'retry-transaction' || !this.keeps,
      (kind) => this.renewed(kind),
    );
  }

  /** Statements as one transaction, or inside the one that is open; each alone where it asks for that. */
  async run(statements: readonly Statement[]): Promise<ExecResult[]> {
    const results: ExecResult[] = [];
    for (const group of groups(statements)) results.push(...(await this.group(group)));
    this.keeps ||= statements.some(({ keepsSession }) => keepsSession);
    return results;
  }

  /**
   * Commits the open transaction. A connection that is lost meanwhile is no answer: another one is asked what
   * became of it. Throws what the engine says (of a lost connection: when the transaction was undone), or
   * SqError `commit-unknown`. Where the plan can do all of it again, nobody is asked.
   */
  async commit(repeatable = false): Promise<void> {
    const { driver, owner, dialect, attempts } = this.parts;
    const session = await this.open();
    const outcome = dialect?.commitOutcome;
    const mark = repeatable ? undefined : await markOf(session, outcome);
    try {
      await session.commit();
    } catch (lost) {
      if (attempts?.kindOf(lost) !== 'connection-lost') throw lost;
      await this.close();
      this.uncertain = repeatable;
      if (repeatable) throw lost;
      if (!(await wasCommitted(driver, owner.name, { outcome, mark, lost }))) throw lost;
    }
  }

  private async group(group: Group): Promise<ExecResult[]> {
    const { attempts } = this.parts;
    if (attempts === undefined || (await this.open()).inTransaction) return this.send(group);
    const repeatable = (kind: FailureKind) => {
      // what it did may be there: the plan looks, from its beginning
      if (this.uncertain) return false;
      if (kind === 'retry-transaction') return true;
      // one statement alone may have been done, though nobody heard of it
      return !this.keeps && (kind === 'retry-new-connection' || group.sqls.length > 1);
    };
    return attempts.carryOut(
      () => this.send(group),
      repeatable,
      (kind) => this.renewed(kind),
    );
  }

  /** The next attempt gets another connection, unless this one is as good as ever. */
  private async renewed(kind: FailureKind): Promise<void> {
    if (kind !== 'retry-transaction') await this.close();
  }

  private async send({ sqls, repeatable }: Group): Promise<ExecResult[]> {
    const session = await this.open();
    const results: ExecResult[] = [];
    const alone = session.inTransaction || sqls.length === 1;
    if (!alone) await session.begin();
    try {
      for (const sql of sqls) results.push(await session.execute(sql));
      if (!alone) await this.commit(repeatable);
    } catch (error) {
      // where the connection is gone there is nothing to roll back, and its own error matters
      if (!alone) await session.rollback().catch(() => undefined);
      throw error;
    }
    return results;
  }
}

interface Group {
  sqls: string[];
  repeatable: boolean;
}

function groups(statements: readonly Statement[]): Group[] {
  const out: Group[] = [];
  let open = false;
  for (const { sql, outsideTransaction, repeatable = false } of statements) {
    const last = out.at(-1);
    if (open && !outsideTransaction && last !== undefined) {
      last.sqls.push(sql);
      last.repeatable &&= repeatable;
    } else out.push({ sqls: [sql], repeatable });
    open = !outsideTransaction;
  }
  return out;
}
