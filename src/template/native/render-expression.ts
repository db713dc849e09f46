/**
 * dbt's native rendering of YAML values: `"{{ var('n') }}"` gives the value itself, text around it makes text,
 * and the filters as_bool, as_number, as_native and as_text say how a string is to be read.
 */
import type { RenderOptions } from '../contract.ts';
import { type CompiledTemplate, compileBody } from '../runtime/compiled.ts';
import { JinjaEnvironment } from '../runtime/environment.ts';
import { Frame } from '../runtime/frame.ts';
import { CollectedText } from '../runtime/kit.ts';
import { locateError, syntaxError } from '../runtime/locate-error.ts';
import { TemplateSource } from '../runtime/source.ts';
import { RenderState } from '../runtime/state.ts';
import { normalise } from '../syntax/lexer.ts';
import { parseSource } from '../syntax/parser.ts';
import { fail } from '../values/failure.ts';
import { toText } from '../values/text.ts';
import { isNumber } from '../values/types.ts';
import { Undefined } from '../values/undefined.ts';
import { Marker, nativeFilters } from './markers.ts';
import { pythonLiteral } from './python-literal.ts';

export interface ExpressionOptions extends RenderOptions {
  /** Path for errors; default `<yaml>`. */
  path?: string;
}

const strict = new JinjaEnvironment('strict-use', nativeFilters);
const capturing = new JinjaEnvironment('capture', nativeFilters);

/**
 * The value of a YAML string. A string with nothing to render is answered as it is.
 *
 * @returns the template value of a single expression (Dict, array, number, ...), else text
 * @throws SqError kind Compilation, e.g. when a single expression is undefined or `as_number` is no number
 */
export function renderExpression(source: string, options: ExpressionOptions): unknown {
  if (!hasTags(source)) return source;
  const { code, frame } = prepare(source, options, 'sync');
  try {
    return together(code.start(frame) as unknown[]);
  } catch (thrown) {
    throw locateError(thrown, frame);
  }
}

/** renderExpression where calls may answer promises. */
export async function renderExpressionAsync(source: string, options: ExpressionOptions): Promise<unknown> {
  if (!hasTags(source)) return source;
  const { code, frame } = prepare(source, options, 'async');
  try {
    return together((await code.start(frame)) as unknown[]);
  } catch (thrown) {
    throw locateError(thrown, frame);
  }
}

function hasTags(source: string): boolean {
  return /\{[{%#]|[#}%]\}/.test(source);
}

function prepare(
  source: string,
  options: ExpressionOptions,
  mode: 'sync' | 'async',
): { code: CompiledTemplate; frame: Frame } {
  const environment = options.undefinedMode === 'capture' ? capturing : strict;
  const place = new TemplateSource(options.path ?? '<yaml>', normalise(source), {});
  try {
    const code = compileBody(parseSource(source).body, place, mode, environment, true);
    const state = new RenderState(options, environment);
    return { code, frame: new Frame(state, code, undefined, undefined, undefined, mode === 'async') };
  } catch (thrown) {
    throw syntaxError(thrown, place);
  }
}

/** What the rendered pieces make together. */
function together(pieces: readonly unknown[]): unknown {
  if (pieces.length === 0) return '';
  if (pieces.length > 1)
    return pieces.map((piece) => (piece instanceof CollectedText ? piece.text : toText(piece))).join('');
  const [value] = pieces;
  if (value instanceof CollectedText) return value.text;
  // a setting that is silently nothing is worse than an error here
  if (value instanceof Undefined) return value.captures ? '' : value.fail();
  return value instanceof Marker ? read(value) : value;
}

function read(marker: Marker): unknown {
  if (marker.as === 'text') return marker.text;
  const literal = pythonLiteral(marker.text);
  const value = literal === undefined ? marker.text : literal;
  if (marker.as === 'bool' && typeof value !== 'boolean') {
    fail('ValueError', `Could not convert value '${marker.text}' into type 'bool'`);
  }
  if (marker.as === 'number' && (!isNumber(value) || typeof value === 'boolean')) {
    fail('ValueError', `Could not convert value '${marker.text}' into type 'number'`);
  }
  return value;
}
