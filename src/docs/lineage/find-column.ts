/** `songplays.artist_id` as a person writes it -> a node and a column. */
import type { Analysis, ColumnAddress } from '../../analyze/contract.ts';
import { nearest, SqError } from '../../errors.ts';
import type { Manifest, NodeSummary } from '../../manifest/manifest.ts';
import { shownName } from './graph.ts';

const WITH_COLUMNS: ReadonlySet<string> = new Set(['model', 'seed', 'snapshot', 'source']);

/**
 * The node before the last dot: by name, `source.table`, `package.name` or unique id. Throws SqError when there is
 * none, or more than one.
 */
export function findNode(manifest: Manifest, written: string): { node: NodeSummary; column: string } {
  const dot = written.lastIndexOf('.');
  if (dot < 1 || dot === written.length - 1) {
    throw failure(`--column ${written}: which column of which model?`, 'write --column songplays.artist_id');
  }
  const name = written.slice(0, dot);
  const nodes = [...manifest.index.values()].filter(({ resource_type }) => WITH_COLUMNS.has(resource_type));
  const found = nodes.filter((node) => namesOf(node).includes(name));
  // a model and the source it reads often have one name: the model is the nearer one
  const made = found.filter(({ resource_type }) => resource_type !== 'source');
  const [node, other] = made.length > 0 ? made : found;
  if (node === undefined) {
    const near = nearest(name, nodes.map(shownName));
    throw failure(
      `There is no model, seed, snapshot or source '${name}'`,
      near === undefined ? "'sq ls' lists them" : `did you mean '${near}.${written.slice(dot + 1)}'?`,
    );
  }
  if (other !== undefined) {
    throw failure(
      `'${name}' is both ${node.unique_id} and ${other.unique_id}`,
      `write --column ${node.unique_id}.${written.slice(dot + 1)}`,
    );
  }
  return { node, column: written.slice(dot + 1) };
}

function namesOf(node: NodeSummary): string[] {
  const { name, package_name, unique_id } = node;
  return [name, shownName(node), `${package_name}.${name}`, unique_id];
}

/** In the spelling of the analysis; case does not matter where only one column fits. */
export function findColumn(analysis: Analysis, node: NodeSummary, written: string): ColumnAddress {
  const { unique_id } = node;
  const known = analysis.nodes.get(unique_id);
  const columns = new Set(known?.columns.map(({ name }) => name));
  // a source without a list of columns has those that models read
  for (const { from } of analysis.edges) if (from.node === unique_id) columns.add(from.column);
  if (columns.has(written)) return { node: unique_id, column: written };
  const alike = [...columns].filter((name) => name.toLowerCase() === written.toLowerCase());
  if (alike.length === 1) return { node: unique_id, column: alike[0]! };
  if (columns.size === 0) {
    throw failure(
      `The columns of ${shownName(node)} are not known${known?.problem === undefined ? '' : `: ${known.problem}`}`,
      `list them in its YAML, or build it and run 'sq docs generate': then the catalog has them`,
    );
  }
  const near = nearest(written, columns);
  throw failure(
    `${shownName(node)} has no column '${written}'`,
    `${near === undefined ? '' : `did you mean '${near}'? `}it has: ${listed([...columns])}`,
  );
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, 12).join(', ');
  return names.length > 12 ? `${shown}, and ${names.length - 12} more` : shown;
}

function failure(message: string, hint: string): SqError {
  return new SqError({ kind: 'Runtime', code: 'lineage-column', message, hint });
}
