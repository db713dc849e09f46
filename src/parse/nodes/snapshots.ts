/** `{% snapshot %}` blocks and `relation:` entries of property files -> snapshot nodes. */
import type { CompiledNode } from '../../manifest/nodes.ts';
import { scanBlocks } from '../../template/index.ts';
import { fqnOf, stemOf } from '../fqn.ts';
import type { NameResolver } from '../names.ts';
import type { PropertyEntry } from '../property-files.ts';
import type { ParseSession, SourceFile } from '../session.ts';
import type { WrittenLayer } from './config.ts';
import { sqlNode } from './sql-node.ts';

/** The blocks of one file; there may be several. */
export function snapshotNodes(
  session: ParseSession,
  names: NameResolver,
  source: SourceFile,
  text: string,
  patchOf: (name: string) => WrittenLayer | undefined,
): CompiledNode[] {
  const { file, package: pkg } = source;
  return scanBlocks(text, file.path, ['snapshot']).map((block) => {
    const stem = stemOf(file.relative);
    return sqlNode({
      session,
      names,
      pkg,
      resourceType: 'snapshot',
      name: block.name,
      path: file.relative,
      originalPath: file.path,
      // the file's name is part of it, as several snapshots may stand in one
      fqn: [...fqnOf(pkg.config.name, file.relative, stem), block.name],
      fileText: text,
      text: block.contents,
      span: block.contentsSpan,
      patch: patchOf(block.name),
    });
  });
}

/** A snapshot without SQL of its own: `relation: ref('orders')`. `text` is its property file. */
export function yamlSnapshot(
  session: ParseSession,
  names: NameResolver,
  entry: PropertyEntry,
  text: string,
  patch: WrittenLayer | undefined,
): CompiledNode {
  const { pkg, name, path, relative } = entry;
  const code = `select * from {{ ${String(entry.raw.relation)} }}`;
  return sqlNode({
    session,
    names,
    pkg,
    resourceType: 'snapshot',
    name,
    path: `${name}.sql`,
    originalPath: path,
    fqn: fqnOf(pkg.config.name, relative, name),
    fileText: text,
    text: code,
    span: { ...entry.at(['relation']), offset: 0 },
    patch,
  });
}
