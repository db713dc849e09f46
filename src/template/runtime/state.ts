import type { RenderOptions } from '../contract.ts';
import { fail } from '../values/failure.ts';
import type { JinjaEnvironment } from './environment.ts';
import type { Frame } from './frame.ts';
import type { TemplateSource } from './source.ts';

const DEFAULT_MAX_DEPTH = 500;

/** The exports of a template that ran for a render: its macros by name. */
export type Exports = Map<string, (...args: unknown[]) => unknown>;

/** A template that ran for its macros; `ready` while its top level waits for something. */
export interface Module {
  exports: Exports;
  ready: Promise<unknown> | undefined;
}

/**
 * What belongs to one render, that is to one RenderOptions object: answered names, and the frame that runs.
 * Frames know their callers, so depth and the chain of macros are right however async renders interleave.
 */
export class RenderState {
  /** The frame whose call is being made; set right before every call, read first thing by the callee. */
  current: Frame | undefined;
  private names = new Map<string, unknown>();
  /** Templates whose macros were bound for this render. */
  readonly syncModules = new Map<TemplateSource, Module>();
  readonly asyncModules = new Map<TemplateSource, Module>();
  readonly maxDepth: number;

  constructor(
    readonly options: RenderOptions,
    readonly env: JinjaEnvironment,
  ) {
    this.maxDepth = options.maxDepth ?? DEFAULT_MAX_DEPTH;
  }

  /** Forgets answered names: a new render may be answered differently. */
  restart(): void {
    this.names = new Map();
    this.current = undefined;
  }

  /** The render's own answer for a name; undefined when it has none. */
  lookup(name: string): unknown {
    const known = this.names.get(name);
    if (known !== undefined || this.names.has(name)) return known;
    const value = this.options.lookup(name);
    this.names.set(name, value);
    return value;
  }

  /** The answer for a name, then the globals of Jinja. */
  global(name: string): unknown {
    const value = this.lookup(name);
    return value === undefined ? this.env.globals[name] : value;
  }

  /** Raises when a macro would be nested too deeply. */
  checkDepth(depth: number): void {
    if (depth > this.maxDepth) {
      fail(
        'RecursionError',
        `maximum recursion depth exceeded: macros are nested more than ${this.maxDepth} deep`,
      );
    }
  }
}
