/** on-run-start and on-run-end of every package as operation nodes, in dbt's shape. */
import type { CompiledNode } from '../../manifest/nodes.ts';
import type { NameResolver } from '../names.ts';
import type { PackageSource, ParseSession } from '../session.ts';
import { sqlNode } from './sql-node.ts';

export function operationNodes(
  session: ParseSession,
  names: NameResolver,
  pkg: PackageSource,
): CompiledNode[] {
  return (['on-run-start', 'on-run-end'] as const).flatMap((when) => {
    const texts = when === 'on-run-start' ? pkg.config.onRunStart : pkg.config.onRunEnd;
    return texts.map((text, index) => {
      const name = `${pkg.config.name}-${when}-${index}`;
      const node = sqlNode({
        session,
        names,
        pkg,
        resourceType: 'operation',
        name,
        path: `hooks/${name}.sql`,
        originalPath: './dbt_project.yml',
        // dbt takes the file it stands in
        fileText: pkg.config.text,
        text,
        span: { path: 'dbt_project.yml', offset: 0, line: 1, column: 1 },
      });
      node.tags = [...new Set([when, ...node.tags])];
      node.index = index;
      return node;
    });
  });
}
