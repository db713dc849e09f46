/** Runs one data test: dbt's query around the author's, stored failures, the verdict, its events. */
import type { ExecResult, Session } from '../adapters/contract.ts';
import type { Resolve } from '../compile/contract.ts';
import { SqError } from '../errors.ts';
import type { CompiledNode } from '../manifest/nodes.ts';
import { type Relation, renderRelation } from '../manifest/relation.ts';
import type { NodeResult } from './contract.ts';
import { customMacro } from './custom-materialization.ts';
import { runCustomTest } from './custom-test.ts';
import { finishNode } from './finish-node.ts';
import { nodeError } from './node-error.ts';
import { adapterResponse, nodeResult, threadName } from './node-result.ts';
import { compileInto, type RunState } from './run-state.ts';
import { testVerdict } from './test-verdict.ts';

export interface TestOptions {
  slot: number;
  /** The relation that the test reads instead of the published one. */
  resolve?: Resolve;
  /** The same text with published names, for `target/compiled`. */
  published?: (sql: string) => string;
  /** Takes the events of the result, when they are to come later. */
  hold?: (tell: () => void) => void;
  /** The open transaction in which the test is to look. */
  session?: Session;
}

export interface TestDone {
  result: NodeResult;
  /** Query that gives the failing rows, as it was run; empty when it did not compile. */
  sql: string;
}

export async function runTest(run: RunState, node: CompiledNode, options: TestOptions): Promise<TestDone> {
  const { reporter } = run;
  const started = reporter.start(node);
  reporter.startLine(started);
  const { watch } = started;
  const common = { node, threadId: threadName(options.slot), timing: watch.timing };
  let sql = '';
  let compiledPath: string | undefined;
  let result: NodeResult;
  try {
    const compiled = await watch.phase('compile', () => compileInto(run, node, options));
    sql = compiled.sql;
    compiledPath = compiled.path;
    const macro = customMacro(run, node);
    const { query, rows, stored } = await watch.phase('execute', () =>
      macro === undefined
        ? executeTest(run, node, sql, options)
        : runCustomTest(run, node, { macro, sql, session: options.session }),
    );
    if (!run.request.dryRun) run.artefacts.write(node, 'run', query);
    const verdict = testVerdict(node, rows, run.invocation.flags);
    result = nodeResult({
      ...common,
      ...verdict,
      executionTime: watch.seconds,
      adapterResponse: adapterResponse('SELECT 1', 1),
      storedIn: stored,
      compiledCode: run.compiled.get(node.unique_id)?.compiled_code,
    });
  } catch (thrown) {
    const { compiler } = run.request;
    const error = nodeError(thrown, { node, compiler, dialect: run.dialect, compiledSql: sql, compiledPath });
    result = nodeResult({
      ...common,
      status: 'error',
      message: error.text,
      executionTime: watch.seconds,
      compiledCode: run.compiled.get(node.unique_id)?.compiled_code,
    });
  }
  return { result: finishNode(run, started, result, options.hold), sql };
}

async function executeTest(run: RunState, node: CompiledNode, sql: string, { session }: TestOptions) {
  const stored =
    session === undefined && shouldStore(run, node) ? await storeFailures(run, node, sql) : undefined;
  const query = await testQuery(run, node, stored === undefined ? sql : `select *\nfrom ${stored}`);
  const ask = (on: Session) => on.query(query);
  // a test only reads: it can be asked again, unless it looks into an open transaction
  const rows = session
    ? await ask(session)
    : await run
        .attempts(node.name)
        .carryOut(() => run.warehouse.driver.session({ name: node.unique_id }, ask));
  return { query, rows, stored };
}

/** dbt's query around the test: macro `get_test_sql`. */
export async function testQuery(run: RunState, node: CompiledNode, main: string): Promise<string> {
  const { fail_calc, warn_if, error_if, limit } = node.config;
  const args = [main, fail_calc ?? 'count(*)', warn_if ?? '!= 0', error_if ?? '!= 0', limit ?? null];
  const text = await run.request.compiler.callMacro('get_test_sql', args, node);
  return String(text).trim();
}

/** Config wins over `--store-failures`; `store_failures_as: ephemeral` stores nothing. */
export function shouldStore(run: RunState, node: CompiledNode): boolean {
  const { store_failures: configured, store_failures_as: as } = node.config;
  if (typeof as === 'string') return as !== 'ephemeral';
  return typeof configured === 'boolean' ? configured : run.invocation.flags.storeFailures;
}

/** Writes the failing rows to the test's own relation and answers its name. */
async function storeFailures(run: RunState, node: CompiledNode, sql: string): Promise<string> {
  const { compiler } = run.request;
  const { relations, driver } = run.warehouse;
  const type = storedType(node);
  const target: Relation = { ...compiler.relationOf(node), type };
  if (target.schema !== null)
    await run.schemas.ensure([{ database: target.database, schema: target.schema }]);
  const existing = await relations.find(target);
  const name = renderRelation(target);
  const { limit } = node.config;
  const kept = typeof limit === 'number' ? `select * from (\n${sql}\n) as sq_failing limit ${limit}` : sql;
  const create =
    type === 'view' ? ['create_view_as', target, kept] : ['create_table_as', false, target, kept];
  const text = await compiler.callMacro(create[0] as string, create.slice(1), node, { extra: { sql: kept } });
  const statements =
    existing === null ? [] : [`drop ${existing.type === 'view' ? 'view' : 'table'} if exists ${name}`];
  const results: ExecResult[] = await driver.batch([...statements, String(text).trim()], {
    name: node.unique_id,
  });
  if (results.length > 0) relations.added(target);
  return name;
}

function storedType(node: CompiledNode): 'table' | 'view' {
  const as = node.config.store_failures_as ?? 'table';
  if (as === 'table' || as === 'view') return as;
  throw new SqError({
    kind: 'Compilation',
    code: 'store-failures-as',
    message: `'${String(as)}' is not a valid value for \`store_failures_as\`. Accepted values are: ['ephemeral', 'table', 'view']`,
  });
}
