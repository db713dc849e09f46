/** Names of what a plan puts beside its target: they carry the run's id, so that two runs do not meet. */
import { createHash } from 'node:crypto';
import { type Relation, type RelationType, withIdentifier } from '../manifest/relation.ts';
import type { PlanState } from './contract.ts';

const STAGE = '__sq_stage_';
const TEMPORARY = '__sq_tmp_';
const REJECTED = '__rejected';
/** Hex digits of a run's id. */
const RUN_ID_LENGTH = 8;

/** Where a table or view is built before it is published. */
export function stageOf(target: Relation, state: PlanState, type: RelationType): Relation {
  return withIdentifier(target, stagePrefix(target, state) + state.runId, type);
}

/** What every run's stage of this target begins with. */
export function stagePrefix(target: Relation, state: PlanState): string {
  return fitName(target.identifier ?? '', STAGE, state.dialect.maxIdentifierBytes - RUN_ID_LENGTH);
}

/** A session's temporary table: it has no schema. */
export function temporaryOf(target: Relation, state: PlanState): Relation {
  const prefix = fitName(
    target.identifier ?? '',
    TEMPORARY,
    state.dialect.maxIdentifierBytes - RUN_ID_LENGTH,
  );
  return { ...withIdentifier(target, prefix + state.runId, 'table'), database: null, schema: null };
}

/** Where refused rows are kept until the node is built again (decision 17). */
export function rejectedOf(target: Relation, state: Pick<PlanState, 'dialect'>): Relation {
  return withIdentifier(target, fitName(target.identifier ?? '', REJECTED, state.dialect.maxIdentifierBytes));
}

/**
 * `name` and `suffix` within `maxBytes` of UTF-8. A name that is too long is cut between characters and gets
 * eight hex digits of its hash, so that two long names do not become one.
 */
export function fitName(name: string, suffix: string, maxBytes: number): string {
  if (Buffer.byteLength(name + suffix) <= maxBytes) return name + suffix;
  const tail = `_${createHash('sha256').update(name).digest('hex').slice(0, 8)}${suffix}`;
  const room = maxBytes - Buffer.byteLength(tail);
  let cut = '';
  for (const character of name) {
    if (Buffer.byteLength(cut + character) > room) break;
    cut += character;
  }
  return cut + tail;
}
