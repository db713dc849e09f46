import { describe, expect, it } from 'vitest';
import { SqError } from '../errors.ts';
import { Kwargs, parseTemplate, type RenderOptions, ReturnSignal } from './index.ts';

const ADVICE =
  'This can happen when calling a macro that does not exist. Check for typos and/or install package dependencies with "dbt deps".';

function options(names: Record<string, unknown> = {}, more: Partial<RenderOptions> = {}): RenderOptions {
  return { lookup: (name) => names[name], undefinedMode: 'strict-use', ...more };
}

/** The error as the console shows it, without the header. */
function errorOf(run: () => unknown): string {
  try {
    run();
  } catch (thrown) {
    if (thrown instanceof SqError) return `${thrown.kind}/${thrown.code}\n${thrown.body}`;
    throw thrown;
  }
  throw new Error('expected an error');
}

const render = (text: string, names: Record<string, unknown> = {}, more: Partial<RenderOptions> = {}) =>
  errorOf(() => parseTemplate(text, { path: 'models/a.sql' }).render(options(names, more)));

describe('a name that does not exist', () => {
  it('points at the name and offers the nearest one', () => {
    expect(render('select\n  {{ strr(1) }}', {}, { names: () => ['start', 'unstar', 'str'] })).toBe(
      [
        'Compilation/template-undefined',
        `'strr' is undefined. ${ADVICE}`,
        'at models/a.sql:2:6',
        '2 |   {{ strr(1) }}',
        '  |      ^',
        "hint: did you mean 'str'?",
      ].join('\n'),
    );
  });

  it('without a near name has no hint: the message says where packages come from', () => {
    expect(render('{{ dbt_utils.star() }}')).toBe(
      [
        'Compilation/template-undefined',
        `'dbt_utils' is undefined. ${ADVICE}`,
        'at models/a.sql:1:4',
        '1 | {{ dbt_utils.star() }}',
        '  |    ^',
      ].join('\n'),
    );
  });

  it('asks for candidates only then', () => {
    const names = () => {
      throw new Error('asked');
    };
    expect(parseTemplate('{{ x }}', { path: 'a' }).render(options({}, { names }))).toBe('');
  });
});

describe('the place', () => {
  it.each([
    ['{{ 1 + "a" }}', "unsupported operand type(s) for +: 'int' and 'str'", 6],
    ['{{ "a" + 1 }}', 'can only concatenate str (not "int") to str', 8],
    ['{{ f(1) + none }}', "unsupported operand type(s) for +: 'int' and 'NoneType'", 9],
    ['{{ [1] | sum(1) | nope_ }}', "No filter named 'nope_'.", 19],
    ['{{ "x" | upper | indent(none) }}', "can't multiply sequence by non-int of type 'NoneType'", 18],
    ['{{ d.a.b.c }}', `'int object' has no attribute 'b'. ${ADVICE}`, 8],
    ['{{ d["q"]["r"] }}', `'dict object' has no attribute 'q'. ${ADVICE}`, 5],
    ['{{ d.a.b.c() }}', `'int object' has no attribute 'b'. ${ADVICE}`, 8],
    ['{{ d.q() }}', `'dict object' has no attribute 'q'. ${ADVICE}`, 6],
    ['{% if 1 < "a" %}{% endif %}', "'<' not supported between instances of 'int' and 'str'", 9],
    ['{% set a, b = [1] %}', 'not enough values to unpack (expected 2, got 1)', 8],
    ['{% for x in 5 %}{% endfor %}', "'int' object is not iterable", 13],
    ['{{ "%d" % "a" }}', '%d format: a real number is required, not str', 9],
    ['{{ "abc".index("z") }}', 'substring not found', 10],
    ['{{ f(f(1), d.x.y) }}', `'dict object' has no attribute 'x'. ${ADVICE}`, 14],
    ['{{ 5() }}', "'int' object is not callable", 5],
    ['{{ 1 is divisibleby 0 }}', 'integer modulo by zero', 9],
    ['{% do {}.pop("k") %}', "'k'", 10],
  ])('%s', (text, message, column) => {
    const template = parseTemplate(text, { path: 'm.sql' });
    const thrown = (() => {
      try {
        template.render(options({ f: (x: unknown) => x, d: { a: 1 } }));
      } catch (error) {
        return error as SqError;
      }
      throw new Error('expected an error');
    })();
    expect(thrown.message).toBe(message);
    expect(thrown.at).toEqual({ path: 'm.sql', line: 1, column });
  });

  it('counts from where the piece stands in the file', () => {
    const span = { path: 'macros/m.sql', offset: 120, line: 11, column: 5 };
    const first = errorOf(() => parseTemplate('{{ a.b }}', span).render(options()));
    expect(first).toContain('at macros/m.sql:11:8\n');
    const second = errorOf(() => parseTemplate('x\n\t{{ a.b }}', span).render(options()));
    expect(second).toContain('at macros/m.sql:12:5\n12 | \t{{ a.b }}\n   | \t   ^');
  });

  it('counts lines of Windows files as the author sees them', () => {
    expect(render('a\r\nb\r\n{{ x.y }}')).toContain('at models/a.sql:3:4\n3 | {{ x.y }}');
  });
});

describe('text that is no template', () => {
  it.each([
    [
      '{% if x %}',
      "Unexpected end of template. Jinja was looking for the following tags: 'elif' or 'else' or 'endif'. The innermost block that needs to be closed is 'if'.",
      1,
      11,
    ],
    [
      '{% for x in y %}\n{% endif %}',
      "Encountered unknown tag 'endif'. Jinja was looking for the following tags: 'endfor' or 'else'. The innermost block that needs to be closed is 'for'.",
      2,
      4,
    ],
    [
      '{% if x %}{% for x in y %}{% endif %}',
      "Encountered unknown tag 'endif'. You probably made a nesting mistake. Jinja is expecting this tag, but currently looking for 'endfor' or 'else'. The innermost block that needs to be closed is 'for'.",
      1,
      30,
    ],
    ['{{ foo( }}', "unexpected '}', expected ')'", 1, 9],
    ['{{ 1 2 }}', "expected token 'end of print statement', got '2'", 1, 6],
    ['a\n  {{ "x }}', `unexpected char '"'`, 2, 6],
    ['{% set x y %}', "expected token 'end of statement block', got 'y'", 1, 10],
    ['{% macro a(b=1, c) %}{% endmacro %}', 'non-default argument follows default argument', 1, 17],
    ['{{ x | nope }}', "No filter named 'nope'.", 1, 8],
    ['{% break %}', "'break' outside of a loop", 1, 4],
    ['{# never closed', 'Missing end of comment tag', 1, 1],
    [
      '{% materialization a, foo=1 %}{% endmaterialization %}',
      "materialization 'a' received unknown argument 'foo'.",
      1,
      23,
    ],
  ])('%s', (text, message, line, column) => {
    const thrown = (() => {
      try {
        parseTemplate(text, { path: 'm.sql' }).render(options());
      } catch (error) {
        return error as SqError;
      }
      throw new Error('expected an error');
    })();
    expect(thrown.message).toBe(message);
    expect(thrown.code).toBe('template-syntax');
    expect(thrown.at).toEqual({ path: 'm.sql', line, column });
  });
});

describe('the chain of macros', () => {
  const macros = parseTemplate(
    '{% macro outer(x) %}\n  {{ inner(x) }}\n{% endmacro %}\n{% macro inner(x) %}{{ x.y.z }}{% endmacro %}',
    { path: 'macros/m.sql' },
  );

  it('names every macro with its place, innermost first, and where the template called', () => {
    const given: RenderOptions = options(
      {},
      { lookup: (name) => (name === 'x' ? undefined : macros.bindMacro(name, given, 'sync')) },
    );
    const text = errorOf(() =>
      parseTemplate('select 1,\n   {{ outer({}) }}', { path: 'models/a.sql' }).render(given),
    );
    expect(text).toBe(
      [
        'Compilation/template-undefined',
        `'dict object' has no attribute 'y'. ${ADVICE}`,
        'at macros/m.sql:4:26',
        '4 | {% macro inner(x) %}{{ x.y.z }}{% endmacro %}',
        '  |                          ^',
        '> in macro inner (macros/m.sql:4:26)',
        '> called by macro outer (macros/m.sql:2:6)',
        '> called by models/a.sql:2:7',
      ].join('\n'),
    );
  });

  it('is the same in async renders', async () => {
    const given: RenderOptions = options(
      {},
      { lookup: (name) => (name === 'x' ? undefined : macros.bindMacro(name, given, 'async')) },
    );
    const failure = await parseTemplate('{{ outer({}) }}', { path: 'models/a.sql' })
      .renderAsync(given)
      .catch((thrown: SqError) => thrown);
    expect((failure as SqError).chain.map(({ name, at }) => `${name} ${at.path}:${at.line}`)).toEqual([
      'inner macros/m.sql:4',
      'outer macros/m.sql:2',
      'null models/a.sql:1',
    ]);
  });
});

describe('what host functions throw', () => {
  it('an SqError keeps kind, code and hint, and gains the place', () => {
    const ref = () => {
      throw new SqError({
        kind: 'Compilation',
        code: 'missing-ref',
        message: "node 'b' not found",
        hint: 'spell it',
      });
    };
    expect(render('x\n{{ ref("b") }}', { ref })).toBe(
      [
        'Compilation/missing-ref',
        "node 'b' not found",
        'at models/a.sql:2:4',
        '2 | {{ ref("b") }}',
        '  |    ^',
        'hint: spell it',
      ].join('\n'),
    );
  });

  it('an SqError that knows its place keeps it', () => {
    const at = { path: 'models/x.yml', line: 3 };
    const fail = () => {
      throw new SqError({ kind: 'Database', code: 'db', message: 'no table', at });
    };
    const thrown = (() => {
      try {
        parseTemplate('{% macro m() %}{{ fail() }}{% endmacro %}{{ m() }}', { path: 'a.sql' }).render(
          options({ fail }),
        );
      } catch (error) {
        return error as SqError;
      }
      throw new Error('expected an error');
    })();
    expect(thrown.kind).toBe('Database');
    expect(thrown.at).toEqual(at);
    expect(thrown.chain.map(({ name }) => name)).toEqual(['m', null]);
  });

  it('any other error becomes a Compilation error with its cause', () => {
    const cause = new TypeError('boom');
    const thrown = (() => {
      try {
        parseTemplate('{{ f() }}', { path: 'a.sql' }).render(
          options({
            f: () => {
              throw cause;
            },
          }),
        );
      } catch (error) {
        return error as SqError;
      }
      throw new Error('expected an error');
    })();
    expect([thrown.kind, thrown.code, thrown.message]).toEqual(['Compilation', 'template-host', 'boom']);
    expect(thrown.cause).toBe(cause);
  });

  it('return() is no error: the macro answers its value; from a call block, the macro that called the block', () => {
    const names = {
      return: (value: unknown) => {
        throw new ReturnSignal(value);
      },
    };
    const text =
      '{% macro first(l) %}text{% for x in l %}{{ return([x]) }}{% endfor %}{% endmacro %}' +
      '{% macro each(l) %}{{ caller(l[0]) }}never{% endmacro %}' +
      '{% macro viaCall() %}{% call(x) each(["7"]) %}{{ return(x) }}never{% endcall %}{% endmacro %}' +
      '{{ first([1, 2]) }}{{ viaCall() }}';
    expect(parseTemplate(text, { path: 'a.sql' }).render(options(names))).toBe('[1]7');
  });
});

describe('runaway recursion', () => {
  const endless = parseTemplate('{% macro m(n) %}{{ m(n + 1) }}{% endmacro %}{{ m(0) }}', { path: 'a.sql' });

  it('stops at the depth asked for', () => {
    const thrown = (() => {
      try {
        endless.render(options({}, { maxDepth: 20 }));
      } catch (error) {
        return error as SqError;
      }
      throw new Error('expected an error');
    })();
    expect([thrown.code, thrown.message]).toEqual([
      'template-recursion',
      'maximum recursion depth exceeded: macros are nested more than 20 deep',
    ]);
    expect(thrown.chain).toHaveLength(22);
  });

  it('stops by default, sync and async', async () => {
    expect(() => endless.render(options())).toThrow(/maximum recursion depth exceeded/);
    await expect(endless.renderAsync(options())).rejects.toThrow(/maximum recursion depth exceeded/);
  });

  it('allows 500 macros in each other', () => {
    const deep = parseTemplate(
      '{% macro m(n) %}{{ m(n - 1) if n > 1 else "end" }}{% endmacro %}{{ m(500) }}',
      { path: 'a' },
    );
    expect(deep.render(options())).toBe('end');
  });
});

describe('wrong calls of macros', () => {
  it.each([
    ['m(1, 2)', "macro 'm' takes not more than 1 argument(s)"],
    ['m(b=1)', "macro 'm' takes no keyword argument 'b'"],
    ['m(**1)', 'argument after ** must be a mapping, not int'],
    ['m(x=1, **{"x": 2})', "got multiple values for keyword argument 'x'"],
  ])('%s', (call, message) => {
    expect(render(`{% macro m(x) %}{% endmacro %}{{ ${call} }}`)).toContain(message);
  });

  it('the host sees the same', () => {
    const macro = parseTemplate('{% macro m(x) %}{{ x }}{% endmacro %}', { path: 'm.sql' }).bindMacro(
      'm',
      options(),
      'sync',
    );
    expect(macro(5)).toBe('5');
    expect(macro(Kwargs.of({ x: 6 }))).toBe('6');
    expect(errorOf(() => macro(1, 2))).toContain("macro 'm' takes not more than 1 argument(s)");
  });
});
