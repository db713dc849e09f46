/** on-run-start and on-run-end: operations of the project with results of their own, as dbt ≥ 1.9. */

import { namespaceOf } from '../context/host.ts';
import { indent } from '../errors.ts';
import type { NodeStatus } from '../events.ts';
import type { CompiledNode } from '../manifest/nodes.ts';
import { type Dict, fromJs, Tuple } from '../template/index.ts';
import type { NodeResult } from './contract.ts';
import { hasFailed } from './finish-node.ts';
import { nodeError } from './node-error.ts';
import { nodeInfo } from './node-info.ts';
import { nodeResult } from './node-result.ts';
import type { RunState } from './run-state.ts';
import { eventMoment, Stopwatch } from './stopwatch.ts';

export type HookKind = 'on-run-start' | 'on-run-end';

/** Hooks of installed packages by name, the root project's last (dbt's order). Looked up by key. */
export function projectHooks(run: RunState, kind: HookKind): CompiledNode[] {
  const { context, manifest } = run.request;
  const packages = context.packages.map(({ config }) => config.name).sort();
  const hooks: CompiledNode[] = [];
  for (const name of [...packages.filter((other) => other !== context.project.name), context.project.name]) {
    for (let i = 0; ; i++) {
      const hook = manifest.get(`operation.${name}.${name}-${kind}-${i}`);
      if (hook === undefined) break;
      hooks.push(hook as CompiledNode);
    }
  }
  return hooks;
}

/**
 * Runs them in order; after one that fails the rest is skipped. Answers whether all went well. `context` is
 * asked only where there are hooks.
 */
export async function runProjectHooks(
  run: RunState,
  kind: HookKind,
  context: () => Readonly<Record<string, unknown>> = () => ({}),
): Promise<boolean> {
  const hooks = projectHooks(run, kind);
  if (hooks.length === 0) return true;
  const extra = context();
  let failed = false;
  for (const [i, hook] of hooks.entries()) {
    const status: NodeStatus = failed
      ? skipHook(run, hook, nameOf(hook, kind, i), i + 1, hooks.length)
      : await runHook(run, hook, nameOf(hook, kind, i), i + 1, hooks.length, extra);
    if (status === 'error') failed = true;
  }
  return !failed;
}

function nameOf(hook: CompiledNode, kind: HookKind, i: number): string {
  return `${hook.package_name}.${kind}.${i}`;
}

async function runHook(
  run: RunState,
  hook: CompiledNode,
  statement: string,
  index: number,
  total: number,
  extra: Readonly<Record<string, unknown>>,
): Promise<NodeStatus> {
  const { invocation } = run;
  const started = eventMoment(invocation);
  const watch = new Stopwatch(invocation);
  const info = (status: string, finished = '') => nodeInfo(hook, status, { started, finished });
  let status: NodeStatus = 'success';
  let message = `${statement} passed`;
  let sql = '';
  let rendered = false;
  invocation.emit({ name: 'LogHookStartLine', statement, index, total, node_info: info('started') });
  try {
    sql = await watch.phase('compile', () => renderProjectHook(run, hook, extra));
    rendered = true;
    await watch.phase('execute', () => execute(run, hook, statement, sql));
  } catch (thrown) {
    status = 'error';
    const { compiler } = run.request;
    const error = nodeError(thrown, { node: hook, compiler, dialect: run.dialect, compiledSql: sql });
    // dbt: before anything is built, a hook that cannot even be rendered ends the run
    if (!rendered && statement.includes('.on-run-start.')) throw error;
    message = `${statement} failed, error:\n${indent(error.body, ' ')}`;
  }
  const result = hookResult(hook, { status, message, watch, sql });
  run.results.push(result);
  invocation.emit({
    name: 'LogHookEndLine',
    statement,
    status,
    index,
    total,
    execution_time: result.execution_time,
    node_info: info(status, eventMoment(invocation)),
  });
  return status;
}

function skipHook(
  run: RunState,
  hook: CompiledNode,
  statement: string,
  index: number,
  total: number,
): NodeStatus {
  const { invocation } = run;
  const message = `${statement} skipped`;
  run.results.push(nodeResult({ node: hook, status: 'skipped', message, threadId: 'main', failures: 1 }));
  const node_info = nodeInfo(hook, 'skipped', { started: '', finished: '' });
  invocation.emit({
    name: 'LogHookEndLine',
    statement,
    status: 'skipped',
    index,
    total,
    execution_time: 0,
    node_info,
  });
  return 'skipped';
}

async function renderProjectHook(
  run: RunState,
  hook: CompiledNode,
  extra: Readonly<Record<string, unknown>>,
): Promise<string> {
  return (await run.request.compiler.renderText(hook.raw_code, hook, { extra })).trim();
}

async function execute(run: RunState, hook: CompiledNode, statement: string, sql: string): Promise<void> {
  if (sql === '') return;
  if (run.request.dryRun) {
    const { unique_id } = hook;
    run.invocation.emit({ name: 'DryRunNode', unique_id, node_name: statement, statements: [sql] });
    return;
  }
  await run.warehouse.driver.session({ name: hook.unique_id }, (session) => session.execute(sql));
}

function hookResult(
  hook: CompiledNode,
  done: { status: NodeStatus; message: string; watch: Stopwatch; sql: string },
): NodeResult {
  return nodeResult({
    node: hook,
    status: done.status,
    message: done.message,
    threadId: 'main',
    timing: done.watch.timing,
    executionTime: done.watch.seconds,
    failures: done.status === 'success' ? 0 : 1,
    compiledCode: done.sql,
  });
}

/** `results`, `schemas` and `database_schemas` of on-run-end: where nodes that went well stand. */
export function runEndContext(run: RunState): Record<string, unknown> {
  const { manifest } = run.request;
  const pairs = new Map<string, [string | null, string]>();
  for (const result of run.results) {
    const summary = manifest.index.get(result.unique_id);
    if (summary?.relation === undefined || summary.resource_type === 'test') continue;
    if (hasFailed(result) || result.status === 'skipped') continue;
    const { database, schema } = summary.relation;
    pairs.set(`${database ?? ''}.${schema}`, [database, schema]);
  }
  const databaseSchemas = [...pairs.values()];
  return {
    schemas: [...new Set(databaseSchemas.map(([, schema]) => schema))],
    database_schemas: databaseSchemas.map((pair) => Tuple.from(pair)),
    results: run.results.map((result) => resultObject(run, result)),
  };
}

/** A result as dbt's RunResult: attributes, `node` and `to_dict()`; made whole only when a hook asks. */
function resultObject(run: RunState, result: NodeResult) {
  const data = { ...result } as Record<string, unknown>;
  return namespaceOf('RunResult', {
    ...Object.fromEntries(
      Object.entries(data).map(([key, value]) => [key, typeof value === 'object' ? fromJs(value) : value]),
    ),
    get node() {
      return fromJs(run.request.manifest.get(result.unique_id));
    },
    to_dict: () => {
      const dict = fromJs(data) as Dict;
      dict.set('node', fromJs(run.request.manifest.get(result.unique_id)));
      return dict;
    },
  });
}
