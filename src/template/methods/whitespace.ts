/** What Python's str methods and regular expressions take for whitespace (JavaScript's set differs slightly). */
export function isSpace(code: number): boolean {
  if (code < 0x80) return code === 32 || (code >= 9 && code <= 13) || (code >= 28 && code <= 31);
  if (code < 0x2000) return code === 0x85 || code === 0xa0 || code === 0x1680;
  return (
    code <= 0x200a ||
    code === 0x2028 ||
    code === 0x2029 ||
    code === 0x202f ||
    code === 0x205f ||
    code === 0x3000
  );
}

/** Text without whitespace, or without any of `chars`, at its start. */
export function stripStart(text: string, chars?: string): string {
  let start = 0;
  while (start < text.length && strips(text, start, chars)) start += 1;
  return start === 0 ? text : text.slice(start);
}

/** Text without whitespace, or without any of `chars`, at its end. */
export function stripEnd(text: string, chars?: string): string {
  let end = text.length;
  while (end > 0 && strips(text, end - 1, chars)) end -= 1;
  return end === text.length ? text : text.slice(0, end);
}

export function strip(text: string, chars?: string): string {
  return stripStart(stripEnd(text, chars), chars);
}

function strips(text: string, index: number, chars: string | undefined): boolean {
  return chars === undefined ? isSpace(text.charCodeAt(index)) : chars.includes(text[index]!);
}

const LINE = /[^\n\r\v\f\x1c-\x1e\x85\u2028\u2029]*(?:\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]|$)/g;

/** `str.splitlines(keepends)`. */
export function splitLines(text: string, keepEnds = false): string[] {
  const lines = (text.match(LINE) ?? []).filter((line) => line !== '');
  return keepEnds
    ? lines
    : lines.map((line) => line.replace(/(?:\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029])$/, ''));
}
