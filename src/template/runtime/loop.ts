import { HOST_CALL, HOST_GET } from '../contract.ts';
import type { FilterEnvironment } from '../filters/filter.ts';
import { equals } from '../values/equality.ts';
import { fail } from '../values/failure.ts';
import { iterate } from '../values/iteration.ts';
import { type Tuple, tupleOf } from '../values/tuple.ts';

/** Renders the loop's body over other items, one level deeper; null where the loop is not `recursive`. */
export type LoopAgain = ((items: Iterable<unknown>, depth: number) => unknown) | null;

/**
 * The variable `loop` and the iteration behind it. Items are taken one by one, and only looked ahead when the
 * template asks for `last`, `nextitem` or the length.
 */
export class Loop implements IterableIterator<unknown> {
  private readonly source: Iterator<unknown>;
  private readonly ahead: unknown[] = [];
  private done = false;
  private index0 = -1;
  private previous: unknown;
  private current: unknown;
  private lastChanged: Tuple | undefined;
  private total: number | undefined;

  constructor(
    private readonly env: FilterEnvironment,
    private readonly items: Iterable<unknown>,
    private readonly depth0: number,
    private readonly again: LoopAgain,
  ) {
    this.source = items[Symbol.iterator]();
  }

  [Symbol.iterator](): this {
    return this;
  }

  next(): IteratorResult<unknown> {
    if (this.ahead.length === 0) this.fetch();
    if (this.ahead.length === 0) return { done: true, value: undefined };
    this.index0 += 1;
    this.previous = this.current;
    this.current = this.ahead.shift();
    return { done: false, value: this.current };
  }

  private fetch(): void {
    if (this.done) return;
    const step = this.source.next();
    if (step.done) this.done = true;
    else this.ahead.push(step.value);
  }

  private get isLast(): boolean {
    if (this.ahead.length === 0) this.fetch();
    return this.ahead.length === 0;
  }

  private get length(): number {
    if (this.total === undefined) {
      if (Array.isArray(this.items)) this.total = this.items.length;
      else {
        while (!this.done) this.fetch();
        this.total = this.index0 + 1 + this.ahead.length;
      }
    }
    return this.total;
  }

  [HOST_GET](name: string): unknown {
    switch (name) {
      case 'index':
        return this.index0 + 1;
      case 'index0':
        return this.index0;
      case 'revindex':
        return this.length - this.index0;
      case 'revindex0':
        return this.length - this.index0 - 1;
      case 'first':
        return this.index0 === 0;
      case 'last':
        return this.isLast;
      case 'length':
        return this.length;
      case 'depth':
        return this.depth0 + 1;
      case 'depth0':
        return this.depth0;
      case 'previtem':
        return this.index0 === 0
          ? this.env.missing(null, { hint: 'there is no previous item' })
          : this.previous;
      case 'nextitem':
        return this.isLast ? this.env.missing(null, { hint: 'there is no next item' }) : this.ahead[0];
      case 'cycle':
        return (...args: unknown[]) => this.cycle(args);
      case 'changed':
        return (...args: unknown[]) => this.changed(args);
      default:
        return undefined;
    }
  }

  [HOST_CALL](items: unknown): unknown {
    if (this.again === null) {
      return fail('TypeError', "The loop must have the 'recursive' marker to be called recursively.");
    }
    return this.again(iterate(items), this.depth0 + 1);
  }

  private cycle(args: readonly unknown[]): unknown {
    if (args.length === 0) fail('TypeError', 'no items for cycling given');
    return args[this.index0 % args.length];
  }

  private changed(args: readonly unknown[]): boolean {
    const now = tupleOf(args);
    if (this.lastChanged !== undefined && equals(this.lastChanged, now)) return false;
    this.lastChanged = now;
    return true;
  }

  toString(): string {
    return `<LoopContext ${this.index0 + 1}/${this.length}>`;
  }
}
