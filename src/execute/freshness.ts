/** `sq source freshness`: how old the newest rows of sources are, and whether that is too old. */

import { asSqError, SqError } from '../errors.ts';
import type { FreshnessThreshold, GraphNode, SourceNode } from '../manifest/nodes.ts';
import type { ExecuteRequest, Timing } from './contract.ts';
import { type Newest, newestOf } from './newest-row.ts';
import { nodeInfo } from './node-info.ts';
import { threadName } from './node-result.ts';
import { runEndContext, runProjectHooks } from './project-hooks.ts';
import { createRunState, type RunState } from './run-state.ts';
import { schedule } from './scheduler.ts';
import { eventMoment, Stopwatch } from './stopwatch.ts';
import { emitFailure, humanTime } from './summary.ts';

export type FreshnessStatus = 'pass' | 'warn' | 'error' | 'runtime error';

/** One result of sources.json, version 3. */
export interface FreshnessResult {
  unique_id: string;
  status: FreshnessStatus;
  /** Of a source that could not be asked; the rest is then without meaning. */
  error?: string;
  max_loaded_at: string;
  snapshotted_at: string;
  max_loaded_at_time_ago_in_s: number;
  criteria: FreshnessThreshold;
  adapter_response: Record<string, unknown>;
  timing: Timing[];
  thread_id: string;
  execution_time: number;
}

export interface FreshnessOutcome {
  /** In the order of finishing. */
  results: FreshnessResult[];
  elapsed: number;
  success: boolean;
  interrupted: boolean;
}

export type FreshnessRequest = Omit<ExecuteRequest, 'command'>;

/** Asks every selected source that has limits. Failures of sources are results. */
export async function checkFreshness(request: FreshnessRequest): Promise<FreshnessOutcome> {
  const startedAt = performance.now();
  const { context, manifest, threads } = request;
  const { invocation } = context;
  const sources = request.selected.filter((id) => hasLimits(manifest.get(id))).sort();
  const run = createRunState({ ...request, command: 'freshness' }, sources.length);
  const results: FreshnessResult[] = [];
  const outcome = (): FreshnessOutcome => ({
    results,
    elapsed: (performance.now() - startedAt) / 1000,
    success: results.every(({ status }) => status === 'pass' || status === 'warn'),
    interrupted: invocation.signal.aborted,
  });
  if (sources.length === 0) {
    invocation.emit({ name: 'NothingToDo' });
    return outcome();
  }
  const target_name = context.profile.targetName;
  invocation.emit({ name: 'ConcurrencyLine', num_threads: threads, target_name, node_count: sources.length });
  const hooks = wantsHooks(request);
  const interrupt = () => void run.warehouse.driver.cancel().catch(() => {});
  invocation.signal.addEventListener('abort', interrupt, { once: true });
  try {
    const wentWell = !hooks || (await runProjectHooks(run, 'on-run-start'));
    if (wentWell) {
      let index = 0;
      await schedule({
        tasks: sources.map((id) => ({ id, parents: [] })),
        slots: threads,
        signal: invocation.signal,
        run: async (id, slot) => {
          index += 1;
          const place = { index, total: sources.length };
          results.push(await check(run, manifest.get(id) as SourceNode, place, slot.number));
          return 'done';
        },
        skip: () => {},
      });
    }
    if (hooks && !invocation.signal.aborted)
      await runProjectHooks(run, 'on-run-end', () => runEndContext(run));
  } finally {
    invocation.signal.removeEventListener('abort', interrupt);
  }
  tellEnd(run, results, outcome().elapsed);
  return outcome();
}

/** Only sources with a limit are asked; `freshness: null` takes one out. */
function hasLimits(node: GraphNode | undefined): boolean {
  if (node?.resource_type !== 'source') return false;
  const { freshness } = node as SourceNode;
  return isLimit(freshness?.warn_after) || isLimit(freshness?.error_after);
}

type Limit = FreshnessThreshold['warn_after'];

function isLimit(limit: Limit | null): limit is { count: number; period: string } {
  return limit !== null && limit !== undefined && limit.count !== null && limit.period !== null;
}

function wantsHooks({ context }: FreshnessRequest): boolean {
  return context.project.flags.source_freshness_run_project_hooks !== false;
}

async function check(
  run: RunState,
  source: SourceNode,
  place: { index: number; total: number },
  slot: number,
): Promise<FreshnessResult> {
  const { invocation } = run;
  const watch = new Stopwatch(invocation);
  const started = eventMoment(invocation);
  const info = (status: string, finished = '') => nodeInfo(source, status, { started, finished });
  const { source_name, name: table_name } = source;
  const description = `freshness of ${source_name}.${table_name}`;
  invocation.emit({ name: 'NodeStart', node_info: info('started') });
  invocation.emit({ name: 'LogStartLine', description, ...place, node_info: info('started') });
  let newest: Newest | undefined;
  let error: string | undefined;
  try {
    await watch.phase('compile', async () => {});
    newest = await watch.phase('execute', () => newestOf(run, source));
  } catch (thrown) {
    error = errorText(run, source, thrown);
  }
  const age = newest === undefined ? 0 : newest.snapshottedAt.seconds - newest.maxLoadedAt.seconds;
  const status = newest === undefined ? 'runtime error' : statusOf(age, source.freshness ?? {});
  const result: FreshnessResult = {
    unique_id: source.unique_id,
    status,
    ...(error !== undefined && { error }),
    max_loaded_at: newest?.maxLoadedAt.text ?? '',
    snapshotted_at: newest?.snapshottedAt.text ?? '',
    max_loaded_at_time_ago_in_s: age,
    criteria: criteriaOf(source),
    adapter_response: newest?.response ?? {},
    timing: watch.timing,
    thread_id: threadName(slot),
    execution_time: watch.seconds,
  };
  const node_info = info(status, eventMoment(invocation));
  const { execution_time } = result;
  invocation.emit({
    name: 'LogFreshnessResult',
    status,
    source_name,
    table_name,
    ...place,
    execution_time,
    node_info,
  });
  const { timing: timing_info, thread_id: thread, adapter_response } = result;
  const message = error ?? null;
  const run_result = {
    status,
    message,
    timing_info,
    thread,
    execution_time,
    adapter_response,
    num_failures: null,
  };
  invocation.emit({ name: 'NodeFinished', node_info, run_result });
  return result;
}

const SECONDS: Readonly<Record<string, number>> = { minute: 60, hour: 3600, day: 86_400 };

function statusOf(age: number, { warn_after, error_after }: FreshnessThreshold): FreshnessStatus {
  const exceeded = (limit: Limit | null) =>
    isLimit(limit) && age > limit.count * (SECONDS[limit.period] ?? Number.POSITIVE_INFINITY);
  if (exceeded(error_after)) return 'error';
  return exceeded(warn_after) ? 'warn' : 'pass';
}

function criteriaOf({ freshness }: SourceNode): FreshnessThreshold {
  const limit = (one: Limit | null) => one ?? { count: null, period: null };
  return {
    warn_after: limit(freshness?.warn_after),
    error_after: limit(freshness?.error_after),
    filter: freshness?.filter ?? null,
  };
}

function errorText(run: RunState, source: SourceNode, thrown: unknown): string {
  const { resource_type: resourceType, name, original_file_path: path } = source;
  const known = asSqError(thrown).kind !== 'Internal';
  const message = known ? asSqError(thrown).message : run.dialect.readError(thrown).message;
  const hint = known ? asSqError(thrown).hint : undefined;
  return new SqError({
    kind: 'Runtime',
    code: 'freshness',
    message,
    hint,
    node: { resourceType, name, path },
    cause: thrown,
  }).text;
}

function tellEnd(run: RunState, results: readonly FreshnessResult[], elapsed: number): void {
  const { invocation } = run;
  const hooks = run.results.length;
  const count = `${results.length} ${results.length === 1 ? 'source' : 'sources'}`;
  invocation.emit({
    name: 'FinishedRunningStats',
    stat_line: hooks === 0 ? count : `${hooks} project ${hooks === 1 ? 'hook' : 'hooks'}, ${count}`,
    execution: humanTime(elapsed),
    execution_time: elapsed,
  });
  for (const { unique_id, status, error } of results) {
    if (status !== 'error' && status !== 'runtime error') continue;
    emitFailure(run, { unique_id, status, message: error ?? null });
  }
  invocation.emit({ name: 'FreshnessCheckComplete' });
}
