/** What is wrong with a text that is not JSON, in words that do not change with the version of Node. */

export interface JsonProblem {
  /** Offset of the character, from 0. */
  offset: number;
  reason: string;
}

/** Undefined for valid JSON (RFC 8259). A comma behind the last value is let pass, as DuckDB's reader lets it. */
export function jsonProblem(text: string): JsonProblem | undefined {
  const reader = new Reader(text);
  try {
    reader.value();
    reader.end();
    return undefined;
  } catch (thrown) {
    if (thrown instanceof Stop) return thrown.problem;
    throw thrown;
  }
}

class Stop extends Error {
  constructor(readonly problem: JsonProblem) {
    super(problem.reason);
  }
}

class Reader {
  private at = 0;

  constructor(private readonly text: string) {}

  /** A value with what stands around it; deep values keep their own stack, so any depth is fine. */
  value(): void {
    const open: ('{' | '[')[] = [];
    for (;;) {
      this.blank();
      const char = this.text[this.at];
      if (char === '{' || char === '[') {
        this.at += 1;
        this.blank();
        if (this.text[this.at] === (char === '{' ? '}' : ']')) this.at += 1;
        else {
          open.push(char);
          if (char === '{') this.key();
          continue;
        }
      } else this.scalar(char, open);
      while (open.length > 0) {
        const inside = open.at(-1);
        this.blank();
        const next = this.text[this.at];
        if (next === ',' && !this.closes(inside)) {
          if (inside === '{') this.key();
          break;
        }
        if (this.text[this.at] !== (inside === '{' ? '}' : ']'))
          this.fail(inside === '{' ? "',' or '}'" : "',' or ']'", inside);
        this.at += 1;
        open.pop();
      }
      if (open.length === 0) return;
    }
  }

  end(): void {
    this.blank();
    if (this.at < this.text.length) this.fail('the end of the object');
  }

  /** Passes the comma; true when nothing but the end of the object or list follows. */
  private closes(inside: '{' | '[' | undefined): boolean {
    this.at += 1;
    this.blank();
    return this.text[this.at] === (inside === '{' ? '}' : ']');
  }

  private key(): void {
    this.blank();
    if (this.text[this.at] !== '"') this.fail('a key in double quotes', '{');
    this.string();
    this.blank();
    if (this.text[this.at] !== ':') this.fail("':' after the key", '{');
    this.at += 1;
  }

  private scalar(char: string | undefined, open: readonly ('{' | '[')[]): void {
    if (char === '"') {
      this.string();
      return;
    }
    const plain = /(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)(?![\w.+-])/y;
    plain.lastIndex = this.at;
    const match = plain.exec(this.text);
    if (match === null) this.fail('a value', open.at(-1));
    else this.at += match[0].length;
  }

  private string(): void {
    const start = this.at;
    for (this.at += 1; this.at < this.text.length; this.at += 1) {
      const code = this.text.charCodeAt(this.at);
      if (code === 0x22) {
        this.at += 1;
        return;
      }
      if (code < 0x20) {
        throw new Stop({
          offset: this.at,
          reason: `a text holds the control character U+${code.toString(16).padStart(4, '0').toUpperCase()}, which must be escaped`,
        });
      }
      if (code !== 0x5c) continue;
      const escaped = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;
      escaped.lastIndex = this.at;
      const match = escaped.exec(this.text);
      if (match === null)
        throw new Stop({
          offset: this.at,
          reason: `'${this.text.slice(this.at, this.at + 2)}' is no escape of JSON`,
        });
      this.at += match[0].length - 1;
    }
    throw new Stop({ offset: start, reason: 'a text is not closed' });
  }

  private blank(): void {
    while (/[ \t\n\r]/.test(this.text[this.at] ?? '')) this.at += 1;
  }

  private fail(expected: string, inside?: '{' | '['): never {
    const found = this.text[this.at];
    const end =
      inside === undefined ? 'the line ends' : `${inside === '{' ? 'the object' : 'the list'} is not closed`;
    throw new Stop({
      offset: this.at,
      reason: found === undefined ? end : `expected ${expected}, found '${found}'`,
    });
  }
}
