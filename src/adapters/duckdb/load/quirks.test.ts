/** The fifteen quirks of the Sparkify files, each on tiny files of our own; and the real files, where they are. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { LoadBench, type LoadCase } from '../../../testing/load-files.ts';

const bench = new LoadBench();
afterAll(() => bench.close());

const lines = (...records: object[]) => records.map((record) => JSON.stringify(record)).join('\n');

describe('quirks of the files', () => {
  it('1: keys in mixed case are NULL under auto, and found otherwise', async () => {
    bench.data({
      'x.json': lines({ firstName: 'Ada', userAgent: 'x' }),
      'paths.json': '{"jsonpaths":["$[\'firstName\']"]}',
    });
    const columns = 'firstname varchar(9)';
    const data = { location: 'data/x.json' };
    expect(await bench.rows({ columns, external: { ...data, jsonpaths: 'auto' } })).toEqual([[null]]);
    expect(await bench.rows({ columns, external: { ...data, jsonpaths: 'auto ignorecase' } })).toEqual([
      ['Ada'],
    ]);
    expect(
      await bench.rows({
        columns: 'first_name varchar(9)',
        external: { ...data, jsonpaths: 'data/paths.json' },
      }),
    ).toEqual([['Ada']]);
  });

  it('2: an empty user id is NULL in an integer column and a text in a text column', async () => {
    bench.data({ 'x.json': lines({ userid: '', firstname: null }, { userid: '39', firstname: 'Walter' }) });
    expect(await bench.rows({ columns: 'userid int4, firstname varchar(9)' })).toEqual([
      [39, 'Walter'],
      [null, null],
    ]);
    expect(await bench.rows({ columns: 'userid varchar(9)' })).toEqual([[''], ['39']]);
  });

  it('3: null is NULL in every type', async () => {
    bench.data({ 'x.json': lines({ artist: null, length: null, song: null, n: null, d: null }) });
    expect(
      await bench.rows({ columns: 'artist varchar(9), length float8, song super, n int4, d timestamp' }),
    ).toEqual([[null, null, null, null, null]]);
  });

  it('4: nothing is deduplicated by loading', async () => {
    bench.data({
      'x.json': lines({ id: 15, level: 'paid' }, { id: 15, level: 'free' }, { id: 15, level: 'paid' }),
    });
    expect((await bench.rows({ columns: 'id int4, level varchar(4)' })).length).toBe(3);
  });

  it('5: epoch milliseconds keep their milliseconds', async () => {
    bench.data({ 'x.json': lines({ ts: 1541105830796 }) });
    expect(await bench.rows({ columns: 'ts int8' })).toEqual([[1541105830796]]);
    expect(
      await bench.rows({ columns: 'ts timestamp', external: { options: { timeformat: 'epochmillisecs' } } }),
    ).toEqual([['2018-11-01 20:57:10.796']]);
  });

  it('6: records of one session hold different users, and stay as they are', async () => {
    bench.data({ 'x.json': lines({ session: 1, user: '' }, { session: 1, user: '8' }) });
    expect(await bench.rows({ columns: 'session int4, user int4' })).toEqual([
      [1, 8],
      [1, null],
    ]);
  });

  it('7: a moment written as 1540919166796.0 fits a float and a timestamp, and no integer', async () => {
    bench.data({ 'x.json': '{"registration":1540919166796.0}' });
    expect(await bench.rows({ columns: 'registration float8' })).toEqual([[1540919166796]]);
    expect(await bench.rows({ columns: 'registration varchar(20)' })).toEqual([['1540919166796.0']]);
    expect(await bench.refusals({ columns: 'registration int8' })).toEqual([
      "data/x.json:1 registration: '1540919166796.0' is not an integer: it is written with decimals",
    ]);
  });

  it('8: floats are equal to themselves on both sides of a join; a numeric without scale cuts', async () => {
    bench.data({ 'x.json': lines({ length: 277.89016 }) });
    expect(await bench.rows({ columns: 'length float8' })).toEqual([[277.89016]]);
    expect(await bench.rows({ columns: 'length numeric(10,5)' })).toEqual([['277.89016']]);
    expect(await bench.rows({ columns: 'length numeric' })).toEqual([['277']]);
  });

  it('9: quotes that belong to the text stay', async () => {
    bench.data({ 'x.json': '{"agent":"\\"Mozilla\\/5.0 (X11)\\""}' });
    expect(await bench.rows({ columns: 'agent varchar(99)' })).toEqual([['"Mozilla/5.0 (X11)"']]);
  });

  it('10: text is loaded as it is: encoded twice, U+FFFD, control characters, tabs', async () => {
    const odd = ['BjÃ\u0083Â¶rk', 'caf\ufffd', 'it\u0019s', 'a\tb', '日本', '😀'];
    bench.data({ 'x.json': lines(...odd.map((name, n) => ({ n, name }))) });
    expect((await bench.rows({ columns: 'n int4, name varchar(40)' })).map(([, name]) => name)).toEqual(odd);
  });

  it('11: numbers where text is expected end as they are written', async () => {
    bench.data({
      'a.json': '{"title":311,"place":null}',
      'b.json': '{"title":4.6,"place":29}',
      'c.json': '{"title":"x","place":"y"}',
    });
    expect(await bench.rows({ columns: 'title varchar(9), place varchar(9)' })).toEqual([
      ['311', null],
      ['4.6', '29'],
      ['x', 'y'],
    ]);
  });

  it('12: a year of 0, an empty place, HTML and 176 bytes stay', async () => {
    const html = `<a href="http://x.y" onmousedown='UntrustedLink.bootstrap($(this), "", event)'>${'z'.repeat(96)}</a>`;
    bench.data({ 'x.json': lines({ year: 0, place: '' }, { year: 1, place: html }) });
    expect(await bench.rows({ columns: 'year int4, place varchar(256)' })).toEqual([
      [0, ''],
      [1, html],
    ]);
  });

  it('13: variants of one artist are all loaded', async () => {
    bench.data({
      'a.json': lines({ id: 'AR1', name: 'A' }),
      'b.json': lines({ id: 'AR1', name: 'A feat. B' }),
    });
    expect((await bench.rows({ columns: 'id varchar(3), name varchar(20)' })).length).toBe(2);
  });

  it('14: blanks at the ends of a text stay, unless trimblanks', async () => {
    bench.data({ 'x.json': lines({ title: ' In the Mood ' }) });
    expect(await bench.rows({ columns: 'title varchar(20)' })).toEqual([[' In the Mood ']]);
    expect(
      await bench.rows({ columns: 'title varchar(20)', external: { options: { trimblanks: true } } }),
    ).toEqual([[' In the Mood']]);
  });

  it('15: one file an object, one line, without a newline at its end, thousands of them in folders', async () => {
    const files = Object.fromEntries(
      Array.from({ length: 500 }, (_, i) => [
        `${'ABC'[i % 3]}/${'XY'[i % 2]}/TR${i}.json`,
        lines({ num_songs: 1, title: `song ${i % 250}`, duration: i }),
      ]),
    );
    bench.data({
      ...files,
      '.ipynb_checkpoints/TR0-checkpoint.json': lines({ title: 'hidden' }),
      'A/_SUCCESS': '',
    });
    await bench.rows({ columns: 'title varchar(20), duration float8' });
    expect(
      await bench.query('select count(*), count(distinct title), count(distinct duration) from loaded'),
    ).toEqual([[500, 250, 500]]);
  });
});

const REAL = fileURLToPath(new URL('../../../../../shared/sparkify', import.meta.url));

describe.runIf(existsSync(REAL))('the real files', () => {
  const expected = existsSync(REAL)
    ? JSON.parse(readFileSync(join(REAL, 'expected.json'), 'utf8')).staging
    : {};
  const keys = Object.keys(expected.null_counts ?? {});
  const types: Record<string, string> = {
    length: 'float8',
    registration: 'float8',
    itemInSession: 'int4',
    sessionId: 'int4',
    status: 'int2',
    ts: 'int8',
  };
  const songs: LoadCase = {
    columns:
      'song_id varchar(32), title varchar(512), artist_id varchar(32), artist_name varchar(512), artist_location varchar(512), artist_latitude float8, artist_longitude float8, duration float8, year int4, num_songs int4',
  };

  it('events: every row, and NULL where the files have null', async () => {
    const columns = keys.map((key) => `c_${key} ${types[key] ?? 'varchar(512)'}`).join(', ');
    await bench.rows({
      columns,
      external: { location: join(REAL, 'log_data'), jsonpaths: join(REAL, 'log_json_path.json') },
    });
    const counts = keys.map((key) => `count(*) - count(c_${key})`).join(', ');
    const [row] = await bench.query(
      `select count(*), count(*) filter (c_userId = ''), ${counts} from loaded`,
    );
    expect(row).toEqual([
      expected.staging_events,
      expected.empty_userId,
      ...keys.map((key) => expected.null_counts[key]),
    ]);
  });

  it.each([
    ['song_data', expected.staging_songs_full],
    ['song_data_71', expected.staging_songs_sample71],
  ])('%s: every row', async (folder, count) => {
    await bench.load({ ...songs, external: { location: join(REAL, folder) } });
    expect(await bench.query('select count(*) from loaded')).toEqual([[count]]);
    const [odd] = await bench.query(
      "select count(*) filter (title = '4.6'), count(*) filter (regexp_full_match(artist_name, '[0-9.]+')) from loaded",
    );
    expect(odd?.[0]).toBe(folder === 'song_data' ? 1 : 0);
  });
});
