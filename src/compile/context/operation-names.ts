/** What only the macro of a `run-operation` has: it stands where a node stands otherwise. */
import type { BaseNames } from '../../context/base.ts';
import { CallableNamespace } from '../../context/host.ts';
import { SqError } from '../../errors.ts';
import type { MacroNode } from '../../manifest/nodes.ts';
import { callArguments, fromJs } from '../../template/index.ts';

export function operationNames(macro: MacroNode, base: BaseNames): Record<string, unknown> {
  const fallback = (...args: unknown[]) => callArguments(args, ['name', 'default']).default ?? null;
  const members: Record<string, unknown> = {
    get: fallback,
    meta_get: fallback,
    persist_relation_docs: () => false,
    persist_column_docs: () => false,
    require: (...args: unknown[]) => {
      throw missing(macro, callArguments(args, ['name']).name);
    },
  };
  return {
    model: fromJs({ ...macro }),
    // its package's values, as under dbt
    var: base.var(macro.package_name, `macro ${macro.name}`),
    config: new CallableNamespace(
      'config',
      () => '',
      (name) => members[name],
    ),
  };
}

function missing({ unique_id }: MacroNode, name: unknown): SqError {
  return new SqError({
    kind: 'Compilation',
    code: 'missing-config',
    message: `Model '${unique_id}' does not define a required config parameter '${String(name)}'.`,
  });
}
