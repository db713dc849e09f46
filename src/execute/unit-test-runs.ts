/**
 * `runs:` of a unit test: the model is built as often as there are runs, each on rows of its own, by its real
 * materialization, in a database in memory that ends with the test. What its table then holds is what is tested.
 */
import type { Batch, Overrides } from '../compile/contract.ts';
import { injectCtes } from '../compile/ephemeral.ts';
import { type BatchSize, parseMoment } from '../compile/event-time.ts';
import { SqError } from '../errors.ts';
import type { CompiledNode, Hook, ReferringNode } from '../manifest/nodes.ts';
import { type Relation, renderRelation } from '../manifest/relation.ts';
import type { PlanNode } from '../materializations/contract.ts';
import { materializationOf } from '../materializations/registry.ts';
import { planState } from './build-node.ts';
import { customMacro } from './custom-materialization.ts';
import { drive } from './drive.ts';
import { batchesOf, batchId } from './microbatch/batches.ts';
import { isMicrobatch } from './microbatch/microbatch-node.ts';
import { emptyQuery, PlanSteps } from './plan-steps.ts';
import type { RunState } from './run-state.ts';
import { type GivenInput, UnitTestInputs } from './unit-test-inputs.ts';

/** As the parser keeps it, in the test's config. */
export interface UnitTestRun {
  given: GivenInput[];
  overrides: Overrides;
  at: string | null;
}

/** Tables that can be built more than once and looked at. */
const TESTABLE = ['incremental', 'snapshot', 'table'];

let made = 0;

export class UnitTestRuns {
  /** What was compiled, run after run, for `target/compiled`. */
  readonly compiled: string[] = [];
  /** Which run is under way, from 1. */
  at = 0;
  private readonly node: CompiledNode;
  private readonly target: Relation;
  private readonly scratch: { attach: string; detach: string; schema: string };
  private readonly database: string;

  /** On an engine with a scratch database. Throws kind Compilation for a model that cannot be tested so. */
  constructor(
    private readonly run: RunState,
    private readonly test: ReferringNode,
    private readonly model: CompiledNode,
    private readonly runs: readonly UnitTestRun[],
  ) {
    assertTestable(run, test, model);
    made += 1;
    this.database = `sq_unit_${run.runId}_${made}`;
    this.scratch = run.dialect.scratchDatabase!(this.database);
    const { database, scratch } = this;
    const none: Hook[] = [];
    const config = {
      ...model.config,
      'pre-hook': none,
      'post-hook': none,
      grants: {},
      persist_docs: {},
      // the runs follow each other whatever the command line says
      full_refresh: false,
    };
    const node = { ...model, database, schema: scratch.schema, config } as CompiledNode;
    this.target = { ...run.request.compiler.relationOf(node), type: 'table' };
    this.node = { ...node, relation_name: renderRelation(this.target) };
  }

  /** Builds it run after run, and hands `look` a query of what stands then. */
  async carryOut<T>(look: (sql: string) => Promise<T>): Promise<T> {
    const { run, scratch, database } = this;
    await this.execute(scratch.attach);
    try {
      run.warehouse.relations.addedSchema({ database, schema: scratch.schema }, true);
      for (const one of this.runs) {
        this.at += 1;
        await this.one(one);
      }
      this.at = 0;
      return await look(`select * from ${renderRelation(this.target)}`);
    } finally {
      run.warehouse.relations.dropped(this.target);
      await this.execute(scratch.detach);
    }
  }

  private async one(one: UnitTestRun): Promise<void> {
    const overrides = this.overridesOf(one);
    if (one.given.some(({ input }) => input.trim() === 'this')) await this.begin(one, overrides);
    for (const batch of await this.batches(one)) await this.build(one, overrides, batch);
  }

  /** The table as it is to stand before the first run. */
  private async begin(one: UnitTestRun, overrides: Overrides): Promise<void> {
    if (this.at > 1)
      throw this.refused(
        'only the first run can give rows for this',
        'after it the table is what the runs before have made',
      );
    const { run, model } = this;
    // its columns are those of a first run, which reads nothing of itself
    const first = { ...overrides, macros: { ...overrides.macros, is_incremental: false } };
    const types =
      model.resource_type === 'snapshot' ? undefined : await this.columnsOf(await this.sql(one, first));
    const rows = await this.inputsOf(one).tableOfItself(types);
    await this.execute(`create table ${renderRelation(this.target)} as\n${rows}`);
    run.warehouse.relations.added(this.target);
  }

  private async build(one: UnitTestRun, overrides: Overrides, batch?: Batch): Promise<void> {
    const { run, node, target } = this;
    const { compiler, context } = run.request;
    const sql = await this.sql(one, overrides, batch);
    this.compiled.push(`-- run ${this.at}${batch === undefined ? '' : `, batch ${batch.id}`}\n${sql}`);
    const input: PlanNode = { node, target, sql };
    const materialization = await materializationOf(node.config.materialized, context.adapter.type);
    const state = await planState(run, input, false, batch);
    const steps = new PlanSteps({
      node,
      sql,
      compiler,
      dialect: run.dialect,
      warehouse: run.warehouse,
      invocation: run.invocation,
      audited: false,
      batch,
      overrides,
      audit: async () => ({ passed: true, failures: [] }),
      attempts: run.attempts(this.test.name),
    });
    try {
      const done = await drive(materialization.plan(input, state), async (step) => steps.answer(step));
      for (const rel of done.relations) run.warehouse.relations.added(rel);
    } finally {
      await steps.close();
    }
  }

  private async sql(one: UnitTestRun, overrides: Overrides, batch?: Batch): Promise<string> {
    const inputs = this.inputsOf(one);
    const { sql } = await this.run.request.compiler.compile(this.node, {
      resolve: inputs.resolve({ kind: 'relation', relation: this.target }),
      overrides,
      ...(batch && { batch }),
    });
    return injectCtes(sql, await inputs.ctes());
  }

  /** Of a model that is not built in batches: one build without a batch. */
  private async batches(one: UnitTestRun): Promise<(Batch | undefined)[]> {
    const { run, model } = this;
    const now = one.at === null ? run.invocation.startedAt : parseMoment(one.at);
    if (now === undefined)
      throw this.refused(`at is no moment: ${one.at}`, 'e.g. at: 2024-09-17 or at: 2024-09-17T16:00:00Z');
    if (!isMicrobatch(run, model)) return [undefined];
    const { batch_size, begin, lookback } = model.config;
    const size = batch_size as BatchSize;
    const incremental = run.warehouse.relations.peek(this.target) !== null;
    const windows = batchesOf({
      size,
      begin: String(begin),
      lookback: typeof lookback === 'number' ? lookback : 1,
      incremental,
      window: undefined,
      now,
    });
    return windows.map((window, i) => ({
      ...window,
      id: batchId(window.start, size),
      incremental: incremental || i > 0,
    }));
  }

  private overridesOf({ overrides: own }: UnitTestRun): Overrides {
    const common = this.test.overrides as Overrides | null;
    return {
      macros: { ...common?.macros, ...own.macros },
      vars: { ...common?.vars, ...own.vars },
      env_vars: { ...common?.env_vars, ...own.env_vars },
    };
  }

  private inputsOf({ given }: UnitTestRun): UnitTestInputs {
    return new UnitTestInputs(this.run, this.test, this.model, given);
  }

  private async columnsOf(sql: string): Promise<Record<string, string>> {
    const { driver } = this.run.warehouse;
    const { columns } = await driver.session({ name: this.test.unique_id }, (session) =>
      session.query(emptyQuery(sql)),
    );
    return Object.fromEntries(columns.map(({ name, type }) => [name, type]));
  }

  private async execute(sql: string): Promise<void> {
    await this.run.warehouse.driver.session({ name: this.test.unique_id }, (session) => session.execute(sql));
  }

  private refused(reason: string, hint: string): SqError {
    const message = `Unit test '${this.test.name}', run ${this.at}: ${reason}.`;
    return new SqError({ kind: 'Compilation', code: 'unit-test-runs', message, hint });
  }
}

function assertTestable(run: RunState, test: ReferringNode, model: CompiledNode): void {
  const refuse = (message: string, hint: string) =>
    new SqError({ kind: 'Compilation', code: 'unit-test-runs', message, hint });
  const { materialized } = model.config;
  if (!TESTABLE.includes(materialized) || customMacro(run, model) !== undefined)
    throw refuse(
      `Unit test '${test.name}' has runs, but '${model.name}' is materialized as ${materialized}.`,
      `runs are for: ${TESTABLE.join(', ')}; for what its query gives, write given in the place of runs`,
    );
}
