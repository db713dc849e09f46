/** A merge whose new rows hold a key twice: refused before it adds both, on engines that would. */
import { SqError } from '../errors.ts';
import type { CompiledNode } from '../manifest/nodes.ts';
import { type Relation, renderRelation } from '../manifest/relation.ts';
import { query, type Step } from './contract.ts';

/** Keys named in the message. */
const SHOWN = 5;

/** One query. Throws SqError kind Database that names the first keys; nothing has been written then. */
export function* refuseDuplicateKeys(node: CompiledNode, source: Relation): Generator<Step, void, unknown> {
  const keys = [node.config.unique_key ?? []].flat().map(String);
  if (keys.length === 0) return;
  const list = keys.join(', ');
  const rows = yield* query(
    `select ${list}, count(*) as sq_rows from ${renderRelation(source)} where ${keys.map((key) => `${key} is not null`).join(' and ')} group by ${list} having count(*) > 1 order by ${list} limit ${SHOWN}`,
    'keys of the new rows that occur more than once',
  );
  if (rows.length === 0) return;
  const found = rows.map((row) => `(${row.slice(0, -1).map(String).join(', ')}): ${row.at(-1)} rows`);
  throw new SqError({
    kind: 'Database',
    code: 'duplicate-keys',
    message: `The new rows hold a unique_key (${list}) more than once, and a merge would add each of them:\n${found.join('\n')}${rows.length === SHOWN ? '\n...' : ''}`,
    hint: 'make unique_key name the whole key, or keep one row a key in the model: qualify row_number() over (partition by … order by … desc) = 1',
  });
}
