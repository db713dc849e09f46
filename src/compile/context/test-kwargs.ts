/** `_dbt_generic_test_kwargs`: the arguments of a generic test, rendered in the test's own context. */
import type { CompiledNode } from '../../manifest/nodes.ts';
import { asExpression } from '../../parse/yaml-references.ts';
import { Dict, fromJs, type RenderOptions, renderExpressionAsync } from '../../template/index.ts';

/** Texts that are calls or hold Jinja are rendered, to values; everything else passes as it is. */
export async function testKwargs(node: CompiledNode, options: RenderOptions): Promise<Dict> {
  const rendered = new Dict();
  for (const [key, value] of Object.entries(node.test_metadata?.kwargs ?? {})) {
    rendered.set(key, await argument(value, options));
  }
  return rendered;
}

async function argument(value: unknown, options: RenderOptions): Promise<unknown> {
  if (typeof value === 'string') {
    const text = asExpression(value);
    return text.includes('{{') || text.includes('{%') ? await renderExpressionAsync(text, options) : value;
  }
  if (Array.isArray(value)) return Promise.all(value.map((item) => argument(item, options)));
  if (typeof value === 'object' && value !== null) {
    const dict = new Dict();
    for (const [key, item] of Object.entries(value)) dict.set(key, await argument(item, options));
    return dict;
  }
  return fromJs(value);
}
