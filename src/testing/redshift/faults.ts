/** What goes wrong when a test wishes it. */

/** Where in a statement's life a fault happens. */
export type FaultPoint =
  /** The server has not seen the statement. */
  | 'before'
  /** The server has done it (a COMMIT is durable), and the client is not told. */
  | 'after'
  /** Some rows of the result have been sent. */
  | 'result';

export interface Fault {
  /** The statement it is about: words it contains (any case), a pattern, or a question. Default: the next one. */
  on?: string | RegExp | ((sql: string) => boolean);
  /** Default `before`. */
  at?: FaultPoint;
  /** This error is the answer. A COMMIT that fails rolls back; any other statement spoils its transaction. */
  error?: { code: string; message: string; detail?: string };
  /** The connection ends without a word. */
  drop?: boolean;
  /** The answer comes so many milliseconds later. */
  delay?: number;
  /** How often it happens. Default 1. */
  times?: number;
  /** Statements that match and are let through first. Default 0. */
  skip?: number;
  /** With `at: 'result'`: rows that are sent before. Default 1. */
  rows?: number;
}

interface Armed extends Fault {
  left: number;
  toSkip: number;
}

export class Faults {
  private armed: Armed[] = [];

  /** Arms a fault; the answer takes it away again. */
  inject(fault: Fault): () => void {
    const armed: Armed = { ...fault, left: fault.times ?? 1, toSkip: fault.skip ?? 0 };
    this.armed.push(armed);
    return () => {
      this.armed = this.armed.filter((other) => other !== armed);
    };
  }

  /** The fault of this statement, if any; it counts as having happened. */
  take(sql: string): Fault | undefined {
    for (const fault of this.armed) {
      if (fault.left <= 0 || !concerns(fault, sql)) continue;
      if (fault.toSkip > 0) {
        fault.toSkip--;
        continue;
      }
      fault.left--;
      return fault;
    }
    return undefined;
  }
}

function concerns({ on }: Fault, sql: string): boolean {
  if (on === undefined) return true;
  if (typeof on === 'string') return sql.toLowerCase().includes(on.toLowerCase());
  return on instanceof RegExp ? new RegExp(on.source, on.flags.replace('g', '')).test(sql) : on(sql);
}

/** Errors in Redshift's own words. */
export const ERRORS = {
  serializable: {
    code: 'XX000',
    message:
      '1023\nDETAIL:  Serializable isolation violation on table - 100234, transactions forming the cycle are: 5001, 5002 (pid:30512)',
  },
  missingOid: { code: 'XX000', message: 'could not open relation with OID 100234' },
  conflict: { code: 'XX000', message: 'conflict with concurrent transaction' },
  droppedByOther: { code: 'XX000', message: 'table 100234 dropped by concurrent transaction' },
  snapshot: { code: 'XX000', message: '1018\nDETAIL:  Relation does not exist' },
  deadlock: { code: '40P01', message: 'deadlock detected' },
  wlmAbort: {
    code: '57014',
    message: 'Query (1423) cancelled by WLM abort action of Query Monitoring Rule "long"',
  },
  statementTimeout: { code: '57014', message: "Query (1423) cancelled on user's request: statement timeout" },
  cancelled: { code: '57014', message: "Query (1423) cancelled on user's request" },
  diskFull: {
    code: '53100',
    message: 'Disk Full',
    detail:
      '\n  -----------------------------------------------\n  error:  Disk Full\n  code:      1016\n  context:   node: 0\n  -----------------------------------------------',
  },
  connections: { code: '53300', message: 'too many connections' },
} as const satisfies Record<string, Fault['error']>;
