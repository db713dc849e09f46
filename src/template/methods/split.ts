import { fail } from '../values/failure.ts';
import { isSpace, stripEnd, stripStart } from './whitespace.ts';

/** `str.split`: by a separator, or by runs of whitespace when `separator` is undefined; `most` < 0 means no limit. */
export function split(text: string, separator: string | undefined, most: number): string[] {
  if (separator === '') return fail('ValueError', 'empty separator');
  if (separator === undefined) return splitSpaces(text, most);
  if (most < 0) return text.split(separator);
  const parts: string[] = [];
  let from = 0;
  while (parts.length < most) {
    const at = text.indexOf(separator, from);
    if (at === -1) break;
    parts.push(text.slice(from, at));
    from = at + separator.length;
  }
  parts.push(text.slice(from));
  return parts;
}

function splitSpaces(text: string, most: number): string[] {
  const parts: string[] = [];
  let rest = stripStart(text);
  while (rest !== '') {
    if (most >= 0 && parts.length >= most) {
      parts.push(rest);
      break;
    }
    let end = 0;
    while (end < rest.length && !isSpace(rest.charCodeAt(end))) end += 1;
    parts.push(rest.slice(0, end));
    rest = stripStart(rest.slice(end));
  }
  const last = parts.length - 1;
  if (most >= 0 && last >= most) parts[last] = stripEnd(parts[last]!);
  return parts;
}

/** `str.rsplit`: like split, counting the limit from the right. */
export function splitRight(text: string, separator: string | undefined, most: number): string[] {
  if (separator === '') return fail('ValueError', 'empty separator');
  if (most < 0) return split(text, separator, most);
  if (separator === undefined) return splitSpacesRight(text, most);
  const parts: string[] = [];
  let end = text.length;
  while (parts.length < most) {
    const at = end < separator.length ? -1 : text.lastIndexOf(separator, end - separator.length);
    if (at === -1) break;
    parts.unshift(text.slice(at + separator.length, end));
    end = at;
  }
  parts.unshift(text.slice(0, end));
  return parts;
}

function splitSpacesRight(text: string, most: number): string[] {
  const parts: string[] = [];
  let rest = stripEnd(text);
  while (rest !== '') {
    if (parts.length >= most) {
      parts.unshift(stripStart(rest));
      break;
    }
    let start = rest.length;
    while (start > 0 && !isSpace(rest.charCodeAt(start - 1))) start -= 1;
    parts.unshift(rest.slice(start));
    rest = stripEnd(rest.slice(0, start));
  }
  return parts;
}
