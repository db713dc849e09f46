/** The type of one column of a seed, found value by value. */
import {
  ANY_KIND,
  fittingKinds,
  isNull,
  KIND,
  readBoolean,
  readDate,
  readNumber,
  readTimestamp,
} from './cell-types.ts';

const INT32 = 2_147_483_647n;
const INT64 = 9_223_372_036_854_775_807n;
const DECIMAL38 = 10n ** 38n - 1n;

/** Turns a cell into text that the column's type can be cast from. */
export type CellText = (raw: string) => string | null;

export class ColumnInference {
  private candidates: number;
  private fraction = false;
  private largest: number | bigint = 0;
  private smallest: number | bigint = 0;

  /** `asText`: config `column_types` names the column, so its text is kept. */
  constructor(asText: boolean) {
    this.candidates = asText ? KIND.text : ANY_KIND;
  }

  add(raw: string): void {
    if (this.candidates === KIND.text || isNull(raw)) return;
    const number = this.candidates & KIND.number ? readNumber(raw) : undefined;
    const others = this.candidates & ~KIND.number;
    this.candidates =
      (others === KIND.text ? others : fittingKinds(raw, others)) | (number === undefined ? 0 : KIND.number);
    if (number !== undefined) this.measure(number.whole);
  }

  /**
   * dbt's names of types. A column of whole numbers is `integer` as in dbt; beyond 32 bits, where dbt's load
   * fails, it is `bigint` or `numeric(38,0)`. A column without values is `integer`.
   */
  get dataType(): string {
    if (this.candidates & KIND.number) return this.numberType();
    if (this.candidates & KIND.date) return 'date';
    if (this.candidates & KIND.timestamp) return 'timestamp without time zone';
    return this.candidates & KIND.boolean ? 'boolean' : 'text';
  }

  get cellText(): CellText {
    const read = this.reader();
    return (raw) => (isNull(raw) ? null : read(raw));
  }

  private reader(): (raw: string) => string {
    if (this.candidates & KIND.number) {
      return this.numberType() === 'float8'
        ? (raw) => readNumber(raw)!.text
        : (raw) => String(readNumber(raw)!.whole);
    }
    if (this.candidates & KIND.date) return (raw) => readDate(raw)!;
    if (this.candidates & KIND.timestamp) return (raw) => readTimestamp(raw)!;
    return this.candidates & KIND.boolean ? (raw) => readBoolean(raw)! : (raw) => raw;
  }

  private measure(whole: number | bigint | undefined): void {
    if (whole === undefined) this.fraction = true;
    else if (whole > this.largest) this.largest = whole;
    else if (whole < this.smallest) this.smallest = whole;
  }

  private numberType(): string {
    const within = (limit: bigint) => this.largest <= limit && this.smallest >= -limit - 1n;
    if (this.fraction || !within(DECIMAL38)) return 'float8';
    if (within(INT32)) return 'integer';
    return within(INT64) ? 'bigint' : 'numeric(38,0)';
  }
}
