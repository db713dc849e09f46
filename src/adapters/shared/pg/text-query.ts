/**
 * A statement on PostgreSQL's simple protocol whose values stay the texts the server wrote: no driver turns a
 * timestamp into a Date or a bigint into a double. Rows beyond `limit` are let go of as they come.
 */
import type { Submittable } from 'pg';

/** A column of a result as the server describes it. */
export interface PgField {
  name: string;
  dataTypeID: number;
  dataTypeModifier: number;
}

export interface TextResult {
  /** Of the last statement that gave rows; empty when none did. */
  fields: PgField[];
  rows: (string | null)[][];
  /** Tag of the last statement: `SELECT 5`, `INSERT 0 1`, `CREATE VIEW`; empty for a text without statement. */
  tag: string;
}

/** The part of pg's connection that is used. */
interface Wire {
  query(text: string): void;
  sendCopyFail(message: string): void;
  once(event: 'readyForQuery' | 'end', listener: () => void): void;
}

export class TextQuery implements Submittable {
  readonly done: Promise<TextResult>;
  private fields: PgField[] = [];
  private rows: (string | null)[][] = [];
  private tag = '';
  private resolve!: (result: TextResult) => void;
  private reject!: (error: Error) => void;

  constructor(
    private readonly text: string,
    private readonly limit = Number.POSITIVE_INFINITY,
  ) {
    this.done = new Promise((resolve, reject) => {
      this.resolve = resolve;
      this.reject = reject;
    });
  }

  submit(connection: unknown): void {
    (connection as Wire).query(this.text);
  }

  handleRowDescription(message: { fields: PgField[] }): void {
    this.fields = message.fields;
    this.rows = [];
  }

  handleDataRow(message: { fields: (string | null)[] }): void {
    if (this.rows.length < this.limit) this.rows.push(message.fields);
  }

  handleCommandComplete(message: { text: string }): void {
    this.tag = message.text;
  }

  handleEmptyQuery(): void {
    this.tag = '';
  }

  /** A text that begins a COPY cannot be fed here. */
  handleCopyInResponse(connection: unknown): void {
    (connection as Wire).sendCopyFail('COPY FROM STDIN needs a file; use a seed or materialized: copy');
  }

  handleCopyData(): void {
    this.tag = 'COPY';
  }

  /** After an error of the server ReadyForQuery follows, which tells the state of the transaction. */
  handleError(error: Error, connection: unknown): void {
    const wire = connection as Partial<Wire> | undefined;
    // what pg itself reports, and FATAL, end the connection
    if (wire?.once === undefined || (error as { severity?: string }).severity !== 'ERROR') {
      this.reject(error);
      return;
    }
    wire.once('readyForQuery', () => this.reject(error));
    wire.once('end', () => this.reject(error));
  }

  handleReadyForQuery(): void {
    this.resolve({ fields: this.fields, rows: this.rows, tag: this.tag });
  }
}
