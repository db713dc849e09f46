import type { Scope } from '../context/scope.ts';
import { Kwargs, type LiteralCall, type LiteralTemplate, renderLiteral, toText } from '../template/index.ts';

/** A body whose Jinja is only literal calls: each is answered by its function, nothing is generated. */
export async function renderCalls(literal: LiteralTemplate, scope: Scope): Promise<string> {
  const answers = new Map<LiteralCall, string>();
  for (const call of literal.calls) {
    const fn = scope.lookup(call.name);
    if (call.name === 'config' || typeof fn !== 'function') answers.set(call, '');
    else answers.set(call, toText(await fn(...call.args, ...keywordsOf(call))));
  }
  return renderLiteral(literal, (call) => answers.get(call)!);
}

function keywordsOf(call: LiteralCall): Kwargs[] {
  return Object.keys(call.kwargs).length === 0 ? [] : [Kwargs.of(call.kwargs)];
}
