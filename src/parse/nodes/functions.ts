/** `functions:` entries -> what a function takes and gives back, and its other forms of the same name. */
import { SqError } from '../../errors.ts';
import type { CompiledNode } from '../../manifest/nodes.ts';
import { isRecord, listOf } from '../config/merge.ts';
import type { ParsedContents } from '../contents.ts';

interface Signature {
  arguments: Record<string, unknown>[];
  returns: Record<string, unknown>;
}

export function addSignature(node: CompiledNode, raw: Record<string, unknown> = {}): void {
  const returns = isRecord(raw.returns) ? raw.returns : {};
  Object.assign(node, signatureOf(raw, returns), {
    overloads: listOf(raw.overloads).filter(isRecord).map(overload),
  });
  node.config.materialized = 'function';
}

/**
 * A file that an overload names is no function of its own: its text becomes the overload's. Throws kind Parsing for
 * a function without an entry: its types are known from nowhere else.
 */
export function takeOverloads(contents: ParsedContents): void {
  for (const node of [...contents.nodes.values()]) {
    if (node.resource_type !== 'function') continue;
    for (const one of (node as CompiledNode).overloads as Record<string, unknown>[]) {
      const id = `function.${node.package_name}.${String(one.defined_in)}`;
      const file = contents.nodes.get(id) as CompiledNode | undefined;
      if (file === undefined) continue;
      one.raw_body = file.raw_code;
      contents.nodes.delete(id);
    }
  }
  for (const node of contents.nodes.values())
    if (node.resource_type === 'function') checkReturns(node as CompiledNode);
}

function checkReturns(node: CompiledNode): void {
  if (typeof (node.returns as { data_type?: unknown }).data_type === 'string') return;
  throw new SqError({
    kind: 'Parsing',
    code: 'function-returns',
    message: `Function '${node.name}' (${node.original_file_path}) has no 'returns' property with a 'data_type'`,
    at: { path: node.original_file_path },
    hint: `describe it in a property file: functions: [{name: ${node.name}, arguments: [...], returns: {data_type: ...}}]`,
  });
}

function signatureOf(raw: Record<string, unknown>, returns: Record<string, unknown>): Signature {
  return {
    arguments: listOf(raw.arguments)
      .filter(isRecord)
      .map((one) => ({
        name: String(one.name),
        data_type: String(one.data_type),
        description: one.description ?? null,
        default_value: one.default_value ?? null,
      })),
    returns: { data_type: returns.data_type, description: returns.description ?? null },
  };
}

function overload(raw: Record<string, unknown>): Record<string, unknown> {
  const returns = isRecord(raw.returns) ? raw.returns : undefined;
  return {
    defined_in: String(raw.defined_in),
    arguments: signatureOf(raw, {}).arguments,
    returns: returns === undefined ? null : signatureOf(raw, returns).returns,
    description: raw.description ?? null,
    raw_body: null,
    compiled_body: null,
  };
}
