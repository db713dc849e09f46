/** `state:`, `result:` and `source_status:` against artefacts of an earlier run, without a disk. */
import { describe, expect, it } from 'vitest';
import type { SqEvent } from '../events.ts';
import type { GraphNode } from '../manifest/nodes.ts';
import type { PreviousState } from '../manifest/previous-state.ts';
import { manifestOf } from '../testing/manifest.ts';
import { selectNodes } from './evaluate.ts';
import { parseSelection } from './selection.ts';

type Loose = Record<string, unknown>;

const ORDERS = 'model.shop.orders';
const RAW = 'source.shop.raw.orders';
const SEED = 'seed.shop.countries';
const TEST = 'test.shop.not_null_orders_id.0123456789';

const orders: Loose = {
  raw_code: 'select 1',
  config: { materialized: 'table' },
  unrendered_config: { materialized: 'table' },
  columns: {},
  description: 'orders',
};
const whole: Record<string, Loose> = {
  [ORDERS]: orders,
  [RAW]: { unrendered_config: {}, identifier: 'orders', quoting: {}, freshness: null },
  [SEED]: {
    raw_code: '',
    checksum: { name: 'sha256', checksum: 'a' },
    unrendered_config: {},
    columns: {},
    config: {},
  },
  [TEST]: { test_metadata: { name: 'not_null' }, unrendered_config: { severity: 'warn' }, config: {} },
};

/** What is selected when the project is as `whole` with `now` on top, and was so with `before` (null: not there). */
function selected(
  words: string,
  { now = {}, before = {} }: { now?: Record<string, Loose>; before?: Record<string, Loose | null> },
  more: Partial<PreviousState> & { constraints?: string[]; events?: SqEvent[] } = {},
): string[] {
  const nodes = Object.fromEntries(Object.entries(whole).map(([id, node]) => [id, { ...node, ...now[id] }]));
  const manifest = manifestOf(
    Object.keys(whole).map((unique_id) => ({ unique_id, parents: unique_id === TEST ? [ORDERS] : [] })),
    { nodes },
  );
  const vertices = new Map<string, GraphNode>();
  for (const id of Object.keys(whole)) {
    if (before[id] === null) continue;
    const unchanged = { ...manifest.get(id), ...whole[id], ...before[id] };
    vertices.set(id, unchanged as unknown as GraphNode);
  }
  for (const [id, node] of Object.entries(before)) {
    if (!(id in whole) && node !== null) vertices.set(id, node as unknown as GraphNode);
  }
  const previous: PreviousState = {
    path: 'prod',
    manifest: { vertices, macros: new Map() },
    results: undefined,
    sources: undefined,
    currentSources: undefined,
    ...more,
  };
  const state = {
    previous,
    warn: (event: SqEvent) => void more.events?.push(event),
    enforcedConstraints: new Set(more.constraints),
    now: new Date('2026-11-21'),
  };
  const parsed = parseSelection({ select: [words], indirectSelection: 'empty' });
  return [...selectNodes(manifest, parsed, { state }).selected].sort();
}

describe('state:', () => {
  it('nothing changed, nothing is modified', () => {
    expect(selected('state:modified', {})).toEqual([]);
    expect(selected('state:unmodified', {})).toEqual(Object.keys(whole).sort());
  });

  it('new and old tell by the id alone', () => {
    expect(selected('state:new', { before: { [ORDERS]: null } })).toEqual([ORDERS]);
    expect(selected('state:old', { before: { [ORDERS]: null, [RAW]: null } })).toEqual([SEED, TEST]);
  });

  it('a new model is modified, a new source is not', () => {
    expect(selected('state:modified', { before: { [ORDERS]: null, [RAW]: null } })).toEqual([ORDERS]);
  });

  it.each<[what: string, now: Loose, by: string[]]>([
    ['its text', { raw_code: 'select 2' }, ['body']],
    ['a config', { unrendered_config: { materialized: 'view' } }, ['configs']],
    [
      'its alias, which is a name',
      { unrendered_config: { materialized: 'table', alias: 'x' } },
      ['relation'],
    ],
    ['its tags, which change nothing', { unrendered_config: { materialized: 'table', tags: ['x'] } }, []],
    ['what the config became elsewhere', { config: { materialized: 'view' } }, []],
    ['its description, which is written nowhere', { description: 'new' }, []],
  ])('a model is modified by %s', (_, now, by) => {
    const all = ['body', 'configs', 'relation', 'persisted_descriptions', 'macros', 'contract'];
    const found = all.filter(
      (one) => selected(`state:modified.${one}`, { now: { [ORDERS]: now } }).length > 0,
    );
    expect(found).toEqual(by);
    expect(selected('state:modified', { now: { [ORDERS]: now } })).toEqual(by.length > 0 ? [ORDERS] : []);
  });

  it('a description counts where it is persisted', () => {
    const config = { materialized: 'table', persist_docs: { relation: true } };
    const now = { [ORDERS]: { config, description: 'new' } };
    expect(selected('state:modified.persisted_descriptions', { now })).toEqual([ORDERS]);
  });

  it('a seed is modified by its checksum, a test only by what it does', () => {
    const checksum = { name: 'sha256', checksum: 'b' };
    expect(selected('state:modified', { now: { [SEED]: { checksum } } })).toEqual([SEED]);
    expect(
      selected('state:modified', { now: { [TEST]: { unrendered_config: { severity: 'error' } } } }),
    ).toEqual([TEST]);
    expect(
      selected('state:modified', { now: { [TEST]: { unrendered_config: { severity: 'warn', meta: {} } } } }),
    ).toEqual([]);
  });

  it('a large seed is told by its path, with a warning', () => {
    const events: SqEvent[] = [];
    const checksum = { name: 'path', checksum: 'seeds/countries.csv' };
    selected(
      'state:modified',
      { now: { [SEED]: { checksum } }, before: { [SEED]: { checksum } } },
      { events },
    );
    expect(events).toMatchObject([{ name: 'Warning', event_name: 'SeedExceedsLimitSamePath' }]);
  });

  it('refuses a word that it does not know', () => {
    expect(() => selected('state:changed', {})).toThrow(
      `Got an invalid selector "changed", expected one of "['new', 'old', 'modified', 'unmodified', 'modified.body', 'modified.configs', 'modified.persisted_descriptions', 'modified.relation', 'modified.macros', 'modified.contract']"`,
    );
  });
});

describe('a contract', () => {
  const column = (data_type: string, constraints: Loose[] = []) => ({
    name: 'id',
    data_type,
    constraints,
    description: '',
  });
  const contracted = (more: Loose): Loose => ({
    contract: { enforced: true, checksum: JSON.stringify(more) },
    columns: { id: column('integer') },
    constraints: [],
    ...more,
  });

  it('that loses a column is a warning', () => {
    const events: SqEvent[] = [];
    const change = { before: { [ORDERS]: contracted({}) }, now: { [ORDERS]: contracted({ columns: {} }) } };
    expect(selected('state:modified.contract', change, { events })).toEqual([ORDERS]);
    expect(events).toEqual([
      {
        name: 'Warning',
        event_name: 'UnversionedBreakingChange',
        msg: 'Breaking change to contracted, unversioned model orders (models/orders.sql)\nWhile comparing to previous project state, dbt detected a breaking change to an unversioned model.\n  - Columns were removed: \n    - id\n',
      },
    ]);
  });

  it('of a versioned model is an error', () => {
    const change = {
      before: { [ORDERS]: contracted({ version: 1 }) },
      now: { [ORDERS]: contracted({ version: 1, columns: { id: column('text') } }) },
    };
    expect(() => selected('state:modified', change)).toThrow(
      /Columns with data_type changes: \n {4}- id \(integer -> text\)/,
    );
  });

  it('is not broken by another size of a type', () => {
    const events: SqEvent[] = [];
    const change = {
      before: { [ORDERS]: contracted({ columns: { id: column('varchar(3)') } }) },
      now: { [ORDERS]: contracted({ columns: { id: column('VARCHAR(10)') } }) },
    };
    expect(selected('state:modified', change, { events })).toEqual([ORDERS]);
    expect(events).toEqual([]);
  });

  it('is broken by a constraint less, where the engine enforces it', () => {
    const change = {
      before: { [ORDERS]: contracted({ columns: { id: column('integer', [{ type: 'not_null' }]) } }) },
      now: { [ORDERS]: contracted({}) },
    };
    const told = (constraints: string[]) => {
      const events: SqEvent[] = [];
      selected('state:modified', change, { events, constraints });
      return events.map((event) => (event as { msg: string }).msg.split('\n').at(-2));
    };
    expect(told(['not_null'])).toEqual(["    - 'not_null' constraint on column id"]);
    expect(told([])).toEqual([]);
  });

  it('of a model that is gone is told, unless its end was announced', () => {
    const gone = {
      resource_type: 'model',
      unique_id: 'model.shop.gone',
      name: 'gone',
      original_file_path: 'models/gone.sql',
      ...contracted({}),
    };
    const told = (more: Loose) => {
      const events: SqEvent[] = [];
      selected('state:modified', { before: { 'model.shop.gone': { ...gone, ...more } } }, { events });
      return events.length;
    };
    expect(told({})).toBe(1);
    expect(told({ deprecation_date: '2026-01-01' })).toBe(0);
    expect(told({ contract: { enforced: false } })).toBe(0);
  });
});

describe('result: and source_status:', () => {
  it('select by how the other run ended', () => {
    const results = [
      { unique_id: ORDERS, status: 'error' },
      { unique_id: TEST, status: 'fail' },
    ];
    expect(selected('result:error', {}, { results })).toEqual([ORDERS]);
    expect(selected('result:error+ result:fail', {}, { results })).toEqual([ORDERS, TEST]);
    expect(() => selected('result:error', {})).toThrow('No comparison run_results');
  });

  it('select sources with newer rows', () => {
    const sources = [{ unique_id: RAW, max_loaded_at: '2026-11-20T00:00:00+00:00' }];
    const newer = [{ unique_id: RAW, max_loaded_at: '2026-11-20T00:00:01+00:00' }];
    expect(selected('source_status:fresher', {}, { sources, currentSources: newer })).toEqual([RAW]);
    expect(selected('source_status:fresher', {}, { sources, currentSources: sources })).toEqual([]);
    expect(selected('source_status:fresher', {}, { sources: [], currentSources: sources })).toEqual([RAW]);
    expect(() => selected('source_status:fresher', {})).toThrow(
      'No previous state comparison freshness results in sources.json',
    );
  });
});
