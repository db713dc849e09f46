/** The work of a model, seed or snapshot: compile, drive its plan, test it where it is guarded. */
import { join } from 'node:path';
import type { Batch } from '../compile/contract.ts';
import { usesInterval } from '../compile/interval-source.ts';
import { intervalOf } from '../context/interval.ts';
import type { SqError } from '../errors.ts';
import type { CompiledNode, MacroNode, SourceNode } from '../manifest/nodes.ts';
import { isSource } from '../manifest/nodes.ts';
import type { Materialization, PlanNode, PlanResult, PlanState } from '../materializations/contract.ts';
import { Audit } from './audit.ts';
import type { NodeResult } from './contract.ts';
import { customMacro, runCustomMaterialization } from './custom-materialization.ts';
import { drive } from './drive.ts';
import { finishNode } from './finish-node.ts';
import { makePointer, wantsPointer } from './latest-version-pointer.ts';
import { assertNameFits } from './name-length.ts';
import { nodeError } from './node-error.ts';
import type { Started } from './node-reporter.ts';
import { adapterResponse, nodeResult, threadName } from './node-result.ts';
import { PlanSteps } from './plan-steps.ts';
import type { Attempts } from './retry.ts';
import { batchFile, compileInto, type RunState } from './run-state.ts';
import type { Slot } from './scheduler.ts';

export interface BuildOptions {
  slot: Slot;
  /** Tests that guard it; run by the node's own work, wherever they end up being run. */
  guards: readonly string[];
  /** Throws SqError for a name that nobody knows; that is an error of the node. */
  materialization: () => Promise<Materialization>;
}

export interface Built {
  result: NodeResult;
  /** Results of the guards that were run before publishing. */
  audited: readonly NodeResult[];
  /** Runs the guards as usual tests, for a plan that had nothing to stage. */
  afterPublish(): Promise<readonly NodeResult[]>;
}

export async function buildNode(run: RunState, node: CompiledNode, options: BuildOptions): Promise<Built> {
  const started = run.reporter.start(node);
  run.reporter.startLine(started);
  const audit = new Audit(run, node, options.guards, options.slot);
  const work = new NodeWork(run, node, options, audit);
  let result: NodeResult;
  try {
    const done = await work.carryOut(started);
    result = success(run, started, options.slot, done, work.attempts.retries);
  } catch (thrown) {
    result = nodeResult({
      ...resultBase(run, started, options.slot),
      status: 'error',
      message: work.explain(thrown).text,
      adapterResponse: work.attempts.retries > 0 ? { retries: work.attempts.retries } : {},
    });
  }
  const finished = finishNode(run, started, result);
  audit.tellHeld();
  return {
    result: finished,
    audited: audit.results,
    afterPublish: () => audit.afterPublish(),
  };
}

/** A microbatch model's batch, and what its files are called. */
export interface BatchWork {
  batch: Batch;
  suffix: string;
}

export class NodeWork {
  private sql = '';
  private compiledPath: string | undefined;
  private hook: string | undefined;
  readonly attempts: Attempts;

  constructor(
    private readonly run: RunState,
    private readonly node: CompiledNode,
    private readonly options: BuildOptions,
    private readonly audit: Audit,
    private readonly part?: BatchWork,
  ) {
    this.attempts = run.attempts(node.name);
  }

  async carryOut({ watch }: Started): Promise<PlanResult> {
    const input = await watch.phase('compile', () => this.compile());
    return watch.phase('execute', async () => {
      const done = await this.execute(input);
      if (done.status === 'success' && this.part === undefined && wantsPointer(this.run, this.node))
        await makePointer(this.run, this.node, input.target, (pointer, plan) =>
          this.drivePointer(pointer, plan),
        );
      return done;
    });
  }

  private async drivePointer(pointer: PlanNode, materialization: Materialization): Promise<PlanResult> {
    const state = await planState(this.run, pointer, false);
    const steps = this.stepsOf(pointer, state);
    try {
      const done = await drive(materialization.plan(pointer, state), async (step) => steps.answer(step));
      for (const rel of done.relations) this.run.warehouse.relations.added(rel);
      return done;
    } finally {
      await steps.close();
    }
  }

  private async custom(macro: MacroNode, input: PlanNode): Promise<PlanResult> {
    const { sent, ...done } = await runCustomMaterialization(this.run, macro, input, this.part?.batch);
    for (const rel of done.relations) this.run.warehouse.relations.added(rel);
    this.file(sent);
    return done;
  }

  explain(thrown: unknown): SqError {
    const { node, sql, compiledPath, hook, run } = this;
    const { compiler } = run.request;
    return nodeError(thrown, { node, compiler, dialect: run.dialect, compiledSql: sql, compiledPath, hook });
  }

  private async compile(): Promise<PlanNode> {
    const planned = await planNode(this.run, this.node, this.part);
    const input = { ...planned, node: await this.run.inherited.into(planned.node) };
    assertNameFits(input.target, this.run.dialect);
    this.sql = input.sql;
    this.compiledPath = input.compiledPath;
    return input;
  }

  private async execute(input: PlanNode): Promise<PlanResult> {
    const { run, node, audit, options } = this;
    const macro = customMacro(run, node);
    if (macro !== undefined) return this.custom(macro, input);
    const materialization = await options.materialization();
    let restarts = true;
    let first: PlanState | undefined;
    return this.attempts.carryOut(
      async () => {
        const now = await planState(run, input, options.guards.length > 0, this.part?.batch);
        const state = first === undefined ? now : restarted(now, first);
        first ??= now;
        const steps = this.stepsOf(input, state);
        try {
          const done = await drive(materialization.plan(input, state), async (step) => steps.answer(step));
          for (const rel of done.relations) run.warehouse.relations.added(rel);
          if (done.status === 'error' && audit.ran) throw audit.refusal(done.message);
          return done;
        } finally {
          restarts = steps.canRestart;
          this.hook = steps.hook;
          await steps.close();
          this.file(steps.sent);
        }
      },
      () => restarts,
      // other things may stand there now: of another run, or of the attempt whose connection was lost
      async () => run.warehouse.relations.forget(input.target),
    );
  }

  private file(sent: readonly string[]): void {
    if (sent.length === 0) return;
    this.run.artefacts.write(batchFile(this.node, this.part?.suffix), 'run', sentText(sent));
  }

  private stepsOf(input: PlanNode, state: PlanState): PlanSteps {
    const { run, audit, attempts } = this;
    return new PlanSteps({
      node: input.node,
      sql: input.sql,
      compiler: run.request.compiler,
      dialect: run.dialect,
      warehouse: run.warehouse,
      invocation: run.invocation,
      audited: state.audited,
      batch: this.part?.batch,
      audit: (staged, session) => audit.verdict(staged, session),
      attempts,
    });
  }
}

/** The body was compiled for what stood there at first: where that was nothing, the table begins anew again. */
function restarted(now: PlanState, { existing, fullRefresh }: PlanState): PlanState {
  return { ...now, fullRefresh: fullRefresh || existing?.type !== 'table' };
}

/** What is to be built, with its final SQL. */
export async function planNode(
  run: RunState,
  node: CompiledNode,
  part?: BatchWork,
): Promise<PlanNode & { compiledPath?: string }> {
  const { compiler, context, manifest } = run.request;
  const target = compiler.relationOf(node);
  if (node.resource_type === 'seed') {
    const seedPath = join(node.root_path ?? context.projectDir, node.original_file_path);
    return { node, target, sql: '', seedPath };
  }
  if (node.config.materialized !== 'copy') {
    const { sql, path } = await compileInto(run, node, part ?? {});
    return { node, target, sql, compiledPath: path };
  }
  const source = node.depends_on.nodes
    .map((id) => manifest.get(id))
    .find((parent) => parent && isSource(parent));
  // the plan reads names of the body, not the table function that stands for the files
  const plain = (id: string) => {
    const parent = manifest.get(id);
    return parent && isSource(parent)
      ? ({ kind: 'relation', relation: compiler.relationOf(parent) } as const)
      : undefined;
  };
  const { sql, path } = await compileInto(run, node, { resolve: plain });
  if (source === undefined) return { node, target, sql, compiledPath: path };
  const now = compiler.sourceNow(source as SourceNode);
  return { node, target, sql, compiledPath: path, source: now, ...partOf(run, source as SourceNode) };
}

/** Which part of the source this run loads, where its files are named by the interval. */
function partOf({ invocation }: RunState, source: SourceNode): Pick<PlanNode, 'part'> {
  if (!usesInterval(source)) return {};
  const interval = intervalOf(invocation.flags);
  const text = (moment: Date) => moment.toISOString().slice(0, -1).replace('T', ' ');
  return {
    part: interval === undefined ? 'all' : { start: text(interval.start), end: text(interval.end) },
  };
}

export async function planState(
  run: RunState,
  input: PlanNode,
  guarded: boolean,
  batch?: Batch,
): Promise<PlanState> {
  const { relations } = run.warehouse;
  const { compiler } = run.request;
  const configured = input.node.config.full_refresh;
  return {
    existing: await relations.find(input.target),
    fullRefresh: batch?.incremental
      ? false
      : typeof configured === 'boolean'
        ? configured
        : run.invocation.flags.fullRefresh,
    audited: guarded,
    runId: run.runId,
    isOverridden: (macro) => compiler.isOverridden(macro),
    dialect: run.dialect,
    lookup: (rel) => relations.peek(rel),
    startingWith: (prefix) => relations.startingWith(input.target, prefix),
    mayBeRead: (rel) => relations.mayBeRead(rel),
    owns: (rel) => run.owned.has(rel),
    empty: run.invocation.flags.empty,
  };
}

function success(run: RunState, started: Started, slot: Slot, done: PlanResult, retries: number): NodeResult {
  return nodeResult({
    ...resultBase(run, started, slot),
    status: done.status,
    message: done.message,
    adapterResponse: adapterResponse(done.message, done.rowsAffected, retries),
  });
}

function resultBase(run: RunState, { node, watch }: Started, slot: Slot) {
  return {
    node,
    threadId: threadName(slot.number),
    timing: watch.timing,
    executionTime: watch.seconds,
    compiledCode: run.compiled.get(node.unique_id)?.compiled_code,
  };
}

/** Each statement ends with a semicolon, as in dbt's files. */
function sentText(sent: readonly string[]): string {
  return sent.map((sql) => (sql.trimEnd().endsWith(';') ? sql : `${sql};`)).join('\n\n');
}
