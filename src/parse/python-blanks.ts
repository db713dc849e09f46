/** Python's idea of blanks, which its `split()` and `strip()` go by: without the byte order mark, unlike JavaScript's. */
const BLANK = '[\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]+';
const RUNS = new RegExp(BLANK, 'g');
const ENDS = new RegExp(`^${BLANK}|${BLANK}$`, 'g');

/** `' '.join(text.split())`. */
export function oneBlank(text: string): string {
  return text.replace(RUNS, ' ').replace(/^ | $/g, '');
}

/** `text.strip()`. */
export function stripped(text: string): string {
  return text.replace(ENDS, '');
}
