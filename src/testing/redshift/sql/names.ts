/**
 * Names: Redshift's are up to 127 bytes and fold to lower case even in quotes; PostgreSQL's end at 63. A longer one
 * gets a short name of its own there, and its own name again in all that comes back.
 */
import { createHash } from 'node:crypto';

const MOST = 127;
const MOST_BEHIND = 63;

export class Names {
  private readonly long = new Map<string, string>();

  /** `remember` is told of each new pair, for the views of the catalogue. */
  constructor(private readonly remember: (short: string, long: string) => void) {}

  /** The name as PostgreSQL is told it. */
  behind(name: string, caseSensitive = false): string {
    const folded = cut(caseSensitive ? name : name.toLowerCase(), MOST);
    if (Buffer.byteLength(folded) <= MOST_BEHIND) return folded;
    const hash = createHash('md5').update(folded).digest('hex').slice(0, 8);
    const short = `${cut(folded, MOST_BEHIND - 9)}_${hash}`;
    if (!this.long.has(short)) this.remember(short, folded);
    this.long.set(short, folded);
    return short;
  }

  /** String literals that are long names, as PostgreSQL's own catalogue has them. */
  inLiterals(sql: string): string {
    let told = sql;
    for (const [short, long] of this.long) told = told.replaceAll(`'${long}'`, `'${short}'`);
    return told;
  }

  get any(): boolean {
    return this.long.size > 0;
  }

  /** The name as the client knows it. */
  shown(name: string): string {
    return this.long.get(name) ?? name;
  }

  /** A text with each short name replaced by the long one. */
  inText(text: string): string {
    let shown = text;
    for (const [short, long] of this.long) shown = shown.replaceAll(short, long);
    return shown;
  }
}

/** The longest beginning of at most so many bytes that ends with a whole character. */
function cut(name: string, most: number): string {
  if (Buffer.byteLength(name) <= most) return name;
  let kept = '';
  for (const char of name) {
    if (Buffer.byteLength(kept + char) > most) break;
    kept += char;
  }
  return kept;
}
