import { SqError } from '../errors.ts';
import type {
  MacroDefinition,
  MacroFunction,
  RenderOptions,
  SourceSpan,
  StaticCall,
  Template,
} from './contract.ts';
import { type CompiledTemplate, compileBody } from './runtime/compiled.ts';
import { environmentFor } from './runtime/environments.ts';
import { Frame } from './runtime/frame.ts';
import { locateError, syntaxError } from './runtime/locate-error.ts';
import { TemplateSource } from './runtime/source.ts';
import { type Exports, RenderState } from './runtime/state.ts';
import { callsIn, keywordTexts } from './static-calls.ts';
import { normalise } from './syntax/lexer.ts';
import type { MacroNode, Statement } from './syntax/nodes.ts';
import { parseSource } from './syntax/parser.ts';

/**
 * Reads a template. Code is generated when it is first rendered, for the sync and the async way apart.
 *
 * @param source the text as in the file
 * @param span where the text stands in the author's file; a path alone means the whole file
 * @throws SqError kind Compilation with place and excerpt, for text that is no template
 */
export function parseTemplate(source: string, span: SourceSpan | { path: string }): Template {
  return new ParsedTemplate(source, span);
}

/** The render a RenderOptions object stands for. */
const states = new WeakMap<RenderOptions, RenderState>();

function stateFor(options: RenderOptions): RenderState {
  let state = states.get(options);
  if (state === undefined) {
    state = new RenderState(options, environmentFor(options.undefinedMode));
    states.set(options, state);
  }
  return state;
}

/** The frame of a render; names are asked anew. */
function rootFrame(options: RenderOptions, code: CompiledTemplate, isAsync: boolean): Frame {
  const state = stateFor(options);
  state.restart();
  return new Frame(state, code, undefined, undefined, undefined, isAsync);
}

class ParsedTemplate implements Template {
  readonly path: string;
  readonly isPlain: boolean;
  private readonly source: TemplateSource;
  private readonly body: readonly Statement[];
  private definitions: readonly MacroDefinition[] | undefined;
  private compiledSync: CompiledTemplate | undefined;
  private compiledAsync: CompiledTemplate | undefined;

  constructor(text: string, span: SourceSpan | { path: string }) {
    this.path = span.path;
    // positions count in the normalised text, whose lines are the file's
    this.source = new TemplateSource(span.path, normalise(text), span);
    this.isPlain = !/\{[{%#]/.test(text);
    try {
      this.body = parseSource(text).body;
    } catch (thrown) {
      throw syntaxError(thrown, this.source);
    }
  }

  get macros(): readonly MacroDefinition[] {
    this.definitions ??= this.body
      .filter((statement): statement is MacroNode => statement.kind === 'macro')
      .map((node) => ({
        name: node.name,
        parameters: node.parameters.map(({ name, default: value, type }) => ({
          name,
          hasDefault: value !== null,
          ...(type === undefined ? {} : { type }),
        })),
        at: this.source.locate(node.pos),
      }));
    return this.definitions;
  }

  calls(): StaticCall[] {
    return callsIn(this.body);
  }

  keywordTexts(name: string): Record<string, string> | undefined {
    return keywordTexts(this.body, name);
  }

  render(options: RenderOptions): string {
    if (this.isPlain) return this.source.text;
    const code = this.compiled('sync');
    const frame = rootFrame(options, code, false);
    try {
      return code.start(frame) as string;
    } catch (thrown) {
      throw locateError(thrown, frame);
    }
  }

  async renderAsync(options: RenderOptions): Promise<string> {
    if (this.isPlain) return this.source.text;
    const code = this.compiled('async');
    const frame = rootFrame(options, code, true);
    try {
      return (await code.start(frame)) as string;
    } catch (thrown) {
      throw locateError(thrown, frame);
    }
  }

  bindMacro(name: string, options: RenderOptions, mode: 'sync' | 'async'): MacroFunction {
    const module = this.module(options, mode);
    const macro = module.exports.get(name);
    if (macro !== undefined) return macro;
    if (module.ready === undefined) throw this.noMacro(name);
    const state = stateFor(options);
    return async (...args) => {
      const caller = state.current;
      await module.ready;
      state.current = caller;
      const late = module.exports.get(name);
      if (late === undefined) throw this.noMacro(name);
      return late(...args);
    };
  }

  /** The macros of this template for a render: its top level runs once. */
  private module(options: RenderOptions, mode: 'sync' | 'async') {
    const state = stateFor(options);
    const key = mode === 'sync' ? 'syncModules' : 'asyncModules';
    let module = state[key].get(this.source);
    if (module === undefined) {
      const exports: Exports = new Map();
      const code = this.compiled(mode);
      const frame = new Frame(state, code, undefined, undefined, exports, mode === 'async');
      const { current } = state;
      let ready: Promise<unknown> | undefined;
      try {
        const answer = code.start(frame);
        if (answer instanceof Promise) {
          ready = answer.catch((thrown: unknown) => {
            throw locateError(thrown, frame);
          });
          // whoever calls a macro sees the failure; until then it is nobody's
          ready.catch(() => undefined);
        }
      } catch (thrown) {
        throw locateError(thrown, frame);
      } finally {
        state.current = current;
      }
      module = { exports, ready };
      state[key].set(this.source, module);
    }
    return module;
  }

  private noMacro(name: string): SqError {
    return new SqError({
      kind: 'Compilation',
      code: 'template-macro',
      message: `'${name}' is not a macro of ${this.path}`,
      at: this.source.locate(0),
    });
  }

  private compiled(mode: 'sync' | 'async'): CompiledTemplate {
    const known = mode === 'sync' ? this.compiledSync : this.compiledAsync;
    if (known !== undefined) return known;
    const made = this.generate(mode);
    if (mode === 'sync') this.compiledSync = made;
    else this.compiledAsync = made;
    return made;
  }

  private generate(mode: 'sync' | 'async'): CompiledTemplate {
    try {
      return compileBody(this.body, this.source, mode, environmentFor('strict-use'));
    } catch (thrown) {
      throw syntaxError(thrown, this.source);
    }
  }
}
