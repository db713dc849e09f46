import type { Manifest } from '../../manifest/manifest.ts';
import type { CompiledNode } from '../../manifest/nodes.ts';
import type { RunRecord } from '../contract.ts';
import { lastRows } from '../history/read-history.ts';

/**
 * Rows of a node's table, by the newest run that built it. Null where a run adds rows to what is there: what it
 * wrote is not what the table holds.
 */
export function builtRows(
  manifest: Manifest,
  history: readonly RunRecord[],
): (uniqueId: string) => number | null {
  const rows = lastRows(history);
  return (uniqueId) => {
    const known = rows.get(uniqueId);
    return known === undefined || addsRows(manifest, uniqueId) ? null : known;
  };
}

function addsRows(manifest: Manifest, uniqueId: string): boolean {
  const kind = manifest.index.get(uniqueId)?.materialized;
  if (kind !== 'copy') return kind === 'incremental' || kind === 'snapshot';
  const { config } = manifest.get(uniqueId) as CompiledNode;
  const mode = (config.load as { mode?: unknown } | undefined)?.mode;
  return mode !== undefined && mode !== 'replace';
}
