import { expect, test } from 'vitest';
import type { EventName, SqEvent } from '../events.ts';
import { codeOf, levelOf, nameOf } from './codes.ts';
import { EVERY_EVENT } from './every-event.fixture.ts';
import { messageOf } from './messages.ts';
import { colorPaint, plainPaint } from './paint.ts';

const style = { paint: plainPaint, width: 80, quiet: false };

/** dbt 1.12's sentences as dbt prints them, and sq's own. */
const SENTENCES: Record<EventName, string> = {
  MainReportVersion: 'Running with dbt=1.12.3',
  MainReportArgs: 'running sq with arguments {"which":"run"}',
  AdapterRegistered: 'Registered adapter: duckdb=1.5.6',
  FoundStats: 'Found 5 models, 480 macros',
  UnableToPartialParse: 'Unable to do partial parsing because saved manifest not found. Starting full parse.',
  PartialParsingSkipParsing: 'Partial parsing enabled, no changes found, skipping parsing',
  PartialParsingNotEnabled: 'Partial parsing not enabled',
  ConcurrencyLine: "Concurrency: 4 threads (target='dev')",
  LogStartLine: '2 of 11 START sql table model main.songs ....................................... [RUN]',
  LogModelResult:
    '2 of 11 OK created sql table model main.songs .................................. [SELECT 71 in 0.08s]',
  LogSeedResult:
    '2 of 11 OK loaded seed file main.countries ..................................... [INSERT 100 in 0.10s]',
  LogStartBatch:
    'Batch 1 of 3 START batch 2018-11-01 of main.plays .................................... [RUN]',
  LogBatchResult:
    'Batch 1 of 3 OK created batch 2018-11-01 of main.plays ............................... [INSERT 3 in 0.10s]',
  MicrobatchExecutionDebug: 'batch 2018-11-01 of main.plays is being run sequentially',
  GenericExceptionOnRun:
    '[ERROR]: Unhandled error while executing model.sparkify.plays\nException on worker thread. no such table',
  LogFunctionResult:
    '2 of 11 OK created function main.cost .......................................... [SUCCESS in 0.10s]',
  LogSnapshotResult:
    '2 of 11 OK snapshotted snapshot main.users_history ............................. [INSERT 3 in 0.10s]',
  LogTestResult:
    '2 of 11 FAIL 3 unique_songs_song_id ............................................ [FAIL 3 in 0.03s]',
  LogSkipBecauseError:
    "2 of 11 SKIP relation main.songs due to ephemeral model status 'error' ......... [ERROR SKIP]",
  SkippingDetails: '2 of 11 SKIP relation main.songs ............................................... [SKIP]',
  LogNodeNoOpResult:
    '2 of 11 NO-OP metric plays ..................................................... [NO-OP in 0.00s]',
  LogFreshnessResult:
    '2 of 11 WARN freshness of raw.events ........................................... [WARN in 0.02s]',
  FreshnessCheckComplete: 'Done.',
  RunningOperationCaughtError:
    '[ERROR]: Encountered an error while running operation: Runtime Error\n  it went wrong',
  LogHookStartLine: '2 of 11 START hook: shop.on-run-start.0 ........................................ [RUN]',
  LogHookEndLine:
    '2 of 11 OK hook: shop.on-run-start.0 ........................................... [OK in 0.02s]',
  NodeStart: 'Began running node model.shop.songs',
  NodeFinished: 'Finished running node model.shop.songs',
  EndOfRunSummary: 'Completed with 2 errors, 0 partial successes, and 1 warning:',
  RunResultWarning: '[WARNING]: in test few_songs (tests/few_songs.sql)',
  RunResultFailure: '[ERROR]: in test unique_songs_song_id (models/songs.yml)',
  RunResultError: '  Got 3 results, configured to fail if != 0',
  RunResultErrorNoMessage: '  Status: error',
  RunResultWarningMessage: '[WARNING]: Got 1 result, configured to warn if != 0',
  SQLCompiledPath: '  compiled code at target/compiled/shop/models/songs.sql',
  CheckNodeTestFailure: [
    '  See test failures:',
    '  ------------------------------',
    '  select * from "db"."audit"."t"',
    '  ------------------------------',
  ].join('\n'),
  StatsLine: 'Done. PASS=5 WARN=1 ERROR=2 SKIP=4 NO-OP=0 REUSED=0 TOTAL=12',
  FinishedRunningStats:
    'Finished running 1 seed, 2 table models in 0 hours 0 minutes and 0.57 seconds (0.57s).',
  NothingToDo: '[WARNING]: Nothing to do. Try checking your model configs and model specification args',
  NoNodesSelected: '[WARNING]: No nodes selected!',
  NoNodesForSelectionCriteria: "[WARNING]: The selection criterion 'song' does not match any enabled nodes",
  MainEncounteredError: '[ERROR]: Encountered an error:\nRuntime Error\n  no project',
  MainStackTrace: 'Error: x\n    at y',
  MainKeyboardInterrupt: 'ctrl-c',
  CancelledQueries: 'Cancelled 2 running queries',
  JinjaLogInfo: 'hello',
  JinjaLogDebug: 'detail',
  JinjaLogWarning: '[WARNING]: careful',
  PrintEvent: 'printed',
  Note: 'note',
  SQLQuery: 'On model.shop.songs: select 1',
  SQLQueryStatus: 'SQL status: OK in 0.012 seconds',
  NewConnection: "Acquiring new duckdb connection 'master'",
  ListCmdOut: 'shop.songs',
  ShowNode: "Previewing node 'songs':\n| id |\n| -- |\n|  1 |",
  CompiledNode: "Compiled node 'songs' is:\nselect 1",
  DepsNoPackagesFound: 'Warning: No packages were found in packages.yml',
  DepsStartPackageInstall: 'Installing dbt-labs/dbt_utils',
  DepsInstallInfo: 'Installed from version 1.1.1',
  DepsUpdateAvailable: 'Updated version available: 1.3.0',
  DepsUpToDate: 'Up to date!',
  DepsListSubdirectory: 'and subdirectory core',
  DepsNotifyUpdatesAvailable:
    "Updates available for packages: ['dbt-labs/dbt_utils']\nUpdate your versions in packages.yml, then run dbt deps",
  DepsLockUpdating: 'Updating lock file in file path: /shop/package-lock.yml',
  DepsAddPackage: 'Added new package dbt-labs/dbt_utils@1.1.1 to /shop/packages.yml',
  DepsFoundDuplicatePackage:
    'Found duplicate package in packages.yml, removing: {"package":"dbt-labs/dbt_utils","version":"1.0.0"}',
  SeedHeader: 'Random sample of table: main.countries',
  DebugCmdOut: 'Connection:',
  DebugCmdResult: 'All checks passed!',
  CheckCleanPath: 'Checking target/*',
  ConfirmCleanPath: 'Cleaned target/*',
  ProtectedCleanPath: 'ERROR: not cleaning models/* because it is protected',
  FinishedCleanPaths: 'Finished cleaning all paths.',
  StarterProjectPath: 'Starter project path: shop',
  ProjectCreated: 'Your new project "shop" was created!\n\nNext:\n  cd shop\n  sq build',
  ArtifactWritten: 'Wrote artifact RunExecutionResult to target/run_results.json',
  CommandCompleted: 'Command `sq run` succeeded at 08:37:43 after 1.23 seconds',
  DeprecationsSummary: [
    '[WARNING][DeprecationsSummary]: Deprecated functionality',
    'Summary of encountered deprecations:',
    '- MissingPlusPrefixDeprecation: 1 occurrence',
    '- DuplicateYAMLKeysDeprecation: 2 occurrences',
  ].join('\n'),
  Deprecation: '[WARNING][MissingPlusPrefixDeprecation]: Deprecated functionality\nMissing plus.',
  Warning: '[WARNING]: Unused paths.',
  SqNotice: 'Using the embedded DuckDB',
  DryRunNode: '-- songs (model.shop.songs)\ncreate table a as select 1;\n-- decided at run time: columns\n',
  BuildingCatalog: 'Building catalog',
  CatalogWritten: 'Catalog written to /shop/target/catalog.json',
  WriteCatalogFailure: '[ERROR]: dbt encountered 1 failure while writing the catalog',
  SqLineageTree: 'raw.songs  source\n└─ songs',
  SqRowCounts: [
    'Rows in the tables that were built:',
    '  main.songs        71',
    '  main.songplays  6820',
  ].join('\n'),
};

test.each(Object.entries(EVERY_EVENT))('%s has its sentence', (name, event) => {
  expect(messageOf(event, style)).toBe(SENTENCES[name as EventName]);
});

test.each(Object.values(EVERY_EVENT))('$name has a code of dbt or of sq, and a level', (event) => {
  expect(codeOf(event)).toMatch(/^[A-Z]\d\d\d$/);
  expect(['debug', 'info', 'warn', 'error']).toContain(levelOf(event));
});

test('a deprecation and a warning are known by their own names and codes', () => {
  expect(nameOf(EVERY_EVENT.Deprecation)).toBe('MissingPlusPrefixDeprecation');
  expect(codeOf(EVERY_EVENT.Deprecation)).toBe('D037');
  expect(nameOf(EVERY_EVENT.Warning)).toBe('UnusedResourceConfigPath');
  expect(codeOf(EVERY_EVENT.Warning)).toBe('I051');
});

test('results that are not good change words, level and colour', async () => {
  const paint = await colorPaint();
  const failed: SqEvent = { ...EVERY_EVENT.LogModelResult, ok: false, status: 'error' };
  expect(messageOf(failed, style)).toBe(
    '2 of 11 ERROR creating sql table model main.songs .............................. [ERROR in 0.08s]',
  );
  expect(levelOf(failed)).toBe('error');
  expect(messageOf(failed, { ...style, paint })).toContain('[\u001b[31mERROR\u001b[39m in 0.08s]');
  const passed: SqEvent = { ...EVERY_EVENT.LogTestResult, status: 'pass', num_failures: 0 };
  expect(messageOf(passed, { ...style, paint })).toContain(
    'PASS unique_songs_song_id .............................................. [\u001b[32mPASS\u001b[39m in 0.03s]',
  );
  const partial: SqEvent = { ...EVERY_EVENT.LogModelResult, ok: false, status: 'partial success (2/3)' };
  expect(messageOf(partial, style)).toContain('PARTIALLY created sql table model main.songs');
  expect(messageOf(partial, style)).toContain('[PARTIAL SUCCESS (2/3) in 0.08s]');
});

test('the summary says how the run ended', () => {
  const end = (numbers: Partial<Extract<SqEvent, { name: 'EndOfRunSummary' }>>) =>
    messageOf(
      {
        name: 'EndOfRunSummary',
        num_errors: 0,
        num_partial_success: 0,
        num_warnings: 0,
        keyboard_interrupt: false,
        ...numbers,
      },
      style,
    );
  expect(end({})).toBe('Completed successfully');
  expect(end({ num_warnings: 2 })).toBe('Completed with 2 warnings:');
  expect(end({ num_partial_success: 1 })).toBe('Completed with 1 partial success and 0 warnings');
  expect(end({ num_errors: 1 })).toBe('Completed with 1 error, 0 partial successes, and 0 warnings:');
  expect(end({ keyboard_interrupt: true })).toBe('Exited because of keyboard interrupt');
});

test('quiet and JSON output of show and compile hold the data alone', () => {
  expect(messageOf(EVERY_EVENT.ShowNode, { ...style, quiet: true })).toBe('| id |\n| -- |\n|  1 |');
  expect(
    messageOf(
      { ...EVERY_EVENT.ShowNode, output_format: 'json', preview: '[\n  {\n    "id": 1.50\n  }\n]' },
      style,
    ),
  ).toBe('{\n  "node": "songs",\n  "show": [\n    {\n      "id": 1.50\n    }\n  ]\n}');
  expect(messageOf({ ...EVERY_EVENT.CompiledNode, output_format: 'json' }, style)).toBe(
    '{\n  "node": "songs",\n  "compiled": "select 1"\n}',
  );
});
