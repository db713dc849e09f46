import { describe, expect, test } from 'vitest';
import { applyProjectFlags, resolveFlags } from './flags.ts';
import type { Given } from './parse-arguments.ts';

const flagsOf = (given: Given, env: Record<string, string> = {}, command = 'run') =>
  resolveFlags(command, given, env).flags;

describe('precedence: command line, then environment, then project, then default', () => {
  test.each<[string, Given, Record<string, string>, Record<string, unknown>, boolean]>([
    ['default', {}, {}, {}, false],
    ['project', {}, {}, { fail_fast: true }, true],
    ['SQ_X over project', {}, { SQ_FAIL_FAST: '0' }, { fail_fast: true }, false],
    ['DBT_X over SQ_X', {}, { DBT_FAIL_FAST: 'true', SQ_FAIL_FAST: 'false' }, {}, true],
    ['DBT_ENGINE_X over DBT_X', {}, { DBT_ENGINE_FAIL_FAST: '1', DBT_FAIL_FAST: '0' }, {}, true],
    [
      'command line over all',
      { fail_fast: false },
      { DBT_ENGINE_FAIL_FAST: '1' },
      { fail_fast: true },
      false,
    ],
    ['an empty variable says nothing', {}, { DBT_ENGINE_FAIL_FAST: '', DBT_FAIL_FAST: '1' }, {}, true],
  ])('%s', (_what, given, env, project, failFast) => {
    const resolved = resolveFlags('run', given, env);
    applyProjectFlags(resolved, project);
    expect(resolved.flags.failFast).toBe(failFast);
  });
});

test('names of dbt become members; every other option stays under its own name', () => {
  const flags = flagsOf({ full_refresh: true, target_path: 't', select: ['a'], version_check: false });
  expect(flags).toMatchObject({
    which: 'run',
    fullRefresh: true,
    targetPath: 't',
    other: { select: ['a'], version_check: false },
  });
});

test('behaviour flags of the project are kept by name', () => {
  const resolved = resolveFlags('run', {}, {});
  applyProjectFlags(resolved, {
    state_modified_compare_vars: true,
    printer_width: 100,
    send_anonymous_usage_stats: false,
  });
  expect(resolved.flags.printerWidth).toBe(100);
  expect(resolved.flags.other).toEqual({
    state_modified_compare_vars: true,
    send_anonymous_usage_stats: false,
  });
});

test('a project flag of the wrong type changes nothing', () => {
  const resolved = resolveFlags('run', {}, {});
  applyProjectFlags(resolved, { printer_width: 'wide', use_colors: 'no' });
  expect(resolved.flags).toMatchObject({ printerWidth: 80, useColors: true });
});

test('selection and vars have no environment variable, as in dbt', () => {
  expect(flagsOf({}, { DBT_SELECT: 'a', DBT_THREADS: '9', DBT_EXCLUDE: 'b' })).toMatchObject({
    threads: undefined,
    other: {},
  });
});

describe('the log file follows the console, unless it has flags of its own', () => {
  test('format and level', () => {
    expect(flagsOf({ log_format: 'json', log_level: 'warn' })).toMatchObject({
      logFormat: 'json',
      logFormatFile: 'json',
      logLevel: 'warn',
      logLevelFile: 'warn',
    });
    expect(flagsOf({ log_format: 'json' }, { DBT_LOG_FORMAT_FILE: 'text' })).toMatchObject({
      logFormatFile: 'text',
    });
    expect(flagsOf({})).toMatchObject({ logFormatFile: 'debug', logLevelFile: 'debug' });
  });

  test('colours only when asked for', () => {
    expect(flagsOf({ use_colors: true }).useColorsFile).toBe(false);
    expect(flagsOf({ use_colors_file: true }).useColorsFile).toBe(true);
  });
});

describe('warn-error-options', () => {
  const read = (warn_error_options: Record<string, unknown>) =>
    resolveFlags('run', {}, {}, { warn_error_options }).flags.warnErrorOptions;

  test.each([
    [{ error: 'all' }, { error: 'all', warn: [], silence: [] }],
    [
      { include: '*', exclude: ['A'] },
      { error: 'all', warn: ['A'], silence: [] },
    ],
    [
      { error: ['A', 'B'], silence: ['C'] },
      { error: ['A', 'B'], warn: [], silence: ['C'] },
    ],
    [{ error: 'A' }, { error: ['A'], warn: [], silence: [] }],
  ])('%j', (given, expected) => {
    expect(read(given)).toEqual(expected);
  });

  test('of the project count where nothing nearer says so', () => {
    const resolved = resolveFlags('run', {}, {});
    applyProjectFlags(resolved, { warn_error_options: { error: ['A'] } });
    expect(resolved.flags.warnErrorOptions.error).toEqual(['A']);
  });
});

describe('a variable with a value that is none', () => {
  test('boolean', () => {
    expect(() => flagsOf({}, { DBT_QUIET: 'maybe' })).toThrow(
      "Invalid value for environment variable DBT_QUIET: 'maybe' is not a valid boolean.",
    );
  });

  test('choice', () => {
    expect(() => flagsOf({}, { DBT_INDIRECT_SELECTION: 'lazy' })).toThrow(
      "Invalid value for '--indirect-selection': 'lazy' is not one of 'eager', 'cautious', 'buildable', 'empty'.",
    );
  });
});
