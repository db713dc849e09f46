/** How well a name answers what somebody types: no index, ten thousand names take a few milliseconds. */

/**
 * Higher is better; -1: not at all. Letters in a row beat letters strewn about, the beginning of a word beats its
 * middle, and a short name beats a long one. Both texts in small letters.
 */
export function score(name: string, query: string): number {
  const at = name.indexOf(query);
  if (at !== -1) {
    const start = at === 0 || isBorder(name[at - 1]!) ? 50 : 0;
    const whole = name.length === query.length ? 60 : 0;
    return 100 + start + whole - at - name.length / 20;
  }
  let sum = 0;
  let from = 0;
  let last = -2;
  for (const letter of query) {
    const found = name.indexOf(letter, from);
    if (found === -1) return -1;
    if (found === last + 1) sum += 3;
    else if (found === 0 || isBorder(name[found - 1]!)) sum += 2;
    last = found;
    from = found + 1;
  }
  return Math.max(0, sum - name.length / 20);
}

function isBorder(letter: string): boolean {
  return letter === '_' || letter === '.' || letter === ' ';
}

/** Places of the best `limit` names, best first. */
export function search(names: readonly string[], query: string, limit: number): number[] {
  const asked = query.toLowerCase().replace(/\s+/g, '');
  if (asked === '') return [];
  const found: [number, number][] = [];
  for (let i = 0; i < names.length; i++) {
    const points = score(names[i]!, asked);
    if (points >= 0) found.push([points, i]);
  }
  found.sort((a, b) => b[0] - a[0] || a[1] - b[1]);
  return found.slice(0, limit).map(([, i]) => i);
}
