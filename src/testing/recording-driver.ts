/** A driver that sends nothing: it writes down what it would send and gives canned answers. */
import type { Driver, ExecResult, QueryResult, Session } from '../adapters/contract.ts';
import type { Column } from '../manifest/column.ts';

export interface RecordedWarehouse {
  /** Rows of the listing of relations: database, schema, name, type. */
  relations?: readonly (readonly [string, string, string, string])[];
  /** Names of schemas that are there. */
  schemas?: readonly string[];
  /** Columns of relations by name, without schema; a name ending in `*` stands for all that begin so. */
  columns?: Readonly<Record<string, readonly Column[]>>;
  /** Columns of queries (`… where false limit 0`). */
  queryColumns?: readonly Column[];
  /** Rows of other queries: the first whose pattern is found in the statement. */
  rows?: readonly (readonly [pattern: RegExp, rows: readonly (readonly (string | number)[])[]])[];
}

export interface RecordingDriver extends Driver {
  /** In the order sent, `begin`, `commit` and `rollback` among them. */
  readonly sent: string[];
}

export function recordingDriver(warehouse: RecordedWarehouse): RecordingDriver {
  const sent: string[] = [];
  const session = (): Session => {
    let open = false;
    const transaction = (word: string, after: boolean) => async () => {
      if (word === 'rollback' && !open) return;
      sent.push(word);
      open = after;
    };
    return {
      get inTransaction() {
        return open;
      },
      begin: transaction('begin', true),
      commit: transaction('commit', false),
      rollback: transaction('rollback', false),
      async query(sql) {
        sent.push(sql);
        return answer(sql, warehouse);
      },
      async execute(sql, options) {
        sent.push(sql);
        const verb = /^\s*(\w+)/.exec(sql)?.[1]?.toUpperCase() ?? 'OK';
        const done: ExecResult = { rowsAffected: null, message: verb };
        return options?.fetch === true ? { ...done, result: answer(sql, warehouse) } : done;
      },
    };
  };
  return {
    sent,
    async batch(statements) {
      const several = statements.length > 1;
      sent.push(...(several ? ['begin'] : []), ...statements, ...(several ? ['commit'] : []));
      return statements.map(() => ({ rowsAffected: null, message: 'OK' }));
    },
    session: (_, work) => work(session()),
    cancel: async () => 0,
    close: async () => undefined,
  };
}

function answer(sql: string, warehouse: RecordedWarehouse): QueryResult {
  if (/where false\s+limit 0\s*$/.test(sql)) {
    const columns = (warehouse.queryColumns ?? []).map(({ name, dataType }) => ({
      name,
      type: dataType,
      kind: 'other' as const,
    }));
    return { columns, rows: [] };
  }
  const known = warehouse.rows?.find(([pattern]) => pattern.test(sql));
  if (known !== undefined) return table(known[1]);
  if (/\bpg_attribute\b/.test(sql)) {
    const name = /lower\(c\.relname\) = '([^']+)'/.exec(sql)?.[1] ?? '';
    const found = Object.entries(warehouse.columns ?? {}).find(([key]) =>
      key.endsWith('*') ? name.startsWith(key.slice(0, -1)) : key === name,
    );
    return table((found?.[1] ?? []).map((column) => [column.name, column.dataType]));
  }
  if (/\bpg_class\b/.test(sql)) return table(warehouse.relations ?? []);
  if (/\bpg_namespace\b/.test(sql)) return table((warehouse.schemas ?? []).map((name) => [name]));
  return table([]);
}

function table(rows: readonly (readonly (string | number)[])[]): QueryResult {
  const width = rows[0]?.length ?? 0;
  return {
    columns: Array.from({ length: width }, (_, i) => ({
      name: `c${i}`,
      type: 'character varying',
      kind: 'text',
    })),
    rows: rows.map((row) => [...row]),
  };
}
