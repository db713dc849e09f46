/**
 * Where in a query the expression of a column stands, found by words alone: for what the analysis has not placed. It
 * lights up a part of a text for a person; nothing is computed from it.
 */

export interface Span {
  start: number;
  end: number;
}

interface Item extends Span {
  depth: number;
}

const TOKEN =
  /--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)|'(?:[^']|'')*(?:'|$)|\$\$[\s\S]*?(?:\$\$|$)|"(?<quoted>(?:[^"]|"")*)(?:"|$)|(?<word>[A-Za-z_]\w*)|(?<mark>[(),])|[^\s]/g;

/** What ends a list of columns. */
const AFTER_LIST: ReadonlySet<string> = new Set([
  'from',
  'where',
  'union',
  'intersect',
  'except',
  'limit',
  'order',
]);

/** Items of every select list by the name that they give, in small letters: of several the outermost, then the last. */
export function expressionsIn(sql: string): Map<string, Span> {
  const found = new Map<string, Item>();
  /** Of each open parenthesis: the item being read there, when it is a select list. */
  const lists: ({ start: number; end: number; name: string } | undefined)[] = [undefined];
  const close = () => {
    const depth = lists.length - 1;
    const item = lists[depth];
    if (item === undefined || item.start === -1 || item.name === '') return;
    const known = found.get(item.name);
    if (known === undefined || known.depth >= depth) {
      found.set(item.name, { start: item.start, end: item.end, depth });
    }
  };
  for (const match of sql.matchAll(TOKEN)) {
    const text = match[0];
    if (text.startsWith('--') || text.startsWith('/*')) continue;
    const { word, quoted, mark } = match.groups ?? {};
    const lower = word?.toLowerCase();
    const end = match.index + text.length;
    if (mark === '(') {
      touch(lists.at(-1), match.index, end, '');
      lists.push(undefined);
    } else if (mark === ')') {
      close();
      if (lists.length > 1) lists.pop();
      touch(lists.at(-1), match.index, end, '');
    } else if (lower === 'select') {
      lists[lists.length - 1] = { start: -1, end, name: '' };
    } else if (mark === ',') {
      close();
      const item = lists.at(-1);
      if (item !== undefined) lists[lists.length - 1] = { start: -1, end, name: '' };
    } else if (lower !== undefined && AFTER_LIST.has(lower)) {
      close();
      lists[lists.length - 1] = undefined;
    } else if (lower === 'distinct' && lists.at(-1)?.start === -1) {
      // no part of an expression
    } else touch(lists.at(-1), match.index, end, (quoted?.replaceAll('""', '"') ?? word ?? '').toLowerCase());
  }
  while (lists.length > 0) {
    close();
    lists.pop();
  }
  return new Map([...found].map(([name, { start, end }]) => [name, { start, end }]));
}

/** The last word of an item is the name that it gives: an alias, or the column itself. */
function touch(
  item: { start: number; end: number; name: string } | undefined,
  start: number,
  end: number,
  name: string,
): void {
  if (item === undefined) return;
  if (item.start === -1) item.start = start;
  item.end = end;
  item.name = name;
}
