/** `sq clean --rejected`: drops what failed audits left behind (decision 17). */

import { type CompiledNode, isCompiled } from '../manifest/nodes.ts';
import { type Relation, relationKey, renderRelation } from '../manifest/relation.ts';
import { rejectedOf } from '../materializations/beside-names.ts';
import { type Connected, connected } from './connected.ts';
import { type Opened, openAndParse } from './open-and-parse.ts';
import type { Session } from './session.ts';

const KINDS = new Set(['model', 'seed', 'snapshot']);

/** Answers the exit code. A table of the project itself is never dropped, whatever its name. */
export async function dropRejected(session: Session): Promise<number> {
  const opened = await openAndParse(session);
  await connected(opened, { readOnly: false, selected: ['clean'] }, async (connection) => {
    const found = await rejectedRelations(opened, connection);
    for (const relation of found) {
      const sql = String(await connection.compiler.callMacro('get_drop_sql', [relation], null)).trim();
      await connection.driver.batch([sql], { name: 'clean' });
      tell(session, `Dropped ${renderRelation(relation)}`);
    }
    if (found.length === 0) tell(session, 'No rejected tables to drop');
  });
  return 0;
}

async function rejectedRelations(
  { context, parsed }: Opened,
  { compiler, warehouse }: Connected,
): Promise<Relation[]> {
  const nodes: CompiledNode[] = [];
  for (const { unique_id, resource_type } of parsed.manifest.index.values()) {
    const node = KINDS.has(resource_type) ? parsed.manifest.get(unique_id) : undefined;
    if (node !== undefined && isCompiled(node) && node.relation_name !== null) nodes.push(node);
  }
  const targets = nodes.map((node) => compiler.relationOf(node));
  const own = new Set(targets.map(relationKey));
  const found: Relation[] = [];
  for (const target of targets) {
    const rejected = rejectedOf(target, { dialect: context.adapter.dialect });
    if (own.has(relationKey(rejected))) continue;
    const existing = await warehouse.relations.find(rejected);
    if (existing) found.push(existing);
  }
  return found;
}

function tell({ invocation }: Session, msg: string): void {
  invocation.emit({ name: 'SqNotice', topic: 'clean', msg });
}
