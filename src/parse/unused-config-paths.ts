/** Folder config of dbt_project.yml that no resource stands below: usually a folder that was renamed or mistyped. */
import type { ProjectConfig } from '../load/contract.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { isRecord } from './config/merge.ts';

/** Blocks that dbt looks at, with the resource type they configure. */
const BLOCKS: readonly (readonly [block: string, resourceType: string])[] = [
  ['models', 'model'],
  ['seeds', 'seed'],
  ['snapshots', 'snapshot'],
  ['sources', 'source'],
  ['data_tests', 'test'],
  ['unit_tests', 'unit_test'],
  ['metrics', 'metric'],
  ['semantic-models', 'semantic_model'],
  ['saved-queries', 'saved_query'],
  ['exposures', 'exposure'],
];

/**
 * `models.shop.marts` and so on, in the file's order. Looks at resources only until every path has been met,
 * so a project whose paths are all used costs next to nothing.
 */
export function unusedConfigPaths(project: Pick<ProjectConfig, 'trees'>, manifest: Manifest): string[] {
  const open = new Map<string, { type: string; path: readonly string[] }>();
  for (const [block, type] of BLOCKS) {
    const tree = project.trees[block];
    if (tree === undefined) continue;
    for (const path of pathsOf(tree))
      open.set([block.replaceAll('-', '_'), ...path].join('.'), { type, path });
  }
  const meet = (type: string, fqn: readonly string[]) => {
    for (const [name, wanted] of open) {
      if (wanted.type === type && wanted.path.every((part, i) => fqn[i] === part)) open.delete(name);
    }
  };
  for (const { resource_type, fqn } of manifest.index.values()) {
    if (open.size === 0) return [];
    meet(resource_type, fqn);
  }
  for (const id of open.size === 0 ? [] : manifest.disabledIds()) {
    for (const { resource_type, fqn } of manifest.disabled(id)) meet(resource_type, fqn);
  }
  return [...open.keys()];
}

/** Every folder that holds config; the block itself is not one. */
function* pathsOf(tree: Record<string, unknown>, path: readonly string[] = []): Generator<readonly string[]> {
  let hasConfig = false;
  for (const [key, value] of Object.entries(tree)) {
    if (isRecord(value) && !key.startsWith('+')) yield* pathsOf(value, [...path, key]);
    else hasConfig = true;
  }
  if (hasConfig && path.length > 0) yield path;
}
