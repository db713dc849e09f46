/** What `ls` prints, line by line. Shapes are dbt's (`task/list.py`). */
import type { Manifest, NodeSummary } from '../manifest/manifest.ts';
import type { GraphNode } from '../manifest/nodes.ts';
import { pythonJson } from './python-json.ts';

export type ListOutput = 'selector' | 'name' | 'path' | 'json';

export interface ListOptions {
  /** Default `selector`. */
  output?: ListOutput | undefined;
  /** Only for json: the keys to show, in this order; `config.materialized` reaches inside. Default dbt's. */
  outputKeys?: readonly string[] | undefined;
}

/**
 * One line for each selected vertex, in the order of unique ids. Only json reads whole nodes. Paths repeat
 * when a file defines several vertices, as in dbt.
 */
export function listLines(
  manifest: Manifest,
  selected: Iterable<string>,
  options: ListOptions = {},
): string[] {
  const line = writer(manifest, options);
  const lines: string[] = [];
  for (const id of [...selected].sort()) {
    const node = manifest.index.get(id);
    if (node !== undefined) lines.push(line(node));
  }
  return lines;
}

function writer(manifest: Manifest, options: ListOptions): (node: NodeSummary) => string {
  switch (options.output ?? 'selector') {
    case 'selector':
      return selectorOf;
    case 'name':
      return nameOf;
    case 'path':
      return (node) => node.original_file_path;
    case 'json': {
      const keys = (options.outputKeys ?? []).flatMap((key) => key.split(' ')).filter((key) => key !== '');
      return (node) => pythonJson(jsonOf(manifest.get(node.unique_id), keys));
    }
  }
}

/** A selector that finds exactly this vertex again. */
function selectorOf(node: NodeSummary): string {
  switch (node.resource_type) {
    case 'source':
      return `source:${node.package_name}.${node.source_name}.${node.name}`;
    case 'exposure':
    case 'metric':
    case 'saved_query':
    case 'semantic_model':
      return `${node.resource_type}:${node.package_name}.${node.name}`;
    case 'unit_test':
      return `unit_test:${node.package_name}.${node.name}${node.version === undefined ? '' : `_v${node.version}`}`;
    default:
      return node.fqn.join('.');
  }
}

function nameOf(node: NodeSummary): string {
  if (node.resource_type === 'source') return `${node.source_name}.${node.name}`;
  return node.resource_type === 'model' && node.version !== undefined
    ? `${node.name}.v${node.version}`
    : node.name;
}

const DEFAULT_KEYS = new Set([
  'alias',
  'name',
  'package_name',
  'depends_on',
  'direct_parents',
  'tags',
  'config',
  'resource_type',
  'source_name',
  'original_file_path',
  'unique_id',
]);

function jsonOf(node: GraphNode | undefined, keys: readonly string[]): Record<string, unknown> {
  if (node === undefined) return {};
  const all: Record<string, unknown> = { ...node };
  if (node.resource_type === 'model') all['direct_parents'] = [...node.depends_on.nodes];
  if (keys.length === 0) {
    return Object.fromEntries(Object.entries(all).filter(([key]) => DEFAULT_KEYS.has(key)));
  }
  // Cosmos asks for it of every node
  all['depends_on'] = { macros: [], nodes: [], ...(all['depends_on'] as object | undefined) };
  const shown: Record<string, unknown> = {};
  for (const key of keys) {
    const value = key.includes('.') ? nested(all, key.split('.')) : all[key];
    // A key inside another is left out when it is null, one at the top is not: as in dbt.
    if (value !== undefined && !(value === null && key.includes('.'))) shown[key] = value;
  }
  return shown;
}

function nested(value: unknown, keys: readonly string[]): unknown {
  let found = value;
  for (const key of keys) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, key)) return undefined;
    found = (found as Record<string, unknown>)[key];
  }
  return found;
}
