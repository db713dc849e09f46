/** `sources.json`, version 3 of dbt's schema. */
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { FreshnessOutcome } from '../execute/index.ts';
import type { Invocation } from '../invocation.ts';
import { COMPATIBLE_VERSION } from '../version.ts';
import { customEnvironment } from './custom-environment.ts';
import { maskJson } from './mask.ts';
import { isoStamp } from './stamp.ts';

/** Writes the file at an absolute path (beside, then renamed) and emits ArtifactWritten. */
export function writeFreshness(invocation: Invocation, path: string, outcome: FreshnessOutcome): void {
  if (!invocation.flags.writeJson) return;
  const body = {
    metadata: {
      dbt_schema_version: 'https://schemas.getdbt.com/dbt/sources/v3.json',
      dbt_version: COMPATIBLE_VERSION,
      generated_at: isoStamp(invocation.now()),
      invocation_id: invocation.id,
      invocation_started_at: isoStamp(invocation.startedAt),
      env: customEnvironment(invocation.env),
    },
    results: outcome.results.map(({ error, ...result }) =>
      error === undefined ? result : { unique_id: result.unique_id, error, status: result.status },
    ),
    elapsed_time: outcome.elapsed,
  };
  mkdirSync(dirname(path), { recursive: true });
  const beside = `${path}.${process.pid}.tmp`;
  writeFileSync(beside, maskJson(JSON.stringify(body), invocation.secrets));
  renameSync(beside, path);
  invocation.emit({ name: 'ArtifactWritten', artifact_type: 'FreshnessResult', artifact_path: path });
}
