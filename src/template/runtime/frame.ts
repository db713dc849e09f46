/**
 * One running template, macro or call block, and everything its generated code can fail at. Each method takes
 * the place first and notes it when all operands are computed, so an error points at the operation that raised
 * it, at the price of one store.
 */
import type { Location } from '../../errors.ts';
import { HOST_CALL, type HostObject } from '../contract.ts';
import {
  add,
  affirm,
  concatenate,
  divide,
  floorDivide,
  modulo,
  multiply,
  negate,
  power,
  subtract,
} from '../values/arithmetic.ts';
import { Namespace } from '../values/collections.ts';
import { Dict } from '../values/dict.ts';
import { fail } from '../values/failure.ts';
import { isHost } from '../values/host.ts';
import { contains, isIterable, iterate, listOf, pairsOf } from '../values/iteration.ts';
import { Kwargs } from '../values/kwargs.ts';
import { stringOf } from '../values/markup.ts';
import { ordered } from '../values/order.ts';
import { type Slice, slice } from '../values/slice.ts';
import { typeName } from '../values/types.ts';
import { isUndefined, Undefined } from '../values/undefined.ts';
import { builtinMethod, callMethod } from './access.ts';
import type { CompiledTemplate } from './compiled.ts';
import type { JinjaEnvironment } from './environment.ts';
import { Loop, type LoopAgain } from './loop.ts';
import { type MacroBody, makeMacro } from './macro.ts';
import type { Exports, RenderState } from './state.ts';

type AnyFunction = (...args: unknown[]) => unknown;

export class Frame {
  /** Where the code is: the number of a place that the code generator named. */
  site = 0;
  private readonly env: JinjaEnvironment;

  constructor(
    readonly state: RenderState,
    readonly code: CompiledTemplate,
    /** Name of the macro; undefined for the template itself and for the body of a call block. */
    readonly macroName: string | undefined,
    readonly parent: Frame | undefined,
    readonly exports: Exports | undefined,
    readonly isAsync: boolean,
  ) {
    this.env = state.env;
    this.depth = parent === undefined ? 0 : parent.depth + 1;
  }

  readonly depth: number;

  /** The author's file at the current place. */
  get location(): Location {
    return this.code.source.locate(this.position);
  }

  /** The current place as a character of the template. */
  get position(): number {
    return this.code.sites[this.site] ?? 0;
  }

  // names

  /** A global name; undefined values know what they are called. */
  get(name: string): unknown {
    const value = this.state.global(name);
    return value === undefined ? this.env.missing(name) : value;
  }

  /** A global name as the first value of a variable. */
  find(name: string): unknown {
    return this.state.global(name);
  }

  /** A macro of this file: the render's macro of that name wins, as in dbt. */
  own(name: string, value: unknown): unknown {
    const answer = this.state.lookup(name);
    if (answer !== undefined) return answer;
    return value === undefined ? this.env.missing(name) : value;
  }

  missing(name: string): unknown {
    return this.env.missing(name);
  }

  notGiven(name: string): unknown {
    return this.env.missing(name, { hint: `parameter '${name}' was not provided` });
  }

  noElse(): unknown {
    return this.env.missing(null, {
      hint: 'the inline if-expression evaluated to false and no else section was defined.',
    });
  }

  /** A value that is output as it is: an error about it points at its expression. */
  keep(site: number, value: unknown): unknown {
    this.site = site;
    return value;
  }

  // access and calls

  attr(site: number, value: unknown, name: string): unknown {
    this.site = site;
    return this.env.attribute(value, name);
  }

  item(site: number, value: unknown, key: unknown): unknown {
    this.site = site;
    return this.env.item(value, key);
  }

  slice(site: number, value: unknown, bounds: Slice): unknown {
    this.site = site;
    return value instanceof Undefined && value.captures ? value : slice(value, bounds);
  }

  call(site: number, target: unknown, args: unknown[]): unknown {
    this.site = site;
    this.state.current = this;
    if (typeof target === 'function') return (target as AnyFunction)(...args);
    return this.callObject(target, args);
  }

  private callObject(target: unknown, args: unknown[]): unknown {
    if (isHost(target) && target[HOST_CALL] !== undefined) {
      return (target as Required<Pick<HostObject, typeof HOST_CALL>>)[HOST_CALL](...args);
    }
    if (isUndefined(target)) {
      if (target instanceof Undefined) return target.captures ? target : target.fail();
      return fail('UndefinedError', 'the value is undefined');
    }
    return fail('TypeError', `'${typeName(target)}' object is not callable`);
  }

  /** `value.name(...)` without making a bound method for built-in types; the owner's place is `site + 1`. */
  method(site: number, value: unknown, name: string, args: unknown[]): unknown {
    if (builtinMethod(value, name) !== undefined) {
      this.site = site;
      this.state.current = this;
      return callMethod(this.env, value, name, args);
    }
    return this.call(site, this.attr(isUndefined(value) ? site + 1 : site, value, name), args);
  }

  filter(site: number, name: string, value: unknown, args: unknown[]): unknown {
    this.site = site;
    return this.env.getFilter(name)(this.env, value, ...args);
  }

  test(site: number, name: string, value: unknown, args: unknown[]): unknown {
    this.site = site;
    return this.env.getTest(name)(this.env, value, ...args);
  }

  /** `**mapping` after the keywords that were written out. */
  keywords(site: number, given: Record<string, unknown>, mapping: unknown): Kwargs {
    this.site = site;
    if (
      !(mapping instanceof Dict) &&
      (mapping === null || typeof mapping !== 'object' || Array.isArray(mapping))
    ) {
      fail('TypeError', `argument after ** must be a mapping, not ${typeName(mapping)}`);
    }
    for (const [key, value] of pairsOf(mapping)) {
      const name = stringOf(key) ?? fail('TypeError', 'keywords must be strings');
      if (name in given) fail('TypeError', `got multiple values for keyword argument '${name}'`);
      given[name] = value;
    }
    return new Kwargs(given);
  }

  // statements

  iter(site: number, value: unknown): Iterable<unknown> {
    this.site = site;
    return iterate(value);
  }

  loop(items: Iterable<unknown>, depth: number, again: LoopAgain): Loop {
    return new Loop(this.env, items, depth, again);
  }

  unpack(site: number, value: unknown, count: number): unknown[] {
    if (Array.isArray(value) && value.length === count) return value;
    this.site = site;
    if (!isIterable(value)) fail('TypeError', `cannot unpack non-iterable ${typeName(value)} object`);
    const items = listOf(value);
    if (items.length === count) return items;
    if (items.length > count) fail('ValueError', `too many values to unpack (expected ${count})`);
    return fail('ValueError', `not enough values to unpack (expected ${count}, got ${items.length})`);
  }

  assign(site: number, target: unknown, attribute: string, value: unknown): void {
    this.site = site;
    if (!(target instanceof Namespace)) {
      fail('TemplateRuntimeError', 'cannot assign attribute on non-namespace object');
    }
    (target as Namespace).attributes.set(attribute, value);
  }

  macro(name: string, parameters: readonly string[], flags: number, body: MacroBody): AnyFunction {
    return makeMacro(this, name, parameters, flags, body);
  }

  caller(parameters: readonly string[], flags: number, body: MacroBody): AnyFunction {
    return makeMacro(this, undefined, parameters, flags, body);
  }

  /** The result of a call block goes into the text unconverted, so it has to be a string. */
  joined(value: unknown): string {
    return (
      stringOf(value) ?? fail('TypeError', `sequence item 0: expected str instance, ${typeName(value)} found`)
    );
  }

  // operators

  dict(site: number, ...pairs: unknown[]): Dict {
    this.site = site;
    const dict = new Dict();
    for (let i = 0; i < pairs.length; i += 2) dict.set(pairs[i], pairs[i + 1]);
    return dict;
  }

  concat(site: number, parts: unknown[]): string {
    this.site = site;
    return concatenate(parts);
  }

  add(site: number, a: unknown, b: unknown): unknown {
    this.site = site;
    return add(a, b);
  }

  sub(site: number, a: unknown, b: unknown): unknown {
    this.site = site;
    return subtract(a, b);
  }

  mul(site: number, a: unknown, b: unknown): unknown {
    this.site = site;
    return multiply(a, b);
  }

  div(site: number, a: unknown, b: unknown): unknown {
    this.site = site;
    return divide(a, b);
  }

  fdiv(site: number, a: unknown, b: unknown): unknown {
    this.site = site;
    return floorDivide(a, b);
  }

  mod(site: number, a: unknown, b: unknown): unknown {
    this.site = site;
    return modulo(a, b);
  }

  pow(site: number, a: unknown, b: unknown): unknown {
    this.site = site;
    return power(a, b);
  }

  neg(site: number, a: unknown): unknown {
    this.site = site;
    return negate(a);
  }

  pos(site: number, a: unknown): unknown {
    this.site = site;
    return affirm(a);
  }

  lt(site: number, a: unknown, b: unknown): boolean {
    this.site = site;
    return ordered('<', a, b);
  }

  le(site: number, a: unknown, b: unknown): boolean {
    this.site = site;
    return ordered('<=', a, b);
  }

  gt(site: number, a: unknown, b: unknown): boolean {
    this.site = site;
    return ordered('>', a, b);
  }

  ge(site: number, a: unknown, b: unknown): boolean {
    this.site = site;
    return ordered('>=', a, b);
  }

  has(site: number, item: unknown, container: unknown): boolean {
    this.site = site;
    return contains(item, container);
  }
}
