/** What a refused node says, and how to look at what was refused. */
import { type Relation, renderRelation } from '../manifest/relation.ts';
import type { AuditVerdict } from './contract.ts';

/**
 * ```
 * 2 tests refused songs: the published table is as it was
 *   unique_songs_song_id: 3 failing rows
 *   not_null_songs_title: 1 failing row
 * look at what was refused: sq show --inline 'select * from "db"."main"."songs__rejected"'
 * ```
 */
export function rejectionMessage(
  target: Relation,
  verdict: AuditVerdict,
  options: { rejected: Relation | null; published: boolean },
): string {
  const count = verdict.failures.length;
  const kept = options.published ? 'what was published before is as it was' : 'nothing was published';
  const tests = verdict.failures.map(({ name, failures, broken }) =>
    broken ? `  ${name}: could not run` : `  ${name}: ${failures} failing ${failures === 1 ? 'row' : 'rows'}`,
  );
  return [
    `${count} ${count === 1 ? 'test' : 'tests'} refused ${target.identifier}: ${kept}`,
    ...tests,
    ...(options.rejected === null
      ? []
      : [`look at what was refused: sq show --inline 'select * from ${renderRelation(options.rejected)}'`]),
  ].join('\n');
}
