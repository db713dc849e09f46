/** The smaller Python types: views of a dict, range, namespace, and lazy sequences (generators). */
import { Dict } from './dict.ts';

/** What `items()`, `keys()` and `values()` of a dict answer: iterable, has a length, cannot be indexed. */
export class DictView {
  constructor(
    readonly kind: 'dict_items' | 'dict_keys' | 'dict_values',
    readonly items: unknown[],
  ) {}

  [Symbol.iterator](): IterableIterator<unknown> {
    return this.items[Symbol.iterator]();
  }
}

/** Python's set, in insertion order. */
export class PySet {
  readonly items = new Dict();

  constructor(items?: Iterable<unknown>) {
    if (items) for (const item of items) this.add(item);
  }

  get size(): number {
    return this.items.size;
  }

  has(item: unknown): boolean {
    return this.items.has(item);
  }

  add(item: unknown): void {
    // the first of equal items stays, as in Python
    if (!this.items.has(item)) this.items.set(item, true);
  }

  delete(item: unknown): boolean {
    return this.items.delete(item);
  }

  [Symbol.iterator](): IterableIterator<unknown> {
    return this.items.keys();
  }
}

/** `range(start, stop, step)`. */
export class Range {
  readonly length: number;

  constructor(
    readonly start: number,
    readonly stop: number,
    readonly step: number,
  ) {
    this.length = Math.max(0, Math.ceil((stop - start) / step));
  }

  at(index: number): number {
    return this.start + index * this.step;
  }

  has(value: number): boolean {
    const steps = (value - this.start) / this.step;
    return Number.isInteger(steps) && steps >= 0 && steps < this.length;
  }

  *[Symbol.iterator](): IterableIterator<number> {
    for (let i = 0; i < this.length; i++) yield this.at(i);
  }
}

/** `namespace(...)`: the only value whose attributes `{% set ns.x = ... %}` can assign. */
export class Namespace {
  constructor(readonly attributes: Dict) {}
}

/**
 * A one-shot lazy sequence, as `map`, `select`, `batch` and other filters answer. Leaving a loop early does not
 * close it: like a Python generator it goes on where it stopped.
 */
export class Lazy {
  private readonly source: Iterator<unknown>;

  constructor(source: Iterable<unknown>) {
    this.source = source[Symbol.iterator]();
  }

  [Symbol.iterator](): IterableIterator<unknown> {
    // no return(): that is what keeps `break` from closing the source
    const iterator: IterableIterator<unknown> = {
      next: () => this.source.next(),
      [Symbol.iterator]: () => iterator,
    };
    return iterator;
  }
}
