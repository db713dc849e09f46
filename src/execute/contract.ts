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
  batch_results: null | BatchResults;
}

/** Batches of a microbatch model as pairs of ISO times, start and end. */
export interface BatchResults {
  successful: [string, string][];
  failed: [string, string][];
}

export type ExecuteCommand =
  | 'run'
  | 'build'
  | 'test'
  | 'seed'
  | 'compile'
  | 'snapshot'
  | 'clone'
  | 'freshness';

/** Commands that build or test nodes in the order of the graph. */
export type GraphCommand = Exclude<ExecuteCommand, 'compile' | 'freshness'>;

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
  /**
   * Under `sq retry`: results of the batches of microbatch models that failed in part, by unique id (the others
   * begin anew), and when the command that is repeated began.
   */
  again?: { batches: ReadonlyMap<string, BatchResults>; startedAt: string | undefined };
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
