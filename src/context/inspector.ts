/** How a template looks into the warehouse. Absent while parsing and under --no-introspect. */
import type { ExecResult, QueryResult } from '../adapters/contract.ts';
import type { Column } from '../manifest/column.ts';
import type { Relation } from '../manifest/relation.ts';

export interface Inspector {
  query(sql: string, owner: string): Promise<QueryResult>;
  /** A user's `statement`/`run_query` that writes: executed as dbt does, with a warning (decision 13). */
  execute(sql: string, owner: string, options: { autoBegin: boolean; fetch: boolean }): Promise<ExecResult>;
  /** `owner`: asked on its own session where it has one, which sees its temporary tables. */
  columns(relation: Relation, owner?: string): Promise<Column[]>;
  relation(relation: Relation): Promise<Relation | null>;
  relations(database: string | null, schema: string): Promise<Relation[]>;
  schemas(database: string | null): Promise<string[]>;
  /** Ends what a template has begun on its own session, so that it lasts; nothing where nothing is open. */
  commit(owner: string): Promise<void>;
  /** Bookkeeping when a template created, dropped or renamed something itself. */
  changed(change: { added?: Relation; dropped?: Relation }): void;
}
