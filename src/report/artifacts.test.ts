import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { SqEvent } from '../events.ts';
import type { NodeResult } from '../execute/contract.ts';
import { createInvocation, type Flags } from '../invocation.ts';
import { writeRunResults } from './artifacts.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sq-artifacts-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const RESULT: NodeResult = {
  unique_id: 'model.shop.songs',
  status: 'success',
  timing: [],
  thread_id: 'Thread-1 (worker)',
  execution_time: 0.084,
  adapter_response: { _message: 'SELECT 71', code: 'SELECT', rows_affected: 71 },
  message: 'SELECT 71',
  failures: null,
  compiled: true,
  compiled_code: "select 'hush-hush' as token",
  relation_name: '"db"."main"."songs"',
  batch_results: null,
};

function write(results: NodeResult[], flags: Partial<Flags> = {}): SqEvent[] {
  const events: SqEvent[] = [];
  const invocation = createInvocation({
    env: {
      SQ_TEST_NOW: '2026-11-21T08:37:43.351Z',
      DBT_ENV_SECRET_TOKEN: 'hush-hush',
      DBT_ENV_CUSTOM_ENV_team: 'music',
    },
    flags,
    emit: (event) => events.push(event),
  });
  writeRunResults({
    invocation,
    targetPath: join(folder, 'target'),
    results,
    elapsed: 1.5,
    args: { which: 'run' },
  });
  return events;
}

const written = () => JSON.parse(readFileSync(join(folder, 'target/run_results.json'), 'utf8'));

test('run_results.json is version 6 of dbt’s schema, secrets masked', () => {
  const events = write([RESULT]);
  expect(written()).toEqual({
    metadata: {
      dbt_schema_version: 'https://schemas.getdbt.com/dbt/run-results/v6.json',
      dbt_version: '2.0.0',
      generated_at: '2026-11-21T08:37:43.351000Z',
      invocation_id: expect.stringMatching(/^[0-9a-f-]{36}$/),
      invocation_started_at: '2026-11-21T08:37:43.351000Z',
      env: { team: 'music' },
    },
    results: [{ ...RESULT, compiled_code: "select '*****' as token", overload_results: null }],
    elapsed_time: 1.5,
    args: { which: 'run' },
  });
  expect(readdirSync(join(folder, 'target'))).toEqual(['run_results.json']);
  expect(events).toEqual([
    {
      name: 'ArtifactWritten',
      artifact_type: 'RunExecutionResult',
      artifact_path: join(folder, 'target/run_results.json'),
    },
  ]);
});

test('nothing selected is a file with an empty list', () => {
  write([]);
  expect(written().results).toEqual([]);
});

test('--no-write-json writes nothing', () => {
  expect(write([RESULT], { writeJson: false })).toEqual([]);
  expect(readdirSync(folder)).toEqual([]);
});
