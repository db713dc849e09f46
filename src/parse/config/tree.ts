/** Folder config of dbt_project.yml: the layers that apply to a resource, outermost first, by its fqn. */
import { type ConfigLayer, configKey, isRecord } from './merge.ts';

/** Keys whose value may be a mapping without being a folder (dbt asks for `+` there; users often leave it out). */
const MAPPING_CONFIGS = new Set([
  'meta',
  'docs',
  'quoting',
  'column_types',
  'contract',
  'grants',
  'persist_docs',
  'freshness',
  'snapshot_meta_column_names',
  'latest_version_pointer',
  'load',
]);

interface Level {
  own: ConfigLayer;
  folders: Map<string, Level>;
}

export class ConfigTree {
  private readonly root: Level;
  private readonly chains = new Map<string, Chain>();

  /** `keyOf` spells the keys of the layers; dbt's names by default. */
  constructor(tree: Record<string, unknown>, keyOf: (key: string) => string = configKey) {
    this.root = levelOf(tree, keyOf);
  }

  /**
   * Layers for `fqn`, outermost first. Resources of one folder share the answer unless a block is named after
   * the resource itself.
   */
  layers(fqn: readonly string[]): readonly ConfigLayer[] {
    const folder = fqn.slice(0, -1);
    const key = folder.join('\u0000');
    let known = this.chains.get(key);
    if (!known) {
      known = walk(this.root, folder);
      this.chains.set(key, known);
    }
    const own = known.last?.folders.get(fqn[fqn.length - 1]!);
    return own && !isEmpty(own.own) ? [...known.found, own.own] : known.found;
  }
}

interface Chain {
  found: readonly ConfigLayer[];
  /** The level of the folder itself, when the tree goes that deep. */
  last: Level | undefined;
}

function walk(root: Level, path: readonly string[]): Chain {
  const found: ConfigLayer[] = isEmpty(root.own) ? [] : [root.own];
  let level: Level | undefined = root;
  for (const part of path) {
    level = level.folders.get(part);
    if (!level) break;
    if (!isEmpty(level.own)) found.push(level.own);
  }
  return { found, last: level };
}

function levelOf(tree: Record<string, unknown>, keyOf: (key: string) => string): Level {
  const own: Record<string, unknown> = {};
  const folders = new Map<string, Level>();
  for (const [key, value] of Object.entries(tree)) {
    if (key.startsWith('+') || !isRecord(value) || (MAPPING_CONFIGS.has(key) && !holdsConfig(value)))
      own[keyOf(key)] = value;
    else folders.set(key, levelOf(value, keyOf));
  }
  return { own, folders };
}

/** A folder may be called `docs` or `meta`: then something below it has a `+`. */
function holdsConfig(value: Record<string, unknown>): boolean {
  return Object.entries(value).some(
    ([key, inner]) => key.startsWith('+') || (isRecord(inner) && holdsConfig(inner)),
  );
}

/** `+pre_hook` -> `pre_hook`: the key as the author spells it. */
export function writtenKey(key: string): string {
  return key.startsWith('+') ? key.slice(1).trim() : key;
}

function isEmpty(layer: ConfigLayer): boolean {
  for (const _ in layer) return false;
  return true;
}
