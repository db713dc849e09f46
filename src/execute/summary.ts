/** The end of a run: dbt's counts, one block for each failure, the closing lines. */
import type { SqEvent } from '../events.ts';
import type { GraphNode } from '../manifest/nodes.ts';
import type { NodeResult } from './contract.ts';
import { hasFailed } from './finish-node.ts';
import { nodeInfo } from './node-info.ts';
import type { RunState } from './run-state.ts';

/** "2 view models, 20 data tests": by kind, in the order of dbt's words. */
export function statLine(run: RunState): string {
  const counts = new Map<string, number>();
  for (const { unique_id } of run.results) {
    const summary = run.request.manifest.index.get(unique_id);
    const type = summary?.resource_type ?? unique_id.slice(0, unique_id.indexOf('.'));
    const kind =
      type === 'model'
        ? `${summary?.materialized ?? ''} model`
        : type === 'operation'
          ? 'project hook'
          : type;
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
  }
  return [...counts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([kind, count]) => `${count} ${count === 1 ? kind : plural(kind)}`.replaceAll('_', ' '))
    .join(', ');
}

function plural(kind: string): string {
  if (kind === 'test') return 'data_tests';
  return kind === 'saved_query' ? 'saved_queries' : `${kind}s`;
}

/** " in 0 hours 0 minutes and 1.23 seconds". */
export function humanTime(seconds: number): string {
  const minutes = Math.floor(seconds / 60);
  const rest = seconds - minutes * 60;
  return ` in ${Math.floor(minutes / 60)} hours ${minutes % 60} minutes and ${rest.toFixed(2)} seconds`;
}

export interface Stats {
  pass: number;
  warn: number;
  error: number;
  skip: number;
  'no-op': number;
  reused: number;
  total: number;
}

export function countStats(results: readonly NodeResult[]): Stats {
  const stats: Stats = { pass: 0, warn: 0, error: 0, skip: 0, 'no-op': 0, reused: 0, total: results.length };
  for (const { status } of results) {
    if (status === 'success' || status === 'pass') stats.pass += 1;
    else if (status === 'skipped') stats.skip += 1;
    else if (status === 'warn' || status === 'no-op' || status === 'reused') stats[status] += 1;
    else stats.error += 1;
  }
  return stats;
}

/** "Finished running ...", right after the last node. */
export function emitFinished(run: RunState, elapsed: number): void {
  run.invocation.emit({
    name: 'FinishedRunningStats',
    stat_line: statLine(run),
    execution: humanTime(elapsed),
    execution_time: elapsed,
  });
}

/** "Completed ...", a block for every failure and warning, row counts, "Done. PASS=...". */
export function emitSummary(run: RunState): void {
  const { results, invocation } = run;
  // dbt: a skip that says why is an error of something upstream
  const errors = results.filter(
    (r) => (hasFailed(r) && r.status !== 'partial success') || (r.status === 'skipped' && r.message !== null),
  );
  const partial = results.filter((r) => r.status === 'partial success');
  const warnings = results.filter((r) => r.status === 'warn');
  invocation.emit({
    name: 'EndOfRunSummary',
    num_errors: errors.length,
    num_partial_success: partial.length,
    num_warnings: warnings.length,
    keyboard_interrupt: run.ending === 'interrupt',
  });
  for (const result of [...errors, ...partial, ...warnings]) emitFailure(run, result);
  emitRowCounts(run);
  invocation.emit({ name: 'StatsLine', stats: countStats(results) });
}

/** The block of one failure or warning. */
export function emitFailure(run: RunState, result: Reported): void {
  const node = run.request.manifest.get(result.unique_id);
  if (node === undefined) return;
  const emit = (event: SqEvent) => run.invocation.emit(event);
  const node_info = nodeInfo(node, result.status, { started: '', finished: '' });
  const isWarning = result.status === 'warn';
  // dbt has no headline for a source that could not be asked
  if (!isWarning && (!hasFailed(result) || result.status === 'runtime error')) {
    if (result.message !== null) emit({ name: 'RunResultError', msg: result.message, node_info });
    return;
  }
  emit({
    name: isWarning ? 'RunResultWarning' : 'RunResultFailure',
    resource_type: node.resource_type,
    node_name: node.name,
    path: node.original_file_path,
    node_info,
  });
  if (result.message === null) emit({ name: 'RunResultErrorNoMessage', status: result.status, node_info });
  else if (isWarning) emit({ name: 'RunResultWarningMessage', msg: result.message, node_info });
  else emit({ name: 'RunResultError', msg: result.message, node_info });
  emitPlaces(run, node, result, emit);
}

function emitPlaces(run: RunState, node: GraphNode, result: Reported, emit: (event: SqEvent) => void): void {
  const node_info = nodeInfo(node, result.status, { started: '', finished: '' });
  const path = run.compiled.get(node.unique_id)?.compiled_path ?? run.unitTestPaths.get(node.unique_id);
  // an engine's error has said it in its own text
  if (path && !run.request.dryRun && !result.message?.includes('compiled code at ')) {
    emit({ name: 'SQLCompiledPath', path, node_info });
  }
  if (node.resource_type === 'test' && result.status !== 'error' && result.relation_name) {
    emit({ name: 'CheckNodeTestFailure', relation_name: result.relation_name, node_info });
  }
}

type Reported = Pick<NodeResult, 'unique_id' | 'status' | 'message'> & Partial<NodeResult>;

/** Rows of tables that this run wrote whole, from the writes' own counts. */
/** Materializations that add to what stands there. */
const GROWING = new Set(['incremental', 'snapshot']);

function emitRowCounts(run: RunState): void {
  const rows: { relation: string; rows: number; unique_id: string }[] = [];
  for (const result of run.results) {
    const count = result.adapter_response.rows_affected;
    const summary = run.request.manifest.index.get(result.unique_id);
    if (result.status !== 'success' || typeof count !== 'number' || summary?.relation === undefined) continue;
    // what was added says nothing of how many rows there are
    if (GROWING.has(summary.materialized) && !result.message?.startsWith('SELECT ')) continue;
    const { schema, identifier } = summary.relation;
    rows.push({ relation: `${schema}.${identifier}`, rows: count, unique_id: result.unique_id });
  }
  if (rows.length > 0) run.invocation.emit({ name: 'SqRowCounts', rows });
}
