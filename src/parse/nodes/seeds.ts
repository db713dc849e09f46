/** A CSV file -> a seed node. The file is hashed, never read into the project. */
import { hash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Checksum, CompiledNode } from '../../manifest/nodes.ts';
import { stemOf } from '../fqn.ts';
import type { NameResolver } from '../names.ts';
import { stripped } from '../python-blanks.ts';
import type { ParseSession, SourceFile } from '../session.ts';
import type { WrittenLayer } from './config.ts';
import { sqlNode } from './sql-node.ts';

/** dbt's limit: a larger seed is known by its path only (`--maximum-seed-size-mib`, default 1). */
const MEBIBYTE = 1024 * 1024;

export function seedNode(
  session: ParseSession,
  names: NameResolver,
  source: SourceFile,
  patch: WrittenLayer | undefined,
): CompiledNode {
  const { file, package: pkg } = source;
  const node = sqlNode({
    session,
    names,
    pkg,
    resourceType: 'seed',
    name: stemOf(file.relative),
    path: file.relative,
    originalPath: file.path,
    fileText: '',
    text: '',
    span: { path: file.path, offset: 0, line: 1, column: 1 },
    patch,
  });
  node.checksum = seedChecksum(source, session);
  node.root_path = pkg.root;
  // dbt's seeds have no SQL side
  for (const key of [
    'language',
    'refs',
    'sources',
    'metrics',
    'functions',
    'compiled_path',
    'contract',
  ] as const) {
    delete node[key];
  }
  return node;
}

export function seedChecksum(source: SourceFile, session: ParseSession): Checksum {
  const limit = Number(session.context.invocation.flags.other.maximum_seed_size_mib ?? 1) * MEBIBYTE;
  if (limit > 0 && source.file.size > limit) return { name: 'path', checksum: source.file.path };
  const text = readFileSync(source.file.absolute, 'utf8');
  return { name: 'sha256', checksum: hash('sha256', stripped(text.replace(/\r\n?/g, '\n'))) };
}
