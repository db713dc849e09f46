/** Names, codes and levels of events as dbt's log says them (`info.name`, `info.code`, `info.level`). */
import type { EventName, SqEvent } from '../events.ts';
import { warningCode } from './warning-codes.ts';

export type Level = 'debug' | 'info' | 'warn' | 'error';

const RANK = { debug: 0, info: 1, warn: 2, error: 3, none: 4 } as const;

/** True when `level` is at least `least`; `none` lets nothing through. */
export function reaches(level: Level, least: Level | 'none'): boolean {
  return RANK[level] >= RANK[least];
}

/** Code and level by event; sq's own codes begin with S. */
const FACTS: Readonly<Record<EventName, readonly [code: string, level: Level]>> = {
  MainReportVersion: ['A001', 'info'],
  MainReportArgs: ['A002', 'debug'],
  StarterProjectPath: ['A017', 'debug'],
  ProjectCreated: ['A026', 'info'],
  NewConnection: ['E005', 'debug'],
  SQLQuery: ['E016', 'debug'],
  SQLQueryStatus: ['E017', 'debug'],
  AdapterRegistered: ['E034', 'info'],
  FinishedRunningStats: ['E047', 'info'],
  WriteCatalogFailure: ['E049', 'error'],
  CatalogWritten: ['E050', 'info'],
  BuildingCatalog: ['E052', 'info'],
  PartialParsingSkipParsing: ['I017', 'debug'],
  UnableToPartialParse: ['I024', 'info'],
  PartialParsingNotEnabled: ['I028', 'debug'],
  JinjaLogWarning: ['I061', 'warn'],
  JinjaLogInfo: ['I062', 'info'],
  JinjaLogDebug: ['I063', 'debug'],
  DepsNoPackagesFound: ['M013', 'info'],
  DepsStartPackageInstall: ['M014', 'info'],
  DepsInstallInfo: ['M015', 'info'],
  DepsUpdateAvailable: ['M016', 'info'],
  DepsUpToDate: ['M017', 'info'],
  DepsListSubdirectory: ['M018', 'info'],
  DepsNotifyUpdatesAvailable: ['M019', 'info'],
  NoNodesForSelectionCriteria: ['M030', 'warn'],
  DepsLockUpdating: ['M031', 'info'],
  DepsAddPackage: ['M032', 'info'],
  DepsFoundDuplicatePackage: ['M033', 'info'],
  ArtifactWritten: ['P001', 'debug'],
  FreshnessCheckComplete: ['Q003', 'info'],
  SeedHeader: ['Q004', 'info'],
  LogTestResult: ['Q007', 'info'],
  LogStartLine: ['Q011', 'info'],
  LogModelResult: ['Q012', 'info'],
  LogSnapshotResult: ['Q015', 'info'],
  LogSeedResult: ['Q016', 'info'],
  LogFunctionResult: ['Q047', 'info'],
  LogFreshnessResult: ['Q018', 'info'],
  LogNodeNoOpResult: ['Q019', 'info'],
  NodeStart: ['Q024', 'debug'],
  NodeFinished: ['Q025', 'debug'],
  RunningOperationCaughtError: ['Q001', 'error'],
  ConcurrencyLine: ['Q027', 'info'],
  LogHookStartLine: ['Q032', 'info'],
  LogHookEndLine: ['Q033', 'info'],
  SkippingDetails: ['Q034', 'info'],
  LogSkipBecauseError: ['Z034', 'error'],
  NothingToDo: ['Q035', 'warn'],
  NoNodesSelected: ['Q038', 'warn'],
  CommandCompleted: ['Q039', 'debug'],
  ShowNode: ['Q041', 'info'],
  CompiledNode: ['Q042', 'info'],
  MicrobatchExecutionDebug: ['Q044', 'debug'],
  LogStartBatch: ['Q045', 'info'],
  LogBatchResult: ['Q046', 'info'],
  GenericExceptionOnRun: ['W004', 'error'],
  FoundStats: ['W006', 'info'],
  MainKeyboardInterrupt: ['Z001', 'info'],
  MainEncounteredError: ['Z002', 'error'],
  MainStackTrace: ['Z003', 'debug'],
  CheckCleanPath: ['Z012', 'info'],
  ConfirmCleanPath: ['Z013', 'info'],
  ProtectedCleanPath: ['Z014', 'info'],
  FinishedCleanPaths: ['Z015', 'info'],
  RunResultWarning: ['Z021', 'warn'],
  RunResultFailure: ['Z022', 'error'],
  StatsLine: ['Z023', 'info'],
  RunResultError: ['Z024', 'error'],
  RunResultErrorNoMessage: ['Z025', 'error'],
  SQLCompiledPath: ['Z026', 'info'],
  CheckNodeTestFailure: ['Z027', 'info'],
  EndOfRunSummary: ['Z030', 'info'],
  RunResultWarningMessage: ['Z046', 'warn'],
  DebugCmdOut: ['Z047', 'info'],
  DebugCmdResult: ['Z048', 'info'],
  ListCmdOut: ['Z049', 'info'],
  Note: ['Z050', 'info'],
  PrintEvent: ['Z052', 'info'],
  CancelledQueries: ['Q022', 'info'],
  DeprecationsSummary: ['D028', 'warn'],
  Deprecation: ['D000', 'warn'],
  Warning: ['S000', 'warn'],
  SqNotice: ['S001', 'info'],
  DryRunNode: ['S002', 'info'],
  SqRowCounts: ['S003', 'info'],
  SqLineageTree: ['S004', 'info'],
};

/** dbt's event name: a deprecation or a warning is known by its own. */
export function nameOf(event: SqEvent): string {
  return event.name === 'Deprecation' || event.name === 'Warning' ? event.event_name : event.name;
}

export function codeOf(event: SqEvent): string {
  if (event.name === 'Deprecation' || event.name === 'Warning') return warningCode(event.event_name);
  return FACTS[event.name][0];
}

/** Level of an event; of a result line it depends on the result, as with dbt's DynamicLevel. */
export function levelOf(event: SqEvent): Level {
  switch (event.name) {
    case 'LogModelResult':
    case 'LogSnapshotResult':
    case 'LogFunctionResult':
    case 'LogSeedResult':
      return event.ok ? 'info' : 'error';
    case 'LogBatchResult':
      return event.status === 'error' ? 'error' : 'info';
    case 'LogTestResult':
      if (event.status === 'pass') return 'info';
      return event.status === 'warn' ? 'warn' : 'error';
    case 'LogFreshnessResult':
      if (event.status === 'pass') return 'info';
      return event.status === 'warn' ? 'warn' : 'error';
    case 'Note':
      return event.level ?? 'info';
    default:
      return FACTS[event.name][1];
  }
}
