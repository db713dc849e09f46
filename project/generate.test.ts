import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { generate, sampleFiles } from './generate.mjs';

type Row = Record<string, string | number | null>;

const data = fileURLToPath(new URL('data', import.meta.url));

/** Every file under `folder`: path with forward slashes -> text. */
function read(folder: string): Map<string, string> {
  const files = new Map<string, string>();
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = join(entry.parentPath, entry.name);
    files.set(file.slice(folder.length + 1).split(sep).join('/'), readFileSync(file, 'utf8'));
  }
  return new Map([...files].sort());
}

const files: Map<string, string> = sampleFiles();
const parsed = (pattern: RegExp): Row[] =>
  [...files]
    .filter(([path]) => pattern.test(path))
    .flatMap(([, text]) => text.split('\n'))
    .map((line) => JSON.parse(line) as Row);
const events = parsed(/^log_data\/\d{4}\/\d{2}\/\d{4}-\d{2}-\d{2}-events\.json$/);
const songs = parsed(/^song_data\/[A-Z]\/[A-Z]\/[A-Z]\/TR\w+\.json$/);
const plays = events.filter((event) => event['page'] === 'NextSong');
const distinct = (rows: Row[], ...keys: string[]): number =>
  new Set(rows.map((row) => JSON.stringify(keys.map((key) => row[key])))).size;

describe('the sample data', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sq-sample-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('is what the generator writes, byte for byte', () => {
    generate(folder);
    expect(read(folder)).toEqual(read(data));
  });

  it('is small', () => {
    const bytes = [...files.values()].reduce((sum, text) => sum + Buffer.byteLength(text), 0);
    expect(bytes).toBeLessThan(300_000);
    expect({ events: events.length, plays: plays.length, songs: songs.length }).toEqual({
      events: 458,
      plays: 303,
      songs: 76,
    });
  });

  it('finds a song for 82 of the plays, by artist, title and length', () => {
    const known = new Set(songs.map((song) => JSON.stringify([String(song['artist_name']), String(song['title']), song['duration']])));
    const found = plays.filter((play) => known.has(JSON.stringify([play['artist'], play['song'], play['length']])));
    expect(found.length).toBe(82);
  });
});

describe('the shape of the events', () => {
  it('has the 18 keys of the JSONPaths file, in mixed case and in one order', () => {
    const paths = (JSON.parse(files.get('log_json_path.json') ?? '') as { jsonpaths: string[] }).jsonpaths;
    const keys = paths.map((path) => path.slice(3, -2));
    expect(keys).toHaveLength(18);
    for (const event of events) expect(Object.keys(event)).toEqual(keys);
  });

  it('is one object a line, pure ASCII, without a newline at the end', () => {
    for (const [path, text] of files) {
      if (!path.endsWith('-events.json')) continue;
      expect(text).toMatch(/^[\x20-\x7e\n]+$/);
      expect(text.endsWith('}')).toBe(true);
    }
  });

  it('names a file after the UTC day of its events', () => {
    for (const [path, text] of files) {
      const day = /(\d{4}-\d{2}-\d{2})-events\.json$/.exec(path)?.[1];
      if (day === undefined) continue;
      expect(path).toBe(`log_data/${day.slice(0, 4)}/${day.slice(5, 7)}/${day}-events.json`);
      for (const line of text.split('\n')) {
        expect(new Date((JSON.parse(line) as { ts: number }).ts).toISOString().slice(0, 10)).toBe(day);
      }
    }
  });

  it('has a key in session and place, but not in the moment', () => {
    expect(distinct(events, 'sessionId', 'itemInSession')).toBe(events.length);
    expect(distinct(plays, 'ts')).toBeLessThan(plays.length);
    expect(distinct(plays, 'userId', 'ts')).toBe(plays.length);
  });

  it('keeps the milliseconds of a moment', () => {
    for (const event of events) expect(Number(event['ts']) % 1000).toBe(317);
  });

  it('has people who are logged out: an empty text for the user, nothing else known', () => {
    const nobody = events.filter((event) => event['userId'] === '');
    expect(nobody.length).toBeGreaterThan(20);
    for (const event of nobody) {
      expect(event).toMatchObject({
        auth: 'Logged Out',
        firstName: null,
        lastName: null,
        gender: null,
        location: null,
        registration: null,
        userAgent: null,
      });
    }
    const sessions = new Map<unknown, Set<unknown>>();
    for (const event of events) {
      sessions.set(event['sessionId'], (sessions.get(event['sessionId']) ?? new Set()).add(event['userId']));
    }
    expect([...sessions.values()].filter((users) => users.size > 1).length).toBeGreaterThan(5);
  });

  it('has artist, song and length for plays and for nothing else', () => {
    for (const event of events) {
      const expected = event['page'] === 'NextSong' ? 'string string number' : 'object object object';
      expect(`${typeof event['artist']} ${typeof event['song']} ${typeof event['length']}`).toBe(expected);
    }
  });

  it('has people who change plan, one of them twice, one who never plays, and two of one name', () => {
    const named = events.filter((event) => event['userId'] !== '');
    const levels = new Map<unknown, string[]>();
    for (const event of [...named].sort((one, other) => Number(one['ts']) - Number(other['ts']))) {
      const seen = levels.get(event['userId']) ?? [];
      if (seen.at(-1) !== event['level']) seen.push(String(event['level']));
      levels.set(event['userId'], seen);
    }
    expect([...levels.values()].filter((seen) => seen.length > 1)).toEqual(
      expect.arrayContaining([
        ['free', 'paid'],
        ['paid', 'free'],
        ['paid', 'free', 'paid'],
      ]),
    );
    expect(distinct(named, 'userId') - distinct(plays, 'userId')).toBe(1);
    expect(distinct(named, 'firstName', 'lastName')).toBe(distinct(named, 'userId') - 1);
  });

  it('has browsers in quotes and without, and floats that are whole numbers', () => {
    const browsers = events.map((event) => event['userAgent']).filter((browser) => browser !== null);
    const quoted = browsers.filter((browser) => String(browser).startsWith('"'));
    expect(quoted.length).toBeGreaterThan(browsers.length / 2);
    expect(quoted.length).toBeLessThan(browsers.length);
    const text = [...files.values()].join('\n');
    expect(text).toMatch(/"registration":\d{13}\.0,/);
    expect(text).toContain('"length":182.0,');
    expect(text).toContain('Spindle\\/36.0');
  });

  it('has a visit over midnight and artists that were encoded twice', () => {
    const days = new Map<unknown, Set<string>>();
    for (const event of events) {
      const day = new Date(Number(event['ts'])).toISOString().slice(0, 10);
      days.set(event['sessionId'], (days.get(event['sessionId']) ?? new Set()).add(day));
    }
    expect([...days.values()].some((seen) => seen.size === 2)).toBe(true);
    expect(plays.some((play) => /\u00c3[\u0080-\u00bf]/.test(String(play['artist'])))).toBe(true);
  });
});

describe('the shape of the catalogue', () => {
  it('is one object a file, in folders by the letters of the track', () => {
    for (const [path, text] of files) {
      const track = /\/(TR\w+)\.json$/.exec(path)?.[1];
      if (track === undefined) continue;
      expect(path.split('/').slice(1, 4)).toEqual([track[2], track[3], track[4]]);
      expect(text).not.toContain('\n');
      expect(Object.keys(JSON.parse(text) as Row)).toEqual([
        'artist_id',
        'artist_latitude',
        'artist_location',
        'artist_longitude',
        'artist_name',
        'duration',
        'num_songs',
        'song_id',
        'title',
        'year',
      ]);
    }
  });

  it('has keys that are unique, and artists in several spellings', () => {
    expect(distinct(songs, 'song_id')).toBe(songs.length);
    expect(distinct(songs, 'artist_id')).toBeLessThan(distinct(songs, 'artist_id', 'artist_name', 'artist_location'));
    expect(distinct(songs, 'artist_name', 'title')).toBeLessThan(songs.length);
    expect(distinct(songs, 'artist_name', 'title', 'duration')).toBe(songs.length);
  });

  it('has numbers where text is expected', () => {
    const numbers = (key: string): unknown[] =>
      [...new Set(songs.map((song) => song[key]))].filter((value) => typeof value === 'number');
    expect(numbers('artist_name')).toEqual([2096]);
    expect(numbers('title').sort()).toEqual([4711.5, 88]);
    expect(numbers('artist_location')).toEqual([1919]);
  });

  it('has what is unknown in every form: year 0, empty and missing places, no coordinates', () => {
    expect(songs.some((song) => song['year'] === 0)).toBe(true);
    expect(songs.some((song) => song['artist_location'] === '')).toBe(true);
    expect(songs.some((song) => song['artist_location'] === null)).toBe(true);
    for (const song of songs) expect(song['artist_latitude'] === null).toBe(song['artist_longitude'] === null);
  });

  it('has HTML, control characters, spaces at the ends, and text in UTF-8 and escaped', () => {
    expect(songs.some((song) => String(song['artist_location']).startsWith('<a href="'))).toBe(true);
    expect(songs.some((song) => String(song['title']).includes('\u0019') && String(song['title']).includes('\t'))).toBe(true);
    expect(songs.some((song) => song['title'] === ' Half a Lantern ')).toBe(true);
    expect(songs.some((song) => String(song['artist_location']).includes('\ufffd'))).toBe(true);
    const texts = [...files].filter(([path]) => path.startsWith('song_data/')).map(([, text]) => text);
    expect(texts.some((text) => /[^\x00-\x7f]/.test(text))).toBe(true);
    expect(texts.some((text) => /\\u[0-9a-f]{4}/.test(text))).toBe(true);
  });

  it('has a smaller folder with a look-alike name, and hidden files that are no data', () => {
    const small = parsed(/^song_data_small\/.*\/TR\w+\.json$/);
    expect(small).toHaveLength(12);
    for (const song of small) expect(songs).toContainEqual(song);
    expect([...files.keys()].filter((path) => /\/[._]/.test(path)).sort()).toEqual([
      'log_data/2024/03/.2024-03-01-events.json.part',
      'log_data/_SUCCESS',
      'song_data/A/A/.ipynb_checkpoints/TRAAA-checkpoint.json',
    ]);
  });
});
