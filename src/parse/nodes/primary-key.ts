/** Which columns identify a row of a model, by its constraints and tests: dbt's guess, in its order. */
import type { CompiledNode } from '../../manifest/nodes.ts';
import type { ParsedContents } from '../contents.ts';

const UNIQUE = ['unique', 'unique_combination_of_columns'];

/** Sets `primary_key` of every enabled model. */
export function inferPrimaryKeys(contents: ParsedContents): void {
  const tests = new Map<string, CompiledNode[]>();
  const note = (node: CompiledNode) => {
    const attached = node.attached_node;
    if (typeof attached !== 'string' || node.test_metadata === undefined) return;
    const list = tests.get(attached);
    if (list) list.push(node);
    else tests.set(attached, [node]);
  };
  for (const node of contents.nodes.values()) if (node.resource_type === 'test') note(node as CompiledNode);
  for (const list of contents.disabled.values())
    for (const node of list) if (node.resource_type === 'test') note(node as CompiledNode);
  for (const node of contents.nodes.values()) {
    if (node.resource_type !== 'model') continue;
    const model = node as CompiledNode;
    model.primary_key = primaryKeyOf(model, tests.get(model.unique_id) ?? []);
  }
}

/** In order of the names; `tests` are the generic tests attached to the model, disabled ones too. */
export function primaryKeyOf(model: CompiledNode, tests: readonly CompiledNode[]): string[] {
  return keyOf(model, tests).sort();
}

function keyOf(model: CompiledNode, tests: readonly CompiledNode[]): string[] {
  for (const constraint of model.constraints ?? [])
    if (constraint.type === 'primary_key') return [...(constraint.columns as string[])];
  for (const column of Object.values(model.columns))
    if (column.constraints.some((constraint) => constraint.type === 'primary_key')) return [column.name];
  const enabled = new Set<string>();
  const disabled = new Set<string>();
  const filled = new Set<string>();
  for (const test of tests) {
    const { name, kwargs } = test.test_metadata!;
    const into = UNIQUE.includes(name)
      ? test.config.enabled === false
        ? disabled
        : enabled
      : name === 'not_null'
        ? filled
        : undefined;
    if (into) for (const column of columnsOf(kwargs)) into.add(column);
  }
  const both = [...filled].filter((column) => enabled.has(column) || disabled.has(column));
  if (both.length > 0) return both;
  return [...(enabled.size > 0 ? enabled : disabled)];
}

function columnsOf(kwargs: Record<string, unknown>): string[] {
  if (typeof kwargs.column_name === 'string') return [kwargs.column_name];
  const { combination_of_columns: columns } = kwargs;
  return Array.isArray(columns) ? columns.filter((column) => typeof column === 'string') : [];
}
