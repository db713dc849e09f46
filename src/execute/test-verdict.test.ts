import { describe, expect, it } from 'vitest';
import { defaultFlags } from '../invocation.ts';
import type { CompiledNode } from '../manifest/nodes.ts';
import { testVerdict } from './test-verdict.ts';

const columns = ['failures', 'should_warn', 'should_error'].map((name) => ({
  name,
  type: '',
  kind: 'other' as const,
}));

function verdict(row: [number, boolean, boolean], config: Record<string, unknown> = {}, flags = {}) {
  const node = {
    unique_id: 'test.p.t',
    config: { severity: 'ERROR', warn_if: '!= 0', error_if: '!= 0', ...config },
  } as unknown as CompiledNode;
  const { status, message } = testVerdict(
    node,
    { columns, rows: [row] },
    { ...defaultFlags('test'), ...flags },
  );
  return `${status}: ${message}`;
}

describe('a data test', () => {
  it('passes without failing rows', () => {
    expect(verdict([0, false, false])).toBe('pass: null');
  });

  it('fails with them', () => {
    expect(verdict([1, true, true])).toBe('fail: Got 1 result, configured to fail if != 0');
    expect(verdict([3, true, true])).toBe('fail: Got 3 results, configured to fail if != 0');
  });

  it('warns under severity warn, and between warn_if and error_if', () => {
    expect(verdict([3, true, true], { severity: 'warn' })).toBe(
      'warn: Got 3 results, configured to warn if != 0',
    );
    expect(verdict([3, true, false], { warn_if: '> 1', error_if: '> 10' })).toBe(
      'warn: Got 3 results, configured to warn if > 1',
    );
    expect(verdict([30, true, true], { warn_if: '> 1', error_if: '> 10' })).toBe(
      'fail: Got 30 results, configured to fail if > 10',
    );
  });

  it('fails instead of warning under --warn-error', () => {
    const fails = 'fail: Got 3 results, configured to fail if != 0';
    expect(verdict([3, true, true], { severity: 'warn' }, { warnError: true })).toBe(fails);
    const all = { error: 'all', warn: [], silence: [] };
    expect(verdict([3, true, true], { severity: 'warn' }, { warnErrorOptions: all })).toBe(fails);
    expect(
      verdict(
        [3, true, true],
        { severity: 'warn' },
        { warnErrorOptions: { ...all, warn: ['LogTestResult'] } },
      ),
    ).toBe('warn: Got 3 results, configured to warn if != 0');
  });

  it('tells of a query that does not answer as dbt’s does', () => {
    const node = { unique_id: 'test.p.t', config: {} } as CompiledNode;
    expect(() => testVerdict(node, { columns, rows: [] }, defaultFlags('test'))).toThrow(
      'dbt internally failed to execute test.p.t: Returned 0 rows, but expected 1 row',
    );
    expect(() =>
      testVerdict(node, { columns: columns.slice(1), rows: [[1, 2]] }, defaultFlags('test')),
    ).toThrow('dbt internally failed to execute test.p.t: Returned 2 columns, but expected 3 columns');
  });
});
