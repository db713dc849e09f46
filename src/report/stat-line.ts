/** The line `Found 5 models, 3 seeds, 20 data tests, 480 macros`. */
import type { Manifest } from '../manifest/manifest.ts';
import type { ResourceType } from '../manifest/nodes.ts';
import { plural } from './progress-line.ts';

/** dbt's words in the order of the line; macros stand before groups. */
const WORDS: readonly (readonly [type: ResourceType, one: string, several: string])[] = [
  ['model', 'model', 'models'],
  ['seed', 'seed', 'seeds'],
  ['snapshot', 'snapshot', 'snapshots'],
  ['analysis', 'analysis', 'analyses'],
  ['operation', 'operation', 'operations'],
  ['sql_operation', 'sql operation', 'sql operations'],
  ['test', 'data test', 'data tests'],
  ['source', 'source', 'sources'],
  ['exposure', 'exposure', 'exposures'],
  ['metric', 'metric', 'metrics'],
  ['macro', 'macro', 'macros'],
  ['group', 'group', 'groups'],
  ['semantic_model', 'semantic model', 'semantic models'],
  ['saved_query', 'saved query', 'saved queries'],
  ['unit_test', 'unit test', 'unit tests'],
  ['function', 'function', 'functions'],
];

/** Counts of what the manifest holds; kinds with none are left out. */
export function statLine(manifest: Manifest): string {
  const counts = new Map<ResourceType, number>();
  const add = (type: ResourceType) => counts.set(type, (counts.get(type) ?? 0) + 1);
  for (const node of manifest.index.values()) add(node.resource_type);
  for (const _ of manifest.macros()) add('macro');
  for (const _ of manifest.groups()) add('group');
  return WORDS.filter(([type]) => counts.has(type))
    .map(([type, one, several]) => plural(counts.get(type)!, one, several))
    .join(', ');
}
