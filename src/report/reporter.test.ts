import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { SqEvent } from '../events.ts';
import { createInvocation, type Flags } from '../invocation.ts';
import { EVERY_EVENT, nodeInfo } from './every-event.fixture.ts';
import { createReporter, type Reporter } from './reporter.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sq-report-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

interface Setup {
  flags?: Partial<Flags>;
  env?: Record<string, string>;
  columns?: number;
}

async function open(setup: Setup = {}) {
  const out = { stdout: '', stderr: '' };
  const invocation = createInvocation({
    env: { SQ_TEST_NOW: '2026-11-21T08:37:43.351Z', ...setup.env },
    cwd: folder,
    flags: { which: 'build', useColors: false, useColorsFile: false, ...setup.flags },
    emit: (event) => reporter.emit(event),
  });
  const reporter: Reporter = await createReporter({
    invocation,
    stdout: (text) => {
      out.stdout += text;
    },
    stderr: (text) => {
      out.stderr += text;
    },
    terminal: setup.columns === undefined ? undefined : { columns: setup.columns },
  });
  return { out, invocation, reporter };
}

const log = () => readFileSync(join(folder, 'dbt.log'), 'utf8');

/** A build in which one test fails, as dbt 1.12.3 reports it. */
const A_BUILD: SqEvent[] = [
  EVERY_EVENT.MainReportVersion,
  EVERY_EVENT.AdapterRegistered,
  EVERY_EVENT.FoundStats,
  EVERY_EVENT.ConcurrencyLine,
  {
    ...EVERY_EVENT.LogHookStartLine,
    index: 1,
    total: 1,
    node_info: nodeInfo('shop-on-run-start-0', 'operation'),
  },
  {
    ...EVERY_EVENT.LogHookEndLine,
    index: 1,
    total: 1,
    node_info: nodeInfo('shop-on-run-start-0', 'operation'),
  },
  EVERY_EVENT.LogStartLine,
  EVERY_EVENT.LogModelResult,
  EVERY_EVENT.LogTestResult,
  {
    ...EVERY_EVENT.LogHookStartLine,
    index: 1,
    total: 1,
    node_info: nodeInfo('shop-on-run-end-0', 'operation'),
  },
  {
    ...EVERY_EVENT.LogHookEndLine,
    index: 1,
    total: 1,
    node_info: nodeInfo('shop-on-run-end-0', 'operation'),
  },
  EVERY_EVENT.FinishedRunningStats,
  EVERY_EVENT.EndOfRunSummary,
  EVERY_EVENT.RunResultFailure,
  EVERY_EVENT.RunResultError,
  EVERY_EVENT.SQLCompiledPath,
  EVERY_EVENT.RunResultWarning,
  EVERY_EVENT.RunResultWarningMessage,
  EVERY_EVENT.SqRowCounts,
  EVERY_EVENT.StatsLine,
  EVERY_EVENT.CommandCompleted,
];

const CONSOLE = `08:37:43  Running with dbt=1.12.3
08:37:43  Registered adapter: duckdb=1.5.6
08:37:43  Found 5 models, 480 macros
08:37:43  
08:37:43  Concurrency: 4 threads (target='dev')
08:37:43  
08:37:43  1 of 1 START hook: shop.on-run-start.0 ......................................... [RUN]
08:37:43  1 of 1 OK hook: shop.on-run-start.0 ............................................ [OK in 0.02s]
08:37:43  
08:37:43  2 of 11 START sql table model main.songs ....................................... [RUN]
08:37:43  2 of 11 OK created sql table model main.songs .................................. [SELECT 71 in 0.08s]
08:37:43  2 of 11 FAIL 3 unique_songs_song_id ............................................ [FAIL 3 in 0.03s]
08:37:43  
08:37:43  1 of 1 START hook: shop.on-run-start.0 ......................................... [RUN]
08:37:43  1 of 1 OK hook: shop.on-run-start.0 ............................................ [OK in 0.02s]
08:37:43  
08:37:43  Finished running 1 seed, 2 table models in 0 hours 0 minutes and 0.57 seconds (0.57s).
08:37:43  
08:37:43  Completed with 2 errors, 0 partial successes, and 1 warning:
08:37:43  
08:37:43  [ERROR]: in test unique_songs_song_id (models/songs.yml)
08:37:43    Got 3 results, configured to fail if != 0
08:37:43  
08:37:43    compiled code at target/compiled/shop/models/songs.sql
08:37:43  
08:37:43  [WARNING]: in test few_songs (tests/few_songs.sql)
08:37:43  [WARNING]: Got 1 result, configured to warn if != 0
08:37:43  
08:37:43  Rows in the tables that were built:
08:37:43    main.songs        71
08:37:43    main.songplays  6820
08:37:43  
08:37:43  Done. PASS=5 WARN=1 ERROR=2 SKIP=4 NO-OP=0 REUSED=0 TOTAL=12
`;

describe('the console', () => {
  test('shows a build as dbt does', async () => {
    const { out, invocation, reporter } = await open();
    for (const event of A_BUILD) invocation.emit(event);
    reporter.close();
    expect(out).toEqual({ stdout: CONSOLE, stderr: '' });
  });

  test('shows data without time stamps', async () => {
    const { out, invocation } = await open();
    for (const name of ['ListCmdOut', 'PrintEvent', 'ShowNode', 'CompiledNode', 'DryRunNode'] as const) {
      invocation.emit(EVERY_EVENT[name]);
    }
    expect(out.stdout).toBe(
      'shop.songs\nprinted\n' +
        "Previewing node 'songs':\n| id |\n| -- |\n|  1 |\n" +
        "Compiled node 'songs' is:\nselect 1\n" +
        '-- songs (model.shop.songs)\ncreate table a as select 1;\n-- decided at run time: columns\n\n',
    );
  });

  test('says what went wrong below a stamped line, the text as it is', async () => {
    const { out, invocation } = await open();
    invocation.emit(EVERY_EVENT.MainEncounteredError);
    expect(out.stdout).toBe('08:37:43  [ERROR]: Encountered an error:\nRuntime Error\n  no project\n');
  });

  test('quiet: errors and data only, no empty lines', async () => {
    const { out, invocation } = await open({ flags: { quiet: true } });
    for (const event of A_BUILD) invocation.emit(event);
    invocation.emit(EVERY_EVENT.PrintEvent);
    invocation.emit(EVERY_EVENT.ShowNode);
    expect(out.stdout).toBe(
      '08:37:43  2 of 11 FAIL 3 unique_songs_song_id ............................................ [FAIL 3 in 0.03s]\n' +
        '08:37:43  [ERROR]: in test unique_songs_song_id (models/songs.yml)\n' +
        '08:37:43    Got 3 results, configured to fail if != 0\n' +
        'printed\n| id |\n| -- |\n|  1 |\n',
    );
  });

  test('--no-print hides print()', async () => {
    const { out, invocation } = await open({ flags: { print: false } });
    invocation.emit(EVERY_EVENT.PrintEvent);
    expect(out.stdout).toBe('');
  });

  test('--log-level warn leaves warnings and errors; --debug shows SQL', async () => {
    const warn = await open({ flags: { logLevel: 'warn' } });
    for (const name of ['FoundStats', 'NothingToDo', 'SQLQuery'] as const)
      warn.invocation.emit(EVERY_EVENT[name]);
    expect(warn.out.stdout).toBe(
      '08:37:43  [WARNING]: Nothing to do. Try checking your model configs and model specification args\n',
    );
    const debug = await open({ flags: { debug: true } });
    debug.invocation.emit(EVERY_EVENT.SQLQuery);
    expect(debug.out.stdout).toBe('08:37:43  On model.shop.songs: select 1\n');
  });

  test('ls keeps stdout for nodes: warnings go to stderr', async () => {
    const { out, invocation } = await open({ flags: { which: 'ls' } });
    invocation.emit(EVERY_EVENT.NoNodesForSelectionCriteria);
    invocation.emit(EVERY_EVENT.ListCmdOut);
    expect(out.stdout).toBe('shop.songs\n');
    expect(out.stderr).toBe(
      "08:37:43  [WARNING]: The selection criterion 'song' does not match any enabled nodes\n",
    );
  });

  test('colours on pipes unless NO_COLOR says otherwise', async () => {
    const colored = await open({ flags: { useColors: true } });
    colored.invocation.emit(EVERY_EVENT.NothingToDo);
    expect(colored.out.stdout).toContain('[\u001b[33mWARNING\u001b[39m]: Nothing to do.');
    const plain = await open({ flags: { useColors: true }, env: { NO_COLOR: '1' } });
    plain.invocation.emit(EVERY_EVENT.NothingToDo);
    expect(plain.out.stdout).toContain('[WARNING]: Nothing to do.');
  });
});

describe('JSON lines', () => {
  test('have the shape of dbt', async () => {
    const { out, invocation } = await open({
      flags: { logFormat: 'json' },
      env: { DBT_ENV_CUSTOM_ENV_team: 'music' },
    });
    invocation.emit(EVERY_EVENT.LogTestResult);
    const { test_name, name, ...data } = EVERY_EVENT.LogTestResult;
    expect(JSON.parse(out.stdout)).toEqual({
      info: {
        category: '',
        code: 'Q007',
        extra: { team: 'music' },
        invocation_id: invocation.id,
        level: 'error',
        msg: '2 of 11 FAIL 3 unique_songs_song_id ............................................ [FAIL 3 in 0.03s]',
        name,
        pid: process.pid,
        thread: 'MainThread',
        ts: '2026-11-21T08:37:43.351000Z',
      },
      data: { ...data, test_name, name: test_name },
    });
  });

  test('hold no empty lines, and NodeFinished, which orchestrators of dbt 2 wait for', async () => {
    const { out, invocation } = await open({ flags: { logFormat: 'json' } });
    invocation.emit(EVERY_EVENT.ConcurrencyLine);
    invocation.emit(EVERY_EVENT.NodeFinished);
    const lines = out.stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(lines.map((line) => [line.info.name, line.info.level])).toEqual([
      ['ConcurrencyLine', 'info'],
      ['NodeFinished', 'info'],
    ]);
  });

  test('the counts of the end carry dbt’s key for no-op', async () => {
    const { out, invocation } = await open({ flags: { logFormat: 'json' } });
    invocation.emit(EVERY_EVENT.StatsLine);
    expect(JSON.parse(out.stdout).data).toEqual({
      stats: { pass: 5, warn: 1, error: 2, skip: 4, noop: 0, reused: 0, total: 12 },
    });
  });
});

describe('secrets', () => {
  const env = { DBT_ENV_SECRET_TOKEN: 'pa"ss' };

  test('are masked in text, in JSON where they stand escaped, and in the log file', async () => {
    const text = await open({ env });
    text.invocation.emit({ name: 'Note', msg: 'connect with pa"ss' });
    expect(text.out.stdout).toBe('08:37:43  connect with *****\n');
    const json = await open({ env, flags: { logFormat: 'json' } });
    json.reporter.logTo(folder);
    json.invocation.emit({ name: 'Note', msg: 'connect with pa"ss' });
    json.reporter.close();
    expect(JSON.parse(json.out.stdout)).toMatchObject({
      info: { msg: 'connect with *****' },
      data: { msg: 'connect with *****' },
    });
    expect(log()).not.toContain('pa"ss');
  });
});

describe('deprecations', () => {
  test('are shown once each and summed up at the end of the command', async () => {
    const { out, invocation, reporter } = await open();
    for (let i = 0; i < 3; i++) invocation.emit(EVERY_EVENT.Deprecation);
    invocation.emit(EVERY_EVENT.CommandCompleted);
    reporter.close();
    expect(out.stdout).toBe(`08:37:43  [WARNING][MissingPlusPrefixDeprecation]: Deprecated functionality
Missing plus.
08:37:43  [WARNING][DeprecationsSummary]: Deprecated functionality
Summary of encountered deprecations:
- MissingPlusPrefixDeprecation: 3 occurrences
To see every occurrence and not only the first of each kind, run the command again with \`--show-all-deprecations\`; some are met only while parsing, then add \`--no-partial-parse\`.
`);
  });

  test('--show-all-deprecations shows each', async () => {
    const { out, invocation } = await open({ flags: { showAllDeprecations: true } });
    for (let i = 0; i < 3; i++) invocation.emit(EVERY_EVENT.Deprecation);
    expect(out.stdout.match(/Missing plus/g)).toHaveLength(3);
  });
});

describe('--warn-error', () => {
  const options = (value: Partial<Flags['warnErrorOptions']>): Partial<Flags> => ({
    warnErrorOptions: { error: [], warn: [], silence: [], ...value },
  });

  test('raises what would have been a warning, in dbt’s words', async () => {
    const { out, invocation } = await open({ flags: { warnError: true } });
    expect(() => invocation.emit(EVERY_EVENT.NoNodesForSelectionCriteria)).toThrow(
      expect.objectContaining({
        text: [
          'Compilation Error',
          "  [WARNING]: The selection criterion 'song' does not match any enabled nodes",
          '  hint: a warning stops this command because of --warn-error or --warn-error-options',
        ].join('\n'),
      }),
    );
    expect(out.stdout).toBe('');
  });

  test('leaves the summary of a run alone', async () => {
    const { invocation } = await open({ flags: { warnError: true } });
    expect(() => invocation.emit(EVERY_EVENT.RunResultWarning)).not.toThrow();
  });

  test.each([
    ['a name', options({ error: ['UnusedResourceConfigPath'] }), 'raise'],
    ['another name', options({ error: ['NothingToDo'] }), 'show'],
    ['all', options({ error: 'all' }), 'raise'],
    ['all but this', options({ error: 'all', warn: ['UnusedResourceConfigPath'] }), 'show'],
    ['silenced', options({ silence: ['UnusedResourceConfigPath'] }), 'nothing'],
    [
      'all, but silenced',
      { warnError: true, ...options({ silence: ['UnusedResourceConfigPath'] }) },
      'nothing',
    ],
  ])('options: %s', async (_what, flags, expected) => {
    const { out, invocation } = await open({ flags });
    const emit = () => invocation.emit(EVERY_EVENT.Warning);
    if (expected === 'raise') expect(emit).toThrow('[WARNING]: Unused paths.');
    else emit();
    expect(out.stdout !== '').toBe(expected === 'show');
  });

  test('the group Deprecations is nearer than all', async () => {
    const { invocation } = await open({ flags: options({ error: 'all', warn: ['Deprecations'] }) });
    expect(() => invocation.emit(EVERY_EVENT.Deprecation)).not.toThrow();
  });
});

describe('the log file', () => {
  test('holds everything at debug level, what came before its folder was known too', async () => {
    const { invocation, reporter } = await open({ flags: { quiet: true } });
    invocation.emit(EVERY_EVENT.MainReportVersion);
    reporter.logTo(folder);
    invocation.emit(EVERY_EVENT.SQLQuery);
    invocation.emit(EVERY_EVENT.ConcurrencyLine);
    invocation.emit(EVERY_EVENT.NothingToDo);
    reporter.close();
    const rule = '='.repeat(30);
    expect(log()).toBe(`

${rule} 08:37:43.351000 | ${invocation.id} ${rule}
08:37:43.351000 [info ] [MainThread]: Running with dbt=1.12.3
08:37:43.351000 [debug] [MainThread]: On model.shop.songs: select 1
08:37:43.351000 [info ] [MainThread]: 
08:37:43.351000 [info ] [MainThread]: Concurrency: 4 threads (target='dev')
08:37:43.351000 [info ] [MainThread]: 
08:37:43.351000 [warn ] [MainThread]: [WARNING]: Nothing to do. Try checking your model configs and model specification args
`);
  });

  test('as JSON lines, with --log-format-file json', async () => {
    const { invocation, reporter } = await open({ flags: { logFormatFile: 'json' } });
    reporter.logTo(folder);
    invocation.emit(EVERY_EVENT.SQLQuery);
    reporter.close();
    expect(JSON.parse(log())).toMatchObject({
      info: { name: 'SQLQuery', level: 'debug' },
      data: { sql: 'select 1' },
    });
  });

  test('is set aside when it is full; five old ones are kept', async () => {
    const message = 'x'.repeat(400);
    for (let run = 0; run < 8; run++) {
      const { invocation, reporter } = await open({ flags: { logFileMaxBytes: 500 } });
      reporter.logTo(folder);
      invocation.emit({ name: 'Note', msg: message + run });
      reporter.close();
    }
    expect(readdirSync(folder).sort()).toEqual([
      'dbt.log',
      'dbt.log.1',
      'dbt.log.2',
      'dbt.log.3',
      'dbt.log.4',
      'dbt.log.5',
    ]);
    expect(log()).toContain(`${message}7`);
    expect(readFileSync(join(folder, 'dbt.log.5'), 'utf8')).toContain(`${message}2`);
  });

  test('is not made at level none, nor where no folder is given', async () => {
    const none = await open({ flags: { logLevelFile: 'none' } });
    none.reporter.logTo(folder);
    none.invocation.emit(EVERY_EVENT.NothingToDo);
    none.reporter.close();
    expect(readdirSync(folder)).toEqual([]);
  });

  test('a folder that cannot be written stops nothing', async () => {
    const { out, invocation, reporter } = await open();
    reporter.logTo(join(import.meta.filename, 'logs'));
    invocation.emit(EVERY_EVENT.Note);
    reporter.close();
    expect(out.stdout).toBe('08:37:43  note\n');
  });

  test('is written at once for a warning, in pieces otherwise', async () => {
    const { invocation, reporter } = await open();
    reporter.logTo(folder);
    invocation.emit(EVERY_EVENT.SQLQuery);
    expect(statSync(join(folder, 'dbt.log')).size).toBe(0);
    invocation.emit(EVERY_EVENT.NothingToDo);
    expect(log()).toContain('Nothing to do');
    reporter.close();
  });
});
