import { compileTemplate } from '../codegen/template-compiler.ts';
import type { Statement } from '../syntax/nodes.ts';
import type { toText } from '../values/text.ts';
import type { isTruthy } from '../values/truth.ts';
import type { JinjaEnvironment } from './environment.ts';
import type { Frame } from './frame.ts';
import type { Kit } from './kit.ts';

/** A template as a JavaScript function; async ones answer a promise, native ones a list of values. */
export type Compiled = (frame: Frame, text: typeof toText, truth: typeof isTruthy, kit: Kit) => unknown;

const AsyncFunction = (async () => undefined).constructor as FunctionConstructor;

/** Generates and compiles the code of a template. Raises SyntaxFailure for unknown filters and tests. */
export function compileBody(
  body: readonly Statement[],
  mode: 'sync' | 'async',
  env: JinjaEnvironment,
  native = false,
): Compiled {
  const code = compileTemplate(body, {
    mode,
    native,
    hasFilter: (name) => env.hasFilter(name),
    hasTest: (name) => env.hasTest(name),
  });
  const Constructor = mode === 'sync' ? Function : AsyncFunction;
  return new Constructor('f', 's', 't', '$', code) as Compiled;
}
