/** `contract: {enforced: true}`: what it asks of a model, and the checksum by which dbt sees a broken contract. */
import { hash } from 'node:crypto';
import { SqError } from '../../errors.ts';
import { pythonRepr } from '../../load/index.ts';
import type { CompiledNode } from '../../manifest/nodes.ts';
import type { Constraint } from './constraints.ts';

/** Sets `contract.checksum`. Throws kind Parsing for a contract without columns, or of a Python model. */
export function applyContract(node: CompiledNode): void {
  if (node.contract === undefined || !node.contract.enforced) return;
  const errors: string[] = [];
  if (Object.keys(node.columns).length === 0)
    errors.push('Constraints must be defined in a `yml` schema configuration file like `schema.yml`.');
  if (node.language !== 'sql') errors.push(`Language Error: Expected 'sql' but found '${node.language}'`);
  if (errors.length > 0) {
    throw new SqError({
      kind: 'Parsing',
      code: 'contract',
      message: `Contract enforcement failed for: (${node.original_file_path})\n${errors.join('\n')}`,
      hint: 'list the model under models: in a .yml file, with its columns and a data_type for each',
    });
  }
  node.contract.checksum = hash('sha256', contractText(node));
}

/** dbt hashes the Python representation of columns and constraints; the text must be the same to the letter. */
function contractText(node: CompiledNode): string {
  const columns = Object.values(node.columns).sort((a, b) =>
    a.name < b.name ? -1 : a.name > b.name ? 1 : 0,
  );
  let text = '';
  for (const column of columns) {
    const constraints = (column.constraints as Constraint[]).map((one) =>
      shown('ColumnLevelConstraint', one),
    );
    text += `|${column.name}${column.data_type ?? 'None'}[${constraints.join(', ')}]`;
  }
  const { materialized } = node.config;
  if (materialized === 'table' || materialized === 'incremental') {
    const own = ((node.constraints ?? []) as Constraint[]).map((one) => shown('ModelLevelConstraint', one));
    text += `${materialized}[${own.join(', ')}]`;
  }
  return text;
}

function shown(className: string, constraint: Constraint): string {
  const fields = Object.entries(constraint).map(([key, value]) =>
    key === 'type' ? `type=<ConstraintType.${value}: '${value}'>` : `${key}=${pythonRepr(value)}`,
  );
  return `${className}(${fields.join(', ')})`;
}
