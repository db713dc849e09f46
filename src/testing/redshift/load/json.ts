/** JSON as COPY reads it: objects one after another, numbers kept as they are written. */

/** A value with its text: numbers lose nothing, nested values keep their form. */
export type JsonObject = Map<string, string>;

export interface JsonRecord {
  /** Undefined when the text is no object. */
  members: JsonObject | undefined;
  raw: string;
  /** Line on which it begins, from 1. */
  line: number;
}

/** The objects of a file; what cannot be read is a record without members, up to the end of its line. */
export function* jsonRecords(text: string): Generator<JsonRecord> {
  let at = 0;
  let line = 1;
  for (;;) {
    while (at < text.length && /\s/.test(text[at] as string)) if (text[at++] === '\n') line++;
    if (at >= text.length) return;
    const end = valueEnd(text, at);
    const raw = end === undefined ? (/[^\n]*/.exec(text.slice(at))?.[0] ?? '') : text.slice(at, end);
    yield { members: raw.startsWith('{') && end !== undefined ? membersOf(raw) : undefined, raw, line };
    at += raw.length;
    line += raw.split('\n').length - 1;
  }
}

/** The end of the value that begins here, judged by strings and brackets; undefined when it has none. */
function valueEnd(text: string, from: number): number | undefined {
  let depth = 0;
  for (let at = from; at < text.length; at++) {
    const char = text[at];
    if (char === '"') {
      const end = stringEnd(text, at);
      if (end === undefined) return undefined;
      at = end - 1;
    } else if (char === '{' || char === '[') depth++;
    else if (char === '}' || char === ']') depth--;
    else if (depth === 0) return undefined;
    if (depth === 0) return at + 1;
  }
  return undefined;
}

function stringEnd(text: string, from: number): number | undefined {
  for (let at = from + 1; at < text.length; at++) {
    if (text[at] === '\\') at++;
    else if (text[at] === '"') return at + 1;
  }
  return undefined;
}

/** The members of an object (the items of an array, by number), each as its text; undefined when it is not valid. */
export function membersOf(raw: string): JsonObject | undefined {
  try {
    JSON.parse(raw);
  } catch {
    return undefined;
  }
  const found: JsonObject = new Map();
  const array = raw.trimStart().startsWith('[');
  const inner = raw.trim().slice(1, -1);
  for (let at = 0, index = 0; at < inner.length; index++) {
    while (at < inner.length && /[\s,]/.test(inner[at] as string)) at++;
    if (at >= inner.length) break;
    let key = String(index);
    if (!array) {
      const end = stringEnd(inner, at) as number;
      key = JSON.parse(inner.slice(at, end)) as string;
      at = inner.indexOf(':', end) + 1;
      while (/\s/.test(inner[at] as string)) at++;
    }
    const end = scalarEnd(inner, at);
    found.set(key, inner.slice(at, end));
    at = end;
  }
  return found;
}

function scalarEnd(text: string, at: number): number {
  if (/[{["]/.test(text[at] as string))
    return (text[at] === '"' ? stringEnd(text, at) : valueEnd(text, at)) as number;
  const length = /^[^\s,\]}]*/.exec(text.slice(at, at + 512))?.[0].length ?? 0;
  return at + length;
}

/** What a column receives: a string without quotes, null, else the text as it is. */
export function memberText(text: string | undefined): string | null {
  if (text === undefined || text === 'null') return null;
  if (text.startsWith('"')) return JSON.parse(text) as string;
  return /^[{[]/.test(text) ? JSON.stringify(JSON.parse(text)) : text;
}

/** `$.a.b[0]` or `$['a']['b'][0]` → its steps; undefined when it is neither. */
export function jsonPath(path: string): string[] | undefined {
  if (!/^\$((\.[\w]+)+|(\[('[^']*'|"[^"]*"|\d+)\])+|(\.[\w]+(\[\d+\])*)+|)$/.test(path)) return undefined;
  return [...path.slice(1).matchAll(/\.(\w+)|\['([^']*)'\]|\["([^"]*)"\]|\[(\d+)\]/g)].map(
    (step) => step[1] ?? step[2] ?? step[3] ?? (step[4] as string),
  );
}

export function atPath(members: JsonObject, path: readonly string[]): string | undefined {
  let here: JsonObject | undefined = members;
  for (const [index, step] of path.entries()) {
    const text: string | undefined = here?.get(step);
    if (index === path.length - 1 || text === undefined) return text;
    here = /^[{[]/.test(text) ? membersOf(text) : undefined;
  }
  return undefined;
}
