/** What the last `source freshness` found: `target/sources.json`. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FreshnessThreshold } from '../../manifest/nodes.ts';
import type { Freshness } from '../contract.ts';

const SCHEMA = 'https://schemas.getdbt.com/dbt/sources/v3.json';

interface Written {
  unique_id: string;
  status: Freshness['status'];
  error?: unknown;
  max_loaded_at?: string;
  snapshotted_at?: string;
  max_loaded_at_time_ago_in_s?: number;
  criteria?: FreshnessThreshold;
}

/** Empty where there is no such file, or one of another version: then the page shows rules without ages. */
export function readFreshness(targetPath: string): Freshness[] {
  let results: Written[] | undefined;
  try {
    const file = JSON.parse(readFileSync(join(targetPath, 'sources.json'), 'utf8')) as {
      metadata?: { dbt_schema_version?: unknown };
      results?: Written[];
    };
    if (file.metadata?.dbt_schema_version === SCHEMA && Array.isArray(file.results)) results = file.results;
  } catch {
    results = undefined;
  }
  return (results ?? []).map((result) => ({
    uniqueId: result.unique_id,
    status: result.status,
    maxLoadedAt: result.max_loaded_at ?? null,
    snapshottedAt: result.snapshotted_at ?? null,
    age: result.max_loaded_at_time_ago_in_s ?? null,
    warnAfter: rule('warn', result.criteria?.warn_after),
    errorAfter: rule('error', result.criteria?.error_after),
    error: result.error === undefined ? null : String(result.error),
  }));
}

/** `warn after 12 hours`. */
function rule(word: string, limit: FreshnessThreshold['warn_after']): string | null {
  if (!limit?.count || !limit.period) return null;
  return `${word} after ${limit.count} ${limit.period}${limit.count === 1 ? '' : 's'}`;
}
