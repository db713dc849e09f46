/**
 * Snapshots keep history right: for random histories of a table, a snapshot after each step leaves the same
 * versions as a slowly changing dimension that is kept here in plain TypeScript and knows no SQL.
 */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createCompiler } from '../compile/index.ts';
import { TestProject } from '../testing/run-project.ts';
import { createWarehouse, execute } from './index.ts';

interface Row {
  id: number;
  region: string;
  status: string | null;
  amount: number | null;
  /** Days since the epoch; never in the future. */
  updated: number;
}

interface Setting {
  strategy: 'timestamp' | 'check all' | 'check some';
  hardDeletes: 'ignore' | 'invalidate' | 'new_record';
  forever: boolean;
  renamed: boolean;
  wideKey: boolean;
}

/** What happens between two snapshots: rows written or removed, and perhaps a new column of the source. */
interface Happening {
  writes: (Omit<Row, 'updated'> & { age: number })[];
  removes: { id: number; region: string }[];
  widens: boolean;
}

interface Version extends Row {
  /** Null until the source had the column. */
  note: string | null;
  from: number;
  to: number | null;
  deleted: boolean;
}

const FOREVER = 40_000;
const FIRST_DAY = 18_000;

class History {
  readonly versions: Version[] = [];
  private noteIsStored = false;
  private started = false;

  constructor(private readonly setting: Setting) {}

  /** One snapshot of `rows`, taken on day `now`. */
  take(rows: readonly Row[], now: number, hasNote: boolean): void {
    const { strategy, hardDeletes } = this.setting;
    const open = this.versions.filter((version) => version.to === null);
    const noteIsNew = this.started && hasNote && !this.noteIsStored;
    for (const row of rows) {
      const stored = open.find((version) => this.key(version) === this.key(row));
      const moment = strategy === 'timestamp' ? row.updated : now;
      const note = hasNote ? `n${row.id}` : null;
      if (stored !== undefined) {
        const changed =
          (strategy === 'timestamp' && stored.from < row.updated) ||
          (strategy === 'check all' &&
            (noteIsNew ||
              stored.status !== row.status ||
              stored.amount !== row.amount ||
              stored.region !== row.region ||
              stored.updated !== row.updated ||
              (hasNote && stored.note !== note))) ||
          (strategy === 'check some' && stored.status !== row.status);
        if (!changed && !stored.deleted) continue;
        stored.to = moment;
      }
      this.versions.push({ ...row, note, from: moment, to: null, deleted: false });
    }
    if (this.started && hardDeletes !== 'ignore') {
      for (const stored of open) {
        if (stored.deleted || rows.some((row) => this.key(row) === this.key(stored))) continue;
        stored.to = now;
        if (hardDeletes === 'new_record')
          this.versions.push({ ...stored, from: now, to: null, deleted: true });
      }
    }
    this.noteIsStored ||= hasNote;
    this.started = true;
  }

  key({ id, region }: Pick<Row, 'id' | 'region'>): string {
    return this.setting.wideKey ? `${id} ${region}` : `${id}`;
  }

  texts(): string[] {
    return this.versions
      .map((v) => {
        const to = v.to ?? (this.setting.forever ? FOREVER : null);
        const deleted = this.setting.hardDeletes === 'new_record' ? (v.deleted ? 'True' : 'False') : '-';
        return [v.id, v.region, v.status, v.amount, v.updated, v.note, v.from, to, deleted].join('|');
      })
      .sort();
  }
}

const setting: fc.Arbitrary<Setting> = fc.record({
  strategy: fc.constantFrom('timestamp', 'check all', 'check some'),
  hardDeletes: fc.constantFrom('ignore', 'invalidate', 'new_record'),
  forever: fc.boolean(),
  renamed: fc.boolean(),
  wideKey: fc.boolean(),
});

const id = fc.integer({ min: 1, max: 4 });
const region = fc.constantFrom('n', 's');
const happening: fc.Arbitrary<Happening> = fc.record({
  writes: fc.array(
    fc.record({
      id,
      region,
      status: fc.constantFrom(null, 'new', 'paid'),
      amount: fc.constantFrom(null, 1, 2),
      age: fc.integer({ min: 0, max: 12 }),
    }),
    { maxLength: 4 },
  ),
  removes: fc.array(fc.record({ id, region }), { maxLength: 2 }),
  widens: fc.integer({ min: 0, max: 5 }).map((n) => n === 0),
});

const day = (moment: string) => `date_diff('day', timestamp '1970-01-01', ${moment})`;
const literal = (value: string | number | null) => (value === null ? 'null' : `'${value}'`);

function files({ strategy, hardDeletes, forever, renamed, wideKey }: Setting): Record<string, string> {
  const config = [
    `      strategy: ${strategy === 'timestamp' ? 'timestamp' : 'check'}`,
    strategy === 'timestamp' && '      updated_at: updated',
    strategy === 'check all' && '      check_cols: all',
    strategy === 'check some' && '      check_cols: [status]',
    `      unique_key: ${wideKey ? '[id, region]' : 'id'}`,
    `      hard_deletes: ${hardDeletes}`,
    forever && `      dbt_valid_to_current: "(timestamp '1970-01-01' + interval ${FOREVER} day)"`,
    renamed &&
      '      snapshot_meta_column_names: {dbt_valid_from: since, dbt_valid_to: until, dbt_is_deleted: gone, dbt_scd_id: sid, dbt_updated_at: seen}',
  ].filter((line) => line !== false);
  return {
    'snapshots/orders.yml': `snapshots:\n  - name: versions\n    relation: source('raw', 'orders')\n    config:\n${config.join('\n')}\n`,
    'models/raw.yml': 'sources:\n  - name: raw\n    schema: main\n    tables: [{name: orders}]\n',
    // the clock stands in a table
    'macros/clock.sql': '{% macro snapshot_get_time() %}(select moment from main.clock){% endmacro %}',
  };
}

async function stored(chosen: Setting, happenings: readonly Happening[]): Promise<[string[], string[]]> {
  const project = new TestProject(files(chosen));
  const history = new History(chosen);
  const rows = new Map<string, Row>();
  let hasNote = false;
  try {
    return await project.open({ command: 'snapshot' }, async ({ context, manifest, driver }) => {
      for (const [step, { writes, removes, widens }] of happenings.entries()) {
        const now = FIRST_DAY + step;
        hasNote ||= widens;
        for (const one of removes) rows.delete(history.key(one));
        for (const { age, ...row } of writes) rows.set(history.key(row), { ...row, updated: now - age });
        const values = [...rows.values()].map(
          (r) =>
            `select ${r.id} as id, '${r.region}' as region, ${literal(r.status)}::varchar as status, ${literal(r.amount)}::integer as amount, timestamp '1970-01-01' + interval ${r.updated} day as updated${hasNote ? `, 'n${r.id}' as note` : ''}`,
        );
        const none = `select 1 as id, '' as region, ''::varchar as status, 1::integer as amount, timestamp '1970-01-01' as updated${hasNote ? ", '' as note" : ''} where false`;
        await driver.batch(
          [
            `create or replace table main.orders as ${[none, ...values].join('\nunion all ')}`,
            `create or replace table main.clock as select timestamp '1970-01-01' + interval ${now} day as moment`,
          ],
          { name: 'test' },
        );
        const warehouse = createWarehouse(context, driver, { dryRun: false });
        const compiler = createCompiler({ context, manifest, inspector: warehouse.inspector });
        const { results } = await execute({
          command: 'snapshot',
          context,
          manifest,
          compiler,
          driver,
          warehouse,
          selected: ['snapshot.shop.versions'],
          threads: 1,
          failFast: false,
          dryRun: false,
        });
        expect(results.map(({ status, message }) => [status, message])).toMatchObject([['success', /./]]);
        history.take([...rows.values()], now, hasNote);
      }
      const [from, to, gone] = chosen.renamed
        ? ['since', 'until', 'gone']
        : ['dbt_valid_from', 'dbt_valid_to', 'dbt_is_deleted'];
      const deleted = chosen.hardDeletes === 'new_record' ? gone : "'-'";
      const note = hasNote ? 'note' : 'null';
      const sql = `select id, region, status, amount, ${day('updated')}, ${note}, ${day(from!)}, ${day(to!)}, ${deleted} from main.versions`;
      const { rows: found } = await driver.session({ name: 'test' }, (session) => session.query(sql));
      return [found.map((row) => row.join('|')).sort(), history.texts()] as [string[], string[]];
    });
  } finally {
    project.remove();
  }
}

describe('snapshots', () => {
  it('keep the versions that plain reasoning keeps', { timeout: 300_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(
        setting,
        fc.array(happening, { minLength: 2, maxLength: 6 }),
        async (chosen, happenings) => {
          const [found, expected] = await stored(chosen, happenings);
          expect(found).toEqual(expected);
        },
      ),
      { numRuns: 40 },
    );
  });
});
