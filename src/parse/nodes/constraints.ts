/** `constraints:` of models and columns: dbt's shape with all fields, its checks, and the parents they name. */
import { SqError } from '../../errors.ts';
import { pythonRepr } from '../../load/index.ts';
import type { CompiledNode } from '../../manifest/nodes.ts';
import { isRecord, listOf } from '../config/merge.ts';
import type { PackageSource, ParseSession, SqErrorPlace } from '../session.ts';
import { referencesIn } from '../yaml-references.ts';

const TYPES = ['check', 'not_null', 'unique', 'primary_key', 'foreign_key', 'custom'];

export type Constraint = Record<string, unknown> & { type: string };

/** Throws kind Parsing for a type that dbt does not know; `owner` is `column id` or `model orders`. */
export function constraintsOf(
  raw: unknown,
  level: 'column' | 'model',
  owner: string,
  at: () => SqErrorPlace,
): Constraint[] {
  return listOf(raw).map((entry) => {
    const given = isRecord(entry) ? entry : {};
    if (!TYPES.includes(String(given.type))) {
      const known = level === 'model' ? `: Type must be one of ${pythonRepr(TYPES)}` : '';
      throw new SqError({
        kind: 'Parsing',
        code: 'constraint-type',
        message: `Invalid constraint type on ${owner}${known}`,
        at: at(),
        hint: level === 'column' ? `type is one of ${TYPES.join(', ')}` : undefined,
      });
    }
    const constraint: Constraint = {
      type: String(given.type),
      name: textOf(given.name),
      expression: textOf(given.expression),
      warn_unenforced: given.warn_unenforced !== false,
      warn_unsupported: given.warn_unsupported !== false,
      to: textOf(given.to),
      to_columns: listOf(given.to_columns).map(String),
    };
    if (level === 'model') constraint.columns = listOf(given.columns).map(String);
    return constraint;
  });
}

/** All constraints of a model, its own first. */
export function allConstraints(node: CompiledNode): Constraint[] {
  return [
    ...((node.constraints ?? []) as Constraint[]),
    ...Object.values(node.columns).flatMap((column) => column.constraints as Constraint[]),
  ];
}

/** A foreign key to `ref(...)` or `source(...)` makes a parent. */
export function addConstraintParents(node: CompiledNode, session: ParseSession, pkg: PackageSource): void {
  for (const constraint of allConstraints(node)) {
    if (constraint.type !== 'foreign_key' || typeof constraint.to !== 'string') continue;
    const { refs, sources } = referencesIn(constraint.to, pkg, session);
    if (refs.length + sources.length === 0) {
      throw new SqError({
        kind: 'Parsing',
        code: 'constraint-to',
        message: `Invalid 'ref' or 'source' syntax on foreign key constraint 'to' on model ${node.name}: ${constraint.to}.`,
        hint: "write to: ref('model') or to: source('name', 'table')",
      });
    }
    node.refs?.push(...refs);
    node.sources?.push(...sources);
  }
}

/** A primary key stands at one column or at the model, not at several columns and not at both. */
export function checkPrimaryKeys(node: CompiledNode): void {
  const isKey = (constraint: Record<string, unknown>) => constraint.type === 'primary_key';
  const columns = Object.values(node.columns)
    .filter((column) => column.constraints.some(isKey))
    .map((column) => column.name);
  const errors: string[] = [];
  if (columns.length > 1) {
    errors.push(
      `Found ${columns.length} columns (${pythonRepr(columns)}) with primary key constraints defined. Primary keys for multiple columns must be defined as a model level constraint.`,
    );
  }
  if (columns.length > 0 && node.constraints?.some(isKey)) {
    errors.push(
      'Primary key constraints defined at the model level and the columns level. Primary keys can be defined at the model level or the column level, not both.',
    );
  }
  if (errors.length === 0) return;
  throw new SqError({
    kind: 'Parsing',
    code: 'primary-key',
    message: `Primary key constraint error: (${node.original_file_path})\n${errors.join('\n')}`,
  });
}

function textOf(value: unknown): string | null {
  return value === undefined || value === null ? null : String(value);
}
