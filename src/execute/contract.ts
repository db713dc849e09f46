/**
 * Running selected nodes: a generic scheduler that knows no SQL, the work of each kind of node, tests,
 * publishing, results. Expected failures are values (`NodeResult.status`); an exception means "cannot run".
 */
import type { Driver } from '../adapters/contract.ts';
import type { Compiler } from '../compile/contract.ts';
import type { NodeStatus } from '../events.ts';
import type { Manifest } from '../manifest/manifest.ts';
import type { CompiledFields, ProjectContext } from '../parse/contract.ts';
import type { RetryPolicy } from './retry.ts';
import type { Warehouse } from './warehouse.ts';

export interface Timing {
  name: 'compile' | 'execute';
  started_at: string;
  completed_at: string;
}

/** One result, in the shape of run_results v6. */
export interface NodeResult {
  unique_id: string;
  status: NodeStatus;
  timing: Timing[];
  thread_id: string;
  /** Seconds. */
  execution_time: number;
  adapter_response: Record<string, unknown>;
  message: string | null;
  failures: number | null;
  compiled: boolean | null;
  compiled_code: string | null;
  relation_name: string | null;
  batch_results: null | { successful: [string, string][]; failed: [string, string][] };
}

export type ExecuteCommand = 'run' | 'build' | 'test' | 'seed' | 'compile' | 'snapshot';

export interface ExecuteRequest {
  command: ExecuteCommand;
  context: ProjectContext;
  manifest: Manifest;
  compiler: Compiler;
  /** Not asked by `compile` unless a template looks into the warehouse. */
  driver: Driver;
  /** The one whose inspector the compiler was made with, so that both share a cache. Default: a new one. */
  warehouse?: Warehouse;
  /** Unique ids that selection answered, in any order; execution orders them. */
  selected: readonly string[];
  threads: number;
  failFast: boolean;
  dryRun: boolean;
  /** Departures from `RETRY_POLICY`. */
  retry?: Partial<RetryPolicy>;
}

export interface ExecuteOutcome {
  /** In the order of finishing, as dbt writes them (hooks included). */
  results: NodeResult[];
  /** Seconds of the whole call. */
  elapsed: number;
  success: boolean;
  interrupted: boolean;
  /** What was compiled, by unique id, for `writeManifest`. */
  compiled: ReadonlyMap<string, CompiledFields>;
}
