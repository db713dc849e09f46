/** Lines of CSV and of Redshift's own delimited text, as fields. */

export interface DelimitedRecord {
  fields: (string | null)[];
  raw: string;
  line: number;
}

/** CSV: quoted fields may hold delimiters, quotes twice and line ends. */
export function* csvRecords(text: string, delimiter: string, quote: string): Generator<DelimitedRecord> {
  let line = 1;
  for (let at = 0; at < text.length; ) {
    const from = at;
    const started = line;
    const fields: string[] = [];
    for (;;) {
      let field = '';
      if (text[at] === quote) {
        for (at++; at < text.length; at++) {
          if (text[at] === quote && text[at + 1] === quote) at++;
          else if (text[at] === quote) break;
          if (text[at] === '\n') line++;
          field += text[at];
        }
        at++;
      }
      while (at < text.length && text[at] !== delimiter && text[at] !== '\n') field += text[at++];
      fields.push(field.replace(/\r$/, ''));
      if (text[at] !== delimiter) break;
      at++;
    }
    const raw = text.slice(from, at).replace(/\r$/, '');
    at++;
    line++;
    yield { fields, raw, line: started };
  }
}

/** Text: a line is a record; with ESCAPE a backslash takes the next character as it is. */
export function* textRecords(
  text: string,
  delimiter: string,
  { escaped, removeQuotes, nullAs }: { escaped: boolean; removeQuotes: boolean; nullAs: string },
): Generator<DelimitedRecord> {
  const lines = text.split(/\r?\n/);
  if (lines.at(-1) === '') lines.pop();
  for (const [at, raw] of lines.entries()) {
    const fields: string[] = [''];
    for (let place = 0; place < raw.length; place++) {
      const char = raw[place] as string;
      const last = fields.length - 1;
      if (escaped && char === '\\' && raw.slice(place, place + 2) !== nullAs)
        fields[last] += raw[++place] ?? '';
      else if (char === delimiter) fields.push('');
      else fields[last] += char;
    }
    const clean = fields.map((field) => (removeQuotes ? field.replace(/^(["'])([\s\S]*)\1$/, '$2') : field));
    yield { fields: clean, raw, line: at + 1 };
  }
}
