/**
 * What a template calls, read off its syntax tree without rendering: the calls of macros that dbt lists in the
 * manifest, and the arguments of `config()` as written, by which dbt tells whether a config was changed.
 */
import type { StaticCall } from './contract.ts';
import type { CallArgs, CallExpr, Expr, Statement } from './syntax/nodes.ts';
import { PyFloat } from './values/float.ts';
import { repr } from './values/text.ts';

/** Calls of a name or of a name's attribute, outer calls before those in their arguments, in the text's order. */
export function callsIn(body: readonly Statement[]): StaticCall[] {
  return callExpressions(body).flatMap((call): StaticCall[] => {
    const name = calledName(call);
    if (name === undefined) return [];
    const { positional, keywords } = call.args;
    const keyword = Object.fromEntries(keywords.map(({ name: key, value }) => [key, constant(value)]));
    return [{ name, args: positional.map(constant), kwargs: keyword }];
  });
}

/** The keyword arguments of the first call of `name`, each as Jinja2 text; undefined without such a call. */
export function keywordTexts(body: readonly Statement[], name: string): Record<string, string> | undefined {
  for (const call of callExpressions(body)) {
    if (call.target.kind !== 'name' || call.target.name !== name) continue;
    return Object.fromEntries(
      call.args.keywords.map(({ name: key, value }) => [
        key,
        value.kind === 'const' && typeof value.value === 'string' ? value.value : textOf(value),
      ]),
    );
  }
  return undefined;
}

function calledName({ target }: CallExpr): string | undefined {
  if (target.kind === 'name') return target.name;
  if (target.kind === 'attribute' && target.target.kind === 'name')
    return `${target.target.name}.${target.name}`;
  return undefined;
}

function constant(value: Expr): string | undefined {
  return value.kind === 'const' && typeof value.value === 'string' ? value.value : undefined;
}

/** Outer calls first. Every macro of a project is walked: no generators here, nothing is copied. */
function callExpressions(node: unknown, found: CallExpr[] = []): CallExpr[] {
  if (Array.isArray(node)) {
    for (const item of node) if (typeof item === 'object' && item !== null) callExpressions(item, found);
    return found;
  }
  const record = node as Record<string, unknown>;
  if (record.kind === 'call') found.push(record as unknown as CallExpr);
  for (const key in record) {
    const value = record[key];
    if (typeof value === 'object' && value !== null) callExpressions(value, found);
  }
  return found;
}

/** An expression as text: spaces and quotes as Python writes them, not as the author did. */
function textOf(expr: Expr): string {
  switch (expr.kind) {
    case 'const':
      return repr(expr.isFloat ? new PyFloat(Number(expr.value)) : expr.value);
    case 'name':
      return expr.name;
    case 'list':
      return `[${expr.items.map(textOf).join(', ')}]`;
    case 'tuple':
      return expr.items.length === 1
        ? `(${textOf(expr.items[0] as Expr)},)`
        : `(${expr.items.map(textOf).join(', ')})`;
    case 'dict':
      return `{${expr.pairs.map(({ key, value }) => `${textOf(key)}: ${textOf(value)}`).join(', ')}}`;
    case 'binary':
      return `${textOf(expr.left)} ${expr.operator} ${textOf(expr.right)}`;
    case 'sign':
      return `${expr.operator}${textOf(expr.operand)}`;
    case 'not':
      return `not ${textOf(expr.operand)}`;
    case 'logic':
      return `${textOf(expr.left)} ${expr.operator} ${textOf(expr.right)}`;
    case 'compare':
      return `${textOf(expr.first)} ${expr.rest.map(({ operator, right }) => `${operator} ${textOf(right)}`).join(' ')}`;
    case 'concat':
      return expr.parts.map(textOf).join(' ~ ');
    case 'ternary': {
      const otherwise = expr.otherwise === null ? '' : ` else ${textOf(expr.otherwise)}`;
      return `${textOf(expr.value)} if ${textOf(expr.test)}${otherwise}`;
    }
    case 'attribute':
      return `${textOf(expr.target)}.${expr.name}`;
    case 'item':
      return `${textOf(expr.target)}[${textOf(expr.key)}]`;
    case 'slice':
      return [expr.start, expr.stop].map((part) => (part === null ? '' : textOf(part))).join(':');
    case 'call':
      return `${textOf(expr.target)}(${argumentsOf(expr.args)})`;
    case 'filter': {
      const args = argumentsOf(expr.args);
      return `${expr.target === null ? '' : textOf(expr.target)} | ${expr.name}${args === '' ? '' : `(${args})`}`;
    }
    case 'test':
      return `${textOf(expr.operand)} is ${expr.name}`;
  }
}

function argumentsOf({ positional, keywords, spread, spreadKeywords }: CallArgs): string {
  const parts = positional.map(textOf);
  for (const { name, value } of keywords) parts.push(`${name}=${textOf(value)}`);
  if (spread !== null) parts.push(`*${textOf(spread)}`);
  if (spreadKeywords !== null) parts.push(`**${textOf(spreadKeywords)}`);
  return parts.join(', ');
}
