/** How a template looks into the warehouse. Absent while parsing and under --no-introspect. */
import type { ExecResult, QueryResult } from '../adapters/contract.ts';
import type { Column } from '../manifest/column.ts';
import type { Relation } from '../manifest/relation.ts';

export interface Inspector {
  query(sql: string, owner: string): Promise<QueryResult>;
  /** A user's `statement`/`run_query` that writes: executed as dbt does, with a warning (decision 13). */
  execute(sql: string, owner: string, options: { autoBegin: boolean; fetch: boolean }): Promise<ExecResult>;
  columns(relation: Relation): Promise<Column[]>;
  relation(relation: Relation): Promise<Relation | null>;
  relations(database: string | null, schema: string): Promise<Relation[]>;
  schemas(database: string | null): Promise<string[]>;
  /** Bookkeeping when a template created, dropped or renamed something itself. */
  changed(change: { added?: Relation; dropped?: Relation }): void;
}
