import { HOST_GET } from '../contract.ts';
import { DictView, PySet } from './collections.ts';
import { fail } from './failure.ts';
import { PyFloat } from './float.ts';
import { Markup } from './markup.ts';
import { Tuple } from './tuple.ts';
import { Undefined } from './undefined.ts';

const UNDEFINED_KEY = Symbol('Undefined');

/** The Map key that is equal for values that are equal in Python: `1`, `1.0` and `true` share one. */
export function hashKey(key: unknown): unknown {
  switch (typeof key) {
    case 'string':
    case 'number':
    case 'bigint':
      return key;
    case 'boolean':
      return key ? 1 : 0;
    case 'undefined':
      return UNDEFINED_KEY;
    case 'object':
      return key === null ? null : hashObject(key);
    default:
      return key;
  }
}

function hashObject(key: object): unknown {
  if (key instanceof PyFloat) return key.value;
  if (key instanceof Markup) return key.text;
  if (key instanceof Undefined) return UNDEFINED_KEY;
  // a text no template can write, with the type of every item so that (1,) and ('1',) differ
  if (key instanceof Tuple) return `\u0000tuple:${key.map((item) => tagged(hashKey(item))).join('\u0000')}`;
  if (Array.isArray(key)) return fail('TypeError', "unhashable type: 'list'");
  if (key instanceof Dict) return fail('TypeError', "unhashable type: 'dict'");
  if (key instanceof PySet) return fail('TypeError', "unhashable type: 'set'");
  if (key instanceof DictView && key.kind !== 'dict_values')
    return fail('TypeError', `unhashable type: '${key.kind}'`);
  const host = key as { [HOST_GET]?: (name: string) => unknown };
  if (typeof host[HOST_GET] === 'function') {
    const hash = host[HOST_GET]('__hash__');
    if (typeof hash === 'function') return hash();
  }
  return key;
}

function tagged(hash: unknown): string {
  return `${typeof hash}${String(hash)}`;
}

/** Python's dict: insertion order, any hashable key, keys equal as in Python. */
export class Dict {
  private readonly map = new Map<unknown, unknown>();
  /** Keys as first given, where they differ from their hash (`1.0`, `true`, tuples). */
  private originals: Map<unknown, unknown> | undefined;

  constructor(entries?: Iterable<readonly [unknown, unknown]>) {
    if (entries) for (const [key, value] of entries) this.set(key, value);
  }

  get size(): number {
    return this.map.size;
  }

  get(key: unknown): unknown {
    return this.map.get(hashKey(key));
  }

  has(key: unknown): boolean {
    return this.map.has(hashKey(key));
  }

  set(key: unknown, value: unknown): this {
    const hash = hashKey(key);
    if (hash !== key && !this.map.has(hash)) {
      this.originals ??= new Map();
      this.originals.set(hash, key);
    }
    this.map.set(hash, value);
    return this;
  }

  delete(key: unknown): boolean {
    const hash = hashKey(key);
    this.originals?.delete(hash);
    return this.map.delete(hash);
  }

  clear(): void {
    this.map.clear();
    this.originals = undefined;
  }

  keys(): IterableIterator<unknown> {
    return this.originals === undefined ? this.map.keys() : this.originalKeys();
  }

  values(): IterableIterator<unknown> {
    return this.map.values();
  }

  entries(): IterableIterator<[unknown, unknown]> {
    return this.originals === undefined ? this.map.entries() : this.originalEntries();
  }

  /** Iterates over the keys, as in Python. */
  [Symbol.iterator](): IterableIterator<unknown> {
    return this.keys();
  }

  private *originalKeys(): IterableIterator<unknown> {
    for (const hash of this.map.keys()) yield this.originalOf(hash);
  }

  private *originalEntries(): IterableIterator<[unknown, unknown]> {
    for (const [hash, value] of this.map) yield [this.originalOf(hash), value];
  }

  private originalOf(hash: unknown): unknown {
    return this.originals?.has(hash) ? this.originals.get(hash) : hash;
  }
}
