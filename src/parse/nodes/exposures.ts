/** `exposures:` -> nodes that stand at the end of the graph. */
import { SqError } from '../../errors.ts';
import type { RefArgs, ReferringNode } from '../../manifest/nodes.ts';
import { listOf } from '../config/merge.ts';
import { referencesIn } from '../yaml-references.ts';
import { configFor, described, identity, type ReferringInput, recordOf, rendered } from './referring.ts';

export function exposureNode(input: ReferringInput): ReferringNode {
  const { session, entry } = input;
  const raw = rendered(input, (keys) => keys[0] === 'description' || keys[0] === 'depends_on');
  const { config, unrendered } = configFor(input, 'exposure', recordOf(raw.config));
  config.tags = [...new Set([...listOf(raw.tags), ...listOf(config.tags)].map(String))].sort();
  config.meta = { ...recordOf(raw.meta), ...recordOf(config.meta) };
  const owner = recordOf(raw.owner);
  return {
    ...identity(entry, 'exposure'),
    type: raw.type,
    owner: { email: owner.email ?? null, ...owner, name: owner.name ?? null },
    description: described(input, entry.raw.description, ['description']) ?? '',
    label: raw.label ?? null,
    maturity: raw.maturity ?? null,
    meta: config.meta as Record<string, unknown>,
    tags: config.tags as string[],
    config,
    unrendered_config: unrendered,
    url: raw.url ?? null,
    depends_on: { macros: [], nodes: [] },
    ...parentsOf(input, raw.depends_on),
    created_at: session.createdAt,
  };
}

function parentsOf({ session, entry }: ReferringInput, dependsOn: unknown) {
  const refs: RefArgs[] = [];
  const sources: [string, string][] = [];
  const metrics: string[][] = [];
  listOf(dependsOn).forEach((text, i) => {
    const found = referencesIn(String(text), entry.pkg, session);
    if (found.refs.length + found.sources.length + found.metrics.length === 0) {
      throw new SqError({
        kind: 'Parsing',
        code: 'exposure-depends-on',
        message: `Invalid depends_on of exposure ${entry.name}: ${JSON.stringify(text)} is neither ref(...) nor source(...) nor metric(...)`,
        at: entry.at(['depends_on', i]),
        hint: "write - ref('model'), - source('name', 'table') or - metric('name')",
      });
    }
    refs.push(...found.refs);
    sources.push(...found.sources);
    metrics.push(...found.metrics);
  });
  return { refs, sources, metrics };
}
