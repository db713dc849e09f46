/** `run_results.json`, version 6 of dbt's schema. */
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { NodeResult } from '../execute/contract.ts';
import type { Invocation } from '../invocation.ts';
import { COMPATIBLE_VERSION } from '../version.ts';
import { customEnvironment } from './custom-environment.ts';
import { maskJson } from './mask.ts';
import { isoStamp } from './stamp.ts';

export interface RunResultsRequest {
  invocation: Invocation;
  /** Absolute; made when it is missing. */
  targetPath: string;
  /** In the order of finishing; empty when nothing was selected. */
  results: readonly NodeResult[];
  /** Seconds. */
  elapsed: number;
  /** `args` of the file: what the command was called with. */
  args: Readonly<Record<string, unknown>>;
}

/**
 * Writes the file (beside, then renamed: readers see the old or the new one, never half) and emits
 * ArtifactWritten. Nothing under `--no-write-json`. Secrets are masked.
 */
export function writeRunResults(request: RunResultsRequest): void {
  const { invocation, targetPath } = request;
  if (!invocation.flags.writeJson) return;
  const body = {
    metadata: {
      dbt_schema_version: 'https://schemas.getdbt.com/dbt/run-results/v6.json',
      dbt_version: COMPATIBLE_VERSION,
      generated_at: isoStamp(invocation.now()),
      invocation_id: invocation.id,
      invocation_started_at: isoStamp(invocation.startedAt),
      env: customEnvironment(invocation.env),
    },
    results: request.results.map((result) => ({ ...result, overload_results: null })),
    elapsed_time: request.elapsed,
    args: request.args,
  };
  const text = JSON.stringify(body, (_key, value: unknown) =>
    typeof value === 'bigint' ? value.toString() : value,
  );
  const path = join(targetPath, 'run_results.json');
  mkdirSync(targetPath, { recursive: true });
  const beside = `${path}.${process.pid}.tmp`;
  writeFileSync(beside, maskJson(text, invocation.secrets));
  renameSync(beside, path);
  invocation.emit({ name: 'ArtifactWritten', artifact_type: 'RunExecutionResult', artifact_path: path });
}
