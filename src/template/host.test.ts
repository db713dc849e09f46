import { describe, expect, it } from 'vitest';
import {
  callArguments,
  Dict,
  fromJs,
  HOST_CALL,
  HOST_GET,
  HOST_ITEM,
  type HostObject,
  isTruthy,
  Kwargs,
  PyFloat,
  parseTemplate,
  splitArguments,
  Tuple,
  toJs,
  toJson,
  toText,
} from './index.ts';

/** Money: a host object with operators, items, a length and a call. */
class Money implements HostObject {
  constructor(
    readonly amount: number,
    private readonly coins: unknown[] = [],
  ) {}

  [HOST_GET](name: string): unknown {
    const of = (other: unknown) =>
      other instanceof Money ? other.amount : typeof other === 'number' ? other : undefined;
    const binary = (run: (x: number) => unknown) => (other: unknown) => {
      const value = of(other);
      return value === undefined ? undefined : run(value);
    };
    switch (name) {
      case 'amount':
        return this.amount;
      case 'none':
        return null;
      case 'plus':
        return (...args: unknown[]) =>
          new Money(this.amount + Number(callArguments(args, ['by'], { name: 'plus', required: 1 }).by));
      case '__add__':
      case '__radd__':
        return binary((x) => new Money(this.amount + x));
      case '__sub__':
        return binary((x) => new Money(this.amount - x));
      case '__rsub__':
        return binary((x) => new Money(x - this.amount));
      case '__neg__':
        return () => new Money(-this.amount);
      case '__lt__':
        return binary((x) => this.amount < x);
      case '__gt__':
        return binary((x) => this.amount > x);
      case '__bool__':
        return () => this.amount !== 0;
      case '__repr__':
        return () => `Money(${this.amount})`;
      case '__format__':
        return (spec: unknown) => `${this.amount}/${String(spec)}`;
      case '__hash__':
        return () => this.amount;
      default:
        return undefined;
    }
  }

  [HOST_ITEM](key: unknown): unknown {
    return typeof key === 'number' ? this.coins[key] : undefined;
  }

  [HOST_CALL](...args: unknown[]): unknown {
    return `called with ${args.length}`;
  }

  [Symbol.iterator](): Iterator<unknown> {
    return this.coins[Symbol.iterator]();
  }

  get length(): number {
    return this.coins.length;
  }

  equals(other: unknown): boolean {
    return other instanceof Money && other.amount === this.amount;
  }

  toString(): string {
    return `$${this.amount}`;
  }
}

function render(text: string, names: Record<string, unknown>): string {
  return parseTemplate(text, { path: 'a.sql' }).render({
    lookup: (name) => names[name],
    undefinedMode: 'strict-use',
  });
}

describe('host objects', () => {
  const names = { m: new Money(5, ['a', 'b']), n: new Money(7), zero: new Money(0) };

  it.each([
    ['{{ m }} {{ [m] }}', '$5 [Money(5)]'],
    ['{{ m.amount }}{{ m.none }}{{ m.nope is defined }}', '5NoneFalse'],
    ['{{ m[0] }}{{ m[1] }}{{ m["amount"] }}{{ m[9] is defined }}', 'ab5False'],
    ['{{ m + n }} {{ m + 1 }} {{ 1 + m }} {{ m - 1 }} {{ 9 - m }} {{ -m }}', '$12 $6 $6 $4 $4 $-5'],
    ['{{ m < n }} {{ m > n }} {{ 3 < m }} {{ m == n }} {{ m in [n, m] }}', 'True False True False True'],
    ['{{ m | length }}{{ n | length }}', '20'],
    ['{% for coin in m %}{{ coin }}{% endfor %}', 'ab'],
    ["{{ 'yes' if m else 'no' }}{{ 'yes' if zero else 'no' }}", 'yesno'],
    ['{{ m() }} {{ m(1, 2) }} {{ m is callable }}', 'called with 0 called with 2 True'],
    ["{{ '{:x}|{}'.format(m, m) }}", '5/x|$5'],
    ['{{ {m: 1}[m] }}', '1'],
    ['{{ m.plus(2) }} {{ m.plus(by=3) }}', '$7 $8'],
    ['{{ [n, m] | sort }} {{ [n, m] | map(attribute="amount") | sum }}', '[Money(5), Money(7)] 12'],
    ['{{ m ~ n }}', '$5$7'],
  ])('%s', (text, expected) => {
    expect(render(text, names)).toBe(expected);
  });

  it.each([
    ['{{ m + "a" }}', "unsupported operand type(s) for +: 'Money' and 'str'"],
    ['{{ m <= n }}', "'<=' not supported between instances of 'Money' and 'Money'"],
    ['{{ m.plus() }}', "plus() missing 1 required positional argument: 'by'"],
    ['{{ m.__add__(1) }}', "'Money object' has no attribute '__add__'"],
  ])('%s', (text, message) => {
    expect(() => render(text, names)).toThrow(message);
  });
});

describe('callArguments', () => {
  const names = ['database', 'schema'];

  it('finds arguments by position and by name; what is not given is absent', () => {
    expect({ ...callArguments(['a'], names) }).toEqual({ database: 'a' });
    expect({ ...callArguments([Kwargs.of({ schema: null })], names) }).toEqual({ schema: null });
    expect({ ...callArguments(['a', Kwargs.of({ schema: 's' })], names) }).toEqual({
      database: 'a',
      schema: 's',
    });
    expect({ ...callArguments([], names) }).toEqual({});
  });

  it.each([
    [[1, 2, 3], {}, 'function() takes from 0 to 2 positional arguments but 3 were given'],
    [[1, 2, 3], { name: 'ref', required: 2 }, 'ref() takes 2 positional arguments but 3 were given'],
    [[Kwargs.of({ nope: 1 })], { name: 'ref' }, "ref() got an unexpected keyword argument 'nope'"],
    [[1, Kwargs.of({ database: 1 })], { name: 'ref' }, "ref() got multiple values for argument 'database'"],
    [
      [],
      { name: 'ref', required: 2 },
      "ref() missing 2 required positional arguments: 'database' and 'schema'",
    ],
    [[1], { name: 'ref', required: 2 }, "ref() missing 1 required positional argument: 'schema'"],
  ])('%j with %j', (args, options, message) => {
    expect(() => callArguments(args, names, options)).toThrow(message);
  });

  it('splitArguments takes the keywords apart', () => {
    expect(splitArguments([1, Kwargs.of({ a: 2 })])).toEqual({
      positional: [1],
      keywords: Object.assign(Object.create(null), { a: 2 }),
    });
    expect(splitArguments([1]).positional).toEqual([1]);
  });
});

describe('values between the host and templates', () => {
  const json = { b: [1, 2.5, true, null, 'x'], a: { nested: {} }, n: 10 };

  it('plain JSON comes back as it went', () => {
    expect(toJs(fromJs(json))).toEqual(json);
    expect(Object.keys(toJs(fromJs(json)) as object)).toEqual(['b', 'a', 'n']);
  });

  it('objects become dicts in their order, integral numbers stay integers', () => {
    const value = fromJs(json) as Dict;
    expect(value).toBeInstanceOf(Dict);
    expect(toText(value)).toBe("{'b': [1, 2.5, True, None, 'x'], 'a': {'nested': {}}, 'n': 10}");
  });

  it('what JSON has no form for becomes plain', () => {
    const value = new Dict([
      [1, Tuple.from([new PyFloat(2), undefined])],
      [Tuple.from(['k']), 10n],
    ]);
    expect(toJs(value)).toEqual({ '1': [2, null], "('k',)": 10 });
    expect(toJs(fromJs(JSON.parse('{"__proto__": 1}')))).toEqual(JSON.parse('{"__proto__": 1}'));
  });

  it("toText, toJson and truth are Python's", () => {
    expect(
      [null, true, 1, 1n, new PyFloat(1), 0.1, 1e16, 'a', [1, 'a'], Tuple.from([1])].map(toText),
    ).toEqual(['None', 'True', '1', '1', '1.0', '0.1', '1e+16', 'a', "[1, 'a']", '(1,)']);
    expect(toJson(fromJs({ b: 'é\u2028', a: [1, null] }))).toBe('{"b": "\\u00e9\\u2028", "a": [1, null]}');
    expect(toJson(fromJs({ b: 1, a: [] }), { indent: 2, sortKeys: true })).toBe('{\n  "a": [],\n  "b": 1\n}');
    expect(
      [0, '', null, [], new Dict(), new PyFloat(0), undefined, 'a', [0], new PyFloat(0.5)].map(isTruthy),
    ).toEqual([false, false, false, false, false, false, false, true, true, true]);
  });

  it('equal keys of Python are one key', () => {
    const dict = new Dict([
      [1, 'a'],
      [true, 'b'],
      [new PyFloat(1), 'c'],
    ]);
    expect([...dict.entries()]).toEqual([[1, 'c']]);
    expect(dict.get(Tuple.from([1]))).toBeUndefined();
    expect(new Dict([[Tuple.from([1]), 'x']]).get(Tuple.from([new PyFloat(1)]))).toBe('x');
    expect(() => dict.set([1], 1)).toThrow("unhashable type: 'list'");
  });
});
