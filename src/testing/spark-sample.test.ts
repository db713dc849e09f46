/** The sample on a real Spark: parquet in its own catalog with the lake beside it, and Iceberg. Skipped where there is none. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sparkMissing, startSpark, type TestSpark } from './spark.ts';
import { DATA, describeAnswers, type Engine, expected, VARIANTS, writeProfile } from './sparkify-answers.ts';

const missing = sparkMissing();
const suffix = Date.now().toString(36);
let spark: TestSpark;

function engine(name: string, catalog: string): Engine {
  const schema = `sparkify_${suffix}`;
  return {
    name,
    adapter: 'spark',
    data: DATA,
    prepare: async (folder) => {
      const { host, port } = spark;
      const output = { type: 'spark', host, port, catalog, schema, threads: 4 };
      writeProfile(folder, { spark: output });
      return { flags: ['--target', 'spark'], output };
    },
    enter: `use ${catalog}.${schema}`,
    momentSql: `date_format(start_time, 'yyyy-MM-dd HH:mm:ss.SSS')`,
  };
}

describe.skipIf(missing !== undefined)(
  `Spark${missing === undefined ? '' : ` (skipped: ${missing})`}`,
  () => {
    beforeAll(async () => {
      spark = await startSpark();
    }, 300_000);
    afterAll(() => spark?.stop(), 60_000);

    const [full, sample71] = VARIANTS;
    describeAnswers(engine('Spark, parquet', 'spark_catalog'), full);
    describeAnswers(engine('Spark, Iceberg', 'ice'), full);

    // all songs are 12,620 folders: minutes on Spark (docs/spark.md)
    describe.runIf(expected !== undefined)('the lake', () => {
      describeAnswers(engine('Spark, parquet, and the lake', 'spark_catalog'), sample71, () => ({
        lake: join(spark.folder, 'lake'),
      }));

      it('is songs by year and artist, songplays and time by day', () => {
        const folders = (name: string) =>
          new Set(
            readdirSync(join(spark.folder, 'lake', name), { recursive: true, encoding: 'utf8' })
              .filter((path) => path.endsWith('.parquet') && !path.includes('/.'))
              .map((path) => path.slice(0, path.lastIndexOf('/'))),
          );
        const songs = expected.songs.sample71.distinct_year_artist_id_partitions;
        expect([...folders('songs')].filter((path) => /^year=\d+\/artist_id=AR\w+$/.test(path))).toHaveLength(
          songs,
        );
        for (const name of ['songplays', 'time']) {
          expect(folders(name).size).toBe(30);
          expect(folders(name)).toContain('year=2018/month=11/day=15');
        }
      });
    });
  },
);
