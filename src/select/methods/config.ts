import type { Manifest, NodeSummary } from '../../manifest/manifest.ts';
import type { SelectorMethod } from './contract.ts';
import { isParsed } from './properties.ts';

/**
 * `config.<dotted path>:value` of nodes with SQL and of sources. A list matches by any of its elements, a
 * boolean by its word in any case, a number by its digits (dbt compares numbers only with numbers of
 * selectors.yml).
 */
export const config: SelectorMethod = ({ arguments: keys, value, manifest }) => {
  const ignoreCase = keys.length === 1 && keys[0] === 'severity';
  const matches = (found: unknown) =>
    Array.isArray(found) ? found.some((one) => equals(one, value, false)) : equals(found, value, ignoreCase);
  const read = reader(keys, manifest);
  return (node) => (isParsed(node.resource_type) || node.resource_type === 'source') && matches(read(node));
};

/** Reads one config of a node: from its summary where that has it, since reading whole nodes is slow. */
function reader(keys: readonly string[], manifest: Manifest): (node: NodeSummary) => unknown {
  const known = keys.length === 1 ? IN_SUMMARY[keys[0] as keyof typeof IN_SUMMARY] : undefined;
  if (known !== undefined) return known;
  return (node) => {
    let found: unknown = manifest.get(node.unique_id)?.config;
    for (const key of keys) found = member(found, key);
    return found;
  };
}

const IN_SUMMARY = {
  materialized: (node: NodeSummary) => node.materialized || undefined,
  tags: (node: NodeSummary) => node.tags,
  severity: (node: NodeSummary) => node.test?.severity,
};

function member(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
  return (value as Record<string, unknown>)[key];
}

function equals(found: unknown, asked: unknown, ignoreCase: boolean): boolean {
  if (found === undefined || found === null) return false;
  if (found === asked) return true;
  if (typeof found === 'object') return false;
  const [one, other] = [String(found), String(asked)];
  return ignoreCase || typeof found === 'boolean' ? one.toLowerCase() === other.toLowerCase() : one === other;
}
