/** What the readers of a contracted model lose by a change: `state:modified` says it, or refuses it. */
import { SqError } from '../../errors.ts';
import type { CompiledNode } from '../../manifest/nodes.ts';
import type { StateComparison } from './contract.ts';
import { sameValue } from './same-value.ts';

interface Constraint {
  type: string;
  name?: string | null;
  columns?: string[];
}

/**
 * Whether a model's contract is the same. A change that breaks readers is a warning, of a versioned model an
 * SqError (Runtime).
 */
export function sameContract(
  model: CompiledNode,
  old: CompiledNode,
  comparison: Omit<StateComparison, 'previous'>,
): boolean {
  const [is, was] = [model.contract?.enforced === true, old.contract?.enforced === true];
  if (!was) return !is;
  if (is && model.contract?.checksum === old.contract?.checksum) return true;
  const changes = breakingChanges(model, old, comparison.enforcedConstraints ?? new Set());
  if (changes.length > 0) tellOrRefuse(model, changes, comparison);
  return false;
}

/** A contracted model that is gone: a warning, of a versioned model an SqError, unless it was announced. */
export function tellRemoved(
  removed: CompiledNode,
  isDisabled: boolean,
  comparison: Omit<StateComparison, 'previous'>,
): void {
  if (removed.resource_type !== 'model' || removed.contract?.enforced !== true) return;
  const { now } = comparison;
  const until = removed.deprecation_date ? new Date(removed.deprecation_date) : undefined;
  if (now !== undefined && until !== undefined && until < now) return;
  const how = isDisabled ? 'disabled' : 'deleted or renamed';
  tellOrRefuse(removed, [`Contracted model '${removed.unique_id}' was ${how}.`], comparison);
}

function breakingChanges(model: CompiledNode, old: CompiledNode, enforced: ReadonlySet<string>): string[] {
  const changes: string[] = [];
  const list = (title: string, items: readonly string[]) => {
    if (items.length > 0) changes.push(`${title}: \n    - ${items.join('\n    - ')}`);
  };
  if (model.contract?.enforced !== true) {
    changes.push(
      'Contract enforcement was removed: Previously, this model had an enforced contract. It is no longer configured to enforce its contract, and this is a breaking change.',
    );
  }
  const columns = Object.entries(old.columns).sort(([a], [b]) => (a < b ? -1 : 1));
  list(
    'Columns were removed',
    columns.filter(([key]) => !(key in model.columns)).map(([, column]) => column.name),
  );
  const kept = columns.filter(([key]) => key in model.columns);
  list(
    'Columns with data_type changes',
    kept
      .filter(([key, column]) => baseType(column.data_type) !== baseType(model.columns[key]!.data_type))
      .map(([key, { name, data_type }]) => `${name} (${data_type} -> ${model.columns[key]!.data_type})`),
  );
  if (!enforcesConstraints(old)) return changes;
  list(
    'Enforced column level constraints were removed',
    kept.flatMap(([key, column]) =>
      lost(constraintsOf(column), constraintsOf(model.columns[key]!), enforced).map(
        (one) => `'${constraintName(one)}' constraint on column ${key}`,
      ),
    ),
  );
  list(
    'Enforced model level constraints were removed',
    lost(constraintsOf(old), constraintsOf(model), enforced).map(
      (one) =>
        `'${constraintName(one)}' constraint on columns [${(one.columns ?? []).map((c) => `'${c}'`).join(', ')}]`,
    ),
  );
  const constrained =
    constraintsOf(old).length > 0 || columns.some(([, one]) => constraintsOf(one).length > 0);
  if (constrained && !enforcesConstraints(model)) {
    list('Materialization changed with enforced constraints', [
      `${old.config.materialized} -> ${model.config.materialized}`,
    ]);
  }
  return changes;
}

/** Sizes and precisions are not part of the promise. */
function baseType(type: string | null): string | null {
  return type === null ? null : type.split('(')[0]!.trim().toLowerCase();
}

function constraintsOf(owner: { constraints?: readonly unknown[] }): Constraint[] {
  return (owner.constraints ?? []) as Constraint[];
}

function enforcesConstraints({ config }: CompiledNode): boolean {
  return config.materialized === 'table' || config.materialized === 'incremental';
}

function lost(
  before: readonly Constraint[],
  now: readonly Constraint[],
  enforced: ReadonlySet<string>,
): Constraint[] {
  return before.filter((one) => enforced.has(one.type) && !now.some((other) => sameValue(one, other)));
}

function constraintName({ name, type }: Constraint): string {
  return name ?? type;
}

function tellOrRefuse(
  model: CompiledNode,
  changes: readonly string[],
  { warn }: Omit<StateComparison, 'previous'>,
): void {
  const reasons = changes.join('\n  - ');
  if (model.version === null || model.version === undefined) {
    const msg = `Breaking change to contracted, unversioned model ${model.name} (${model.original_file_path})\nWhile comparing to previous project state, dbt detected a breaking change to an unversioned model.\n  - ${reasons}\n`;
    warn?.({ name: 'Warning', event_name: 'UnversionedBreakingChange', msg });
    return;
  }
  throw new SqError({
    kind: 'Breaking change to contract',
    code: 'broken-contract',
    message: [
      `While comparing to previous project state, dbt detected a breaking change to an enforced contract.\n  - ${reasons}`,
      'Consider making an additive (non-breaking) change instead, if possible.',
      'Otherwise, create a new model version: https://docs.getdbt.com/docs/collaborate/govern/model-versions',
    ].join('\n'),
    node: { resourceType: 'model', name: model.name, path: model.original_file_path },
  });
}
