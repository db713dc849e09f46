/**
 * Everything that happens, as one closed union. Names and data fields are dbt's (`info.name`, `data` of its
 * JSON log); reporters switch over the union exhaustively. An event is data: the sentence a person reads is
 * made in report/.
 */

/** What dbt puts into `data.node_info`. */
export interface NodeInfo {
  node_path: string;
  node_name: string;
  unique_id: string;
  resource_type: string;
  materialized: string;
  node_status: string;
  node_started_at: string;
  node_finished_at: string;
  meta: Record<string, unknown>;
  node_relation: { database: string; schema: string; alias: string; relation_name: string };
  node_checksum: string;
}

/** Numbers of a finished or running node: `index` counts from 1. Times in seconds. */
interface Progress {
  index: number;
  total: number;
  node_info: NodeInfo;
}

export type NodeStatus =
  | 'success'
  | 'error'
  | 'skipped'
  | 'partial success'
  | 'no-op'
  | 'reused'
  | 'pass'
  | 'fail'
  | 'warn'
  | 'runtime error';

/** A piece of a line of `sq lineage`, and what it is; report/ gives it its colour. */
export interface TreeSpan {
  text: string;
  tone: 'plain' | 'name' | 'source' | 'end' | 'dim';
}

export type SqEvent =
  | { name: 'MainReportVersion'; version: string; log_version: 3 }
  | { name: 'MainReportArgs'; args: Record<string, unknown> }
  | { name: 'AdapterRegistered'; adapter_name: string; adapter_version: string }
  | { name: 'FoundStats'; stat_line: string }
  | { name: 'UnableToPartialParse'; reason: string }
  | { name: 'PartialParsingSkipParsing' }
  | { name: 'PartialParsingNotEnabled' }
  | { name: 'ConcurrencyLine'; num_threads: number; target_name: string; node_count: number }
  | ({ name: 'LogStartLine'; description: string } & Progress)
  | ({
      name: 'LogModelResult';
      description: string;
      status: string;
      ok: boolean;
      execution_time: number;
    } & Progress)
  | ({
      name: 'LogSeedResult';
      status: string;
      ok: boolean;
      result_message: string;
      schema: string;
      relation: string;
      execution_time: number;
    } & Progress)
  | ({
      name: 'LogSnapshotResult';
      description: string;
      status: string;
      ok: boolean;
      execution_time: number;
    } & Progress)
  | ({
      name: 'LogFunctionResult';
      description: string;
      status: string;
      ok: boolean;
      execution_time: number;
    } & Progress)
  | {
      name: 'LogTestResult';
      test_name: string;
      status: 'pass' | 'fail' | 'warn' | 'error';
      num_failures: number;
      index: number;
      num_models: number;
      execution_time: number;
      node_info: NodeInfo;
    }
  | {
      name: 'LogStartBatch';
      description: string;
      batch_index: number;
      total_batches: number;
      node_info: NodeInfo;
    }
  | {
      name: 'LogBatchResult';
      description: string;
      status: string;
      batch_index: number;
      total_batches: number;
      execution_time: number;
      node_info: NodeInfo;
    }
  | { name: 'MicrobatchExecutionDebug'; msg: string }
  | { name: 'GenericExceptionOnRun'; unique_id: string; exc: string; node_info: NodeInfo }
  | {
      name: 'SkippingDetails';
      resource_type: string;
      schema: string;
      node_name: string;
      index: number;
      total: number;
      node_info: NodeInfo;
    }
  | ({ name: 'LogSkipBecauseError'; schema: string; relation: string; status: string } & Progress)
  | {
      name: 'LogNodeNoOpResult';
      description: string;
      index: number;
      total: number;
      execution_time: number;
      node_info: NodeInfo;
    }
  | {
      name: 'LogFreshnessResult';
      status: 'pass' | 'warn' | 'error' | 'runtime error';
      source_name: string;
      table_name: string;
      index: number;
      total: number;
      execution_time: number;
      node_info: NodeInfo;
    }
  | { name: 'FreshnessCheckComplete' }
  | { name: 'RunningOperationCaughtError'; exc: string }
  | { name: 'LogHookStartLine'; statement: string; index: number; total: number; node_info: NodeInfo }
  | {
      name: 'LogHookEndLine';
      statement: string;
      status: string;
      index: number;
      total: number;
      execution_time: number;
      node_info: NodeInfo;
    }
  | { name: 'NodeStart'; node_info: NodeInfo }
  | { name: 'NodeFinished'; node_info: NodeInfo; run_result: Record<string, unknown> }
  | {
      name: 'EndOfRunSummary';
      num_errors: number;
      num_partial_success: number;
      num_warnings: number;
      keyboard_interrupt: boolean;
    }
  | { name: 'RunResultWarning'; resource_type: string; node_name: string; path: string; node_info: NodeInfo }
  | { name: 'RunResultFailure'; resource_type: string; node_name: string; path: string; node_info: NodeInfo }
  | { name: 'RunResultError'; msg: string; node_info: NodeInfo }
  | { name: 'RunResultErrorNoMessage'; status: string; node_info: NodeInfo }
  | { name: 'RunResultWarningMessage'; msg: string; node_info: NodeInfo }
  | { name: 'SQLCompiledPath'; path: string; node_info: NodeInfo }
  | { name: 'CheckNodeTestFailure'; relation_name: string; node_info: NodeInfo }
  | {
      name: 'StatsLine';
      stats: {
        pass: number;
        warn: number;
        error: number;
        skip: number;
        'no-op': number;
        reused: number;
        total: number;
      };
    }
  | { name: 'FinishedRunningStats'; stat_line: string; execution: string; execution_time: number }
  | { name: 'NothingToDo' }
  | { name: 'NoNodesSelected' }
  /** `hint` (sq): what the person may have meant. */
  | { name: 'NoNodesForSelectionCriteria'; spec_raw: string; hint?: string }
  | { name: 'MainEncounteredError'; exc: string }
  | { name: 'MainStackTrace'; stack_trace: string }
  | { name: 'MainKeyboardInterrupt' }
  | { name: 'CancelledQueries'; count: number }
  | { name: 'JinjaLogInfo'; msg: string }
  | { name: 'JinjaLogDebug'; msg: string }
  | { name: 'JinjaLogWarning'; msg: string }
  | { name: 'PrintEvent'; msg: string }
  /** Info unless it says otherwise. */
  | { name: 'Note'; msg: string; level?: 'debug' | 'error' }
  | { name: 'SQLQuery'; conn_name: string; sql: string; node_info?: NodeInfo }
  | { name: 'SQLQueryStatus'; status: string; elapsed: number; query_id: string; node_info?: NodeInfo }
  | { name: 'NewConnection'; conn_type: string; conn_name: string }
  | { name: 'ListCmdOut'; msg: string }
  | {
      name: 'ShowNode';
      node_name: string;
      preview: string;
      is_inline: boolean;
      output_format: string;
      unique_id: string;
    }
  | {
      name: 'CompiledNode';
      node_name: string;
      compiled: string;
      is_inline: boolean;
      output_format: string;
      unique_id: string;
    }
  | { name: 'DepsNoPackagesFound' }
  | { name: 'DepsStartPackageInstall'; package_name: string }
  | { name: 'DepsInstallInfo'; version_name: string }
  | { name: 'DepsUpdateAvailable'; version_latest: string }
  | { name: 'DepsUpToDate' }
  | { name: 'DepsListSubdirectory'; subdirectory: string }
  | { name: 'DepsNotifyUpdatesAvailable'; packages: string[] }
  | { name: 'DepsLockUpdating'; lock_filepath: string }
  | { name: 'DepsAddPackage'; package_name: string; version: string; packages_filepath: string }
  | { name: 'DepsFoundDuplicatePackage'; removed_package: Record<string, unknown> }
  | { name: 'SeedHeader'; header: string }
  | { name: 'DebugCmdOut'; msg: string }
  | { name: 'DebugCmdResult'; msg: string }
  | { name: 'CheckCleanPath'; path: string }
  | { name: 'ConfirmCleanPath'; path: string }
  | { name: 'ProtectedCleanPath'; path: string }
  | { name: 'FinishedCleanPaths' }
  | { name: 'StarterProjectPath'; dir: string }
  | { name: 'ProjectCreated'; project_name: string }
  | { name: 'ArtifactWritten'; artifact_type: string; artifact_path: string }
  | { name: 'BuildingCatalog' }
  | { name: 'CatalogWritten'; path: string }
  | { name: 'WriteCatalogFailure'; num_exceptions: number }
  | { name: 'CommandCompleted'; command: string; success: boolean; elapsed: number; completed_at: string }
  | {
      name: 'DeprecationsSummary';
      summaries: { event_name: string; occurrences: number }[];
      show_all_hint: boolean;
    }
  /** A deprecation of dbt; `event_name` is dbt's class name, `msg` the text after "Deprecated functionality". */
  | { name: 'Deprecation'; event_name: string; msg: string }
  /** Any other warning of dbt's that a person can silence or make an error; `event_name` is dbt's class name. */
  | { name: 'Warning'; event_name: string; msg: string; node_info?: NodeInfo }
  /** sq's own one-line notices: which engine is used and why, a publish without tests, waiting for a lock. */
  | { name: 'SqNotice'; topic: string; msg: string }
  /** A node's plan under --dry-run. */
  | { name: 'DryRunNode'; unique_id: string; node_name: string; statements: string[] }
  /** `sq lineage` as a tree, line by line. */
  | { name: 'SqLineageTree'; lines: TreeSpan[][] }
  /** Rows of a freshly built table, for the closing table of `build` on a terminal or a pipe. */
  | { name: 'SqRowCounts'; rows: { relation: string; rows: number; unique_id: string }[] };

export type EventName = SqEvent['name'];
