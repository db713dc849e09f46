import type { CallArgs, Expr } from '../syntax/nodes.ts';

/** Filters whose result Jinja does not compute ahead: they see the render, or answer something else than data. */
const NOT_FOLDED = new Set([
  'as_bool',
  'as_native',
  'as_number',
  'as_text',
  'map',
  'random',
  'reject',
  'rejectattr',
  'select',
  'selectattr',
  'batch',
  'slice',
  'unique',
  'items',
  'reverse',
  'tojson',
  'escape',
  'e',
  'safe',
  'forceescape',
]);

/** True for an expression that Jinja computes while compiling: no names and no calls in it. */
export function isConstant(expr: Expr): boolean {
  switch (expr.kind) {
    case 'const':
      return true;
    case 'list':
    case 'tuple':
      return expr.items.every(isConstant);
    case 'dict':
      return expr.pairs.every(({ key, value }) => isConstant(key) && isConstant(value));
    case 'binary':
    case 'logic':
      return isConstant(expr.left) && isConstant(expr.right);
    case 'sign':
    case 'not':
      return isConstant(expr.operand);
    case 'compare':
      return isConstant(expr.first) && expr.rest.every(({ right }) => isConstant(right));
    case 'concat':
      return expr.parts.every(isConstant);
    case 'ternary':
      return (
        isConstant(expr.test) &&
        isConstant(expr.value) &&
        expr.otherwise !== null &&
        isConstant(expr.otherwise)
      );
    case 'attribute':
      return isConstant(expr.target);
    case 'item':
      return isConstant(expr.target) && isConstant(expr.key);
    case 'slice':
      return [expr.start, expr.stop, expr.step].every((part) => part === null || isConstant(part));
    case 'filter':
      return (
        expr.target !== null &&
        isConstant(expr.target) &&
        !NOT_FOLDED.has(expr.name) &&
        constantArgs(expr.args)
      );
    case 'test':
      return isConstant(expr.operand) && constantArgs(expr.args);
    default:
      return false;
  }
}

function constantArgs(args: CallArgs): boolean {
  return (
    args.positional.every(isConstant) &&
    args.keywords.every(({ value }) => isConstant(value)) &&
    args.spread === null &&
    args.spreadKeywords === null
  );
}
