/**
 * markupsafe's Markup: the text that the filters `tojson`, `escape` and `safe` answer. It is a string in every
 * respect but two: inside a list it prints as `Markup('...')`, and text added to it is escaped.
 */
export class Markup {
  constructor(readonly text: string) {}

  toString(): string {
    return this.text;
  }

  toJSON(): string {
    return this.text;
  }
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  "'": '&#39;',
  '"': '&#34;',
};

/** HTML-escapes plain text. */
export function escapeHtml(text: string): string {
  return /[&<>'"]/.test(text) ? text.replace(/[&<>'"]/g, (char) => ENTITIES[char]!) : text;
}

/** The text of a str or Markup; undefined for every other value. */
export function stringOf(value: unknown): string | undefined {
  if (typeof value === 'string') return value;
  return value instanceof Markup ? value.text : undefined;
}
