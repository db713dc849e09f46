/**
 * Where a generic test or a hook of the project is declared. Their text stands in a YAML file or is made by sq,
 * so an error in it has no place of its own; the file is read again for it, when there is an error to tell.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { isMapping, parseYaml, type YamlDocument } from '../load/index.ts';
import type { CompiledNode } from '../manifest/nodes.ts';

/** Undefined when the file cannot be read or has changed since. */
export function declarationPlace(
  root: string,
  node: CompiledNode,
): { path: string; line: number; column: number } | undefined {
  const path = node.original_file_path.replace(/^\.\//, '');
  try {
    const document = parseYaml(readFileSync(join(root, path), 'utf8'), path);
    const keys = node.resource_type === 'operation' ? hookKeys(node) : testKeys(document, node);
    return keys && document.locate(keys);
  } catch {
    return undefined;
  }
}

/** A node without a text of its own in a file of SQL. */
export function isDeclared(node: CompiledNode): boolean {
  return node.test_metadata !== undefined || node.resource_type === 'operation';
}

type Path = (string | number)[];

function hookKeys(node: CompiledNode): Path {
  return [node.tags[0] ?? '', node.index ?? 0];
}

function testKeys(document: YamlDocument, node: CompiledNode): Path | undefined {
  const [section = '', name = ''] = (node.file_key_name ?? '').split('.');
  const entries = listAt(document.value, section);
  for (const [i, entry] of entries.entries()) {
    if (!isMapping(entry) || entry.name !== name) continue;
    for (const holder of holders(entry, [section, i])) {
      const column = isMapping(holder.value) && holder.column ? holder.value.name : null;
      if ((column ?? null) !== (node.column_name ?? null)) continue;
      const found = testIn(holder.value, holder.path, node);
      if (found !== undefined) return found;
    }
  }
  return undefined;
}

interface Holder {
  value: unknown;
  path: Path;
  column: boolean;
}

/** Everything below an entry that may hold tests: itself, its columns, its versions, a source's tables. */
function* holders(entry: unknown, path: Path): Generator<Holder> {
  yield { value: entry, path, column: false };
  for (const [i, column] of listAt(entry, 'columns').entries())
    yield { value: column, path: [...path, 'columns', i], column: true };
  for (const part of ['versions', 'tables'])
    for (const [i, inner] of listAt(entry, part).entries()) yield* holders(inner, [...path, part, i]);
}

function testIn(holder: unknown, path: Path, node: CompiledNode): Path | undefined {
  const { name, namespace } = node.test_metadata as NonNullable<CompiledNode['test_metadata']>;
  const wanted = namespace === null ? name : `${namespace}.${name}`;
  for (const key of ['data_tests', 'tests']) {
    for (const [i, test] of listAt(holder, key).entries()) {
      const named =
        typeof test === 'string' ? test : isMapping(test) ? (test.test_name ?? Object.keys(test)[0]) : '';
      if (named === wanted) return [...path, key, i];
    }
  }
  return undefined;
}

function listAt(value: unknown, key: string): unknown[] {
  const list = isMapping(value) ? value[key] : undefined;
  return Array.isArray(list) ? list : [];
}
