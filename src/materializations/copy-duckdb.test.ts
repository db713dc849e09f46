/** Copy models on a real DuckDB, through the whole pipeline: what readers see, and what stays after failures. */
import { createHash } from 'node:crypto';
import { readFileSync, rmSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import type { Value } from '../adapters/contract.ts';
import type { SqEvent } from '../events.ts';
import { type RunOptions, TestProject } from '../testing/run-project.ts';

const projects: TestProject[] = [];
afterEach(() => {
  for (const made of projects.splice(0)) made.remove();
});

interface Setting {
  load?: string;
  columns?: string[];
  external?: string;
  publish?: 'audited';
  tests?: string;
}

const SOURCES = ({ columns = ['id int4', 'day date'], external = '' }: Setting) =>
  [
    'sources:',
    '  - name: raw',
    '    tables:',
    '      - name: plays',
    '        external:',
    '          location: data/plays/',
    '          format: json',
    ...(external === '' ? [] : [`          ${external}`]),
    '        columns:',
    ...columns.map(
      (column) => `          - {name: ${column.split(' ')[0]}, data_type: "${column.split(' ')[1]}"}`,
    ),
    '',
  ].join('\n');

/** A project with the copy model `plays` over the files in `data/plays/`. */
class Plays extends TestProject {
  constructor(setting: Setting, files: Record<string, string>) {
    super({});
    projects.push(this);
    this.set(setting);
    this.data(files);
  }

  set(setting: Setting): void {
    const config = [
      `materialized='copy'`,
      ...(setting.load ? [`load=${setting.load}`] : []),
      ...(setting.publish ? ["publish='audited'"] : []),
    ];
    this.write({
      'models/plays.sql': `{{ config(${config.join(', ')}) }}\nselect * from {{ source('raw', 'plays') }}\n`,
      'models/sources.yml': SOURCES(setting),
      ...(setting.tests ? { 'models/plays.yml': setting.tests } : {}),
    });
  }

  data(files: Record<string, string>): void {
    this.write(Object.fromEntries(Object.entries(files).map(([name, text]) => [`data/plays/${name}`, text])));
  }

  /** The model's message. */
  async load(options: RunOptions & { command?: 'run' | 'build' } = {}): Promise<string> {
    const { outcome } = await this.run(options.command ?? 'run', options);
    return outcome.results.find(({ unique_id }) => unique_id === 'model.shop.plays')?.message ?? '';
  }

  rows(sql = 'select * from plays order by all'): Promise<Value[][]> {
    return this.query(sql);
  }

  /** Ids in the table, and what the ledger says; empty where there is none. */
  state(): Promise<[ids: number[], ledger: { etag: string; rows: number }[]]> {
    return this.open({}, ({ driver }) =>
      driver.session({ name: 'test' }, async (session) => {
        const rows = async (sql: string) => (await session.query(sql)).rows;
        const tables = (await rows('select table_name from duckdb_tables()')).flat();
        const ids = tables.includes('plays') ? await rows('select id from plays order by 1') : [];
        const ledger = tables.includes('sq_loads')
          ? await rows('select file_etag, row_count from sq_loads')
          : [];
        return [
          ids.map(([id]) => Number(id)),
          ledger.map(([etag, count]) => ({ etag: String(etag), rows: Number(count) })),
        ];
      }),
    );
  }

  async tables(): Promise<string> {
    return (await this.query('select table_name from duckdb_tables() order by 1')).join(' ');
  }
}

const line = (id: number | string, day = '2018-11-01') => JSON.stringify({ id, day });
const UNIQUE = 'models:\n  - name: plays\n    columns:\n      - name: id\n        data_tests: [unique]\n';

describe('mode replace', () => {
  it('is what the files hold now', async () => {
    const plays = new Plays({}, { 'a.json': line(1), 'b.json': `${line(2)}\n${line(3)}` });
    expect(await plays.load()).toBe('COPY 3');
    rmSync(join(plays.dir, 'data/plays/a.json'));
    expect(await plays.load()).toBe('COPY 2');
    expect(await plays.rows('select id from plays order by 1')).toEqual([[2], [3]]);
    expect(await plays.tables()).toBe('plays');
  });

  it('a bad value harms nothing, and is told with its place', async () => {
    const plays = new Plays({}, { 'a.json': line(1) });
    await plays.load();
    plays.data({ 'b.json': `${line(2)}\n${line('two')}` });
    expect(await plays.load()).toBe(
      [
        'Runtime Error in model plays (models/plays.sql)',
        "  Could not load 1 value into plays: file data/plays/b.json, line 2, column id (int4): 'two' is not an integer",
        '  plays still holds what was loaded before',
        '  hint: mend the file or the data_type of the column; load: {maxerror: n} leaves up to n rows out and keeps them in plays__load_errors',
      ].join('\n'),
    );
    expect(await plays.rows('select id from plays')).toEqual([[1]]);
    expect(await plays.tables()).toBe('plays');
  });

  it('malformed JSON on line 3 of a file', async () => {
    const plays = new Plays({}, { 'a.json': `${line(1)}\n${line(2)}\n{"id": 3, "day" "2018-11-01"}\n` });
    expect(await plays.load()).toBe(
      [
        'Runtime Error in model plays (models/plays.sql)',
        "  Could not load 1 row into plays: file data/plays/a.json, line 3: not valid JSON: expected ':' after the key, found '\"' at character 17",
        '  nothing was loaded',
        '  hint: mend the file or the data_type of the column; load: {maxerror: n} leaves up to n rows out and keeps them in plays__load_errors',
      ].join('\n'),
    );
    expect(await plays.tables()).toBe('');
  });

  it('a location that is not there', async () => {
    const plays = new Plays({}, { 'a.json': line(1) });
    rmSync(join(plays.dir, 'data/plays'), { recursive: true });
    expect(await plays.load()).toBe(
      [
        'Compilation Error in model plays (models/plays.sql)',
        '  Source raw.plays has no files: there is no file or folder data/plays.',
        '  at models/sources.yml:6:11',
        `  hint: looked for ${plays.dir}/data/plays`,
      ].join('\n'),
    );
  });

  it('maxerror lets rows go into a table that the next good load takes away', async () => {
    const plays = new Plays(
      { load: '{"maxerror": 2}' },
      { 'a.json': `${line(1)}\n${line('x')}\n{"id":\n${line(2)}` },
    );
    const events: SqEvent[] = [];
    expect(await plays.load({ onEvent: (event) => events.push(event) })).toBe('COPY 2');
    expect(
      await plays.rows(
        'select filename, line_number, colname, type, raw_field_value, raw_line, err_reason from plays__load_errors order by 2',
      ),
    ).toEqual([
      ['data/plays/a.json', 2, 'id', 'int4', 'x', line('x'), "'x' is not an integer"],
      [
        'data/plays/a.json',
        3,
        null,
        null,
        null,
        '{"id":',
        'not valid JSON: the object is not closed at character 7',
      ],
    ]);
    expect(events).toContainEqual({
      name: 'SqNotice',
      topic: 'copy',
      msg: `plays: 2 rows were not loaded (maxerror), see "shop"."main"."plays__load_errors"; the first: file data/plays/a.json, line 2, column id (int4): 'x' is not an integer`,
    });
    plays.data({ 'a.json': line(1) });
    expect(await plays.load()).toBe('COPY 1');
    expect(await plays.tables()).toBe('plays');
  });

  it('audited, a failing test keeps the table of before and the refused rows', async () => {
    const plays = new Plays({ publish: 'audited', tests: UNIQUE }, { 'a.json': `${line(1)}\n${line(2)}` });
    expect(await plays.load({ command: 'build' })).toBe('COPY 2');
    plays.data({ 'b.json': line(1) });
    expect(await plays.load({ command: 'build' })).toContain('unique_plays_id');
    expect(await plays.rows('select id from plays order by 1')).toEqual([[1], [2]]);
    expect(await plays.rows('select id from plays__rejected order by 1')).toEqual([[1], [1], [2]]);
    rmSync(join(plays.dir, 'data/plays/b.json'));
    expect(await plays.load({ command: 'build' })).toBe('COPY 2');
    expect(await plays.tables()).toBe('plays');
  });
});

describe('mode append', () => {
  const load = '{"mode": "append"}';

  it('loads each file once', async () => {
    const plays = new Plays({ load }, { 'a.json': line(1) });
    expect(await plays.load()).toBe('COPY 1');
    plays.data({ 'b.json': `${line(2)}\n${line(3)}` });
    expect(await plays.load()).toBe('COPY 2');
    expect(await plays.load()).toBe('COPY 0');
    expect(await plays.rows('select id from plays order by 1')).toEqual([[1], [2], [3]]);
    expect(
      await plays.rows('select model, file_path, file_size, row_count from sq_loads order by 2'),
    ).toEqual([
      ['plays', 'data/plays/a.json', 27, 1],
      ['plays', 'data/plays/b.json', 55, 2],
    ]);
    expect(
      await plays.rows(
        "select column_name from duckdb_columns() where table_name = 'plays' order by column_index",
      ),
    ).toEqual([['id'], ['day']]);
  });

  it('knows a file by its content where only its time has changed, as in a fresh clone', async () => {
    const plays = new Plays({ load }, { 'a.json': line(1), 'b.json': line(2) });
    await plays.load();
    utimesSync(join(plays.dir, 'data/plays/a.json'), 1, 1);
    expect(await plays.load()).toBe('COPY 0');
    plays.data({ 'b.json': line(9) });
    expect(await plays.load()).toContain(
      '1 file that was loaded before has other content now, so nothing was loaded into plays:\n    data/plays/b.json',
    );
    plays.set({ load: '{"mode": "append", "changed": "append"}' });
    expect(await plays.load()).toBe('COPY 1');
    expect(await plays.load()).toBe('COPY 0');
    expect(await plays.rows('select id from plays order by 1')).toEqual([[1], [2], [9]]);
  });

  it('counts the rows of every file, also of many small ones and of ones with rows left out', async () => {
    const files: Record<string, string> = { 'spread.json': '{\n"id": 1\n}\n{"id": 2}', 'none.json': '' };
    for (let i = 0; i < 30; i++)
      files[`f${i}.json`] = Array.from({ length: i % 4 }, () => line(i)).join('\n');
    const plays = new Plays({ load: '{"mode": "append", "maxerror": 1}' }, files);
    await plays.load();
    const counted = () =>
      plays.rows('select file_path, row_count from sq_loads where row_count <> 0 order by 1');
    const expected = Object.entries(files).map(
      ([name, text]) => [`data/plays/${name}`, text.split('"id"').length - 1] as const,
    );
    const inOrder = () =>
      expected
        .filter(([, count]) => count > 0)
        .map(([name, count]) => [name, count])
        .sort();
    expect(await counted()).toEqual(inOrder());
    plays.data({ 'z.json': `${line(1)}\n${line('x')}\n${line(2)}` });
    expected.push(['data/plays/z.json', 2]);
    expect(await plays.load()).toBe('COPY 2');
    expect(await counted()).toEqual(inOrder());
    expect((await plays.rows('select count(*) from sq_loads'))[0]).toEqual([33]);
  });

  it('a ledger for each model, forgotten with its table', async () => {
    const plays = new Plays({ load }, { 'a.json': line(1) });
    plays.write({
      'models/again.sql':
        "{{ config(materialized='copy', load={'mode': 'append'}) }} select id from {{ source('raw', 'plays') }}",
    });
    await plays.load({ threads: 2 });
    await plays.query('drop table plays');
    expect(await plays.load()).toBe('COPY 1');
    expect(await plays.rows('select model, count(*) from sq_loads group by 1 order by 1')).toEqual([
      ['again', 1],
      ['plays', 1],
    ]);
    plays.set({ load: '{"mode": "replace"}' });
    expect(await plays.load()).toBe('COPY 1');
    expect(await plays.rows('select model from sq_loads')).toEqual([['again']]);
    plays.set({ load });
    expect(await plays.load()).toContain('holds rows, and the ledger sq_loads knows of no file');
    expect(await plays.load({ flags: { fullRefresh: true } })).toBe('COPY 1');
  });

  it('audited, a failing test takes rows and ledger back', async () => {
    const plays = new Plays({ load, publish: 'audited', tests: UNIQUE }, { 'a.json': line(1) });
    expect(await plays.load({ command: 'build' })).toBe('COPY 1');
    plays.data({ 'b.json': `${line(1)}\n${line(2)}` });
    expect(await plays.load({ command: 'build' })).toContain('unique_plays_id');
    expect(await plays.rows('select id from plays')).toEqual([[1]]);
    expect(await plays.rows('select file_path from sq_loads')).toEqual([['data/plays/a.json']]);
    expect(await plays.rows('select unique_field, n_records from plays__rejected')).toEqual([[1, 2]]);
    plays.data({ 'b.json': line(2) });
    expect(await plays.load({ command: 'build' })).toBe('COPY 1');
    expect(await plays.tables()).toBe('plays sq_loads');
  });

  it('table and ledger agree after any history of files, changes and kills', async () => {
    const event = fc.oneof(
      {
        weight: 3,
        arbitrary: fc.record({
          kind: fc.constant('write' as const),
          file: fc.integer({ min: 0, max: 4 }),
          rows: fc.integer({ min: 0, max: 3 }),
        }),
      },
      { weight: 2, arbitrary: fc.record({ kind: fc.constant('run' as const) }) },
      {
        weight: 3,
        arbitrary: fc.record({ kind: fc.constant('killed' as const), at: fc.integer({ min: 1, max: 14 }) }),
      },
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(event, { minLength: 2, maxLength: 6 }),
        fc.boolean(),
        async (history, audited) => {
          const plays = new Plays(
            {
              load: '{"mode": "append", "changed": "skip"}',
              ...(audited ? { publish: 'audited', tests: UNIQUE } : {}),
            },
            { 'first.json': line(0) },
          );
          const contents = new Map<string, number[]>();
          let next = 1;
          const remember = (name: string, ids: number[]) => {
            plays.data({ [name]: ids.map((id) => line(id)).join('\n') });
            contents.set(
              createHash('md5')
                .update(readFileSync(join(plays.dir, 'data/plays', name)))
                .digest('hex'),
              ids,
            );
          };
          remember('first.json', [0]);
          for (const step of history) {
            if (step.kind === 'write')
              remember(
                `${step.file}.json`,
                Array.from({ length: step.rows }, () => next++),
              );
            else
              await plays
                .load({
                  command: audited ? 'build' : 'run',
                  ...(step.kind === 'killed' ? { onEvent: killedAt(step.at) } : {}),
                })
                .catch(() => undefined);
            if (step.kind === 'write') continue;
            const [ids, known] = await plays.state();
            expect(known.map(({ etag, rows }) => rows === contents.get(etag)?.length)).not.toContain(false);
            expect(ids).toEqual(known.flatMap(({ etag }) => contents.get(etag) ?? []).sort((a, b) => a - b));
          }
          expect(await plays.load({ command: audited ? 'build' : 'run' })).toMatch(/^COPY/);
        },
      ),
      { numRuns: 8 },
    );
  }, 120_000);
});

/** From the n-th statement that writes or steers on, nothing reaches the engine any more: the process is gone. */
function killedAt(statement: number): (event: SqEvent) => void {
  let seen = 0;
  return (event) => {
    if (
      event.name !== 'SQLQuery' ||
      !/^\s*(create|insert|alter|drop|delete|begin|commit|rollback)/i.test(event.sql)
    )
      return;
    seen += 1;
    if (seen >= statement) throw new Error('killed');
  };
}

describe('mode partition', () => {
  const load = '{"mode": "partition", "partition_by": "date_trunc(\'month\', day)"}';

  it('replaces the partitions that the files hold, and NULL is one of them', async () => {
    const plays = new Plays(
      { load },
      { 'oct.json': line(1, '2018-10-01'), 'nov.json': line(2, '2018-11-01'), 'none.json': '{"id": 3}' },
    );
    expect(await plays.load()).toBe('COPY 3');
    rmSync(join(plays.dir, 'data/plays/oct.json'));
    plays.data({
      'nov.json': line(20, '2018-11-30'),
      'none.json': '{"id": 30}',
      'dec.json': line(4, '2018-12-01'),
    });
    expect(await plays.load()).toBe('COPY 3');
    expect(await plays.rows('select id from plays order by 1')).toEqual([[1], [4], [20], [30]]);
    expect(await plays.tables()).toBe('plays');
  });

  it('an expression that is none leaves everything as it was', async () => {
    const plays = new Plays({ load }, { 'a.json': line(1) });
    await plays.load();
    plays.set({ load: '{"mode": "partition", "partition_by": "dya"}' });
    expect(await plays.load()).toContain('dya');
    expect(await plays.rows('select id from plays')).toEqual([[1]]);
    expect(await plays.tables()).toBe('plays');
  });

  it('audited, is tested before it is committed', async () => {
    const plays = new Plays({ load, publish: 'audited', tests: UNIQUE }, { 'a.json': line(1) });
    await plays.load({ command: 'build' });
    plays.data({ 'a.json': `${line(5)}\n${line(5)}` });
    expect(await plays.load({ command: 'build' })).toContain('unique_plays_id');
    expect(await plays.rows('select id from plays')).toEqual([[1]]);
  });
});

describe('--empty', () => {
  it('makes the table without rows', async () => {
    const plays = new Plays({}, { 'a.json': line(1) });
    expect(await plays.load({ flags: { empty: true } })).toBe('COPY 0');
    expect(await plays.rows('select count(*) from plays')).toEqual([[0]]);
  });
});

describe('--dry-run', () => {
  it('prints what would be sent, and writes nothing', async () => {
    const plays = new Plays({ load: '{"mode": "append"}' }, { 'a.json': line(1) });
    const { events } = await plays.run('run', { flags: { dryRun: true } });
    const [printed] = events.filter((event) => event.name === 'DryRunNode');
    const stage = /plays__sq_stage_[0-9a-f]{8}/.exec(printed?.statements[0] ?? '')?.[0];
    expect(printed?.statements.map((sql) => sql.replaceAll(stage as string, 'STAGE').split('\n')[0])).toEqual(
      [
        'create or replace table "shop"."main"."STAGE" as',
        expect.stringContaining('create table if not exists "shop"."main"."sq_loads"'),
        expect.stringMatching(/^alter table "shop"."main"."STAGE" rename to "?plays"?$/),
        expect.stringContaining('insert into "shop"."main"."sq_loads"'),
      ],
    );
    expect(printed?.statements[0]).toContain("read_json_objects(['data/plays/a.json']");
    expect(await plays.tables()).toBe('');
  });
});

describe('a source of files, read directly', () => {
  const columns = ['id int4', 'day date', 'name varchar(4)'];
  const direct = (plays: Plays) => {
    plays.write({
      'models/direct.sql': "select typeof(id) as t, p.* from {{ source('raw', 'plays') }} as p",
    });
    return plays.run('run', { select: ['direct'] });
  };

  it('has the declared columns and types by the same rules, in any model', async () => {
    const plays = new Plays(
      { columns },
      { 'a.json': '{"id":"","day":"2018-11-01","name":4.60}', 'b.json': '{"id":2}' },
    );
    await direct(plays);
    expect(await plays.rows('select * from direct order by id nulls first')).toEqual([
      ['INTEGER', null, '2018-11-01', '4.60'],
      ['INTEGER', 2, null, null],
    ]);
  });

  it('of many files, and beside hidden ones', async () => {
    const files = Object.fromEntries(Array.from({ length: 40 }, (_, i) => [`${i % 3}/${i}.json`, line(i)]));
    const plays = new Plays({}, files);
    await direct(plays);
    expect(await plays.rows('select count(*), count(distinct id) from direct')).toEqual([[40, 40]]);
    plays.data({ '.ipynb_checkpoints/0.json': line(99), _SUCCESS: '' });
    await direct(plays);
    expect(await plays.rows('select count(*), max(id) from direct')).toEqual([[40, 39]]);
  });

  it('whose objects are spread over lines', async () => {
    const plays = new Plays({}, { 'a.json': '{\n  "id": 1\n}\n', 'b.json': `${line(2)}\n${line(3)}` });
    await direct(plays);
    expect(await plays.rows('select id from direct order by 1')).toEqual([[1], [2], [3]]);
  });

  it('raises on a value that does not fit', async () => {
    const plays = new Plays({ columns }, { 'a.json': '{"id":"x"}' });
    plays.write({
      'models/direct.sql': "{{ config(materialized='table') }} select * from {{ source('raw', 'plays') }}",
    });
    const { outcome } = await plays.run('run', { select: ['direct'] });
    expect(outcome.results[0]?.message).toContain("column id (int4): 'x' does not fit");
  });

  it('says so where it cannot be read', async () => {
    const plays = new Plays({ external: 'jsonpaths: auto_ignorecase' }, { 'a.json': line(1) });
    const { outcome } = await direct(plays);
    expect(outcome.results[0]?.message).toContain(
      'Source raw.plays matches keys without regard to case, which a query cannot do directly: the keys are in the files.',
    );
  });
});
