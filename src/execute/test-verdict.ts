/** From the one row of dbt's test query to a status and its sentence. */
import type { QueryResult } from '../adapters/contract.ts';
import { SqError } from '../errors.ts';
import type { Flags } from '../invocation.ts';
import type { CompiledNode } from '../manifest/nodes.ts';

export interface TestVerdict {
  status: 'pass' | 'warn' | 'fail';
  message: string | null;
  failures: number;
}

/**
 * dbt's rule: severity error and should_error fails; else should_warn warns (or fails under --warn-error);
 * else it passes. Throws SqError kind Internal when the query does not answer dbt's one row of three columns.
 */
export function testVerdict(node: CompiledNode, result: QueryResult, flags: Flags): TestVerdict {
  const row = result.rows[0];
  if (row === undefined || result.rows.length !== 1) {
    throw wrongShape(node, `Returned ${result.rows.length} rows, but expected 1 row`);
  }
  if (result.columns.length !== 3) {
    throw wrongShape(node, `Returned ${result.columns.length} columns, but expected 3 columns`);
  }
  const value = (name: string) =>
    row[result.columns.findIndex((column) => column.name.toLowerCase() === name)];
  const failures = Number(value('failures') ?? 0);
  const got = `Got ${failures} ${failures === 1 ? 'result' : 'results'}`;
  const { severity, error_if: errorIf, warn_if: warnIf } = node.config;
  if (String(severity ?? 'ERROR').toUpperCase() === 'ERROR' && isTrue(value('should_error'))) {
    return {
      status: 'fail',
      message: `${got}, configured to fail if ${String(errorIf ?? '!= 0')}`,
      failures,
    };
  }
  if (!isTrue(value('should_warn'))) return { status: 'pass', message: null, failures: 0 };
  const status = warningsAreErrors(flags) ? 'fail' : 'warn';
  return { status, message: `${got}, configured to ${status} if ${String(warnIf ?? '!= 0')}`, failures };
}

function warningsAreErrors({ warnError, warnErrorOptions: { error, warn, silence } }: Flags): boolean {
  const names = ['LogTestResult', 'RunResultWarning'];
  const named = (list: readonly string[]) => names.some((name) => list.includes(name));
  if (error !== 'all') return warnError || named(error);
  return !named(warn) && !named(silence);
}

function isTrue(value: unknown): boolean {
  return value === true || value === 1 || value === 't' || value === 'true' || value === 1n;
}

function wrongShape(node: CompiledNode, what: string): SqError {
  return new SqError({
    kind: 'Internal',
    code: 'test-shape',
    message: `dbt internally failed to execute ${node.unique_id}: ${what}`,
    hint: 'the test query comes from the macro get_test_sql; a project that overrides it must keep its columns failures, should_warn and should_error',
  });
}
