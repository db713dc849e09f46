import type { SqEvent } from '../events.ts';

/** Where dbt sets an empty line: it fires `Formatting` events there, sq derives them from the event itself. */
export function blankLines(event: SqEvent): { before: boolean; after: boolean } {
  switch (event.name) {
    case 'ConcurrencyLine':
      return { before: true, after: true };
    case 'LogHookStartLine':
      return { before: event.index === 1 && isRunEnd(event.node_info.unique_id), after: false };
    case 'LogHookEndLine':
      return { before: false, after: event.index === event.total && !isRunEnd(event.node_info.unique_id) };
    case 'RunResultError':
      // of a source that could not be asked: nothing stands above it
      return { before: event.node_info.node_status === 'runtime error', after: false };
    case 'FinishedRunningStats':
    case 'EndOfRunSummary':
    case 'RunResultFailure':
    case 'RunResultWarning':
    case 'SQLCompiledPath':
    case 'CheckNodeTestFailure':
    case 'StatsLine':
    case 'SqRowCounts':
      return { before: true, after: false };
    default:
      return { before: false, after: false };
  }
}

function isRunEnd(uniqueId: string): boolean {
  return uniqueId.includes('-on-run-end-');
}
