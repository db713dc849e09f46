import { compileTemplate } from '../codegen/template-compiler.ts';
import type { Statement } from '../syntax/nodes.ts';
import { toText } from '../values/text.ts';
import { isTruthy } from '../values/truth.ts';
import type { JinjaEnvironment } from './environment.ts';
import type { Frame } from './frame.ts';
import { type Kit, kit } from './kit.ts';
import type { TemplateSource } from './source.ts';

/** Generated code as a JavaScript function. */
export type CodeFunction = (
  frame: Frame,
  text: typeof toText,
  truth: typeof isTruthy,
  kit: Kit,
  texts: readonly string[],
) => unknown;

/** A template that can run: its code, and where in the author's file its places are. */
export class CompiledTemplate {
  constructor(
    readonly source: TemplateSource,
    private readonly run: CodeFunction,
    private readonly texts: readonly string[],
    readonly sites: readonly number[],
  ) {}

  /** Text; a promise of it in async code, a list of values in native code. */
  start(frame: Frame): unknown {
    return this.run(frame, toText, isTruthy, kit, this.texts);
  }
}

/** Functions kept for reuse, a few kilobytes each. */
const MAX_SHAPES = 5000;

const AsyncFunction = (async () => undefined).constructor as FunctionConstructor;

/**
 * Generates and compiles the code of a template. Templates of the same shape (the same tags around other texts,
 * as most models of a project are) share one function. Raises SyntaxFailure for unknown filters and tests.
 */
export function compileBody(
  body: readonly Statement[],
  source: TemplateSource,
  mode: 'sync' | 'async',
  env: JinjaEnvironment,
  native = false,
): CompiledTemplate {
  const { code, texts, sites } = compileTemplate(body, {
    mode,
    native,
    hasFilter: (name) => env.hasFilter(name),
    hasTest: (name) => env.hasTest(name),
  });
  const shapes = mode === 'sync' ? env.syncShapes : env.asyncShapes;
  let run = shapes.get(code);
  if (run === undefined) {
    const Constructor = mode === 'sync' ? Function : AsyncFunction;
    run = new Constructor('f', 's', 't', '$', 'k', code) as CodeFunction;
    // a process that lives long may meet templates without end
    if (shapes.size >= MAX_SHAPES) shapes.clear();
    shapes.set(code, run);
  }
  return new CompiledTemplate(source, run, texts, sites);
}
