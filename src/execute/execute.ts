/** The run of a selection: order, hooks around it, the work of each node, results, the end. */
import type { CompiledNode, GraphNode, ReferringNode } from '../manifest/nodes.ts';
import { isCompiled } from '../manifest/nodes.ts';
import type { Materialization } from '../materializations/contract.ts';
import { materializationOf } from '../materializations/registry.ts';
import { buildNode } from './build-node.ts';
import { cloneNode } from './clone-node.ts';
import { compileAll } from './compile-all.ts';
import type { ExecuteOutcome, ExecuteRequest, GraphCommand, NodeResult } from './contract.ts';
import { dryRunNode } from './dry-run-node.ts';
import { FAIL_FAST_MESSAGE, finishNode, hasFailed } from './finish-node.ts';
import { isAuditable } from './guards.ts';
import { checkIntervals } from './interval-sources.ts';
import { nodeError } from './node-error.ts';
import { nodeResult, threadName } from './node-result.ts';
import { runEndContext, runProjectHooks } from './project-hooks.ts';
import type { SchemaName } from './relations.ts';
import { guardSchemas } from './run-guard.ts';
import { compileInto, createRunState, type RunState } from './run-state.ts';
import { type Slot, schedule, type Verdict } from './scheduler.ts';
import { emitFailure, emitFinished, emitSummary } from './summary.ts';
import { runTest } from './test-node.ts';
import { type WorkGraph, workGraph } from './work-graph.ts';

/**
 * Runs what was selected and answers every result. Failures of nodes are results; throws SqError when the run
 * as a whole cannot go on (schemas cannot be made, and under `compile` the first error of a node).
 */
export async function execute(request: ExecuteRequest): Promise<ExecuteOutcome> {
  const { command } = request;
  if (command === 'compile') return compileAll(request);
  if (command === 'freshness') throw new Error('freshness is asked by checkFreshness');
  return new Run(request, command).carryOut();
}

class Run {
  private readonly work: WorkGraph;
  private readonly run: RunState;
  private readonly startedAt = performance.now();
  /** Everything this run builds, to know what a dry run cannot know yet. */
  private readonly built: ReadonlySet<string>;
  /** Ephemeral models that did not compile: dbt tells them with the models that read them. */
  private readonly brokenEphemerals = new Map<string, NodeResult>();
  private readonly toldEphemerals = new Set<string>();

  constructor(
    private readonly request: ExecuteRequest,
    private readonly command: GraphCommand,
  ) {
    this.work = workGraph({ command, manifest: request.manifest, selected: request.selected });
    this.built = new Set(this.work.nodes);
    this.run = createRunState(request, this.work.total);
  }

  async carryOut(): Promise<ExecuteOutcome> {
    const { run, work } = this;
    const { invocation } = run;
    if (work.nodes.length === 0) {
      invocation.emit({ name: 'NothingToDo' });
      return this.outcome();
    }
    checkIntervals(this.request, work.nodes);
    const { threads, context } = this.request;
    invocation.emit({
      name: 'ConcurrencyLine',
      num_threads: threads,
      target_name: context.profile.targetName,
      node_count: work.total,
    });
    this.tellGuards();
    const interrupt = () => this.end('interrupt');
    invocation.signal.addEventListener('abort', interrupt, { once: true });
    if (invocation.signal.aborted) interrupt();
    try {
      await this.runWithHooks();
    } finally {
      invocation.signal.removeEventListener('abort', interrupt);
    }
    emitFinished(run, this.elapsed);
    emitSummary(run);
    return this.outcome();
  }

  private async runWithHooks(): Promise<void> {
    const { run } = this;
    // Ctrl-C may come at any time: nothing new is asked of the warehouse after it
    const interrupted = () => run.ending === 'interrupt';
    const release = interrupted() ? undefined : await this.prepareSchemas();
    try {
      await this.runGuarded(interrupted);
    } finally {
      await release?.();
    }
  }

  private async runGuarded(interrupted: () => boolean): Promise<void> {
    const { run } = this;
    const wentWell = interrupted() || (await runProjectHooks(run, 'on-run-start'));
    const { flags } = this.request.context.project;
    if (wentWell || !flags.skip_nodes_if_on_run_start_fails) await this.runNodes();
    else for (const id of this.work.nodes) this.skip(id);
    if (!interrupted()) await runProjectHooks(run, 'on-run-end', () => runEndContext(run));
  }

  private async runNodes(): Promise<void> {
    const left = await schedule({
      tasks: this.work.tasks,
      slots: this.request.threads,
      signal: this.run.invocation.signal,
      run: (id, slot) => this.runTask(id, slot),
      skip: (id, cause) => this.skipTask(id, cause),
    });
    for (const id of left) for (const one of [id, ...this.guardsOf(id)]) this.leave(one);
    // dbt counts those that nobody reads as nothing at all: the error would be lost
    for (const [id, result] of this.brokenEphemerals)
      if (!this.toldEphemerals.has(id)) this.run.results.push(result);
  }

  private async runTask(id: string, slot: Slot): Promise<Verdict> {
    const node = this.request.manifest.get(id) as GraphNode;
    const results = await this.resultsOf(node, slot);
    const failed = results.some((result) => hasFailed(result));
    if (failed && this.request.failFast) {
      this.end('fail-fast');
      return 'stop';
    }
    const goesOn = !failed || (node as CompiledNode).config?.on_error === 'continue';
    return goesOn && !results.some((result) => result.status === 'skipped') ? 'done' : 'failed';
  }

  /** The results that decide about the node's descendants. */
  private async resultsOf(node: GraphNode, slot: Slot): Promise<NodeResult[]> {
    const { run } = this;
    if (node.resource_type === 'unit_test' && !this.request.dryRun) return [await this.unitTest(node, slot)];
    if (!isCompiled(node)) return [this.noOp(node, slot)];
    if (node.config.materialized === 'ephemeral' && node.resource_type === 'model') {
      return [await this.compileOnly(node, slot)];
    }
    if (this.command === 'clone') return [await cloneNode(run, node, slot.number)];
    const guards = this.guardsOf(node.unique_id);
    if (this.request.dryRun) {
      const readsUnbuilt = node.depends_on.nodes?.some((parent) => this.built.has(parent));
      const materialization = node.resource_type === 'test' ? undefined : () => this.materialization(node);
      const options = { slot: slot.number, guards, readsUnbuilt };
      const results = [await dryRunNode(run, node, { ...options, materialization })];
      for (const id of guards) {
        const test = this.request.manifest.get(id) as CompiledNode;
        results.push(await dryRunNode(run, test, { ...options, guards: [] }));
      }
      return results;
    }
    if (node.resource_type === 'test') return [(await runTest(run, node, { slot: slot.number })).result];
    return this.build(node, slot, guards);
  }

  private async unitTest(node: GraphNode, slot: Slot): Promise<NodeResult> {
    const { runUnitTest } = await import('./unit-test.ts');
    return runUnitTest(this.run, node as ReferringNode, slot.number);
  }

  private async build(node: CompiledNode, slot: Slot, guards: readonly string[]): Promise<NodeResult[]> {
    if (node.config.incremental_strategy === 'microbatch') {
      const { buildMicrobatch, isMicrobatch } = await import('./microbatch/microbatch-node.ts');
      const options = { slot, guards, materialization: () => this.materialization(node) };
      if (isMicrobatch(this.run, node))
        return this.guarded(await buildMicrobatch(this.run, node, options), guards);
    }
    const { result, audited, afterPublish } = await buildNode(this.run, node, {
      slot,
      guards,
      materialization: () => this.materialization(node),
    });
    if (audited.length > 0 || guards.length === 0) return [result];
    return this.guarded({ result, afterPublish }, guards);
  }

  /** What had nothing to stage: its guards are usual tests then. */
  private async guarded(
    { result, afterPublish }: { result: NodeResult; afterPublish(): Promise<readonly NodeResult[]> },
    guards: readonly string[],
  ): Promise<NodeResult[]> {
    if (hasFailed(result) || result.status === 'skipped') {
      for (const id of guards) this.skip(id);
      return [result];
    }
    return [result, ...(await afterPublish())];
  }

  private materialization(node: CompiledNode): Promise<Materialization> {
    const name = node.resource_type === 'seed' ? 'seed' : node.config.materialized;
    return materializationOf(name, this.run.dialect.type);
  }

  /** dbt compiles a selected ephemeral model, and tells nothing of it unless it fails. */
  private async compileOnly(node: CompiledNode, slot: Slot): Promise<NodeResult> {
    const { run } = this;
    const started = run.reporter.start(node, false);
    const common = { node, threadId: threadName(slot.number), timing: started.watch.timing };
    try {
      const { sql } = await started.watch.phase('compile', () => compileInto(run, node));
      return finishNode(
        run,
        started,
        nodeResult({ ...common, status: 'success', message: '', compiledCode: sql }),
      );
    } catch (thrown) {
      const error = nodeError(thrown, { node, compiler: this.request.compiler, dialect: run.dialect });
      const result = nodeResult({ ...common, status: 'error', message: error.text });
      this.brokenEphemerals.set(node.unique_id, result);
      return finishNode(run, started, result);
    }
  }

  private noOp(node: GraphNode, slot: Slot): NodeResult {
    const { run } = this;
    const started = run.reporter.start(node);
    const threadId = threadName(slot.number);
    const executionTime = started.watch.seconds;
    const done = { node, status: 'no-op', message: 'NO-OP', threadId, failures: 0, executionTime } as const;
    return finishNode(run, started, nodeResult(done));
  }

  private skipTask(id: string, cause: string): void {
    for (const one of [id, ...this.guardsOf(id)]) this.skip(one, cause);
  }

  private skip(id: string, cause?: string): void {
    const { run } = this;
    const node = this.request.manifest.get(id) as GraphNode;
    const counted = !isEphemeral(node);
    const started = run.reporter.start(node, counted);
    const broken = cause === undefined ? undefined : this.brokenEphemerals.get(cause);
    const message = broken === undefined || !counted ? null : ephemeralMessage(id, broken.unique_id);
    finishNode(run, started, nodeResult({ node, status: 'skipped', message, threadId: threadName(1) }));
    if (broken === undefined || !counted) return;
    this.toldEphemerals.add(broken.unique_id);
    emitFailure(run, broken);
  }

  /** What never came to its turn: filed without a line, as dbt does. */
  private leave(id: string): void {
    const { run } = this;
    const node = this.request.manifest.get(id) as GraphNode;
    if (isEphemeral(node)) return;
    const message = run.ending === 'fail-fast' ? FAIL_FAST_MESSAGE : null;
    run.results.push(nodeResult({ node, status: 'skipped', message, threadId: threadName(1) }));
  }

  private guardsOf(id: string): readonly string[] {
    return this.work.guards.byNode.get(id) ?? [];
  }

  private end(how: 'fail-fast' | 'interrupt'): void {
    if (this.run.ending !== undefined) return;
    this.run.ending = how;
    void this.run.warehouse.driver.cancel().then(
      (count) => this.run.invocation.emit({ name: 'CancelledQueries', count }),
      () => {},
    );
  }

  /** One listing of schemas and one of relations a database, before anything is built. Answers what ends the guard. */
  private async prepareSchemas(): Promise<() => Promise<void>> {
    const { manifest } = this.request;
    const names = new Map<string, SchemaName>();
    for (const id of this.work.nodes) {
      const summary = manifest.index.get(id);
      if (summary?.relation === undefined || summary.resource_type === 'test') continue;
      if (summary.materialized === 'ephemeral') continue;
      const { database, schema } = summary.relation;
      names.set(`${database ?? ''}\u0000${schema}`, { database, schema });
    }
    // making a schema that is not there and listing what stands in it can be done twice
    await this.run.attempts('schemas').carryOut(async () => {
      await this.run.schemas.ensure(names.values());
      if (names.size > 0) await this.run.warehouse.relations.prepare(names.values());
    });
    return guardSchemas(
      this.run,
      [...names.values()].map(({ schema }) => schema),
    );
  }

  private tellGuards(): void {
    const { manifest } = this.request;
    const { invocation } = this.run;
    const name = (id: string) => manifest.index.get(id)?.name ?? id;
    for (const { test, guards, others } of this.work.guards.narrowed) {
      const msg = `test ${name(test)} guards only ${name(guards)}: ${others.map(name).join(', ')} cannot wait for it`;
      invocation.emit({ name: 'SqNotice', topic: 'publish', msg });
    }
    if (this.command !== 'run') return;
    const untested = this.work.nodes.filter((id) => {
      const summary = manifest.index.get(id);
      return summary !== undefined && isAuditable(summary);
    }).length;
    if (untested === 0) return;
    const msg = `${untested} ${untested === 1 ? 'model is' : 'models are'} published without tests (publish: audited applies to sq build)`;
    invocation.emit({ name: 'SqNotice', topic: 'publish', msg });
  }

  private get elapsed(): number {
    return (performance.now() - this.startedAt) / 1000;
  }

  private outcome(): ExecuteOutcome {
    const { results, compiled, ending } = this.run;
    return {
      results,
      elapsed: this.elapsed,
      success: results.every((result) => !hasFailed(result) && result.status !== 'skipped'),
      interrupted: ending === 'interrupt',
      compiled,
    };
  }
}

/** dbt's words for a node that is skipped because an ephemeral model that it reads does not compile. */
function ephemeralMessage(id: string, ephemeral: string): string {
  return `Compilation Error in ${id}, caused by compilation error in referenced ephemeral model ${ephemeral}`;
}

function isEphemeral(node: GraphNode): boolean {
  return node.resource_type === 'model' && (node as CompiledNode).config.materialized === 'ephemeral';
}
