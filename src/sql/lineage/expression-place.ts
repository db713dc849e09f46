/** Where the expression of a column stands in the text: its item of a SELECT, from comma to comma. */
import type { SqlToken } from '../contract.ts';

export interface Place {
  start: number;
  end: number;
}

/** `at` turns the parser's offsets into offsets of characters. Undefined where the item has no place of its own. */
export function expressionPlace(
  item: unknown,
  tokens: readonly SqlToken[],
  at: (offset: number) => number,
): Place | undefined {
  const inner = spanOf(item);
  if (inner === undefined) return undefined;
  const start = at(inner.start);
  const end = at(inner.end);
  const first = tokens.findIndex((token) => token.end > start);
  // the parser gives places to names only: the item is found from the SELECT around them
  let depth = 0;
  for (let i = first - 1; i >= 0; i--) {
    if (closing(tokens[i]!)) depth += 1;
    else if (opening(tokens[i]!)) depth = Math.max(0, depth - 1);
    else if (depth === 0 && /^select$/i.test(word(tokens[i]!))) {
      const found = itemAround(tokens, i + 1, start, end);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

/** The item of the list that begins at `from` and holds all from `start` to `end`. */
function itemAround(
  tokens: readonly SqlToken[],
  from: number,
  start: number,
  end: number,
): Place | undefined {
  let depth = 0;
  let first = from;
  while (first < tokens.length && /^(distinct|all)$/i.test(word(tokens[first]!))) first += 1;
  for (let i = first; i <= tokens.length; i++) {
    const token = tokens[i];
    if (token === undefined || (depth === 0 && (closing(token) || AFTER.test(word(token))))) {
      const last = tokens[i - 1];
      const item = last && i > first ? { start: tokens[first]!.start, end: last.end } : undefined;
      if (item !== undefined && item.start <= start && end <= item.end) return item;
      if (token === undefined || word(token) !== ',' || token.start > start) return undefined;
      first = i + 1;
    } else if (opening(token)) depth += 1;
    else if (closing(token)) depth -= 1;
  }
  return undefined;
}

const AFTER = /^(,|;|from|where|group|having|qualify|union|intersect|except|order|limit|window)$/i;

function opening(token: SqlToken): boolean {
  return /^[([{]$/.test(word(token));
}

function closing(token: SqlToken): boolean {
  return /^[)\]}]$/.test(word(token));
}

/** Empty for what stands in quotes. */
function word({ text, start, end }: SqlToken): string {
  return end - start === text.length ? text : '';
}

/** From the first to the last place of a name below a node. */
function spanOf(node: unknown): Place | undefined {
  if (typeof node !== 'object' || node === null) return undefined;
  let found: Place | undefined;
  for (const [key, value] of Object.entries(node)) {
    const span = key === 'span' ? (value as Place | null) : spanOf(value);
    if (!span) continue;
    found =
      found === undefined
        ? { start: span.start, end: span.end }
        : { start: Math.min(found.start, span.start), end: Math.max(found.end, span.end) };
  }
  return found;
}
