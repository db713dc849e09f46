import { describe, expect, it } from 'vitest';
import { fromJs, HOST_GET, type HostObject, Kwargs, parseTemplate, splitArguments } from './index.ts';

class Box implements HostObject {
  secret = 'hidden';

  [HOST_GET](name: string): unknown {
    return name === 'open' ? () => 'opened' : undefined;
  }

  toString(): string {
    return '<Box>';
  }
}

const NAMES: Record<string, unknown> = {
  box: new Box(),
  plain: { shown: 1, nested: { deep: 2 } },
  dict: undefined,
  data: fromJs({ constructor: 'key', __proto__x: 1 }),
  date: new Date(0),
  map: new Map([['a', 1]]),
  fn: (...args: unknown[]) => args.length,
  list: [1, 2],
};

function render(text: string): string {
  const lookup = (name: string) => (Object.hasOwn(NAMES, name) ? NAMES[name] : undefined);
  return parseTemplate(text, { path: 'a.sql' }).render({ lookup, undefinedMode: 'strict-use' });
}

describe('nothing of JavaScript is reachable', () => {
  it.each([
    'constructor',
    '__proto__',
    'prototype',
    'toString',
    'hasOwnProperty',
    'valueOf',
    'call',
    'apply',
    'bind',
    'arguments',
    'caller',
    'length',
    'name',
  ])('%s', (attribute) => {
    for (const owner of [
      'box',
      'plain',
      'fn',
      'list',
      "'text'",
      '5',
      '1.5',
      'true',
      'none',
      '{}',
      'date',
      'map',
      'range',
      'namespace()',
      '(1, 2)',
      "'a'.upper",
      'list.append',
    ]) {
      expect(render(`{{ (${owner}).${attribute} is defined }}`), `${owner}.${attribute}`).toBe('False');
      expect(render(`{{ (${owner})['${attribute}'] is defined }}`), `${owner}['${attribute}']`).toBe('False');
      expect(render(`{{ ((${owner})|attr('${attribute}')) is defined }}`), `${owner}|attr`).toBe('False');
    }
    expect(render(`{{ ${attribute} is defined }}`)).toBe('False');
  });

  it('a macro shows what Jinja shows of it', () => {
    const text =
      '{% macro m(a) %}{{ kwargs }}{% endmacro %}{{ m.name }} {{ m.arguments }} {{ m.catch_kwargs }} {{ m.call is defined }}';
    expect(render(text)).toBe("m ('a',) True False");
  });

  it('a host object shows what it answers to HOST_GET', () => {
    expect(render('{{ box }} {{ box.open() }} {{ box.secret is defined }}')).toBe('<Box> opened False');
  });

  it('a plain object shows its own keys and reads like a dict', () => {
    expect(
      render(
        '{{ plain }} {{ plain.shown }} {{ plain.nested.deep }} {{ plain.items()|list|length }} {{ plain.get("x", 7) }}',
      ),
    ).toBe("{'shown': 1, 'nested': {'deep': 2}} 1 2 2 7");
  });

  it('keys of data are data, whatever they are called', () => {
    expect(
      render('{{ data.constructor }} {{ data["constructor"] }} {{ {"__proto__": 5}["__proto__"] }}'),
    ).toBe('key key 5');
  });

  it('str.format reaches attributes through the same door', () => {
    expect(
      render(
        "{{ '{0.open}'.format(5) }}{{ '{0.constructor}'.format('x') }}{{ '{0[constructor]}'.format('x') }}",
      ),
    ).toBe('');
    expect(render("{{ '{0.shown}'.format(plain) }}")).toBe('1');
  });

  it('generated code holds no text of the template', () => {
    const evil = '");throw new Error("escaped");//';
    expect(render(`{{ '${evil}' }}`)).toBe(evil);
    expect(render(`{{ {'${evil}': 1}['${evil}'] }}`)).toBe('1');
    expect(render(`${evil}\u2028\u2029\`\${1}`)).toBe(`${evil}\u2028\u2029\`\${1}`);
  });
});

describe('keyword arguments', () => {
  it('are a record without prototype, so that any name is only a name', () => {
    const seen: unknown[] = [];
    const lookup = (name: string) =>
      name === 'f'
        ? (...args: unknown[]) => {
            seen.push(splitArguments(args).keywords);
            return '';
          }
        : undefined;
    parseTemplate('{{ f(__proto__=1, constructor=2, toString=3) }}', { path: 'a' }).render({
      lookup,
      undefinedMode: 'strict-use',
    });
    const [keywords] = seen as Record<string, unknown>[];
    expect(Object.getPrototypeOf(keywords)).toBeNull();
    expect(Object.entries(keywords!)).toEqual([
      ['__proto__', 1],
      ['constructor', 2],
      ['toString', 3],
    ]);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  it('spread from a dict keep every key', () => {
    const text = "{% macro m() %}{{ kwargs }}{% endmacro %}{{ m(**{'__proto__': 1, 'a': 2}) }}";
    expect(render(text)).toBe("{'__proto__': 1, 'a': 2}");
    expect(Object.getPrototypeOf(Kwargs.of({ a: 1 }).values)).toBeNull();
  });
});

describe('limits', () => {
  it.each([
    ['{{ range(100001) }}', 'Range too big. The sandbox blocks ranges larger than MAX_RANGE (100000).'],
    ["{{ 'a' * 10**10 }}", 'the repeated sequence is too long'],
    ['{{ [0] * 10**9 }}', 'the repeated sequence is too long'],
    ['{{ 10 ** 100000 }}', 'the power is too large'],
  ])('%s', (text, message) => {
    expect(() => render(text)).toThrow(message);
  });

  it('no pattern of the lexer or the fast path backtracks', () => {
    const started = performance.now();
    const long = [
      '{{ ' + '1_'.repeat(20_000),
      '{% raw ' + ' '.repeat(20_000),
      '{{ "' + '\\'.repeat(20_001),
      '{# ' + '-'.repeat(20_000),
      '{{ ' + 'a.'.repeat(5_000),
    ];
    for (const text of long) expect(() => render(text)).toThrow();
    expect(performance.now() - started).toBeLessThan(2000);
  });
});
