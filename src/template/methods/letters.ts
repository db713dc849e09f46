/** Upper and lower case, and what counts as a letter or digit, as Python's str methods see it. */
export function capitalize(text: string): string {
  const [first = ''] = text;
  return titleChar(first) + text.slice(first.length).toLowerCase();
}

/** `str.title()`: a letter after a non-letter is upper case. */
export function title(text: string): string {
  let out = '';
  let inWord = false;
  for (const char of text) {
    const cased = isCased(char);
    out += cased ? (inWord ? char.toLowerCase() : titleChar(char)) : char;
    inWord = cased;
  }
  return out;
}

/** Letters of two parts, each as upper, title and lower case. */
const DIGRAPHS = 'ǄǅǆǇǈǉǊǋǌǱǲǳ';

/** Title case of one character: `ß` becomes `Ss`, not `SS`. */
function titleChar(char: string): string {
  const digraph = char === '' ? -1 : DIGRAPHS.indexOf(char);
  if (digraph !== -1) return DIGRAPHS[digraph - (digraph % 3) + 1]!;
  const upper = char.toUpperCase();
  return upper.length > char.length ? upper[0]! + upper.slice(1).toLowerCase() : upper;
}

export function swapCase(text: string): string {
  let out = '';
  for (const char of text) out += char === char.toUpperCase() ? char.toLowerCase() : char.toUpperCase();
  return out;
}

function isCased(char: string): boolean {
  return char.toLowerCase() !== char.toUpperCase();
}

/** `str.isupper()` when `upper`, else `str.islower()`: at least one cased letter and none of the other case. */
export function allCase(text: string, upper: boolean): boolean {
  let found = false;
  for (const char of text) {
    if (!isCased(char)) continue;
    if ((upper ? char.toUpperCase() : char.toLowerCase()) !== char) return false;
    found = true;
  }
  return found;
}

/** `str.istitle()`. */
export function isTitle(text: string): boolean {
  return [...text].some(isCased) && title(text) === text;
}

/** Tests that hold for every character of a text that is not empty. */
export const characterTests: Readonly<Record<string, RegExp>> = {
  isalnum: /^[\p{L}\p{Nd}\p{Nl}\p{No}]+$/u,
  isalpha: /^\p{L}+$/u,
  isascii: /^[\u0000-\u007f]*$/,
  isdecimal: /^\p{Nd}+$/u,
  isdigit: /^[\p{Nd}\u00b2\u00b3\u00b9\u2070\u2074-\u2079\u2080-\u2089\u2460-\u2468]+$/u,
  isidentifier: /^[\p{L}\p{Nl}_][\p{L}\p{Nl}\p{Mn}\p{Mc}\p{Nd}\p{Pc}]*$/u,
  isnumeric: /^[\p{Nd}\p{Nl}\p{No}]+$/u,
  isprintable: /^[^\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]*$/u,
};
