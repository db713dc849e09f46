/** Python's tuple: an array that prints with parentheses and can be a dict key. `Tuple.from([...])` makes one. */
export class Tuple extends Array<unknown> {
  /** Methods such as map and slice answer plain arrays (lists). */
  static override get [Symbol.species](): ArrayConstructor {
    return Array;
  }
}

/** A tuple of these items. */
export function tuple(...items: unknown[]): Tuple {
  return tupleOf(items);
}

/** A tuple of the items of an iterable; `Tuple.from` does the same, more slowly. */
export function tupleOf(items: Iterable<unknown>): Tuple {
  const made = new Tuple();
  for (const item of items) made.push(item);
  return made;
}
