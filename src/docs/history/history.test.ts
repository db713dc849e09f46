import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { SqEvent } from '../../events.ts';
import type { NodeResult } from '../../execute/contract.ts';
import { createInvocation } from '../../invocation.ts';
import { lastRows, latestRuns, readHistory } from './read-history.ts';
import { writeHistory } from './write-history.ts';

let folder: string;
let events: SqEvent[];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sq-history-'));
  events = [];
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const result = (unique_id: string, more: Partial<NodeResult> = {}): NodeResult => ({
  unique_id,
  status: 'success',
  timing: [
    { name: 'compile', started_at: '2026-11-21T08:00:00.250Z', completed_at: '2026-11-21T08:00:00.300Z' },
    { name: 'execute', started_at: '2026-11-21T08:00:00.300Z', completed_at: '2026-11-21T08:00:01.250Z' },
  ],
  thread_id: 'Thread-3 (worker)',
  execution_time: 1,
  adapter_response: { _message: 'SELECT 10', code: 'SELECT', rows_affected: 10 },
  message: 'SELECT 10',
  failures: null,
  compiled: true,
  compiled_code: 'select 1',
  relation_name: null,
  batch_results: null,
  ...more,
});

function write(
  results: NodeResult[],
  { at = '2026-11-21T08:00:00Z', env = {} }: { at?: string; env?: Record<string, string> } = {},
): void {
  const invocation = createInvocation({
    env: { SQ_TEST_NOW: at, ...env },
    flags: { which: 'build', other: { select: ['songs+'], vars: { password: 'x' } } },
    emit: (event) => events.push(event),
  });
  const said = { command: 'build', target: 'dev', elapsed: 1.5, success: true, interrupted: false };
  writeHistory(folder, { invocation, ...said, results });
}

const files = () => readdirSync(join(folder, '.sq/history'));

describe('an invocation', () => {
  it('is one file, read back as it was: thread, begin and end, status, rows', () => {
    write([
      result('model.a.songs'),
      result('test.a.t', {
        status: 'fail',
        failures: 2,
        message: 'Got 2 results',
        thread_id: 'Thread-1 (worker)',
      }),
      result('model.a.late', { status: 'skipped', timing: [], message: null, adapter_response: {} }),
    ]);
    expect(files()).toHaveLength(1);
    const [record] = readHistory(folder);
    expect(record).toEqual({
      invocationId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      command: 'build',
      select: ['songs+'],
      exclude: [],
      target: 'dev',
      startedAt: '2026-11-21T08:00:00.000Z',
      elapsed: 1500,
      success: true,
      interrupted: false,
      nodes: [
        {
          uniqueId: 'model.a.songs',
          status: 'success',
          thread: 3,
          start: 250,
          end: 1250,
          rows: 10,
          failures: null,
          message: null,
        },
        {
          uniqueId: 'test.a.t',
          status: 'fail',
          thread: 1,
          start: 250,
          end: 1250,
          rows: null,
          failures: 2,
          message: 'Got 2 results',
        },
        {
          uniqueId: 'model.a.late',
          status: 'skipped',
          thread: 0,
          start: null,
          end: null,
          rows: null,
          failures: null,
          message: null,
        },
      ],
    });
  });

  it('holds no vars, no SQL and no secret', () => {
    const message = 'could not log in with hunter2-hunter2';
    write([result('model.a.songs', { status: 'error', message })], {
      env: { SQ_SECRET_TOKEN: 'hunter2-hunter2' },
    });
    const text = readFileSync(join(folder, '.sq/history', files()[0]!), 'utf8');
    expect(text).toContain('could not log in with *****');
    expect(text).not.toMatch(/hunter2|password|select 1/);
  });

  it('keeps its folder out of version control', () => {
    write([]);
    expect(readFileSync(join(folder, '.sq/.gitignore'), 'utf8')).toBe('*\n');
  });
});

describe('the history', () => {
  it('keeps the last 50, newest first', () => {
    for (let i = 0; i < 53; i++) write([], { at: `2026-11-21T08:${String(i).padStart(2, '0')}:00Z` });
    expect(files()).toHaveLength(50);
    const read = readHistory(folder);
    expect([read.length, read[0]?.startedAt, read[49]?.startedAt]).toEqual([
      50,
      '2026-11-21T08:52:00.000Z',
      '2026-11-21T08:03:00.000Z',
    ]);
  });

  it('is empty where there was no run', () => {
    expect(readHistory(folder)).toEqual([]);
  });

  it('leaves out what is no record: half a file, another version, a file of somebody else', () => {
    write([result('model.a.songs')]);
    const history = join(folder, '.sq/history');
    writeFileSync(join(history, '20261121T090000000Z-0000aaaa.json'), '{"version":1,"nodes":[');
    writeFileSync(join(history, '20261121T091000000Z-0000bbbb.json'), '{"version":9,"nodes":[]}');
    writeFileSync(join(history, '20261121T092000000Z-0000cccc.json'), 'null');
    writeFileSync(join(history, 'notes.json'), '{}');
    expect(readHistory(folder).map(({ nodes }) => nodes.length)).toEqual([1]);
  });

  it('says of each node what happened to it last, and what its last build left', () => {
    const runs = [{ at: '2026-11-21T08:00:00Z', rows: 10 }, { at: '2026-11-21T09:00:00Z' }];
    write([result('model.a.songs'), result('model.a.users')], runs[0]!);
    write([result('model.a.songs', { status: 'error', adapter_response: {} })], runs[1]!);
    const history = readHistory(folder);
    const latest = latestRuns(history);
    expect([...latest].map(([id, run]) => [id, run.status, run.record.startedAt])).toEqual([
      ['model.a.songs', 'error', '2026-11-21T09:00:00.000Z'],
      ['model.a.users', 'success', '2026-11-21T08:00:00.000Z'],
    ]);
    expect(lastRows(history)).toEqual(
      new Map([
        ['model.a.songs', 10],
        ['model.a.users', 10],
      ]),
    );
  });
});

describe('what cannot be written', () => {
  it('is told in one line and fails nothing', () => {
    writeFileSync(join(folder, '.sq'), 'a file');
    write([result('model.a.songs')]);
    expect(events).toEqual([
      {
        name: 'SqNotice',
        topic: 'history',
        msg: 'This run is not in the history of the docs page: .sq/history: a part of this path is a file, not a folder',
      },
    ]);
  });

  it('nothing under --no-write-json', () => {
    const invocation = createInvocation({ env: {}, flags: { writeJson: false } });
    const said = { command: 'run', target: 'dev', elapsed: 1, success: true, interrupted: false };
    writeHistory(folder, { invocation, ...said, results: [] });
    expect(existsSync(join(folder, '.sq'))).toBe(false);
  });
});
