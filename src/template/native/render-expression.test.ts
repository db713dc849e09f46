import { describe, expect, it } from 'vitest';
import { SqError } from '../../errors.ts';
import { Dict, fromJs, PyFloat, renderExpression, renderExpressionAsync, Tuple, toJs } from '../index.ts';
import { pythonLiteral } from './python-literal.ts';

const NAMES: Record<string, unknown> = {
  number: 5,
  digits: '5',
  flag: true,
  list: ['a'],
  dict: fromJs({ a: 1 }),
  float: new PyFloat(2),
  nothing: null,
  yes: 'True',
  later: () => Promise.resolve([1]),
};
const options = { lookup: (name: string) => NAMES[name], undefinedMode: 'strict-use' as const };

describe('a YAML string rendered as dbt renders it', () => {
  it.each([
    // a single expression gives its value
    ['{{ number }}', 5],
    ['{{ list }}', ['a']],
    ['{{ dict }}', { a: 1 }],
    ['{{ flag }}', true],
    ['{{ nothing }}', null],
    ['{{ number + 1 }}', 6],
    ['{% if flag %}{{ number }}{% endif %}', 5],
    ['{% for x in list %}{{ x }}{% endfor %}', 'a'],
    ['{# comment #}{{ number }}', 5],
    // a string stays a string, whatever it looks like
    ['{{ digits }}', '5'],
    ['{{ yes }}', 'True'],
    // text beside it makes text
    ['{{ number }} ', '5 '],
    ['{{ number }}{{ number }}', '55'],
    ['a{{ flag }}', 'aTrue'],
    // what Jinja computes ahead is text
    ['{{ 1 }}', '1'],
    ['{{ 1 + 1 }}', '2'],
    ['{{ [1, 2] }}', '[1, 2]'],
    ['{{ none }}', 'None'],
    ['{% if flag %}5{% endif %}', '5'],
    // the filters that say how to read a string
    ['{{ digits | as_number }}', 5],
    ['{{ 1 | as_number }}', 1],
    ["{{ '1.5' | as_number }}", 1.5],
    ['{{ digits | as_native }}', 5],
    ["{{ '[1, 2]' | as_native }}", [1, 2]],
    ["{{ 'plain' | as_native }}", 'plain'],
    ['{{ yes | as_bool }}', true],
    ['{{ number | as_text }}', '5'],
    ['{{ list | is_list }}', true],
    // nothing to render
    ['plain', 'plain'],
    ['', ''],
    ['{% if not flag %}5{% endif %}', ''],
  ])('%s', async (text, expected) => {
    expect(toJs(renderExpression(text, options))).toEqual(expected);
    expect(toJs(await renderExpressionAsync(text, options))).toEqual(expected);
  });

  it('keeps the value itself', () => {
    expect(renderExpression('{{ dict }}', options)).toBe(NAMES.dict);
    expect(renderExpression('{{ float }}', options)).toBe(NAMES.float);
  });

  it('waits for what calls promise', async () => {
    expect(await renderExpressionAsync('{{ later() }}', options)).toEqual([1]);
  });

  it.each([
    ["{{ 'x' | as_bool }}", "Could not convert value 'x' into type 'bool'"],
    ["{{ 'True' | as_number }}", "Could not convert value 'True' into type 'number'"],
    ["{{ '5' | as_bool }}", "Could not convert value '5' into type 'bool'"],
  ])('%s is an error', (text, message) => {
    expect(() => renderExpression(text, options)).toThrow(message);
  });

  it('an undefined value alone is an error with its place, not an empty setting', () => {
    try {
      renderExpression('\n  {{ nope }}', { ...options, path: 'dbt_project.yml' });
      expect.unreachable();
    } catch (thrown) {
      // the newline is text, so this one renders
      expect(thrown).not.toBeInstanceOf(SqError);
    }
  });

  it('an undefined value alone names itself', () => {
    const failure = (() => {
      try {
        return renderExpression('{{ nope }}', { ...options, path: 'dbt_project.yml' });
      } catch (thrown) {
        return thrown as SqError;
      }
    })();
    expect(failure).toMatchObject({
      kind: 'Compilation',
      at: { path: 'dbt_project.yml', line: 1, column: 4 },
    });
    expect((failure as SqError).message).toMatch(/^'nope' is undefined\./);
  });

  it('while parsing, what is unknown is nothing', () => {
    expect(renderExpression('{{ nope.x.y() }}', { ...options, undefinedMode: 'capture' })).toBe('');
  });
});

describe('Python literals', () => {
  it.each([
    ['5', 5],
    [' 5', 5],
    ['5\n', 5],
    ['5 # five', 5],
    ['-3', -3],
    ['- 3', -3],
    ['1_000', 1000],
    ['0x1f', 31],
    ['1.50', 1.5],
    ['.5', 0.5],
    ['1e3', new PyFloat(1000)],
    ['123456789012345678901234567890', 123456789012345678901234567890n],
    ["'a' 'b'", 'ab'],
    ["'a\\nb'", 'a\nb'],
    ['"""x"""', 'x'],
    ["r'\\n'", '\\n'],
    ['True', true],
    ['None', null],
    ['[1, "a", [2,],]', [1, 'a', [2]]],
    ['[1,\n2]', [1, 2]],
    ['()', new Tuple()],
    ['(1)', 1],
    ['1, 2', Tuple.from([1, 2])],
    ["{'a': (1,)}", new Dict([['a', Tuple.from([1])]])],
  ])('%j', (text, expected) => {
    expect(pythonLiteral(text)).toEqual(expected);
  });

  it.each(['abc', 'true', '007', '--3', '1__0', '5;', 'f()', '[1, 2', '1+2', '{[1]: 2}', '', "b'x'", 'nan'])(
    '%j is none',
    (text) => {
      expect(pythonLiteral(text)).toBeUndefined();
    },
  );
});
