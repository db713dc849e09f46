/** The built command is killed (SIGKILL) or asked to stop (SIGINT) at random moments of a build. */
import { spawn } from 'node:child_process';
import { afterEach, describe, expect, it } from 'vitest';
import { CLI } from '../cli.ts';
import { hasPostgres } from '../postgres.ts';
import { contentOf, contentSql, PUBLISHED, versionFiles } from './fixture.ts';
import { randomOf } from './random.ts';
import { duckDbFaults, type FaultWarehouse, postgresFaults, redshiftFaults } from './warehouses.ts';

/** Change it to look at other moments: SQ_TEST_SEED=7. */
const SEED = Number(process.env.SQ_TEST_SEED ?? 1);
/** Of one engine; all of them with `npm run test:faults`. */
const ALL = process.env.SQ_TEST_FAULTS === 'all';
const KILLS = ALL ? 20 : 5;
const INTERRUPTS = ALL ? 10 : 2;

const open: FaultWarehouse[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

interface Ended {
  code: number | null;
  milliseconds: number;
  said: string;
}

function build(
  dir: string,
  version: number,
  stop?: { signal: NodeJS.Signals; after: number },
): Promise<Ended> {
  const began = performance.now();
  return new Promise((resolve, reject) => {
    const args = [CLI, 'build', '--vars', JSON.stringify({ version }), '--threads', '2'];
    const env = { PATH: process.env.PATH, HOME: dir, NO_COLOR: '1' };
    const child = spawn(process.execPath, args, { cwd: dir, env, stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => {
        said += text;
      });
    const timer = stop && setTimeout(() => child.kill(stop.signal), stop.after);
    child.on('error', reject);
    child.on('close', (code) => {
      clearTimeout(timer);
      resolve({ code, milliseconds: performance.now() - began, said });
    });
  });
}

const ENGINES: [string, () => Promise<FaultWarehouse>, boolean][] = [
  ['DuckDB', duckDbFaults, true],
  ['PostgreSQL', postgresFaults, hasPostgres()],
  ['Redshift by the wire', () => redshiftFaults('wire'), hasPostgres()],
  ['Redshift by the Data API', () => redshiftFaults('data_api'), ALL && hasPostgres()],
];

describe.each(ENGINES)('%s', (_, warehouse, here) => {
  it.skipIf(!here).each([
    ['SIGKILL', KILLS],
    ['SIGINT', INTERRUPTS],
  ] as const)(
    '%s at random moments of a build: all old or all new, and the next build is clean',
    async (signal, times) => {
      const at = await warehouse();
      open.push(at);
      const { project, copy } = at;
      const names = copy ? [...PUBLISHED, 'cp'].sort() : [...PUBLISHED];
      const random = randomOf(SEED);
      let version = 0;
      const next = async (stop?: { signal: NodeJS.Signals; after: number }) => {
        project.write(versionFiles(version, at));
        return build(project.dir, version, stop);
      };
      expect(await next()).toMatchObject({ code: 0 });
      const { milliseconds: whole } = await next();
      for (let kill = 0; kill < times; kill++) {
        const old = String(version);
        version += 1;
        const now = String(version);
        // a fifth of a build is the start of the process
        const after = Math.round(whole * (0.2 + 0.8 * random()));
        await next({ signal, after });
        const where = `seed ${SEED}, ${signal} ${kill} after ${after} ms`;
        const content = contentOf(await at.read(contentSql(names)));
        for (const name of ['audited', 'colors', 't', 'v'])
          expect([{ [old]: 10 }, { [now]: 10 }], `${where}: ${name}`).toContainEqual(content[name]);
        const added = content.inc?.[now] ?? 0;
        expect([0, 10], `${where}: inc`).toContain(added);

        const again = await next();
        expect(again.code, `${where}\n${again.said}`).toBe(0);
        const all = contentOf(await at.read(contentSql(names)));
        for (const name of ['audited', 'colors', 't', 'v'])
          expect(all[name], `${where}, built again: ${name}`).toEqual({ [now]: 10 });
        expect(all.inc?.[now], where).toBe(added + 10);
        if (copy) expect(all.cp?.[now], where).toBe(10);
        const ledger = copy ? ['sq_loads'] : [];
        expect((await at.read(at.namesSql)).flat(), where).toEqual([...names, ...ledger].sort());
      }
    },
    240_000,
  );
});
