import type { Manifest, NodeSummary } from '../manifest/manifest.ts';
import { WILDCARD } from './fnmatch.ts';
import type { Criterion } from './spec.ts';

/** A criterion that a name index can narrow down: `fqn:` without wildcards. */
export function isPlainName(spec: Criterion): boolean {
  return spec.method === 'fqn' && !WILDCARD.test(String(spec.value));
}

/**
 * Which vertices a plain name could mean, by key. Looking at every vertex is cheaper for a few names; lists
 * of hundreds, as continuous integration makes them, need this.
 */
export class NameIndex {
  private readonly byKey = new Map<string, NodeSummary[]>();

  constructor(manifest: Manifest) {
    for (const node of manifest.index.values()) {
      if (node.resource_type === 'source') continue;
      for (const key of keysOf(node)) {
        const nodes = this.byKey.get(key);
        if (nodes === undefined) this.byKey.set(key, [node]);
        else nodes.push(node);
      }
    }
  }

  /** Every vertex that `asked` selects, and others: `fqn` decides. */
  candidates(asked: string): Set<NodeSummary> {
    const parts = asked.split('.');
    const keys = [asked, parts.slice(-2).join('_'), START + parts[0]];
    return new Set(keys.flatMap((key) => this.byKey.get(key) ?? []));
  }
}

/** Marks a key that stands for the beginning of a path, not for a name. */
const START = '\u0000';

/** The name, the name with its version, and the part with which the path begins, in and below the package. */
function keysOf({ fqn, version }: NodeSummary): Set<string> {
  const leaf = fqn[fqn.length - 1] as string;
  const keys = new Set([leaf]);
  if (version !== undefined) {
    const name = fqn[fqn.length - 2] as string;
    keys.add(name).add(`${name}_${leaf}`);
  }
  for (const part of [fqn[0], fqn[1]]) if (part !== undefined) keys.add(START + part.split('.', 1)[0]);
  return keys;
}
