/**
 * How templates look into the warehouse while a run goes on: through the driver, with the run's relation
 * cache. A node whose plan holds a session of its own is answered on that session, so that a hook sees what
 * its model has just written, as under dbt; never inside an audit (decision 13).
 */
import type { Dialect, Driver, ExecResult, QueryResult, Session } from '../adapters/contract.ts';
import type { Inspector } from '../context/inspector.ts';
import type { Invocation } from '../invocation.ts';
import type { Column } from '../manifest/column.ts';
import type { Relation } from '../manifest/relation.ts';
import type { RelationCache } from './relations.ts';

/** A session that belongs to a node while it is built. */
export interface ManagedSession {
  session: Session;
  /** Templates run the node's transaction themselves (`{% materialization %}`): `auto_begin` begins one. */
  transactions: boolean;
  /** What templates have written, in order. */
  done: { sql: string; result: ExecResult }[];
}

/** Sessions that templates of a node are answered on, by owner name. */
export type NodeSessions = Map<string, ManagedSession>;

export interface InspectorOptions {
  driver: Driver;
  dialect: Dialect;
  relations: RelationCache;
  invocation: Invocation;
  sessions?: NodeSessions;
  /** `--dry-run`: what writes is not sent and answers nothing. */
  dryRun?: boolean;
  /** Whether a template that writes is warned about; a run-operation is there to write. Default true. */
  warnOnWrite?: boolean;
}

const NO_ROWS: QueryResult = { columns: [], rows: [] };

export function createInspector(options: InspectorOptions): Inspector {
  const { driver, dialect, relations } = options;
  const warned = new Set<string>();
  const onSession = <T>(owner: string, work: (session: Session) => Promise<T>): Promise<T> => {
    const managed = options.sessions?.get(owner);
    return managed === undefined ? driver.session({ name: owner }, work) : work(managed.session);
  };
  return {
    query: (sql, owner) => onSession(owner, (session) => session.query(sql)),
    async execute(sql, owner, how): Promise<ExecResult> {
      const send = () => onSession(owner, (session) => session.execute(sql, { fetch: how.fetch }));
      if (dialect.isReadOnly(sql)) return send();
      if (options.dryRun) return { rowsAffected: null, message: 'OK', result: NO_ROWS };
      const managed = options.sessions?.get(owner);
      if (managed?.transactions) {
        if (how.autoBegin && !managed.session.inTransaction) await managed.session.begin();
        const result = await send();
        managed.done.push({ sql, result });
        return result;
      }
      if (options.warnOnWrite !== false && !owner.startsWith('operation.') && !warned.has(owner)) {
        warned.add(owner);
        options.invocation.emit({
          name: 'Warning',
          event_name: 'TemplateWrites',
          msg: writeWarning(owner, sql),
        });
      }
      return send();
    },
    columns: (rel, owner) => {
      const own = owner === undefined ? undefined : options.sessions?.get(owner);
      return own?.transactions
        ? columnsOn(own.session, dialect, rel, relations.database)
        : columnsOf(driver, dialect, rel, relations.database);
    },
    relation: (rel) => relations.find(rel),
    relations: (database, schema) => relations.relations(database, schema),
    schemas: (database) => relations.schemas(database),
    async commit(owner) {
      const managed = options.sessions?.get(owner);
      if (managed?.transactions && managed.session.inTransaction) await managed.session.commit();
    },
    changed({ added, dropped }) {
      if (dropped !== undefined) relations.dropped(dropped);
      if (added !== undefined) relations.added(added);
    },
  };
}

/** Columns of a relation in order; none where there is no such relation. */
export async function columnsOf(
  driver: Driver,
  dialect: Dialect,
  rel: Relation,
  connected?: string,
): Promise<Column[]> {
  return driver.session({ name: 'list_columns' }, (session) => columnsOn(session, dialect, rel, connected));
}

/** The same on a given session, connected to that database: sees its temporary and uncommitted tables. */
export async function columnsOn(
  session: Session,
  dialect: Dialect,
  rel: Relation,
  connected?: string,
): Promise<Column[]> {
  try {
    const { rows } = await session.query(dialect.columnsSql(rel, connected));
    return rows.map(([name, type]) => ({ name: String(name), dataType: String(type) }));
  } catch (error) {
    if (dialect.readError(error).missing) return [];
    throw error;
  }
}

function writeWarning(owner: string, sql: string): string {
  const first = sql.trim().split('\n')[0] ?? '';
  const text = first.length > 80 ? `${first.slice(0, 77)}...` : first;
  return `${owner} writes while its template is rendered: ${text}\nhint: put statements that write into a hook (pre_hook, post_hook) or a run-operation`;
}
