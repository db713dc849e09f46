import type { Compiler } from '../compile/index.ts';
import { type ExecuteOutcome, showNode, type Warehouse } from '../execute/index.ts';
import { isCompiled } from '../manifest/nodes.ts';
import { tableText } from '../report/index.ts';
import type { Opened } from './open-and-parse.ts';

const ROWS = 10;

/** `--show`: the first rows of every seed that was loaded. */
export async function showSeeds(
  { context, parsed }: Opened,
  outcome: ExecuteOutcome,
  connection: { driver: Warehouse['driver']; warehouse: Warehouse; compiler: Compiler },
): Promise<void> {
  for (const { unique_id, status } of outcome.results) {
    const node = status === 'success' ? parsed.manifest.get(unique_id) : undefined;
    if (node === undefined || node.resource_type !== 'seed' || !isCompiled(node)) continue;
    const { table } = await showNode({ context, ...connection, node, limit: ROWS });
    const title = `First rows of table: ${node.schema}.${node.alias}`;
    const header = `${title}\n${'-'.repeat(title.length)}\n${tableText(table)}\n`;
    context.invocation.emit({ name: 'SeedHeader', header });
  }
}
