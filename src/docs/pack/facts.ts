/** What else the page says of a vertex. An allow-list: what is not named here is not in the page. */
import type { CompiledNode, ReferringNode, SourceNode } from '../../manifest/nodes.ts';
import type { DocsInput, PageOptions } from '../contract.ts';
import { safeLink } from '../markdown.ts';
import type { Vertex } from './subject.ts';

type Fact = [name: string, value: string];

/** In the order in which they are shown. */
export function factsOf({ id, node, summary }: Vertex, input: DocsInput, options: PageOptions): Fact[] {
  const facts: Fact[] = [];
  const add = (name: string, value: unknown) => {
    if (value === null || value === undefined || value === '' || value === false) return;
    facts.push([name, Array.isArray(value) ? value.map(String).join(', ') : String(value)]);
  };
  add('File', node.original_file_path);
  switch (node.resource_type) {
    case 'source':
      ofSource(node as SourceNode, add);
      break;
    case 'exposure':
      ofExposure(node as ReferringNode, add);
      break;
    case 'metric':
    case 'semantic_model':
    case 'saved_query':
      break;
    default:
      ofModel(node as CompiledNode, add);
  }
  add('Group', summary.group);
  add('Version', summary.version);
  const table = input.catalog.nodes[id] ?? input.catalog.sources[id];
  add('In the warehouse', table?.metadata.type.toLowerCase());
  add('Bytes', table?.stats['bytes']?.value);
  if (options.meta) {
    for (const [key, value] of Object.entries(node.meta ?? {})) add(`meta.${key}`, asText(value));
  }
  return facts;
}

function ofModel(node: CompiledNode, add: (name: string, value: unknown) => void): void {
  const { config } = node;
  add('Relation', node.relation_name);
  add('Access', node.resource_type === 'model' ? node.access : null);
  add('Contract', node.contract?.enforced === true ? 'enforced' : null);
  add('Strategy', config.materialized === 'incremental' ? config.incremental_strategy : null);
  add('Unique key', config.unique_key);
  add('Publish', config.publish === 'audited' ? 'after its tests pass' : null);
  add('Deprecated', node.deprecation_date);
}

function ofSource(node: SourceNode, add: (name: string, value: unknown) => void): void {
  add('Relation', node.relation_name);
  add('Source', node.source_name);
  add('Loader', node.loader);
  add('Format', node.external?.format);
  add('Loaded at', node.loaded_at_field);
}

function ofExposure(node: ReferringNode, add: (name: string, value: unknown) => void): void {
  const { type, maturity, url, owner } = node as {
    type?: string;
    maturity?: string | null;
    url?: string | null;
    owner?: { name?: string | null; email?: string | string[] | null };
  };
  add('Type', type);
  add('Owner', owner?.name);
  add('Contact', owner?.email);
  add('Maturity', maturity);
  add('Link', safeLink(url ?? ''));
}

function asText(value: unknown): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}
