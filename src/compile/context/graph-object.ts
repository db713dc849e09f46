/** `graph` in templates: the whole manifest by kind, built for the few templates that ask. */
import { Namespace } from '../../context/host.ts';
import type { Manifest } from '../../manifest/manifest.ts';
import { Dict, fromJs } from '../../template/index.ts';

const SECTION: Record<string, string> = {
  source: 'sources',
  exposure: 'exposures',
  metric: 'metrics',
  semantic_model: 'semantic_models',
  saved_query: 'saved_queries',
  unit_test: 'unit_tests',
  function: 'functions',
};

export function graphObject(manifest: Manifest): Namespace {
  const made = new Map<string, Dict>();
  const section = (name: string): Dict => {
    let dict = made.get(name);
    if (!dict) {
      dict = new Dict();
      for (const [uniqueId, summary] of manifest.index) {
        if ((SECTION[summary.resource_type] ?? 'nodes') !== name) continue;
        dict.set(uniqueId, fromJs(manifest.get(uniqueId)));
      }
      if (name === 'groups') for (const group of manifest.groups()) dict.set(group.unique_id, fromJs(group));
      made.set(name, dict);
    }
    return dict;
  };
  const names = ['nodes', 'groups', ...Object.values(SECTION)];
  return new Namespace('graph', (name) => {
    if (names.includes(name)) return section(name);
    if (name === 'get')
      return (key: unknown, fallback: unknown = null) =>
        names.includes(String(key)) ? section(String(key)) : fallback;
    if (name === 'keys') return () => names;
    return undefined;
  });
}
