/** The plan of a copy model: exact steps, in each mode, with canned answers. */
import { describe, expect, it } from 'vitest';
import type {
  ListAnswer,
  LoadAnswer,
  LoaderRequest,
  LoadRequest,
  SourceFile,
} from '../adapters/loader-contract.ts';
import type { SqError } from '../errors.ts';
import type { NodeConfig, SourceNode } from '../manifest/nodes.ts';
import { type Relation, relation } from '../manifest/relation.ts';
import { type Answers, drivePlan, PASSED, planNode, planState } from '../testing/drive-plan.ts';
import { copy } from './copy.ts';

const plays: Relation = relation('db', 'main', 'plays', { type: 'table' });
const ledger: Relation = relation('db', 'main', 'sq_loads', { type: 'table' });
const errors: Relation = relation('db', 'main', 'plays__load_errors', { type: 'table' });
const TARGET = '"db"."main"."plays"';
const STAGE = '"db"."main"."plays__sq_stage_00c0ffee"';
const LEDGER = '"db"."main"."sq_loads"';

const source = {
  resource_type: 'source',
  source_name: 'raw',
  name: 'plays',
  external: { location: 'data/', format: 'json' },
  columns: { id: { name: 'id', data_type: 'int4' }, day: { name: 'day', data_type: 'date' } },
} as unknown as SourceNode;
const columns = [
  { name: 'id', dataType: 'INTEGER' },
  { name: 'day', dataType: 'DATE' },
];
const file = (name: string, state: SourceFile['state'] = 'new'): SourceFile => ({
  name,
  size: 10,
  etag: '',
  mtimeMs: 1500,
  state,
});
const listed = (...files: SourceFile[]): ListAnswer => ({
  files,
  columns,
  statements: ['create or replace table …'],
  hidden: 0,
  notices: [],
});
const loaded: LoadAnswer = {
  loaded: true,
  rows: 7,
  rowsByFile: { 'data/a.json': 7 },
  etags: { 'data/a.json': 'abc' },
  errors: [],
  notices: [],
};
const bad = {
  file: 'data/a.json',
  line: 3,
  column: 'id',
  type: 'int4',
  value: 'x',
  rawLine: '{"id":"x"}',
  reason: "'x' is not an integer",
};

interface Setting {
  load?: Record<string, unknown>;
  config?: Partial<NodeConfig>;
  body?: string;
  state?: Parameters<typeof planState>[0];
  list?: ListAnswer;
  answer?: LoadAnswer;
  answers?: Answers;
}

function drive({ load, config, body, state, list, answer, answers }: Setting) {
  const requests: LoaderRequest[] = [];
  const input = planNode('plays', '', { materialized: 'copy', ...(load && { load }), ...config });
  Object.assign(input, { source });
  input.node.raw_code = body ?? "select * from {{ source('raw', 'plays') }}";
  const driven = drivePlan(copy.plan(input, planState(state)), {
    columns: { [TARGET]: columns },
    loader: (request) => {
      requests.push(request as LoaderRequest);
      return (request as LoaderRequest).kind === 'list'
        ? (list ?? listed(file('data/a.json')))
        : (answer ?? loaded);
    },
    ...answers,
  });
  return { ...driven, requests };
}

function messageOf(setting: Setting): string {
  try {
    drive(setting);
  } catch (error) {
    return (error as SqError).text;
  }
  return 'no error';
}

const LEDGER_ROW = `insert into ${LEDGER} (model, file_path, file_size, file_etag, file_mtime_ms, row_count, run_id, loaded_at) select sq_files.*, cast(current_timestamp as timestamp) from (select cast(c1 as varchar(127)) as "model", cast(c2 as varchar(1024)) as "file_path", cast(c3 as bigint) as "file_size", cast(c4 as varchar(256)) as "file_etag", cast(c5 as bigint) as "file_mtime_ms", cast(c6 as bigint) as "row_count", cast(c7 as varchar(64)) as "run_id" from (values\n('plays', 'data/a.json', '10', 'abc', '1500', '7', '00c0ffee')\n) as sq_rows (c1, c2, c3, c4, c5, c6, c7)) as sq_files`;
const LEDGER_READ = `query: select file_path, file_size, file_etag, file_mtime_ms from ${LEDGER} where model = 'plays'`;
const LEDGER_MADE = `run: create table if not exists ${LEDGER} (model varchar(127), file_path varchar(1024), file_size bigint, file_etag varchar(256), file_mtime_ms bigint, row_count bigint, run_id varchar(64), loaded_at timestamp)`;

describe('mode replace', () => {
  it('loads beside, then takes the name', () => {
    const { steps, result, requests } = drive({});
    expect(steps).toEqual([
      'loader: list',
      'loader: load',
      `run: alter table ${STAGE} rename to "plays"`,
      'cache: +table plays',
    ]);
    expect(result).toEqual({ message: 'COPY 7', rowsAffected: 7, status: 'success', relations: [plays] });
    expect(requests[1]).toMatchObject({
      kind: 'load',
      columns: null,
      maxErrors: 0,
      countRows: false,
      into: { identifier: 'plays__sq_stage_00c0ffee' },
    });
  });

  it('drops what stands there in the same transaction, also a view, and what is left of other loads', () => {
    expect(drive({ state: { existing: plays, standing: [plays, ledger, errors] } }).steps.slice(2)).toEqual([
      `run: drop table if exists ${TARGET}; alter table ${STAGE} rename to "plays"; delete from ${LEDGER} where model = 'plays'; drop table if exists "db"."main"."plays__load_errors"`,
      'cache: -table plays__load_errors +table plays',
    ]);
    const view = drive({ state: { existing: { ...plays, type: 'view' } } });
    expect(view.steps[2]).toContain(`drop view if exists ${TARGET}; alter table`);
  });

  it('audited, is tested beside', () => {
    const { steps } = drive({ state: { existing: plays, audited: true } });
    expect(steps).toEqual([
      'loader: list',
      'loader: load',
      `audit: ${STAGE}`,
      `run: drop table if exists ${TARGET}; alter table ${STAGE} rename to "plays"`,
      'cache: +table plays',
    ]);
  });

  it('refused, stays as rejected and harms nothing', () => {
    const verdict = {
      passed: false,
      failures: [{ uniqueId: 't', name: 'not_null_plays_id', failures: 2, sql: 'select 1' }],
    };
    const { steps, result } = drive({ state: { existing: plays, audited: true }, answers: { verdict } });
    expect(steps.slice(2)).toEqual([
      `audit: ${STAGE}`,
      `run: alter table ${STAGE} rename to "plays__rejected"`,
      'cache: +table plays__rejected',
    ]);
    expect(result).toMatchObject({
      status: 'error',
      relations: [plays],
      rejected: { identifier: 'plays__rejected' },
    });
  });

  it('runs hooks around, those of the transaction inside it', () => {
    const hook = (transaction: boolean) => ({ sql: 'select 1', transaction, index: 0 });
    const config = { 'pre-hook': [hook(false), hook(true)], 'post-hook': [hook(true), hook(false)] };
    expect(drive({ config }).steps).toEqual([
      'hooks: pre, outside',
      'loader: list',
      'loader: load',
      'begin',
      'hooks: pre',
      `run: alter table ${STAGE} rename to "plays"`,
      'hooks: post',
      'commit',
      'cache: +table plays',
      'hooks: post, outside',
    ]);
  });
});

describe('mode append', () => {
  const load = { mode: 'append' };
  const state = { existing: plays, standing: [plays, ledger] };
  const before = { rows: [['data/0.json', 5, 'e', 1000]] };

  it('begins the ledger with the table', () => {
    expect(drive({ load }).steps).toEqual([
      'loader: list',
      'loader: load',
      LEDGER_MADE,
      'cache: +table sq_loads',
      `run: alter table ${STAGE} rename to "plays"; ${LEDGER_ROW}`,
      'cache: +table plays',
    ]);
  });

  it('adds new files and their ledger in one transaction', () => {
    const { steps, requests } = drive({
      load,
      state,
      answers: before,
      list: listed(file('data/0.json', 'loaded'), file('data/a.json')),
    });
    expect(steps).toEqual([
      LEDGER_READ,
      'loader: list',
      'notice: plays: 1 file skipped, loaded before',
      'loader: load',
      `columns: ${TARGET}`,
      `run: insert into ${TARGET} ("id", "day") select "id", "day" from ${STAGE} [main]; ${LEDGER_ROW}; drop table if exists ${STAGE}`,
      'cache: +table plays',
    ]);
    expect(requests[0]).toMatchObject({
      ledger: { loaded: [{ name: 'data/0.json', size: 5, etag: 'e', mtimeMs: 1000 }], changed: 'error' },
    });
    expect(requests[1]).toMatchObject({ files: [{ name: 'data/a.json' }], countRows: true });
  });

  it('does nothing when nothing is new', () => {
    const { steps, result } = drive({
      load,
      state,
      answers: before,
      list: listed(file('data/0.json', 'loaded')),
    });
    expect(steps).toEqual([LEDGER_READ, 'loader: list', 'notice: plays: 1 file skipped, loaded before']);
    expect(result).toMatchObject({ message: 'COPY 0', status: 'success' });
  });

  it('audited, is tested in its transaction', () => {
    expect(drive({ load, state: { ...state, audited: true }, answers: before }).steps.slice(3)).toEqual([
      'begin',
      `columns: ${TARGET}`,
      `run: insert into ${TARGET} ("id", "day") select "id", "day" from ${STAGE} [main]; ${LEDGER_ROW}`,
      `audit: ${TARGET} in its transaction`,
      `run: drop table if exists ${STAGE}`,
      'commit',
      'cache: +table plays',
    ]);
  });

  it('refused, is rolled back with its ledger; the failing rows are kept', () => {
    const verdict = {
      passed: false,
      failures: [{ uniqueId: 't', name: 'unique_plays_id', failures: 1, sql: 'select id from x' }],
    };
    const { steps, result } = drive({
      load,
      state: { ...state, audited: true },
      answers: { ...before, verdict },
    });
    expect(steps.slice(5).map((step) => step.split('\n')[0])).toEqual(
      [
        expect.stringContaining('run: insert into'),
        `audit: ${TARGET} in its transaction`,
        'query-columns: select * from (',
        'query: select * from (',
        'rollback',
        expect.stringContaining('run: create table "db"."main"."plays__rejected" as'),
        'cache: +table plays__rejected',
        `run: drop table if exists ${STAGE}`,
      ].filter((step) => typeof step !== 'string' || step !== ''),
    );
    expect(result.status).toBe('error');
  });

  it('full refresh loads everything anew', () => {
    const { steps, requests } = drive({ load, state: { ...state, fullRefresh: true } });
    expect(steps[2]).toBe(
      `run: drop table if exists ${TARGET}; alter table ${STAGE} rename to "plays"; delete from ${LEDGER} where model = 'plays'; ${LEDGER_ROW}`,
    );
    expect(requests[0]).toMatchObject({ ledger: { loaded: [] } });
  });

  it('a changed file is an error, or what the config says', () => {
    const list = listed(file('data/0.json', 'changed'), file('data/a.json'));
    expect(messageOf({ load, state, answers: before, list })).toBe(
      [
        'Runtime Error',
        '  1 file that was loaded before has other content now, so nothing was loaded into plays:',
        '    data/0.json',
        '  hint: --full-refresh loads all files anew; load: {changed: skip} leaves such files alone, {changed: append} adds their rows to the rows of before',
      ].join('\n'),
    );
    const names = (changed: string) =>
      (
        drive({ load: { ...load, changed }, state, answers: before, list }).requests[1] as LoadRequest
      ).files.map(({ name }) => name);
    expect(names('skip')).toEqual(['data/a.json']);
    expect(names('append')).toEqual(['data/0.json', 'data/a.json']);
    const { steps } = drive({ load: { ...load, changed: 'append' }, state, answers: before, list });
    expect(steps.at(-2)).toContain(
      `delete from ${LEDGER} where model = 'plays' and file_path in ('data/0.json')`,
    );
  });

  it('refuses a table whose rows no ledger knows', () => {
    expect(messageOf({ load, state: { existing: plays, standing: [plays] }, answers: { rows: [[1]] } })).toBe(
      [
        'Runtime Error',
        `  ${TARGET} holds rows, and the ledger sq_loads knows of no file that was loaded into it.`,
        '  hint: it was filled in another way or in another mode: --full-refresh loads all files anew and begins the ledger',
      ].join('\n'),
    );
  });

  it('refuses a table of other columns', () => {
    const answers = {
      ...before,
      columns: {
        [TARGET]: [
          { name: 'id', dataType: 'BIGINT' },
          { name: 'old', dataType: 'VARCHAR' },
        ],
      },
    };
    expect(messageOf({ load, state, answers })).toBe(
      [
        'Compilation Error',
        `  The declared columns are no longer those of ${TARGET}.`,
        '  Declared, not in the table: day (DATE)',
        '  In the table, not declared: old (VARCHAR)',
        '  Declared with another type: id (INTEGER)',
        '  hint: run the model with --full-refresh, or set on_schema_change to append_new_columns or sync_all_columns',
      ].join('\n'),
    );
  });
});

describe('mode partition', () => {
  const load = { mode: 'partition', partition_by: ['day', 'id % 2'] };

  it('deletes the partitions that the files hold, then adds', () => {
    const keys = ['day', 'id % 2']
      .map(
        (one) =>
          `case when (${one}) is null then 1 else 0 end, coalesce(cast((${one}) as varchar(65535)), '')`,
      )
      .join(', ');
    expect(drive({ load, state: { existing: plays } }).steps).toEqual([
      'loader: list',
      'loader: load',
      `columns: ${TARGET}`,
      `run: delete from ${TARGET} where (${keys}) in (select distinct ${keys} from ${STAGE}); insert into ${TARGET} ("id", "day") select "id", "day" from ${STAGE} [main]; drop table if exists ${STAGE}`,
      'cache: +table plays',
    ]);
  });

  it('begins with the whole', () => {
    expect(drive({ load }).steps.at(-2)).toBe(`run: alter table ${STAGE} rename to "plays"`);
  });
});

describe('rows that cannot be loaded', () => {
  const refused = (...list: (typeof bad)[]): LoadAnswer => ({
    loaded: false,
    errors: list,
    complete: true,
    engineMessage: 'as the engine says',
  });

  it('one: file, line, column, value, reason in one sentence', () => {
    expect(messageOf({ answer: refused(bad) })).toBe(
      [
        'Runtime Error',
        "  Could not load 1 value into plays: file data/a.json, line 3, column id (int4): 'x' is not an integer",
        '  nothing was loaded',
        '  hint: mend the file or the data_type of the column; load: {maxerror: n} leaves up to n rows out and keeps them in plays__load_errors',
      ].join('\n'),
    );
  });

  it('many: the first ones', () => {
    const many = Array.from({ length: 7 }, (_, i) => ({ ...bad, line: i + 1, file: `data/${i % 2}.json` }));
    expect(
      messageOf({
        answer: { ...refused(...many), complete: false } as LoadAnswer,
        load: { maxerror: 3 },
        state: { existing: plays },
      }),
    ).toBe(
      [
        'Runtime Error',
        '  Could not load at least 7 values into plays:',
        "    file data/0.json, line 1, column id (int4): 'x' is not an integer",
        "    file data/1.json, line 2, column id (int4): 'x' is not an integer",
        "    file data/0.json, line 3, column id (int4): 'x' is not an integer",
        "    file data/1.json, line 4, column id (int4): 'x' is not an integer",
        "    file data/0.json, line 5, column id (int4): 'x' is not an integer",
        '    ... and at least 2 more',
        '  maxerror lets 3 rows go',
        '  plays still holds what was loaded before',
        '  hint: mend the files or the data_type of the column; load: {maxerror: n} leaves up to n rows out and keeps them in plays__load_errors',
      ].join('\n'),
    );
  });

  it('none found: what the engine says', () => {
    expect(messageOf({ answer: refused() })).toContain('Could not load plays: as the engine says');
  });

  it('within maxerror: kept in a table and told', () => {
    const answer = { ...loaded, errors: [bad] } as LoadAnswer;
    const { steps } = drive({ answer, load: { maxerror: 1 } });
    expect(steps.at(-3)).toContain(
      `rename to "plays"; create table "db"."main"."plays__load_errors" as (select cast(current_timestamp as timestamp) as starttime, sq_errors.* from (select cast(c1 as varchar(1024)) as "filename"`,
    );
    expect(steps.at(-3)).toContain(
      `('data/a.json', '3', 'id', 'int4', 'x', '{"id":"x"}', '''x'' is not an integer', '00c0ffee')`,
    );
    expect(steps.slice(-2)).toEqual([
      'cache: +table plays +table plays__load_errors',
      `notice: plays: 1 row was not loaded (maxerror), see "db"."main"."plays__load_errors"; the first: file data/a.json, line 3, column id (int4): 'x' is not an integer`,
    ]);
  });

  it('are added to those of other files', () => {
    const answer = { ...loaded, errors: [bad] } as LoadAnswer;
    const state = { existing: plays, standing: [plays, ledger, errors] };
    const { steps } = drive({
      answer,
      load: { mode: 'append', maxerror: 1 },
      state,
      answers: { rows: [['data/0.json', 5, 'e', 1000]] },
    });
    expect(steps.at(-3)).toContain(
      'insert into "db"."main"."plays__load_errors" select cast(current_timestamp as timestamp)',
    );
  });

  it('maxerror among the options of the source counts as well', () => {
    const external = source.external;
    source.external = { ...external, options: { MAXERROR: 9 } };
    expect(drive({}).requests[1]).toMatchObject({ maxErrors: 9 });
    expect(drive({ load: { maxerror: 2 } }).requests[1]).toMatchObject({ maxErrors: 2 });
    source.external = external;
  });
});

it('passes on what the loader has to say', () => {
  const list = { ...listed(file('data/a.json')), notices: ['first'] };
  const answer = { ...loaded, notices: ['second'] } as LoadAnswer;
  expect(
    drive({ list, answer, answers: { verdict: PASSED } }).steps.filter((step) => step.startsWith('notice')),
  ).toEqual(['notice: first', 'notice: second']);
});
