import nunjucks from 'nunjucks/src/environment.js';
import type { UndefinedMode } from '../contract.ts';
import { allFilters } from '../filters/all-filters.ts';
import { allTests } from '../filters/all-tests.ts';
import type { Filter, FilterEnvironment } from '../filters/filter.ts';
import { fail } from '../values/failure.ts';
import { Undefined, type UndefinedOptions } from '../values/undefined.ts';
import { getAttribute, getItem } from './access.ts';
import { builtins } from './builtins.ts';
import type { CodeFunction } from './compiled.ts';

/** nunjucks' environment with Jinja2's filters, tests and globals in place of its own. */
export class JinjaEnvironment extends nunjucks.Environment implements FilterEnvironment {
  private readonly captures: boolean;
  /** Functions of generated code by that code. */
  readonly syncShapes = new Map<string, CodeFunction>();
  readonly asyncShapes = new Map<string, CodeFunction>();

  constructor(mode: UndefinedMode, filters: Readonly<Record<string, Filter>> = {}) {
    super([], { autoescape: false });
    this.captures = mode === 'capture';
    this.filters = table(allFilters, filters);
    this.tests = table(allTests);
    this.globals = table(builtins);
  }

  override getFilter(name: string): Filter {
    const found = this.filters[name];
    return found === undefined
      ? fail('TemplateRuntimeError', `No filter named '${name}'.`)
      : (found as Filter);
  }

  override getTest(name: string): Filter {
    const found = this.tests[name];
    return found === undefined ? fail('TemplateRuntimeError', `No test named '${name}'.`) : (found as Filter);
  }

  hasFilter(name: string): boolean {
    return this.filters[name] !== undefined;
  }

  hasTest(name: string): boolean {
    return this.tests[name] !== undefined;
  }

  missing(name: unknown, options: UndefinedOptions = {}): Undefined {
    return new Undefined(name, this.captures ? { ...options, captures: true } : options);
  }

  attribute(value: unknown, name: string): unknown {
    return getAttribute(this, value, name);
  }

  item(value: unknown, key: unknown): unknown {
    return getItem(this, value, key);
  }
}

/** A record without prototype, so that no name finds something of Object. */
function table<T>(...parts: Readonly<Record<string, T>>[]): Record<string, T> {
  return Object.assign(Object.create(null) as Record<string, T>, ...parts) as Record<string, T>;
}
