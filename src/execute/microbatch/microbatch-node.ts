/**
 * A model with `incremental_strategy: microbatch`: built in batches of time, each compiled and written on its own.
 * The first batch makes or finds the table; those between it and the last one run at the same time where the engine
 * can; the last one runs alone, with the post-hooks. A batch that fails fails alone, but for the first.
 */
import { type BatchSize, eventTimeWindow, type TimeWindow } from '../../compile/event-time.ts';
import type { CompiledNode, Hook } from '../../manifest/nodes.ts';
import type { PlanResult } from '../../materializations/contract.ts';
import { Audit } from '../audit.ts';
import type { BuildOptions } from '../build-node.ts';
import { NodeWork } from '../build-node.ts';
import type { BatchResults, NodeResult } from '../contract.ts';
import { finishNode } from '../finish-node.ts';
import { displayName, nodeInfo } from '../node-info.ts';
import { nodeResult, threadName } from '../node-result.ts';
import type { RunState } from '../run-state.ts';
import { Stopwatch } from '../stopwatch.ts';
import { batchesOf, batchId, batchName } from './batches.ts';

/** True for a model that is built in batches; not where a project spells the strategy itself, unless it says so. */
export function isMicrobatch(run: RunState, node: CompiledNode): boolean {
  const { materialized, incremental_strategy: strategy } = node.config;
  if (node.resource_type !== 'model' || materialized !== 'incremental' || strategy !== 'microbatch')
    return false;
  const { flags } = run.request.context.project;
  return (
    flags.require_batched_execution_for_custom_microbatch_strategy === true ||
    !run.request.compiler.isOverridden('get_incremental_microbatch_sql')
  );
}

export async function buildMicrobatch(
  run: RunState,
  node: CompiledNode,
  options: BuildOptions,
): Promise<{ result: NodeResult; afterPublish(): Promise<readonly NodeResult[]> }> {
  const started = run.reporter.start(node);
  run.reporter.startLine(started);
  const { watch } = started;
  const common = { node, threadId: threadName(options.slot.number), timing: watch.timing };
  let result: NodeResult;
  try {
    const work = new Microbatch(run, node, options);
    await watch.phase('execute', () => work.carryOut());
    const { status, message } = work.verdict();
    result = nodeResult({
      ...common,
      status,
      message,
      executionTime: watch.seconds,
      failures: work.results.failed.length,
      compiledCode: run.compiled.get(node.unique_id)?.compiled_code,
    });
    result = { ...result, batch_results: work.results };
  } catch (thrown) {
    const audit = new Audit(run, node, [], options.slot);
    const { text } = new NodeWork(run, node, options, audit).explain(thrown);
    result = nodeResult({ ...common, status: 'error', message: text, executionTime: watch.seconds });
  }
  const guards = new Audit(run, node, options.guards, options.slot);
  return { result: finishNode(run, started, result), afterPublish: () => guards.afterPublish() };
}

class Microbatch {
  readonly results: BatchResults = { successful: [], failed: [] };
  private readonly size: BatchSize;
  private batches: TimeWindow[] = [];

  constructor(
    private readonly run: RunState,
    private readonly node: CompiledNode,
    private readonly options: BuildOptions,
  ) {
    this.size = node.config.batch_size as BatchSize;
  }

  async carryOut(): Promise<void> {
    const { run, node, options } = this;
    const existing = await run.warehouse.relations.find(run.request.compiler.relationOf(node));
    const refresh = node.config.full_refresh ?? run.invocation.flags.fullRefresh;
    const incremental = existing?.type === 'table' && !refresh;
    const earlier = run.request.again?.batches.get(node.unique_id);
    this.batches = earlier === undefined ? this.allBatches(incremental) : earlier.failed.map(toWindow);
    const last = this.batches.length - 1;
    if (await this.one(0, incremental)) {
      const between = this.batches.map((_, i) => i).slice(1, -1);
      if (this.inParallel()) await options.slot.expand(between, async (i) => void (await this.one(i, true)));
      else for (const i of between) await this.one(i, true);
      if (last > 0) await this.one(last, true);
    } else for (let i = 1; i <= last; i++) this.skip(i);
    this.results.successful.sort();
    this.results.failed.sort();
    if (earlier !== undefined) this.results.successful.push(...earlier.successful);
  }

  verdict(): { status: 'success' | 'error' | 'partial success'; message: string } {
    const [good, bad] = [this.results.successful.length, this.results.failed.length];
    if (bad === 0) return { status: 'success', message: 'SUCCESS' };
    if (good === 0) return { status: 'error', message: 'ERROR' };
    return { status: 'partial success', message: `PARTIAL SUCCESS (${good}/${good + bad})` };
  }

  private allBatches(incremental: boolean): TimeWindow[] {
    const { invocation, request } = this.run;
    const { begin, lookback } = this.node.config;
    const began = request.again?.startedAt;
    return batchesOf({
      size: this.size,
      begin: String(begin),
      lookback: typeof lookback === 'number' ? lookback : 1,
      incremental,
      window: eventTimeWindow(invocation),
      now: began === undefined ? invocation.startedAt : new Date(began),
    });
  }

  /** dbt: what reads `this` is taken to need the batch before. */
  private inParallel(): boolean {
    const { concurrent_batches: asked } = this.node.config;
    if (this.run.dialect.capabilities.concurrentBatches !== true) return false;
    return typeof asked === 'boolean' ? asked : !/\bthis\b/.test(this.node.raw_code);
  }

  /** Builds one batch; answers whether it went well. */
  private async one(index: number, incremental: boolean): Promise<boolean> {
    const { run, options, size } = this;
    const { start, end } = this.batches[index]!;
    if (run.ending !== undefined) {
      this.results.failed.push(toTexts({ start, end }));
      return false;
    }
    const node = this.nodeOf(index);
    const describe = `batch ${batchName(start, size)} of ${displayName(node, run.request.context.settings.database)}`;
    const inParallel = index > 0 && index < this.batches.length - 1 && this.inParallel();
    run.invocation.emit({
      name: 'MicrobatchExecutionDebug',
      msg: `${describe} is being run ${inParallel ? 'concurrently' : 'sequentially'}`,
    });
    const place = { batch_index: index + 1, total_batches: this.batches.length };
    const watch = new Stopwatch(run.invocation);
    run.invocation.emit({
      name: 'LogStartBatch',
      description: describe,
      ...place,
      node_info: this.info('started'),
    });
    const batch = { id: batchId(start, size), start, end, incremental };
    const here = { ...options, guards: [] };
    const work = new NodeWork(run, node, here, new Audit(run, node, [], options.slot), {
      batch,
      suffix: batchName(start, size),
    });
    let done: PlanResult | undefined;
    try {
      done = await work.carryOut({ node, index: 0, startedAt: '', watch });
      this.results.successful.push(toTexts({ start, end }));
    } catch (thrown) {
      this.results.failed.push(toTexts({ start, end }));
      run.invocation.emit({
        name: 'GenericExceptionOnRun',
        unique_id: node.unique_id,
        exc: `Exception on worker thread. ${work.explain(thrown).text}`,
        node_info: this.info('error'),
      });
    }
    run.invocation.emit({
      name: 'LogBatchResult',
      description: describe,
      status: done?.message ?? 'error',
      ...place,
      execution_time: watch.seconds,
      node_info: this.info(done === undefined ? 'error' : 'success'),
    });
    return done !== undefined;
  }

  private skip(index: number): void {
    const { run, size } = this;
    const window = this.batches[index]!;
    this.results.failed.push(toTexts(window));
    run.invocation.emit({
      name: 'LogBatchResult',
      description: `batch ${batchName(window.start, size)} of ${displayName(this.node, run.request.context.settings.database)}`,
      status: 'skipped',
      batch_index: index + 1,
      total_batches: this.batches.length,
      execution_time: 0,
      node_info: this.info('skipped'),
    });
  }

  /** Pre-hooks belong to the first batch, post-hooks to the last. */
  private nodeOf(index: number): CompiledNode {
    const { node, batches } = this;
    const none: Hook[] = [];
    return {
      ...node,
      config: {
        ...node.config,
        ...(index > 0 && { 'pre-hook': none }),
        ...(index < batches.length - 1 && { 'post-hook': none }),
      },
    };
  }

  private info(status: string) {
    return nodeInfo(this.node, status, { started: '', finished: '' });
  }
}

function toTexts({ start, end }: TimeWindow): [string, string] {
  return [isoText(start), isoText(end)];
}

/** As dbt writes moments into artefacts. */
function isoText(moment: Date): string {
  return `${moment.toISOString().slice(0, 19)}+00:00`;
}

function toWindow([start, end]: [string, string]): TimeWindow {
  return { start: new Date(start), end: new Date(end) };
}
