/**
 * The answers to the sample project on the real data (../shared/sparkify): every number and every row that plain
 * Python computed beforehand, asked of whatever engine built it.
 */
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Driver, Value } from '../adapters/contract.ts';
import { adapterOf } from '../adapters/registry.ts';
import { createInvocation } from '../invocation.ts';
import { sq } from './cli.ts';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
export const DATA = join(ROOT, '../shared/sparkify');
export const expected = existsSync(DATA)
  ? JSON.parse(readFileSync(join(DATA, 'expected.json'), 'utf8'))
  : undefined;

/** A copy of the sample in an empty folder. */
function copySample(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sq-sparkify-'));
  for (const part of ['dbt_project.yml', 'models', 'macros', 'tests', 'project']) {
    cpSync(join(ROOT, part), join(folder, part), { recursive: true });
  }
  return folder;
}

/** Where the sample is built and how its answers are read there. */
export interface Engine {
  name: string;
  adapter: 'duckdb' | 'postgres' | 'redshift' | 'spark';
  /** Value of the project's variable `data`. */
  data: string;
  /** Makes the profile in the project's folder; answers flags of the build and the output to read with. */
  prepare(
    folder: string,
  ): Promise<{ flags: string[]; output: Record<string, unknown>; drop?(): Promise<void> }>;
  /** Statement that makes unqualified names those of the tables built. */
  enter?: string;
  /** SQL text of a timestamp with its milliseconds. */
  momentSql: string;
}

/** A profiles.yml of one profile, `sparkify`, whose first output is the default. */
export function writeProfile(folder: string, outputs: Record<string, Record<string, unknown>>): void {
  writeFileSync(
    join(folder, 'profiles.yml'),
    JSON.stringify({ sparkify: { target: Object.keys(outputs)[0], outputs } }),
  );
}

/** sha256 of rows as `expected.json` says: tab-joined, NULL as \N, floats in shortest form, sorted, joined by \n. */
function digest(rows: Value[][], floats: readonly number[] = []): string {
  const lines = rows.map((row) =>
    row
      .map((value, i) => {
        if (value === null) return '\\N';
        if (floats.includes(i) && typeof value === 'number' && Number.isInteger(value)) return `${value}.0`;
        return String(value);
      })
      .join('\t'),
  );
  lines.sort((a, b) => (Buffer.from(a).compare(Buffer.from(b)) < 0 ? -1 : 1));
  return createHash('sha256').update(lines.join('\n')).digest('hex');
}

export const VARIANTS = [
  { name: 'full', folder: 'song_data', songs: 14_896, matched: 319, artists: 9_553 },
  { name: 'sample71', folder: 'song_data_71', songs: 71, matched: 1, artists: 69 },
] as const;

export type Variant = (typeof VARIANTS)[number];

/** Builds the sample twice and asks; skipped where the real data is not. `more`: further variables. */
export function describeAnswers(
  engine: Engine,
  variant: Variant,
  more: () => Record<string, unknown> = () => ({}),
): void {
  describe.runIf(expected !== undefined)(
    `Sparkify on the real data, ${variant.name} on ${engine.name}`,
    () => {
      let folder: string;
      let prepared: Awaited<ReturnType<Engine['prepare']>>;
      let driver: Driver;
      const rows = (sql: string) =>
        driver.session({ name: 'test' }, async (session) => {
          if (engine.enter !== undefined) await session.execute(engine.enter);
          return (await session.query(sql)).rows;
        });
      const one = async (sql: string) => (await rows(sql))[0]![0];

      beforeAll(async () => {
        folder = copySample();
        prepared = await engine.prepare(folder);
        const vars = JSON.stringify({ data: engine.data, songs: variant.folder, ...more() });
        for (const round of [1, 2]) {
          const built = await sq(['build', '--vars', vars, ...prepared.flags], { cwd: folder });
          expect(built.code, `build ${round}\n${built.stdout}${built.stderr}`).toBe(0);
        }
        const adapter = await adapterOf(engine.adapter);
        const invocation = createInvocation({ cwd: folder });
        const settings = adapter.settings(prepared.output, {
          projectDir: folder,
          projectName: 'sparkify',
          profileName: 'sparkify',
          targetName: 'dev',
          invocation,
        });
        driver = await adapter.open(settings, { invocation, projectDir: folder, threads: 1, readOnly: true });
      }, 240_000);

      afterAll(async () => {
        await driver?.close();
        await prepared?.drop?.();
        rmSync(folder, { recursive: true, force: true });
      });

      it.each([
        ['staging_events', 8_056],
        ['staging_songs', variant.songs],
        ['songplays', 6_820],
        ['users', 97],
        ['songs', variant.songs],
        ['artists', variant.artists],
        ['time', 6_813],
      ])('%s has %d rows after two builds', async (table, count) => {
        expect(Number(await one(`select count(*) from ${table}`))).toBe(count);
      });

      it('knows the song of as many plays as the match on artist, title and duration finds', async () => {
        expect(Number(await one('select count(*) from songplays where song_id is not null'))).toBe(
          variant.matched,
        );
      });

      it('has 22 users who pay and 75 who do not', async () => {
        expect(await rows('select level, count(*)::int from users group by 1 order by 1')).toEqual([
          ['free', 75],
          ['paid', 22],
        ]);
      });

      it('loads exactly the nulls of the files', async () => {
        const nulls = expected.staging.null_counts;
        const names = Object.keys(nulls).filter((key) => key !== 'userId');
        const snake = (key: string) => key.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
        const select = names.map((key) => `count(*) - count(${snake(key)})`).join(', ');
        const found = (await rows(`select ${select} from staging_events`))[0]!.map(Number);
        expect(Object.fromEntries(names.map((key, i) => [key, found[i]]))).toEqual(
          Object.fromEntries(names.map((key) => [key, nulls[key]])),
        );
        expect(Number(await one('select count(*) from staging_events where user_id is null'))).toBe(
          expected.staging.empty_userId,
        );
      });

      it('has every row of users, songs, artists and time', async () => {
        const users = await rows('select user_id, first_name, last_name, gender, level from users');
        expect(digest(users)).toBe(expected.users.digest_all_pages);
        const songs = await rows('select song_id, title, artist_id, year, duration from songs');
        expect(digest(songs, [4])).toBe(
          expected.songs[variant.name]['digest(song_id,title,artist_id,year,duration)'],
        );
        const artists = await rows('select artist_id, name, location, latitude, longitude from artists');
        expect(digest(artists, [3, 4])).toBe(
          expected.artists[variant.name]['digest(artist_id,name,location,latitude,longitude)'],
        );
        const time = await rows(
          `select ${engine.momentSql}, hour, day, week, month, year, weekday from time`,
        );
        expect(digest(time)).toBe(
          expected.time['digest_next_song(start_time,hour,day,iso_week,month,year,weekday)'],
        );
      });

      it('has every matched play of the CSV, in every column', async () => {
        const file = readFileSync(join(DATA, `expected_songplays_matched_${variant.name}.csv`), 'utf8');
        const wanted = parseCsv(file)
          .slice(1)
          .map((row) => [row[1], ...row.slice(3, 10)]);
        const found = await rows(`
      select ${engine.momentSql},
        cast(user_id as varchar(20)), level, song_id, artist_id, cast(session_id as varchar(20)), location, user_agent
      from songplays where song_id is not null order by start_time, user_id`);
        expect(found).toEqual(wanted);
      });
    },
  );
}

/** Quoted fields with doubled quotes; no field of these files holds a line break. */
function parseCsv(text: string): string[][] {
  return text
    .trimEnd()
    .split(/\r?\n/)
    .map((line) =>
      [...line.matchAll(/(?:^|,)(?:"((?:[^"]|"")*)"|([^,]*))/g)].map((match) =>
        match[1] === undefined ? match[2]! : match[1].replaceAll('""', '"'),
      ),
    );
}
