/** `model`: the node itself, as its macros read it. A contract's types and foreign keys are spelled for the engine. */
import type { Dialect } from '../../adapters/contract.ts';
import { PyDateTime } from '../../context/modules/moments.ts';
import { RelationObject } from '../../context/relation-object.ts';
import type { CompiledNode } from '../../manifest/nodes.ts';
import { renderRelation } from '../../manifest/relation.ts';
import { fromJs, literalCalls, toText } from '../../template/index.ts';
import type { Batch } from '../contract.ts';

export interface ModelObjectOptions {
  dialect: Dialect;
  ref: (args: readonly unknown[], kwargs: Readonly<Record<string, unknown>>) => unknown;
  source: (args: readonly unknown[]) => unknown;
}

/** `extra` may hold the node's final SQL; `batch`: the part of a microbatch model that is built. */
export function modelObject(
  node: CompiledNode,
  options: ModelObjectOptions,
  { extra, batch }: { extra: Readonly<Record<string, unknown>>; batch: Batch | undefined },
): unknown {
  const { compiled_code } = extra;
  return fromJs({
    ...contracted(node, options),
    ...(compiled_code !== undefined && { compiled_code }),
    ...(batch && {
      batch: {
        id: batch.id,
        event_time_start: PyDateTime.fromDate(batch.start, 0),
        event_time_end: PyDateTime.fromDate(batch.end, 0),
      },
    }),
  });
}

/** The node with `data_type`s translated (`alias_types`) and `to: ref(...)` of foreign keys as relation names. */
function contracted(node: CompiledNode, options: ModelObjectOptions): CompiledNode {
  if (node.contract?.enforced !== true) return node;
  const spell = (constraint: Record<string, unknown>) =>
    typeof constraint.to === 'string'
      ? { ...constraint, to: relationName(constraint.to, options) }
      : constraint;
  const columns = Object.entries(node.columns).map(([name, column]) => [
    name,
    {
      ...column,
      data_type:
        node.contract?.alias_types && typeof column.data_type === 'string'
          ? options.dialect.translateType(column.data_type)
          : column.data_type,
      constraints: column.constraints.map(spell),
    },
  ]);
  const constraints = (node.constraints ?? []) as Record<string, unknown>[];
  return {
    ...node,
    columns: Object.fromEntries(columns),
    constraints: constraints.map(spell),
  } as CompiledNode;
}

/** `ref('orders')` as the relation's name; a name stays as it is. */
function relationName(to: string, { ref, source, dialect }: ModelObjectOptions): string {
  const call = literalCalls(`{{ ${to} }}`)?.calls[0];
  if (call?.name !== 'ref' && call?.name !== 'source') return to;
  const found = call.name === 'ref' ? ref(call.args, call.kwargs) : source(call.args);
  if (found instanceof RelationObject && dialect.capabilities.referencesNameNoDatabase === true)
    return renderRelation({ ...found.relation, database: null });
  return toText(found);
}
