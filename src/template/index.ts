/** The template room's door: see contract.ts for the nouns. Nothing outside this folder imports nunjucks. */
export * from './contract.ts';
export { type LiteralTemplate, literalCalls, renderLiteral } from './literal.ts';
export {
  type CallArgumentsOptions,
  callArguments,
  type SplitArguments,
  splitArguments,
} from './methods/arguments.ts';
export {
  type ExpressionOptions,
  renderExpression,
  renderExpressionAsync,
} from './native/render-expression.ts';
export { ReturnSignal } from './runtime/return-signal.ts';
export { scanBlocks } from './scan-blocks.ts';
export { parseTemplate } from './template.ts';
export { PySet } from './values/collections.ts';
export { fromJs, toJs } from './values/convert.ts';
export { Dict } from './values/dict.ts';
export { PyFloat } from './values/float.ts';
export { type JsonOptions, toJson } from './values/json.ts';
export { Kwargs } from './values/kwargs.ts';
export { toText } from './values/text.ts';
export { isTruthy } from './values/truth.ts';
export { Tuple } from './values/tuple.ts';
export { Undefined } from './values/undefined.ts';
