/** Where an external source is written: found by reading its property file again, only when an error needs it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Location } from '../../../errors.ts';
import { parseYaml } from '../../../load/yaml/document.ts';
import type { SourceNode } from '../../../manifest/nodes.ts';

/**
 * Place of `keys` below the source's table, e.g. `['external', 'location']`, or the nearest that exists. Only
 * the file where it cannot be read (a source of a package).
 */
export function sourcePlace(projectDir: string, source: SourceNode, keys: readonly string[]): Location {
  const path = source.original_file_path;
  try {
    const document = parseYaml(readFileSync(join(projectDir, path), 'utf8'), path);
    const [group, table] = indexes(document.value, source);
    if (group < 0 || table < 0) return { path };
    const top = ['sources', group, 'tables', table];
    return document.locate([...top, ...columnKeys(document.value, [group, table], keys)], { key: true });
  } catch {
    return { path };
  }
}

type Entry = { name?: unknown; tables?: Entry[]; columns?: Entry[] };

function indexes(value: unknown, source: SourceNode): [number, number] {
  const groups = (value as { sources?: Entry[] }).sources ?? [];
  const group = groups.findIndex(
    (entry) => entry.name === source.source_name && entry.tables?.some((table) => table.name === source.name),
  );
  return [group, groups[group]?.tables?.findIndex((table) => table.name === source.name) ?? -1];
}

/** `['columns', name, ...]` by the column's place in the list. */
function columnKeys(
  value: unknown,
  [group, table]: [number, number],
  keys: readonly string[],
): (string | number)[] {
  if (keys[0] !== 'columns' || keys[1] === undefined) return [...keys];
  const columns = (value as { sources: Entry[] }).sources[group]?.tables?.[table]?.columns ?? [];
  return ['columns', columns.findIndex((column) => column.name === keys[1]), ...keys.slice(2)];
}
