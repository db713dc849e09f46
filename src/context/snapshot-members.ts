/** Members of `adapter` that snapshots ask: how deleted rows are followed, and whether a table is a snapshot. */
import { SqError } from '../errors.ts';
import type { Relation } from '../manifest/relation.ts';
import { callArguments, Dict, HOST_GET } from '../template/index.ts';
import type { Inspector } from './inspector.ts';
import { relationOf } from './relation-object.ts';

/** `hard_deletes`, or what the older `invalidate_hard_deletes` means. Throws dbt's text for what is neither. */
export function hardDeletesBehavior(config: unknown): string {
  const legacy = configValue(config, 'invalidate_hard_deletes');
  const given = configValue(config, 'hard_deletes');
  if (legacy !== null && given !== null)
    throw refused(
      'You cannot set both the invalidate_hard_deletes and hard_deletes config properties on the same snapshot.',
    );
  if (given === null) return legacy === true ? 'invalidate' : 'ignore';
  if (given === 'ignore' || given === 'invalidate' || given === 'new_record') return given;
  throw refused('Invalid setting for property hard_deletes.', 'it is one of: ignore, invalidate, new_record');
}

/** What only a connection can tell. */
export function snapshotMembers(inspector: Inspector): Record<string, unknown> {
  const check = async (relation: Relation, names: unknown, wanted: readonly string[]) => {
    const present = new Set((await inspector.columns(relation)).map(({ name }) => name.toLowerCase()));
    const missing = wanted
      .map((name) => (names instanceof Dict ? String(names.get(name) ?? name) : name))
      .filter((name) => !present.has(name.toLowerCase()));
    if (missing.length > 0) throw notASnapshot(missing);
    return '';
  };
  return {
    valid_snapshot_target: (...args: unknown[]) => {
      const given = callArguments(args, ['relation', 'column_names']);
      return check(relationOf(given.relation, 'adapter.valid_snapshot_target'), given.column_names, ALWAYS);
    },
    assert_valid_snapshot_target_given_strategy: (...args: unknown[]) => {
      const given = callArguments(args, ['relation', 'column_names', 'strategy']);
      const relation = relationOf(given.relation, 'adapter.assert_valid_snapshot_target_given_strategy');
      const records = given.strategy instanceof Dict && given.strategy.get('hard_deletes') === 'new_record';
      return check(relation, given.column_names, records ? [...ALWAYS, 'dbt_is_deleted'] : ALWAYS);
    },
  };
}

const ALWAYS = ['dbt_scd_id', 'dbt_valid_from', 'dbt_valid_to'];

function configValue(config: unknown, name: string): unknown {
  if (config instanceof Dict) return config.get(name) ?? null;
  const get = (config as Partial<{ [HOST_GET](name: string): unknown }> | null)?.[HOST_GET]?.('get');
  return typeof get === 'function' ? (get(name) ?? null) : null;
}

function notASnapshot(missing: readonly string[]): SqError {
  return new SqError({
    kind: 'Compilation',
    code: 'not-a-snapshot',
    message: `Snapshot target is missing configured columns (missing "${missing.join('", "')}"). See https://docs.getdbt.com/docs/build/snapshots#snapshot-meta-fields for more information.`,
    hint: 'the table was made with other names (snapshot_meta_column_names), with another hard_deletes, or by something else: rename or add the columns, or choose another alias',
  });
}

function refused(message: string, hint?: string): SqError {
  return new SqError({ kind: 'Compilation', code: 'hard-deletes', message, hint });
}
