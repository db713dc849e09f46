/** `adapter.render_raw_columns_constraints` and its sister: a contract's columns and constraints as DDL. */
import type { Dialect } from '../adapters/contract.ts';
import type { SqEvent } from '../events.ts';
import { callArguments, toJs } from '../template/index.ts';

interface Constraint {
  type: string;
  name?: string | null;
  expression?: string | null;
  warn_unenforced?: boolean;
  warn_unsupported?: boolean;
  to?: string | null;
  to_columns?: string[];
  columns?: string[];
}

interface Column {
  name: string;
  data_type?: string | null;
  quote?: boolean | null;
  constraints?: Constraint[];
}

export function constraintMembers(dialect: Dialect, emit: (event: SqEvent) => void): Record<string, unknown> {
  const render = (constraint: Constraint, spell: (constraint: Constraint) => string | undefined) => {
    const support = supportOf(constraint.type, dialect);
    if (support !== 'enforced') warn(constraint, support, dialect.type, emit);
    const text = support === 'not supported' ? undefined : spell(constraint)?.trim();
    return text === undefined || text === '' ? [] : [text];
  };
  return {
    render_raw_columns_constraints: (...args: unknown[]) => {
      const raw = toJs(callArguments(args, ['raw_columns']).raw_columns) as Record<string, Column>;
      return Object.values(raw).map(({ name, data_type, quote, constraints = [] }) =>
        [
          quote ? dialect.quote(name) : name,
          data_type ?? '',
          ...constraints.flatMap((constraint) => render(constraint, ofColumn)),
        ].join(' '),
      );
    },
    render_raw_model_constraints: (...args: unknown[]) => {
      const raw = toJs(callArguments(args, ['raw_constraints']).raw_constraints) as Constraint[] | null;
      return (raw ?? []).flatMap((constraint) => render(constraint, ofModel));
    },
  };
}

function supportOf(type: string, { capabilities }: Dialect): 'enforced' | 'not enforced' | 'not supported' {
  if (type === 'custom' || capabilities.constraints === undefined) return 'enforced';
  return capabilities.constraints[type] ?? 'not supported';
}

function ofColumn({ type, expression, to, to_columns = [] }: Constraint): string | undefined {
  const rest = expression ?? '';
  switch (type) {
    case 'check':
      return rest === '' ? undefined : `check (${rest})`;
    case 'not_null':
      return `not null ${rest}`;
    case 'unique':
      return `unique ${rest}`;
    case 'primary_key':
      return `primary key ${rest}`;
    case 'foreign_key':
      return references(to, to_columns, rest);
    default:
      return rest;
  }
}

function ofModel(constraint: Constraint): string | undefined {
  const { type, name, expression, to, to_columns = [], columns = [] } = constraint;
  const prefix = name ? `constraint ${name} ` : '';
  const rest = expression ?? '';
  const list = `(${columns.join(', ')})`;
  switch (type) {
    case 'check':
      return rest === '' ? undefined : `${prefix}check (${rest})`;
    case 'unique':
    case 'primary_key':
      return `${prefix}${type.replace('_', ' ')}${rest === '' ? '' : ` ${rest}`} ${list}`;
    case 'foreign_key': {
      const target = references(to, to_columns, rest);
      return target === undefined ? undefined : `${prefix}foreign key ${list} ${target}`;
    }
    default:
      return rest === '' ? undefined : `${prefix}${rest}`;
  }
}

function references(
  to: string | null | undefined,
  columns: readonly string[],
  expression: string,
): string | undefined {
  if (to && columns.length > 0) return `references ${to} (${columns.join(', ')})`;
  return expression === '' ? undefined : `references ${expression}`;
}

function warn(
  { type, warn_unenforced, warn_unsupported }: Constraint,
  support: 'not enforced' | 'not supported',
  adapter: string,
  emit: (event: SqEvent) => void,
): void {
  if (support === 'not supported' && warn_unsupported !== false) {
    const msg = `The constraint type ${type} is not supported by ${adapter}, and will be ignored. Set 'warn_unsupported: false' on this constraint to ignore this warning.`;
    emit({ name: 'Warning', event_name: 'ConstraintNotSupported', msg });
  }
  if (support === 'not enforced' && warn_unenforced !== false) {
    const msg = `The constraint type ${type} is not enforced by ${adapter}. The constraint will be included in this model's DDL statement, but it will not guarantee anything about the underlying data. Set 'warn_unenforced: false' on this constraint to ignore this warning.`;
    emit({ name: 'Warning', event_name: 'ConstraintNotEnforced', msg });
  }
}
