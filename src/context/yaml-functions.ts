/** YAML for templates (`toyaml`, `fromyaml`): the library is loaded when one is first called. */
import { createRequire } from 'node:module';

type Yaml = typeof import('yaml');
const load = createRequire(import.meta.url);

/** Parses one YAML value by YAML 1.1 rules, as dbt. Throws the library's error. */
export function parseYamlValue(text: string): unknown {
  return (load('yaml') as Yaml).parse(text, { version: '1.1' });
}

/** Block style, keys in the order given or sorted. */
export function stringifyYaml(value: unknown, sortKeys: boolean): string {
  return (load('yaml') as Yaml).stringify(value, { sortMapEntries: sortKeys, version: '1.1' });
}
