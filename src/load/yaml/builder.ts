/**
 * The value of a YAML document while it is being made, and what plain data cannot say: which keys came twice,
 * which numbers were written as floats and, when asked for, where everything stands.
 */
import { IntegralFloat } from './scalar.ts';

/** Text offsets of a key (of the dash for a list item) and of its value. */
export interface Mark {
  key: number;
  value: number;
}

export type Key = string | number;

/** Containers by identity; values of a document are never shared unless by an alias. */
export type Marks = Map<object, Map<Key, Mark>>;

export interface DuplicateKey {
  key: string;
  /** Text offset of the later of the two. */
  offset: number;
}

export class Builder {
  readonly duplicates: DuplicateKey[] = [];
  floats: Map<object, Set<Key>> | undefined;

  /** With `marks`, places are recorded; without, nothing is spent on them. */
  constructor(readonly marks?: Marks) {}

  put(into: Record<string, unknown>, key: string, value: unknown, keyAt: number, valueAt: number): void {
    if (Object.hasOwn(into, key)) this.duplicates.push({ key, offset: keyAt });
    this.set(into, key, value, keyAt, valueAt);
  }

  push(into: unknown[], value: unknown, dashAt: number, valueAt: number): void {
    this.set(into as unknown as Record<string, unknown>, into.length, value, dashAt, valueAt);
  }

  /** Forgets everything: the text is read again from its start. */
  reset(): void {
    this.duplicates.length = 0;
    this.floats = undefined;
    this.marks?.clear();
  }

  /** `into` takes over what is known of `from`, whose keys it holds. */
  adopt(into: Record<string, unknown>, from: object): Record<string, unknown> {
    const marks = this.marks?.get(from);
    if (marks) this.marks?.set(into, marks);
    const floats = this.floats?.get(from);
    if (floats) this.floats?.set(into, floats);
    return into;
  }

  private set(into: Record<Key, unknown>, key: Key, value: unknown, keyAt: number, valueAt: number): void {
    let plain = value;
    if (value instanceof IntegralFloat) {
      plain = value.value;
      this.floats ??= new Map();
      const known = this.floats.get(into);
      if (known) known.add(key);
      else this.floats.set(into, new Set([key]));
    }
    if (key === '__proto__') {
      Object.defineProperty(into, key, {
        value: plain,
        enumerable: true,
        writable: true,
        configurable: true,
      });
    } else {
      into[key] = plain;
    }
    if (this.marks) {
      let marks = this.marks.get(into);
      if (!marks) {
        marks = new Map();
        this.marks.set(into, marks);
      }
      marks.set(key, { key: keyAt, value: valueAt });
    }
  }
}
