import { describe, expect, it } from 'vitest';
import { parseTemplate } from './index.ts';

const template = (source: string) => parseTemplate(source, { path: 'm.sql' });

describe('calls, found without rendering', () => {
  const names = (source: string) =>
    template(source)
      .calls()
      .map((call) => call.name);

  it.each([
    ['{{ f(1) }}', ['f']],
    ['{{ f(g(x), h=i()) }}', ['f', 'g', 'i']],
    ['{{ pkg.f() }} {{ a.b.c() }} {{ f()() }}', ['pkg.f', 'f']],
    ['{% if t() %}{{ a() }}{% elif u() %}{% else %}{{ b() }}{% endif %}', ['t', 'a', 'u', 'b']],
    ['{% macro m(x=d()) %}{% call c() %}{{ in_call() }}{% endcall %}{% endmacro %}', ['d', 'c', 'in_call']],
    ['{% set x = s() %}{% do e() %}{{ x | default(p()) }}', ['s', 'e', 'p']],
    ["{# c() #}{% raw %}{{ r() }}{% endraw %}{{ 'q()' }}", []],
  ])('%s', (source, expected) => {
    expect(names(source)).toEqual(expected);
  });

  it('gives arguments that are plain text', () => {
    expect(template("{{ adapter.dispatch('f', n, macro_namespace='pkg') }}").calls()).toEqual([
      { name: 'adapter.dispatch', args: ['f', undefined], kwargs: { macro_namespace: 'pkg' } },
    ]);
  });
});

describe('keyword arguments as text', () => {
  it.each([
    [`a="text"`, { a: 'text' }],
    [`a=['x', "y"], b=none, c=true`, { a: "['x', 'y']", b: 'None', c: 'True' }],
    [`a=env_var( 'X',"y" )`, { a: "env_var('X', 'y')" }],
    [`a={'k': 1.0}, b=(1,), c=-2`, { a: "{'k': 1.0}", b: '(1,)', c: '-2' }],
    [`a=x.y['z'] ~ 'b', b=not c, c=p and q`, { a: "x.y['z'] ~ 'b'", b: 'not c', c: 'p and q' }],
    [`a=1 if b == 2 else 3`, { a: '1 if b == 2 else 3' }],
  ])('config(%s)', (written, expected) => {
    expect(template(`{{ config(${written}) }}`).keywordTexts('config')).toEqual(expected);
  });

  it('are those of the first call; without a call there are none', () => {
    expect(template('{{ config(a=1) }}{{ config(a=2) }}').keywordTexts('config')).toEqual({ a: '1' });
    expect(template('{{ x.config(a=1) }}').keywordTexts('config')).toBeUndefined();
  });
});
