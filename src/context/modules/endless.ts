/** What `itertools.count` and `itertools.cycle` answer: a list without end, taken from one by one. */
import { HOST_GET, type HostObject } from '../../template/index.ts';

export class Endless implements HostObject {
  private readonly values: Iterator<unknown>;

  constructor(
    private readonly label: string,
    values: Iterable<unknown>,
  ) {
    this.values = values[Symbol.iterator]();
  }

  [HOST_GET](): unknown {
    return undefined;
  }

  /** As in Python, who goes over it goes on where the last one stopped. */
  [Symbol.iterator](): Iterator<unknown> {
    return { next: () => this.values.next() };
  }

  toString(): string {
    return this.label;
  }
}

export function* counting(start: number, step: number): Generator<number> {
  for (let value = start; ; value += step) yield value;
}

export function* cycling(list: readonly unknown[]): Generator<unknown> {
  while (list.length > 0) yield* list;
}
