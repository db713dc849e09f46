/**
 * Runs one unit test: the model's query over literal rows in the place of its parents, compared with the rows that
 * are expected. Nothing is written but what `runs:` asks for.
 */
import type { Overrides } from '../compile/contract.ts';
import { injectCtes } from '../compile/ephemeral.ts';
import { SqError } from '../errors.ts';
import type { CompiledNode, ReferringNode } from '../manifest/nodes.ts';
import type { NodeResult } from './contract.ts';
import { finishNode } from './finish-node.ts';
import { nodeError } from './node-error.ts';
import { adapterResponse, nodeResult, threadName } from './node-result.ts';
import { emptyQuery } from './plan-steps.ts';
import { rowDifference } from './row-difference.ts';
import type { RunState } from './run-state.ts';
import { type GivenInput, UnitTestInputs } from './unit-test-inputs.ts';
import { type UnitTestRun, UnitTestRuns } from './unit-test-runs.ts';

interface Expected {
  rows: Record<string, unknown>[] | string;
  format: 'dict' | 'csv' | 'sql';
}

export async function runUnitTest(run: RunState, test: ReferringNode, slot: number): Promise<NodeResult> {
  const started = run.reporter.start(test);
  run.reporter.startLine(started);
  const { watch } = started;
  const work = new UnitTestWork(run, test);
  const common = { node: test, threadId: threadName(slot), timing: watch.timing };
  let result: NodeResult;
  if (test.config.runs !== undefined && run.dialect.scratchDatabase === undefined) {
    const msg = `unit test '${test.name}' has runs and is not run on ${run.dialect.type}: it needs the embedded engine (sq test --target <one of type duckdb>)`;
    run.invocation.emit({ name: 'SqNotice', topic: 'unit tests', msg });
    result = nodeResult({ ...common, status: 'no-op', message: 'NO-OP', failures: 0 });
    return finishNode(run, started, result);
  }
  try {
    const look = await watch.phase('compile', () => work.compile());
    const difference = await watch.phase('execute', look);
    result = nodeResult({
      ...common,
      status: difference === undefined ? 'pass' : 'fail',
      failures: difference === undefined ? 0 : 1,
      message: difference === undefined ? null : `\n\nactual differs from expected:\n\n${difference}\n`,
      executionTime: watch.seconds,
      adapterResponse: adapterResponse(`SELECT ${work.rows}`, work.rows),
      compiledCode: work.compiled,
    });
  } catch (thrown) {
    result = nodeResult({
      ...common,
      status: 'error',
      message: work.explain(thrown).text,
      executionTime: watch.seconds,
      compiledCode: work.compiled,
    });
  }
  return finishNode(run, started, result);
}

class UnitTestWork {
  compiled: string | undefined;
  rows = 0;
  private readonly model: CompiledNode;
  /** The test as a node that macros see as `model`. */
  private readonly node: CompiledNode;
  private executing = false;
  private runs: UnitTestRuns | undefined;

  constructor(
    private readonly run: RunState,
    private readonly test: ReferringNode,
  ) {
    this.model = run.request.manifest.get(test.depends_on.nodes[0]!) as CompiledNode;
    this.node = unitTestNode(test, this.model);
  }

  /** What tells the difference in words; undefined when there is none. */
  async compile(): Promise<() => Promise<string | undefined>> {
    const { run, test, model } = this;
    const given = test.config.runs as UnitTestRun[] | undefined;
    if (given !== undefined) {
      this.runs = new UnitTestRuns(run, test, model, given);
      return () => this.afterRuns(this.runs!);
    }
    const sql = await this.query(test.given as GivenInput[]);
    this.keep(sql);
    return () => this.compare(sql);
  }

  /** What a run is compiled to depends on the runs before. */
  private async afterRuns(runs: UnitTestRuns): Promise<string | undefined> {
    this.executing = true;
    try {
      return await runs.carryOut((sql) => this.compare(sql));
    } finally {
      this.keep(runs.compiled.join('\n\n'));
    }
  }

  private async compare(sql: string): Promise<string | undefined> {
    this.executing = true;
    const { run, test, node } = this;
    const { driver } = run.warehouse;
    const expect = test.expect as Expected;
    const query = await driver.session({ name: test.unique_id }, async (session) => {
      const { columns } = await session.query(emptyQuery(sql));
      const text = await this.comparison(sql, expect, columns);
      run.artefacts.write(node, 'run', text);
      return session.query(text);
    });
    const names = query.columns.map(({ name }) => name.toLowerCase());
    const side = names.indexOf('actual_or_expected');
    const without = <T>(list: readonly T[]) => list.filter((_, i) => i !== side);
    const of = (which: string) => query.rows.filter((row) => row[side] === which).map(without);
    this.rows = query.rows.length;
    return rowDifference(without(names), of('expected'), of('actual'));
  }

  /** dbt's words around what went wrong while the query ran. */
  explain(thrown: unknown): SqError {
    const { run, node, test } = this;
    const error = nodeError(thrown, {
      node,
      compiler: run.request.compiler,
      dialect: run.dialect,
      ...(this.compiled !== undefined && { compiledPath: run.artefacts.shownPath(node, 'compiled') }),
    });
    if (!this.executing || error.code === 'unit-test-runs') return error;
    const during = this.runs === undefined || this.runs.at === 0 ? '' : `, in run ${this.runs.at}`;
    return new SqError({
      kind: 'Runtime',
      code: 'unit-test',
      message: `An error occurred during execution of unit test '${test.name}'${during}. There may be an error in the unit test definition: check the data types.\n${error.text}`,
      node: error.node,
      cause: thrown,
    });
  }

  /** The model's query over the inputs. */
  private async query(given: readonly GivenInput[]): Promise<string> {
    const { run, test, model } = this;
    const inputs = new UnitTestInputs(run, test, model, given);
    const overrides = test.overrides as Overrides | null;
    const { sql } = await run.request.compiler.compile(model, {
      resolve: inputs.resolve(),
      ...(overrides && { overrides }),
    });
    return injectCtes(sql, await inputs.ctes());
  }

  private async comparison(
    sql: string,
    { rows, format }: Expected,
    columns: readonly { name: string; type: string }[],
  ): Promise<string> {
    const { run, node } = this;
    const macro = async (name: string, args: unknown[]) =>
      String(await run.request.compiler.callMacro(name, args, node)).trim();
    const quoted = Object.fromEntries(
      columns.map(({ name }) => [name.toLowerCase(), run.dialect.quote(name)]),
    );
    const types = Object.fromEntries(columns.map(({ name, type }) => [name.toLowerCase(), type]));
    const first = format === 'sql' ? undefined : (rows as Record<string, unknown>[])[0];
    const named = first === undefined ? Object.keys(types) : Object.keys(first);
    const expected = format === 'sql' ? String(rows) : await macro('get_expected_sql', [rows, types, quoted]);
    return macro('get_unit_test_sql', [sql, expected, named.map((name) => quoted[name.toLowerCase()])]);
  }

  private keep(sql: string): void {
    this.compiled = sql;
    const path = this.run.artefacts.write(this.node, 'compiled', sql);
    this.run.unitTestPaths.set(this.test.unique_id, path);
  }
}

function unitTestNode(test: ReferringNode, model: CompiledNode): CompiledNode {
  const name = versionedName(test);
  const { rows, format } = test.expect as Expected;
  return {
    ...test,
    resource_type: 'unit_test',
    name,
    path: `${name}.sql`,
    database: model.database,
    schema: model.schema,
    alias: name,
    relation_name: null,
    raw_code: model.raw_code,
    columns: {},
    config: {
      ...test.config,
      materialized: 'unit',
      expected_rows: format === 'sql' ? [] : rows,
      expected_sql: format === 'sql' ? rows : null,
    },
  } as unknown as CompiledNode;
}

/** `name`, or `name_v2` of a versioned model's test. */
export function versionedName({ name, version }: ReferringNode): string {
  return version === null || version === undefined ? name : `${name}_v${String(version)}`;
}
