/** Two runs that write one folder of the lake at once, and runs that died with a lock in their hands. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { LOCK_NAME, lockFolder } from '../adapters/shared/lake/folder-lock.ts';
import type { LakeManifest } from '../adapters/shared/lake/lake-manifest.ts';
import { TestProject } from '../testing/run-project.ts';
import { S3Server } from '../testing/s3-server.ts';

const projects: TestProject[] = [];
afterEach(() => {
  for (const made of projects.splice(0)) made.remove();
});

/** Its own database, so that only the folder is common. Writes partitions from `first` on. */
function writer(location: string, first: number): TestProject {
  const made = new TestProject({
    'models/plays.sql': `{{ config(materialized='external', location='${location}', partition_by='p', incremental_strategy='insert_overwrite') }}
      select i as id, (${first} + i % 40)::int as p from range(4000) as r(i)`,
  });
  projects.push(made);
  return made;
}

describe('a folder on this disk', () => {
  it('two runs write one after the other: nothing of either is lost', async () => {
    const a = writer('lake', 0);
    const b = writer(join(a.dir, 'lake'), 40);
    const done = await Promise.all([a.run('run'), b.run('run')]);
    expect(done.flatMap(({ statuses }) => statuses)).toEqual(Array(2).fill('model.shop.plays success'));
    const lake = join(a.dir, 'lake');
    expect(readdirSync(lake).filter((name) => name.startsWith('p='))).toHaveLength(80);
    const manifest = JSON.parse(readFileSync(join(lake, '_sq_manifest'), 'utf8')) as LakeManifest;
    expect(manifest.files).toHaveLength(80);
    expect(readdirSync(lake).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  it('the lock of a process that is gone is taken', async () => {
    const a = writer('lake', 0);
    mkdirSync(join(a.dir, 'lake'));
    const { pid } = spawnSync(process.execPath, ['-e', '']);
    writeFileSync(join(a.dir, 'lake', LOCK_NAME), JSON.stringify({ pid, host: hostname() }));
    expect((await a.run('run')).statuses).toEqual(['model.shop.plays success']);
    expect(existsSync(join(a.dir, 'lake', LOCK_NAME))).toBe(false);
  });

  it('a lock that nobody touches is taken, whatever machine it names; one that is touched is not', async () => {
    const folder = join(tmpdir(), `sq-quiet-${process.pid}`);
    mkdirSync(folder);
    const options = { shown: 'lake/', signal: new AbortController().signal, quiet: 300 };
    writeFileSync(join(folder, LOCK_NAME), JSON.stringify({ pid: 1, host: 'a-container-that-was' }));
    const free = await lockFolder(folder, { ...options, beat: 20 });
    await expect(lockFolder(folder, { ...options, wait: 1_000 })).rejects.toMatchObject({
      code: 'lake-busy',
    });
    free();
    expect(readdirSync(folder)).toEqual([]);
    rmSync(folder, { recursive: true });
  });

  it('one who lost the lock while he stood still leaves the new owner’s alone', async () => {
    const folder = join(tmpdir(), `sq-lost-${process.pid}`);
    mkdirSync(folder);
    const options = { shown: 'lake/', signal: new AbortController().signal, quiet: 200 };
    const first = await lockFolder(folder, { ...options, beat: 3_600_000 });
    const second = await lockFolder(folder, options);
    first();
    expect(existsSync(join(folder, LOCK_NAME))).toBe(true);
    second();
    expect(readdirSync(folder)).toEqual([]);
    rmSync(folder, { recursive: true });
  });

  it('says who writes when the wait is over, and leaves the lock to its owner', async () => {
    const folder = join(tmpdir(), `sq-lock-${process.pid}`);
    mkdirSync(folder);
    const options = { shown: 'lake/', signal: new AbortController().signal };
    const free = await lockFolder(folder, options);
    await expect(lockFolder(folder, { ...options, wait: 0 })).rejects.toMatchObject({
      message: `lake/ is being written by another run (process ${process.pid} on ${hostname()}).`,
      hint: 'run the model again when that has ended; if it never will, delete lake/.sq-lock',
    });
    expect(existsSync(join(folder, LOCK_NAME))).toBe(true);
    free();
    (await lockFolder(folder, { ...options, wait: 0 }))();
    expect(readdirSync(folder)).toEqual([]);
    rmSync(folder, { recursive: true });
  });
});

describe('an object store', () => {
  let s3: S3Server;
  afterEach(() => s3?.stop());
  const keys = () => [...(s3.buckets.get('lake')?.keys() ?? [])].filter((key) => key.includes('/p='));
  const manifest = () =>
    JSON.parse(String(s3.buckets.get('lake')?.get('plays/_sq_manifest')?.body)) as LakeManifest;

  it('of two runs at once the later one to switch gives way, and its files go', async () => {
    s3 = await S3Server.start();
    s3.buckets.set('lake', new Map());
    const a = writer('s3://lake/plays', 0);
    const b = writer('s3://lake/plays', 0);
    let other: ReturnType<TestProject['run']> | undefined;
    // the other run begins when this one has announced its files
    s3.fault = (request) => {
      if (request.startsWith('PUT') && request.includes('/p=')) other ??= b.run('run', { env: s3.env });
      return undefined;
    };
    const first = await a.run('run', { env: s3.env });
    const second = await other;
    s3.fault = undefined;
    const both = [first, second].map((done) => done?.outcome.results[0]);
    expect(both.map((result) => result?.status).sort()).toEqual(['error', 'success']);
    expect(both.find((result) => result?.status === 'error')?.message).toBe(
      `Runtime Error in model plays (models/plays.sql)
  s3://lake/plays/ was written by another run meanwhile. What this run had put there is taken away again.
  hint: run the model again when the other run has ended`,
    );
    expect(keys().sort()).toEqual(
      manifest()
        .files.map(({ path }) => `plays/${path}`)
        .sort(),
    );
    expect(keys()).toHaveLength(40);
    expect((await a.run('run', { env: s3.env })).statuses).toEqual(['model.shop.plays success']);
  });

  it('an answer that was lost is no other run', async () => {
    s3 = await S3Server.start();
    s3.buckets.set('lake', new Map());
    const a = writer('s3://lake/plays', 0);
    let lost = 0;
    s3.after = (request) => {
      if (request !== 'PUT /lake/plays/_sq_manifest') return undefined;
      lost += 1;
      return { status: 503, code: 'SlowDown' };
    };
    expect((await a.run('run', { env: s3.env })).statuses).toEqual(['model.shop.plays success']);
    // once announced, once switched; the second try of each met what the first had written
    expect(lost).toBe(2);
    expect(keys()).toHaveLength(40);
  });

  it('a store without conditional writes is written all the same', async () => {
    s3 = await S3Server.start({ conditions: false });
    s3.buckets.set('lake', new Map());
    const a = writer('s3://lake/plays', 0);
    expect((await a.run('run', { env: s3.env })).statuses).toEqual(['model.shop.plays success']);
    expect((await a.run('run', { env: s3.env })).statuses).toEqual(['model.shop.plays success']);
    expect(keys()).toHaveLength(40);
  });

  it('old files that cannot be deleted: said, and the next run clears them away', async () => {
    s3 = await S3Server.start();
    s3.buckets.set('lake', new Map());
    const a = writer('s3://lake/plays', 0);
    await a.run('run', { env: s3.env });
    s3.fault = (request) =>
      request.startsWith('DELETE') ? { status: 403, code: 'AccessDenied' } : undefined;
    const { outcome } = await a.run('run', { env: s3.env });
    expect(
      outcome.results[0]?.message?.replace(s3.endpoint, '<store>').replace(/p=\d+\/data-\w+/, '<file>'),
    ).toBe(`Runtime Error in model plays (models/plays.sql)
  s3://lake/plays/<file>.parquet cannot be deleted: access at <store> is denied (AccessDenied).
  hint: the credentials need s3:ListBucket on the bucket, and s3:GetObject, s3:PutObject and s3:DeleteObject below the location; until the model has run again, whoever lists names sees the old files beside the new ones`);
    s3.fault = undefined;
    expect((await a.run('run', { env: s3.env })).statuses).toEqual(['model.shop.plays success']);
    expect(keys()).toHaveLength(40);
  });

  it('a location in the folder of another model', async () => {
    s3 = await S3Server.start();
    s3.buckets.set('lake', new Map());
    await writer('s3://lake/plays', 0).run('run', { env: s3.env });
    const { outcome } = await writer('s3://lake/plays/x/y', 0).run('run', { env: s3.env });
    expect(outcome.results[0]?.message).toBe(`Runtime Error in model plays (models/plays.sql)
  s3://lake/plays/x/y/ lies in s3://lake/plays/, the folder of another model, whose readers would find its files.
  hint: give each model a folder of its own in location, beside the others`);
  });
});
