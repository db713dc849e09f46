/**
 * The loop over the whole sample project, bundled data: cut at every boundary of a build between one catalogue and
 * another. Outside the ordinary suite (`npm run test:faults`); SQ_TEST_FAULTS_EVERY=7 takes every seventh boundary.
 */
import { cpSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { hasPostgres } from '../postgres.ts';
import type { RunDone } from '../run-project.ts';
import { type Boundary, CutDriver } from './cut-driver.ts';
import { duckDbFaults, type FaultWarehouse, postgresFaults, redshiftFaults } from './warehouses.ts';

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));
const DATA = join(ROOT, 'project/data');
const EVERY = Number(process.env.SQ_TEST_FAULTS_EVERY ?? 1);

/** What tells one catalogue from the other, by table. */
const CONTENT = {
  artists: 'count(distinct artist_id)',
  songplays: 'count(song_id)',
  songs: 'count(distinct song_id)',
  staging_events: 'count(*)',
  staging_songs: 'count(distinct song_id)',
  time: 'count(*)',
  users: 'count(*)',
  weekdays: 'count(*)',
};
const SQL = Object.entries(CONTENT)
  .map(([name, what]) => `select '${name}' as node, count(*) as n, ${what} as what from ${name}`)
  .join(' union all ');

const open: FaultWarehouse[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

/** The sample in the place of the fixture; the profile stays. Answers the value of the variable `data`. */
function becomeSample({ project, store }: FaultWarehouse): string {
  rmSync(join(project.dir, 'models'), { recursive: true });
  for (const part of ['models', 'macros', 'tests', 'project'])
    cpSync(join(ROOT, part), join(project.dir, part), { recursive: true });
  const text = readFileSync(join(ROOT, 'dbt_project.yml'), 'utf8');
  project.write({ 'dbt_project.yml': text.replaceAll('sparkify', 'shop') });
  if (store === undefined) return 'project/data';
  for (const entry of readdirSync(DATA, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isFile()) store.put('sample', relative(DATA, path), readFileSync(path));
  }
  return 's3://sample';
}

const ENGINES: [string, () => Promise<FaultWarehouse>, boolean][] = [
  ['DuckDB', duckDbFaults, true],
  ['PostgreSQL', postgresFaults, hasPostgres()],
  ['Redshift by the wire', () => redshiftFaults('wire'), hasPostgres()],
];

describe.runIf(process.env.SQ_TEST_FAULTS === 'all').each(ENGINES)(
  'the sample on %s',
  (engine, warehouse, here) => {
    it.skipIf(!here)(
      'is all old or all new after a cut at any boundary, and the next build is clean',
      async () => {
        const at = await warehouse();
        open.push(at);
        const data = becomeSample(at);
        const build = async (songs: string, boundary?: Boundary) => {
          let driver: CutDriver | undefined;
          const done: RunDone = await at.project.run('build', {
            vars: { data, songs },
            retry: { retries: 0 },
            threads: 2,
            through: (inner) => {
              driver = new CutDriver(inner, { at: boundary, end: at.end });
              return driver;
            },
          });
          return { ...done, driver: driver as CutDriver };
        };
        const content = async () =>
          new Map((await at.read(SQL)).map(([node, ...what]) => [String(node), what.map(Number).join(' ')]));
        const catalogues = ['song_data', 'song_data_small'];
        const whole = new Map<string, Map<string, string>>();
        for (const songs of catalogues) {
          expect((await build(songs)).outcome.success).toBe(true);
          whole.set(songs, await content());
        }
        const names = (await at.read(at.namesSql)).flat();
        const { boundaries } = (await build('song_data')).driver;
        expect(boundaries.length).toBeGreaterThan(100);
        let cuts = 0;
        for (const boundary of boundaries.filter((_one, i) => i % EVERY === 0)) {
          cuts += 1;
          const songs = catalogues[cuts % 2] as string;
          const where = `${boundary.moment} statement ${boundary.statement}`;
          await build(songs, boundary).catch(() => undefined);
          for (const [node, found] of await content())
            expect(
              [...whole.values()].map((one) => one.get(node)),
              `${where}: ${node}`,
            ).toContain(found);
          const after = await build(songs);
          expect(after.outcome.success, where).toBe(true);
          expect(await content(), where).toEqual(whole.get(songs));
          expect((await at.read(at.namesSql)).flat(), where).toEqual(names);
        }
        console.log(`${engine}: ${cuts} of ${boundaries.length} boundaries`);
      },
      3_600_000,
    );
  },
);
