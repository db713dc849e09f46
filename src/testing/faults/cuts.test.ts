/** The connection is cut at every statement boundary of a build: readers never see half, the next build is as ever. */
import { afterEach, describe, expect, it } from 'vitest';
import type { Driver } from '../../adapters/contract.ts';
import { hasPostgres } from '../postgres.ts';
import type { RunDone } from '../run-project.ts';
import { type Boundary, CutDriver } from './cut-driver.ts';
import { contentOf, contentSql, PUBLISHED, versionFiles } from './fixture.ts';
import { duckDbFaults, type FaultWarehouse, postgresFaults, redshiftFaults } from './warehouses.ts';

const open: FaultWarehouse[] = [];
afterEach(async () => {
  for (const one of open.splice(0)) await one.close();
});

/** All boundaries of the second build; of the others every third, unless all are asked for (npm run test:faults). */
const some = (all: readonly Boundary[]) =>
  process.env.SQ_TEST_FAULTS === 'all' ? all : all.filter((_, i) => i % 7 === 0);

class Faults {
  version = 0;
  constructor(readonly warehouse: FaultWarehouse) {
    open.push(warehouse);
  }

  get names(): string[] {
    return this.warehouse.copy ? [...PUBLISHED, 'cp'].sort() : [...PUBLISHED];
  }

  async build(options: { at?: Boundary; retries?: number } = {}): Promise<RunDone & { driver: CutDriver }> {
    const { project, end } = this.warehouse;
    let driver: CutDriver | undefined;
    project.write(versionFiles(this.version, this.warehouse));
    const done = await project.run('build', {
      vars: { version: this.version },
      retry: { retries: options.retries ?? 0, firstWait: 1 },
      through: (inner) => {
        driver = new CutDriver(inner, { at: options.at, end });
        return driver;
      },
    });
    return { ...done, driver: driver as CutDriver };
  }

  async content() {
    return contentOf(await this.warehouse.read(contentSql(this.names)));
  }

  async standing(): Promise<string[]> {
    return (await this.warehouse.read(this.warehouse.namesSql)).flat().map(String);
  }
}

const ENGINES: [string, () => Promise<FaultWarehouse>, boolean][] = [
  ['DuckDB', duckDbFaults, true],
  ['PostgreSQL', postgresFaults, hasPostgres()],
  ['Redshift by the wire', () => redshiftFaults('wire'), hasPostgres()],
  ['Redshift by the Data API', () => redshiftFaults('data_api'), hasPostgres()],
];

function bound(driver: Driver): Driver {
  return {
    batch: (statements, owner) => driver.batch(statements, owner),
    session: (owner, work) => driver.session(owner, work),
    cancel: () => driver.cancel(),
    close: () => driver.close(),
  };
}

describe.each(ENGINES)('%s, cut at every boundary', (_, warehouse, here) => {
  it.skipIf(!here)(
    'of a build of what stands there: all old or all new, and the next build is clean',
    async () => {
      const faults = new Faults(await warehouse());
      const { exact, copy } = faults.warehouse;
      await faults.build();
      faults.version = 1;
      const { boundaries } = (await faults.build()).driver;
      expect(boundaries.length).toBeGreaterThan(30);

      let appended = { ...(await faults.content()).inc };
      const here = warehouse === duckDbFaults || warehouse === postgresFaults;
      for (const at of here ? boundaries : some(boundaries)) {
        const old = String(faults.version);
        faults.version += 1;
        const now = String(faults.version);
        const cut = await faults.build({ at }).catch((error: unknown) => error as Error);
        const where = `${at.moment} statement ${at.statement}`;
        const content = await faults.content();
        for (const name of ['audited', 'colors', 't', 'v'])
          expect([{ [old]: 10 }, { [now]: 10 }], `${where}: ${name}`).toContainEqual(content[name]);
        const added = content.inc?.[now] ?? 0;
        expect([0, 10], `${where}: inc`).toContain(added);
        if (exact && !(cut instanceof Error)) {
          const status = cut.outcome.results.find((one) => one.unique_id === 'model.shop.inc')?.status;
          expect(added, `${where}: inc ${status}`).toBe(status === 'success' ? 10 : 0);
        }
        if (copy) expect([undefined, 10], `${where}: cp`).toContain(content.cp?.[now]);

        const after = await faults.build();
        expect(after.outcome.success, where).toBe(true);
        appended = { ...appended, [now]: added + 10 };
        const all = await faults.content();
        for (const name of ['audited', 'colors', 't', 'v'])
          expect(all[name], `${where}, built again: ${name}`).toEqual({ [now]: 10 });
        expect(all.inc, `${where}, built again`).toEqual(appended);
        if (copy) expect(new Set(Object.values(all.cp ?? {})), where).toEqual(new Set([10]));
        const ledger = copy ? ['sq_loads'] : [];
        expect(await faults.standing(), where).toEqual([...faults.names, ...ledger].sort());
      }
    },
    240_000,
  );

  it.skipIf(!here)(
    'of a first build: what stands there is whole, and the next build is clean',
    async () => {
      const faults = new Faults(await warehouse());
      const { boundaries } = (await faults.build()).driver;
      for (const at of some(boundaries)) {
        await faults.warehouse.clear();
        await faults.build({ at }).catch(() => undefined);
        const where = `${at.moment} statement ${at.statement}`;
        const published = (await faults.standing()).filter((name) => faults.names.includes(name));
        if (published.length > 0) {
          const found = contentOf(await faults.warehouse.read(contentSql(published)));
          for (const name of published) expect(found[name], `${where}: ${name}`).toEqual({ 0: 10 });
        }
        const after = await faults.build();
        expect(after.outcome.success, where).toBe(true);
        const ledger = faults.warehouse.copy ? ['sq_loads'] : [];
        expect(await faults.standing(), where).toEqual([...faults.names, ...ledger].sort());
      }
    },
    240_000,
  );
});

describe.skipIf(!hasPostgres()).each<[string, () => Promise<FaultWarehouse>, string]>([
  ['PostgreSQL', postgresFaults, 'user sq from 127.0.0.1, pid <n>, since <time>'],
  ['Redshift by the wire', () => redshiftFaults('wire'), 'user awsuser'],
  ['Redshift by the Data API', () => redshiftFaults('data_api'), 'user awsuser'],
])('%s', (_, warehouse, holder) => {
  it('a run says who else writes to its schema', async () => {
    const faults = new Faults(await warehouse());
    await faults.build();
    const { project } = faults.warehouse;
    const warnings: string[] = [];
    await project.run('build', {
      onEvent: (event) => {
        if (event.name === 'Warning') warnings.push(event.msg);
      },
    });
    expect(warnings).toEqual([]);
    let second: Promise<unknown> | undefined;
    await project.run('build', {
      onEvent: (event) => {
        if (event.name !== 'LogStartLine' || second !== undefined) return;
        second = project.run('build', {
          select: ['v'],
          onEvent: (other) => {
            if (other.name === 'Warning') warnings.push(other.msg);
          },
        });
      },
      through: (inner) => ({
        ...bound(inner),
        // the first waits for the second, so that they surely meet
        session: async (owner, work) => {
          if (owner.name === 'model.shop.inc') await second;
          return inner.session(owner, work);
        },
      }),
    });
    expect(warnings.map((text) => text.replace(/pid \d+, since [^.]+/, 'pid <n>, since <time>'))).toEqual([
      `another run of sq writes to schema shop: ${holder}. What both of them build ends as the later one's.`,
    ]);
  });

  it('with retries, a build goes on after a cut, and nothing is done twice', async () => {
    const faults = new Faults(await warehouse());
    await faults.build();
    const { boundaries } = (await faults.build({ retries: 3 })).driver;
    for (const at of some(boundaries)) {
      faults.version += 1;
      const now = String(faults.version);
      const cut = await faults.build({ at, retries: 3 });
      const sent = String(cut.driver.sent[at.statement]);
      const where = `${at.moment} statement ${at.statement}: ${sent}`;
      if (faults.warehouse.forgets && sent === 'commit' && at.moment === 'before') {
        const unknown = cut.outcome.results.filter(({ message }) =>
          /kept is not known/.test(String(message)),
        );
        // where the plan does all of it again there is nothing to be known
        if (unknown.length > 0) {
          expect(unknown.length, where).toBe(1);
          expect((await faults.build()).outcome.success, where).toBe(true);
          continue;
        }
      }
      expect(
        cut.outcome.results
          .map((one) => `${one.unique_id} ${one.status} ${one.message}`)
          .filter((text) => / error | skipped /.test(text)),
        where,
      ).toEqual([]);
      const content = await faults.content();
      for (const name of ['audited', 'colors', 't', 'v', 'inc'])
        expect(content[name]?.[now], `${where}: ${name}`).toBe(10);
    }
  }, 240_000);
});
