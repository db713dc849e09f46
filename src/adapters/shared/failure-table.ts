/** Which errors can go away by trying again: a table an adapter writes down, and the one way to read it. */
import type { EngineError, FailureKind } from '../contract.ts';

/** The first row that fits decides. A row with both a code and a text asks for both. */
export interface FailureRow {
  /** Of the engine's code: SQLSTATE, error class. */
  code?: RegExp;
  /** Of the message. */
  text?: RegExp;
  kind: FailureKind;
  /** What it is, for whoever reads the table. */
  meaning: string;
}

export function classifier(
  rows: readonly FailureRow[],
  read: (error: unknown) => EngineError,
): (error: unknown) => FailureKind {
  return (error) => {
    const { code, message } = read(error);
    const row = rows.find(
      (one) =>
        (one.code === undefined || (code !== undefined && one.code.test(code))) &&
        (one.text === undefined || one.text.test(message)),
    );
    return row?.kind ?? 'never';
  };
}
