/** The sentence of every event, in dbt's words. The switch is exhaustive: a new event needs a sentence. */
import { indent } from '../errors.ts';
import type { SqEvent, TreeSpan } from '../events.ts';
import type { Paint } from './paint.ts';
import { plural, progressLine } from './progress-line.ts';
import { alignRowCounts } from './row-counts.ts';

export interface MessageStyle {
  paint: Paint;
  /** `--printer-width`. */
  width: number;
  /** `--quiet`: data alone, without the line that announces it. */
  quiet: boolean;
}

const warning = (paint: Paint, text: string, name?: string) =>
  `[${paint.yellow('WARNING')}]${name === undefined ? '' : `[${name}]`}: ${text}`;
const error = (paint: Paint, text: string) => `[${paint.red('ERROR')}]: ${text}`;

/** What a person reads for `event`; may hold several lines, ends without a line break. */
export function messageOf(event: SqEvent, style: MessageStyle): string {
  const { paint, width } = style;
  switch (event.name) {
    case 'MainReportVersion':
      return `Running with dbt${event.version}`;
    case 'MainReportArgs':
      return `running sq with arguments ${JSON.stringify(event.args)}`;
    case 'AdapterRegistered':
      return `Registered adapter: ${event.adapter_name}${event.adapter_version}`;
    case 'FoundStats':
      return `Found ${event.stat_line}`;
    case 'UnableToPartialParse':
      return `Unable to do partial parsing because ${event.reason}`;
    case 'PartialParsingSkipParsing':
      return 'Partial parsing enabled, no changes found, skipping parsing';
    case 'PartialParsingNotEnabled':
      return 'Partial parsing not enabled';
    case 'ConcurrencyLine':
      return `Concurrency: ${plural(event.num_threads, 'thread')} (target='${event.target_name}')`;
    case 'LogStartLine':
      return progressLine({ message: `START ${event.description}`, status: 'RUN', ...place(event) }, width);
    case 'LogModelResult':
      return resultLine(event, paint, width, ['OK created', 'ERROR creating', 'PARTIALLY created']);
    case 'LogFunctionResult': {
      const status = event.ok ? paint.green('SUCCESS') : paint.red('ERROR');
      const message = `${event.ok ? 'OK created' : 'ERROR creating'} ${event.description}`;
      return progressLine({ message, status, ...place(event), seconds: event.execution_time }, width);
    }
    case 'LogSnapshotResult':
      return resultLine(event, paint, width, [
        'OK snapshotted',
        'ERROR snapshotting',
        'PARTIALLY snapshotted',
      ]);
    case 'LogSeedResult': {
      const message = `${event.ok ? 'OK loaded' : 'ERROR loading'} seed file ${event.schema}.${event.relation}`;
      const status = event.ok ? paint.green(event.result_message) : paint.red('ERROR');
      return progressLine({ message, status, ...place(event), seconds: event.execution_time }, width);
    }
    case 'LogTestResult':
      return testLine(event, paint, width);
    case 'LogStartBatch':
      return `Batch ${progressLine({ message: `START ${event.description}`, status: 'RUN', ...batchPlace(event) }, width)}`;
    case 'LogBatchResult':
      return batchLine(event, paint, width);
    case 'MicrobatchExecutionDebug':
      return event.msg;
    case 'GenericExceptionOnRun':
      return error(paint, `Unhandled error while executing ${event.unique_id}\n${event.exc.trim()}`);
    case 'SkippingDetails': {
      const relation = ['model', 'seed', 'snapshot'].includes(event.resource_type);
      const what = relation
        ? `relation ${event.schema}.${event.node_name}`
        : `${event.resource_type} ${event.node_name}`;
      return progressLine({ message: `SKIP ${what}`, status: paint.yellow('SKIP'), ...place(event) }, width);
    }
    case 'LogSkipBecauseError': {
      const message = `SKIP relation ${event.schema}.${event.relation} due to ephemeral model status '${event.status}'`;
      return progressLine({ message, status: paint.red('ERROR SKIP'), ...place(event) }, width);
    }
    case 'LogNodeNoOpResult':
      return progressLine(
        {
          message: `NO-OP ${event.description}`,
          status: paint.yellow('NO-OP'),
          ...place(event),
          seconds: event.execution_time,
        },
        width,
      );
    case 'LogFreshnessResult': {
      const [info, color] = FRESHNESS_WORDS[event.status];
      return progressLine(
        {
          message: `${info} freshness of ${event.source_name}.${event.table_name}`,
          status: paint[color](info),
          ...place(event),
          seconds: event.execution_time,
        },
        width,
      );
    }
    case 'FreshnessCheckComplete':
      return 'Done.';
    case 'RunningOperationCaughtError':
      return error(paint, `Encountered an error while running operation: ${event.exc}`);
    case 'LogHookStartLine':
      return progressLine(
        { message: `START hook: ${event.statement}`, status: 'RUN', ...place(event), truncate: true },
        width,
      );
    case 'LogHookEndLine': {
      const ok = event.status === 'success';
      return progressLine(
        {
          message: `${ok ? 'OK' : 'ERROR'} hook: ${event.statement}`,
          status: ok ? paint.green('OK') : paint.red('ERROR'),
          ...place(event),
          seconds: event.execution_time,
          truncate: true,
        },
        width,
      );
    }
    case 'NodeStart':
      return `Began running node ${event.node_info.unique_id}`;
    case 'NodeFinished':
      return `Finished running node ${event.node_info.unique_id}`;
    case 'EndOfRunSummary':
      return summary(event, paint);
    case 'RunResultWarning':
      return warning(paint, `in ${event.resource_type} ${event.node_name} (${event.path})`);
    case 'RunResultFailure':
      return error(paint, `in ${event.resource_type} ${event.node_name} (${event.path})`);
    case 'RunResultError':
      return indent(event.msg);
    case 'RunResultErrorNoMessage':
      return `  Status: ${event.status}`;
    case 'RunResultWarningMessage':
      return warning(paint, event.msg);
    case 'SQLCompiledPath':
      return `  compiled code at ${event.path}`;
    case 'CheckNodeTestFailure': {
      const query = `select * from ${event.relation_name}`;
      const border = '-'.repeat(query.length);
      return `  See test failures:\n  ${border}\n  ${query}\n  ${border}`;
    }
    case 'StatsLine': {
      const { stats } = event;
      return (
        `Done. PASS=${stats.pass} WARN=${stats.warn} ERROR=${stats.error} SKIP=${stats.skip} ` +
        `NO-OP=${stats['no-op']} REUSED=${stats.reused} TOTAL=${stats.total}`
      );
    }
    case 'FinishedRunningStats':
      return `Finished running ${event.stat_line}${event.execution} (${event.execution_time.toFixed(2)}s).`;
    case 'NothingToDo':
      return warning(paint, 'Nothing to do. Try checking your model configs and model specification args');
    case 'NoNodesSelected':
      return warning(paint, 'No nodes selected!');
    case 'NoNodesForSelectionCriteria': {
      const text = `The selection criterion '${event.spec_raw}' does not match any enabled nodes`;
      return warning(paint, event.hint === undefined ? text : `${text}\n  hint: ${event.hint}`);
    }
    case 'MainEncounteredError':
      return error(paint, `Encountered an error:\n${event.exc}`);
    case 'MainStackTrace':
      return event.stack_trace;
    case 'MainKeyboardInterrupt':
      return 'ctrl-c';
    case 'CancelledQueries':
      return `Cancelled ${plural(event.count, 'running query', 'running queries')}`;
    case 'JinjaLogWarning':
      return warning(paint, event.msg);
    case 'Deprecation':
      return warning(paint, `Deprecated functionality\n${event.msg}`, event.event_name);
    case 'Warning':
      return warning(paint, event.msg);
    case 'DeprecationsSummary':
      return deprecations(event, paint);
    case 'SQLQuery':
      return `On ${event.conn_name}: ${event.sql}`;
    case 'SQLQueryStatus':
      return `SQL status: ${event.status} in ${event.elapsed.toFixed(3)} seconds`;
    case 'NewConnection':
      return `Acquiring new ${event.conn_type} connection '${event.conn_name}'`;
    case 'ShowNode':
      return preview(event, style);
    case 'CompiledNode':
      return compiled(event, style);
    case 'DepsNoPackagesFound':
      return 'Warning: No packages were found in packages.yml';
    case 'DepsStartPackageInstall':
      return `Installing ${event.package_name}`;
    case 'DepsInstallInfo':
      return `Installed from ${event.version_name}`;
    case 'DepsUpdateAvailable':
      return `Updated version available: ${event.version_latest}`;
    case 'DepsUpToDate':
      return 'Up to date!';
    case 'DepsListSubdirectory':
      return `and subdirectory ${event.subdirectory}`;
    case 'DepsNotifyUpdatesAvailable': {
      const names = event.packages.map((one) => `'${one}'`).join(', ');
      return `Updates available for packages: [${names}]\nUpdate your versions in packages.yml, then run dbt deps`;
    }
    case 'DepsLockUpdating':
      return `Updating lock file in file path: ${event.lock_filepath}`;
    case 'DepsAddPackage':
      return `Added new package ${event.package_name}@${event.version} to ${event.packages_filepath}`;
    case 'DepsFoundDuplicatePackage':
      return `Found duplicate package in packages.yml, removing: ${JSON.stringify(event.removed_package)}`;
    case 'SeedHeader':
      return event.header;
    case 'JinjaLogInfo':
    case 'JinjaLogDebug':
    case 'PrintEvent':
    case 'Note':
    case 'ListCmdOut':
    case 'SqNotice':
      return event.msg;
    case 'DebugCmdOut':
      return event.msg.replace(/\[(OK|ERROR)([^\]]*)\]$/, (_, word: string, rest: string) =>
        word === 'OK' ? `[${paint.green(word + rest)}]` : `[${paint.red(word + rest)}]`,
      );
    case 'DebugCmdResult':
      return event.msg.replace(/^.*$/m, (line) =>
        line.includes('failed') ? paint.red(line) : paint.green(line),
      );
    case 'CheckCleanPath':
      return `Checking ${event.path}/*`;
    case 'ConfirmCleanPath':
      return `Cleaned ${event.path}/*`;
    case 'ProtectedCleanPath':
      return `ERROR: not cleaning ${event.path}/* because it is protected`;
    case 'FinishedCleanPaths':
      return 'Finished cleaning all paths.';
    case 'StarterProjectPath':
      return `Starter project path: ${event.dir}`;
    case 'ProjectCreated':
      return `Your new project "${event.project_name}" was created!\n\nNext:\n  cd ${event.project_name}\n  sq build`;
    case 'ArtifactWritten':
      return `Wrote artifact ${event.artifact_type} to ${event.artifact_path}`;
    case 'CommandCompleted': {
      const outcome = event.success ? 'succeeded' : 'failed';
      const at = event.completed_at.slice(11, 19);
      return `Command \`${event.command}\` ${outcome} at ${at} after ${event.elapsed.toFixed(2)} seconds`;
    }
    case 'DryRunNode':
      return [`-- ${event.node_name} (${event.unique_id})`, ...event.statements.map(terminated), ''].join(
        '\n',
      );
    case 'BuildingCatalog':
      return 'Building catalog';
    case 'CatalogWritten':
      return `Catalog written to ${event.path}`;
    case 'WriteCatalogFailure':
      return error(
        paint,
        `dbt encountered ${plural(event.num_exceptions, 'failure')} while writing the catalog`,
      );
    case 'SqLineageTree':
      return event.lines.map((line) => line.map((span) => toned(span, paint)).join('')).join('\n');
    case 'SqRowCounts':
      return alignRowCounts(event.rows);
  }
}

function toned({ text, tone }: TreeSpan, paint: Paint): string {
  switch (tone) {
    case 'name':
      return paint.bold(text);
    case 'source':
      return paint.green(text);
    case 'end':
      return paint.yellow(text);
    case 'dim':
      return paint.dim(text);
    case 'plain':
      return text;
  }
}

const FRESHNESS_WORDS = {
  pass: ['PASS', 'green'],
  warn: ['WARN', 'yellow'],
  error: ['ERROR STALE', 'red'],
  'runtime error': ['ERROR', 'red'],
} as const;

function place(event: { index: number; total: number }): { index: number; total: number } {
  return { index: event.index, total: event.total };
}

type ResultEvent = Extract<SqEvent, { name: 'LogModelResult' | 'LogSnapshotResult' }>;

function resultLine(
  event: ResultEvent,
  paint: Paint,
  width: number,
  [done, failed, partly]: [string, string, string],
): string {
  const partial = event.status.toUpperCase().startsWith('PARTIAL SUCCESS');
  const words = partial ? partly : event.ok ? done : failed;
  const status = partial
    ? paint.yellow(event.status.toUpperCase())
    : event.ok
      ? paint.green(event.status)
      : paint.red(event.status.toUpperCase());
  const message = `${words} ${event.description}`;
  return progressLine({ message, status, ...place(event), seconds: event.execution_time }, width);
}

function batchPlace(event: { batch_index: number; total_batches: number }) {
  return { index: event.batch_index, total: event.total_batches };
}

function batchLine(event: Extract<SqEvent, { name: 'LogBatchResult' }>, paint: Paint, width: number): string {
  const { status, description, execution_time: seconds } = event;
  const [word, shown] =
    status === 'error'
      ? ['ERROR creating', paint.red('ERROR')]
      : status === 'skipped'
        ? ['SKIP', paint.yellow('SKIPPED')]
        : ['OK created', paint.green(status)];
  const line = { message: `${word} ${description}`, status: shown, ...batchPlace(event), seconds };
  return `Batch ${progressLine(line, width)}`;
}

function testLine(event: Extract<SqEvent, { name: 'LogTestResult' }>, paint: Paint, width: number): string {
  const color = event.status === 'pass' ? paint.green : event.status === 'warn' ? paint.yellow : paint.red;
  const word = event.status.toUpperCase();
  const info = event.status === 'warn' || event.status === 'fail' ? `${word} ${event.num_failures}` : word;
  return progressLine(
    {
      message: `${info} ${event.test_name}`,
      status: color(info),
      index: event.index,
      total: event.num_models,
      seconds: event.execution_time,
    },
    width,
  );
}

function summary(event: Extract<SqEvent, { name: 'EndOfRunSummary' }>, paint: Paint): string {
  const errors = plural(event.num_errors, 'error');
  const partial = plural(event.num_partial_success, 'partial success', 'partial successes');
  const warnings = plural(event.num_warnings, 'warning');
  if (event.keyboard_interrupt) return paint.yellow('Exited because of keyboard interrupt');
  if (event.num_errors > 0) return paint.red(`Completed with ${errors}, ${partial}, and ${warnings}:`);
  if (event.num_partial_success > 0) return paint.yellow(`Completed with ${partial} and ${warnings}`);
  if (event.num_warnings > 0) return paint.yellow(`Completed with ${warnings}:`);
  return paint.green('Completed successfully');
}

function deprecations(event: Extract<SqEvent, { name: 'DeprecationsSummary' }>, paint: Paint): string {
  const lines = [
    'Deprecated functionality',
    'Summary of encountered deprecations:',
    ...event.summaries.map((one) => `- ${one.event_name}: ${plural(one.occurrences, 'occurrence')}`),
  ];
  if (event.show_all_hint) {
    lines.push(
      'To see every occurrence and not only the first of each kind, run the command again with ' +
        '`--show-all-deprecations`; some are met only while parsing, then add `--no-partial-parse`.',
    );
  }
  return warning(paint, lines.join('\n'), 'DeprecationsSummary');
}

function preview(event: Extract<SqEvent, { name: 'ShowNode' }>, style: MessageStyle): string {
  if (event.output_format === 'json') {
    const node = event.is_inline ? '' : `"node": ${JSON.stringify(event.node_name)},\n  `;
    return `{\n  ${node}"show": ${event.preview.replaceAll('\n', '\n  ')}\n}`;
  }
  if (style.quiet) return event.preview;
  const title = event.is_inline ? 'Previewing inline node:' : `Previewing node '${event.node_name}':`;
  return `${title}\n${event.preview}`;
}

function compiled(event: Extract<SqEvent, { name: 'CompiledNode' }>, style: MessageStyle): string {
  if (event.output_format === 'json') {
    const { compiled: sql } = event;
    return JSON.stringify(
      event.is_inline ? { compiled: sql } : { node: event.node_name, compiled: sql },
      null,
      2,
    );
  }
  if (style.quiet) return event.compiled;
  const title = event.is_inline ? 'Compiled inline node is:' : `Compiled node '${event.node_name}' is:`;
  return `${title}\n${event.compiled}`;
}

function terminated(statement: string): string {
  const text = statement.trimEnd();
  return text.startsWith('--') || text.endsWith(';') ? text : `${text};`;
}
