/** The arguments of a generic test, rendered in the test's own context. */
import type { Scope } from '../../context/scope.ts';
import type { CompiledNode } from '../../manifest/nodes.ts';
import { asExpression } from '../../parse/yaml-references.ts';
import { Dict, fromJs, renderExpressionAsync } from '../../template/index.ts';

/** Texts that are calls or hold Jinja are rendered, to values; everything else passes as it is. */
export async function testKwargs(node: CompiledNode, scope: Scope): Promise<Record<string, unknown>> {
  const rendered: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(node.test_metadata?.kwargs ?? {})) {
    rendered[key] = await argument(value, scope);
  }
  return rendered;
}

/** What the `model` of nearly every test is; answered by its functions, without a template of its own. */
const MODEL = /^\{\{ get_where_subquery\((ref|source)\((['"])([\w.-]+)\2(?:, ?(['"])([\w.-]+)\4)?\)\) \}\}$/;

async function argument(value: unknown, scope: Scope): Promise<unknown> {
  if (typeof value === 'string') {
    const model = MODEL.exec(value);
    if (model) return whereSubquery(model, scope);
    const text = asExpression(value);
    return text.includes('{{') || text.includes('{%') ? renderExpressionAsync(text, scope.options) : value;
  }
  if (Array.isArray(value)) return Promise.all(value.map((item) => argument(item, scope)));
  if (typeof value === 'object' && value !== null) {
    const dict = new Dict();
    for (const [key, item] of Object.entries(value)) dict.set(key, await argument(item, scope));
    return dict;
  }
  return fromJs(value);
}

async function whereSubquery(model: RegExpExecArray, scope: Scope): Promise<unknown> {
  const names = [model[3], model[5]].filter((name) => name !== undefined);
  const find = scope.lookup(model[1]!) as (...args: unknown[]) => unknown;
  const where = scope.lookup('get_where_subquery') as (...args: unknown[]) => unknown;
  return where(await find(...names));
}
