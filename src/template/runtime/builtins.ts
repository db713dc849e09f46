/** The globals that every Jinja environment has: dict, range, namespace, cycler, joiner. */
import { HOST_CALL, HOST_GET } from '../contract.ts';
import { splitArguments } from '../methods/arguments.ts';
import { fill, fromKeys } from '../methods/dict-methods.ts';
import { Namespace, Range } from '../values/collections.ts';
import { Dict } from '../values/dict.ts';
import { fail } from '../values/failure.ts';
import { labelled } from '../values/labels.ts';
import { toText } from '../values/text.ts';
import { isInteger, numeric, typeName } from '../values/types.ts';
import { refuseUndefined } from '../values/undefined.ts';

/** Longest range a template may ask for (jinja2.sandbox.MAX_RANGE). */
const MAX_RANGE = 100_000;

function integer(value: unknown): number {
  if (isInteger(value) || typeof value === 'boolean') return Number(numeric(value));
  refuseUndefined(value);
  return fail('TypeError', `'${typeName(value)}' object cannot be interpreted as an integer`);
}

function range(...args: unknown[]): Range {
  const { positional, keywords } = splitArguments(args);
  if (Object.keys(keywords).length > 0) fail('TypeError', 'range() takes no keyword arguments');
  if (positional.length === 0) fail('TypeError', 'range expected at least 1 argument, got 0');
  if (positional.length > 3)
    fail('TypeError', `range expected at most 3 arguments, got ${positional.length}`);
  const [first, second, third] = positional.map(integer) as [number, number?, number?];
  if (third === 0) fail('ValueError', 'range() arg 3 must not be zero');
  const made = second === undefined ? new Range(0, first, 1) : new Range(first, second, third ?? 1);
  if (made.length > MAX_RANGE) {
    fail('OverflowError', `Range too big. The sandbox blocks ranges larger than MAX_RANGE (${MAX_RANGE}).`);
  }
  return made;
}

function dict(...args: unknown[]): Dict {
  return fill('dict', new Dict(), args);
}

function namespace(...args: unknown[]): Namespace {
  return new Namespace(dict(...args));
}

/** `cycler('a', 'b')`: `.next()`, `.current`, `.reset()`. */
class Cycler {
  private at = 0;

  constructor(private readonly items: readonly unknown[]) {}

  [HOST_GET](name: string): unknown {
    switch (name) {
      case 'current':
        return this.items[this.at];
      case 'items':
        return [...this.items];
      case 'pos':
        return this.at;
      case 'next':
        return () => {
          const item = this.items[this.at];
          this.at = (this.at + 1) % this.items.length;
          return item;
        };
      case 'reset':
        return () => {
          this.at = 0;
          return null;
        };
      default:
        return undefined;
    }
  }

  toString(): string {
    return '<Cycler>';
  }
}

function cycler(...items: unknown[]): Cycler {
  return items.length === 0 ? fail('TypeError', 'at least one item has to be provided') : new Cycler(items);
}

/** `joiner(', ')`: nothing at the first call, the separator afterwards. */
class Joiner {
  private used = false;

  constructor(private readonly separator: unknown) {}

  [HOST_GET](name: string): unknown {
    if (name === 'sep') return this.separator;
    return name === 'used' ? this.used : undefined;
  }

  [HOST_CALL](): unknown {
    if (this.used) return this.separator;
    this.used = true;
    return '';
  }

  toString(): string {
    return '<Joiner>';
  }
}

function joiner(...args: unknown[]): Joiner {
  const { positional, keywords } = splitArguments(args);
  return new Joiner(toText(positional[0] ?? keywords.sep ?? ', '));
}

const classLabel = (name: string) => ({ text: `<class '${name}'>`, type: 'type' });

export const builtins: Readonly<Record<string, unknown>> = {
  cycler: labelled(cycler, classLabel('jinja2.utils.Cycler')),
  dict: labelled(dict, {
    ...classLabel('dict'),
    attributes: { fromkeys: (...args: unknown[]) => fromKeys(null, ...args) },
  }),
  joiner: labelled(joiner, classLabel('jinja2.utils.Joiner')),
  namespace: labelled(namespace, classLabel('jinja2.utils.Namespace')),
  range: labelled(range, { text: '<function safe_range>', type: 'function' }),
};
