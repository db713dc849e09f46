/**
 * The ledger of mode append: `sq_loads` in the schema of the table, one row a file that was loaded. It is
 * written in the transaction that adds the rows, so table and ledger never disagree.
 */
import type { LoadedFile, SourceFile } from '../adapters/loader-contract.ts';
import type { Column } from '../manifest/column.ts';
import { type Relation, renderRelation, withIdentifier } from '../manifest/relation.ts';
import { type PlanState, query, run, type Statement, type Step } from './contract.ts';
import { literalBatches } from './literal-batches.ts';

const COLUMNS: Column[] = [
  { name: 'model', dataType: 'varchar(127)' },
  { name: 'file_path', dataType: 'varchar(1024)' },
  { name: 'file_size', dataType: 'bigint' },
  { name: 'file_etag', dataType: 'varchar(256)' },
  { name: 'file_mtime_ms', dataType: 'bigint' },
  { name: 'row_count', dataType: 'bigint' },
  { name: 'run_id', dataType: 'varchar(64)' },
];
const LOADED_AT: Column = { name: 'loaded_at', dataType: 'timestamp' };
/** Rows of one statement. */
const MANY = 20_000;

/** What was loaded of a file. */
export interface LedgerEntry {
  file: SourceFile;
  etag: string;
  rows: number;
}

export class Ledger {
  readonly relation: Relation;
  private readonly name: string;
  /** The table's own name in lower case. */
  private readonly table: string;
  private readonly model: string;

  constructor(
    target: Relation,
    private readonly state: PlanState,
  ) {
    this.relation = withIdentifier(target, 'sq_loads', 'table');
    this.name = renderRelation(this.relation);
    this.table = (target.identifier ?? '').toLowerCase();
    this.model = state.dialect.literal(this.table);
  }

  get exists(): boolean {
    return this.state.lookup(this.relation) !== null;
  }

  /** What was loaded into the table. */
  *read(): Generator<Step, LoadedFile[], unknown> {
    if (!this.exists) return [];
    const rows = yield* query(
      `select file_path, file_size, file_etag, file_mtime_ms from ${this.name} where model = ${this.model}`,
      'files that were loaded before',
    );
    return rows.map(([name, size, etag, mtime]) => ({
      name: String(name),
      size: Number(size),
      etag: String(etag),
      mtimeMs: mtime === null ? null : Number(mtime),
    }));
  }

  /** Makes the table, in a transaction of its own: two models may want it at the same time. */
  *create(): Generator<Step, void, unknown> {
    if (this.exists) return;
    const columns = [...COLUMNS, LOADED_AT].map(({ name, dataType }) => `${name} ${dataType}`).join(', ');
    const statement = { sql: `create table if not exists ${this.name} (${columns})` };
    try {
      yield* run(statement);
    } catch {
      // another model has just made it
      yield* run(statement);
    }
    yield { kind: 'cache', added: [this.relation] };
  }

  /** Forgets every file of the table; nothing where there is no ledger. */
  forget(): Statement[] {
    return this.exists ? [{ sql: `delete from ${this.name} where model = ${this.model}` }] : [];
  }

  /** Writes down files, in place of what it said of them. */
  add(entries: readonly LedgerEntry[]): Statement[] {
    const { dialect } = this.state;
    const statements: Statement[] = [];
    const again = entries
      .filter(({ file }) => file.state === 'changed')
      .map(({ file }) => dialect.literal(file.name));
    if (again.length > 0) {
      statements.push({
        sql: `delete from ${this.name} where model = ${this.model} and file_path in (${again.join(', ')})`,
      });
    }
    const names = COLUMNS.map(({ name }) => name).join(', ');
    for (const rows of literalBatches(this.rowsOf(entries), COLUMNS.length, dialect)) {
      const literals = dialect.literalRowsSql(COLUMNS, rows);
      statements.push({
        sql: `insert into ${this.name} (${names}, loaded_at) select sq_files.*, cast(current_timestamp as timestamp) from (${literals}) as sq_files`,
      });
    }
    return statements;
  }

  private *rowsOf(entries: readonly LedgerEntry[]): Generator<(string | null)[][]> {
    for (let start = 0; start < entries.length; start += MANY) {
      yield entries
        .slice(start, start + MANY)
        .map(({ file, etag, rows }) => [
          this.table,
          file.name,
          text(file.size),
          etag,
          text(file.mtimeMs),
          text(rows),
          this.state.runId,
        ]);
    }
  }
}

function text(number: number | null): string | null {
  return number === null ? null : String(number);
}
