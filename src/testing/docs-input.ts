/**
 * Projects made up for the docs page: of any size, always the same for the same size. The shape is that of real
 * ones: layers from sources to exposures, folders by subject, a few tables that many read.
 */
import type { AnalysedNode, Analysis, ColumnEdge, EdgeKind } from '../analyze/contract.ts';
import type { DocsInput, Freshness, NodeRun, RunRecord } from '../docs/contract.ts';
import { manifestOf, type SummaryInput } from './manifest.ts';

/** Numbers between 0 and 1 that look random and are not (mulberry32). */
export function numbers(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}

const NOUNS =
  'order customer payment product session event invoice shipment refund account campaign click visit region store supplier stock price budget ledger contract ticket agent message lead deal artist song device plan usage meter'.split(
    ' ',
  );
const VERBS = 'daily hourly enriched joined latest summary rollup cohort funnel scored cleaned mapped'.split(
  ' ',
);
const COLUMNS =
  'id created_at updated_at name status amount currency user_id order_id country city is_active type source channel quantity price discount total score'.split(
    ' ',
  );
const TYPES = ['BIGINT', 'VARCHAR', 'TIMESTAMP', 'DECIMAL(18,2)', 'BOOLEAN', 'DOUBLE'];

/** Share of the vertices, and what they are called. */
const LAYERS = [
  { folder: 'sources', prefix: 'raw', share: 0.16 },
  { folder: 'staging', prefix: 'stg', share: 0.22 },
  { folder: 'intermediate', prefix: 'int', share: 0.18 },
  { folder: 'core', prefix: 'int', share: 0.14 },
  { folder: 'marts', prefix: 'fct', share: 0.17 },
  { folder: 'reports', prefix: 'rpt', share: 0.1 },
  { folder: 'exposures', prefix: 'dash', share: 0.03 },
] as const;

export interface MadeUpOptions {
  /** Columns of each vertex; default 20. */
  columns?: number;
  /** Runs in the history; default 3. */
  runs?: number;
  seed?: number;
  /** Departures from the input that was made. */
  change?: Partial<DocsInput>;
}

interface Made {
  id: string;
  name: string;
  layer: number;
  subject: number;
  parents: string[];
}

/** A project of `count` vertices (tests not counted). */
export function madeUpInput(count: number, options: MadeUpOptions = {}): DocsInput {
  const { columns = 20, runs = 3, seed = 7, change = {} } = options;
  const random = numbers(seed);
  const pick = <T>(from: readonly T[]): T => from[Math.floor(random() * from.length)] as T;
  const made = verticesOf(count, random, pick);
  const summaries: SummaryInput[] = made.map(summaryOf);
  const nodes: Record<string, Record<string, unknown>> = {};
  const code = new Map<string, string>();
  for (const one of made) {
    const sql = sqlOf(one, columns, random);
    if (one.id.startsWith('model.'))
      code.set(one.id, sql.replace(/\{\{ ref\('(\w+)'\) \}\}/g, '"dw"."public"."$1"'));
    nodes[one.id] = {
      description: `One row per ${pick(NOUNS)}, ${pick(VERBS)} from ${pick(NOUNS)} and ${pick(NOUNS)}; owned by team ${one.subject}.`,
      columns: Object.fromEntries(
        namesOf(columns).map((name) => [
          name,
          { name, description: random() < 0.5 ? `The ${name} of the ${pick(NOUNS)}, ${pick(VERBS)}.` : '' },
        ]),
      ),
      meta: {},
      raw_code: one.id.startsWith('model.') ? sql : '',
      relation_name: `"dw"."public"."${one.name}"`,
    };
    if (!one.id.startsWith('model.')) continue;
    for (const test of ['unique', 'not_null']) {
      const id = `test.made_up.${test}_${one.name}_id.${test.length}${one.name.length}`;
      summaries.push({
        unique_id: id,
        name: `${test}_${one.name}_id`,
        parents: [one.id],
        materialized: 'test',
        original_file_path: `models/${LAYERS[one.layer]!.folder}.yml`,
        test: { kind: 'generic', test_name: test, attached_node: one.id, severity: 'ERROR' },
      });
      nodes[id] = { column_name: 'id', test_metadata: { name: test, kwargs: {}, namespace: null } };
      code.set(id, `select id from "dw"."public"."${one.name}" where id is null`);
    }
  }
  const manifest = manifestOf(summaries, { projectName: 'made_up', nodes });
  const history = historyOf(manifest.index.keys(), runs, random);
  return {
    project: {
      name: 'made_up',
      adapter: 'duckdb',
      target: 'dev',
      generatedAt: '2026-11-29T03:00:00.000Z',
      version: '0.1.0',
    },
    manifest,
    compiledCode: (id) => code.get(id),
    catalog: emptyCatalog(),
    analysis: analysisOf(made, columns, random, pick),
    history,
    latest: latestOf(history),
    freshness: freshnessOf(made, random),
    secrets: new Set(),
    ...change,
  };
}

export function emptyCatalog(): DocsInput['catalog'] {
  return {
    metadata: {
      dbt_schema_version: 'https://schemas.getdbt.com/dbt/catalog/v1.json',
      dbt_version: '1.12.3',
      generated_at: '2026-11-29T03:00:00Z',
      invocation_id: '',
      invocation_started_at: '',
      env: {},
    },
    nodes: {},
    sources: {},
    errors: null,
  };
}

/** The newest run of each node. */
export function latestOf(history: readonly RunRecord[]): DocsInput['latest'] {
  const latest = new Map<string, NodeRun & { record: RunRecord }>();
  for (const record of [...history].reverse()) {
    for (const run of record.nodes) latest.set(run.uniqueId, { ...run, record });
  }
  return latest;
}

function verticesOf(count: number, random: () => number, pick: <T>(from: readonly T[]) => T): Made[] {
  const subjects = Math.max(2, Math.round(count / 45));
  const made: Made[] = [];
  const layers: Made[][] = LAYERS.map(() => []);
  for (const [layer, { prefix, share, folder }] of LAYERS.entries()) {
    const many = layer === LAYERS.length - 1 ? count - made.length : Math.max(1, Math.round(count * share));
    for (let i = 0; i < many && made.length < count; i++) {
      const subject = Math.floor(random() * subjects);
      const name = `${prefix}_${NOUNS[subject % NOUNS.length]}_${pick(VERBS)}_${made.length}`;
      const type = folder === 'sources' ? 'source' : folder === 'exposures' ? 'exposure' : 'model';
      const id = type === 'source' ? `source.made_up.lake.${name}` : `${type}.made_up.${name}`;
      const one: Made = { id, name, layer, subject, parents: [] };
      made.push(one);
      layers[layer]!.push(one);
    }
  }
  for (const one of made) {
    if (one.layer === 0) continue;
    const wanted = one.layer === 1 ? 1 : 1 + Math.floor(random() * random() * 5);
    const parents = new Set<string>();
    for (let i = 0; i < wanted; i++) {
      let from = one.layer - 1;
      while (from > 1 && random() < 0.2) from--;
      const near = layers[from]!.filter(({ subject }) => subject === one.subject);
      // a few tables are read by everyone
      const hub = layers[from]![Math.floor(random() ** 3 * layers[from]!.length)];
      const parent = random() < 0.82 && near.length > 0 ? pick(near) : hub;
      if (parent !== undefined) parents.add(parent.id);
    }
    one.parents = [...parents];
  }
  return made;
}

function summaryOf({ id, name, layer, subject, parents }: Made): SummaryInput {
  const folder = `models/${LAYERS[layer]!.folder}/team_${subject}`;
  const isModel = id.startsWith('model.');
  return {
    unique_id: id,
    parents,
    original_file_path: isModel ? `${folder}/${name}.sql` : `${folder}/things.yml`,
    fqn: [
      'made_up',
      LAYERS[layer]!.folder,
      `team_${subject}`,
      ...(id.startsWith('source.') ? ['lake'] : []),
      name,
    ],
    materialized: isModel ? (layer < 3 ? 'view' : 'table') : '',
    tags: layer === 4 ? ['marts'] : [],
  };
}

function namesOf(columns: number): string[] {
  return Array.from({ length: columns }, (_, i) => COLUMNS[i] ?? `c${i}`);
}

function sqlOf({ parents }: Made, columns: number, random: () => number): string {
  const names = parents.map((id) => id.split('.').at(-1));
  const select = namesOf(columns).map(
    (name, i) => `    ${i % 4 === 3 ? `coalesce(t.${name}, 0)` : `t.${name}`} as ${name}`,
  );
  const joins = names.slice(1).map((name, i) => `left join {{ ref('${name}') }} as t${i} on t${i}.id = t.id`);
  return `select\n${select.join(',\n')}\nfrom {{ ref('${names[0] ?? 'nothing'}') }} as t\n${joins.join('\n')}\nwhere t.status <> '${Math.floor(random() * 1e6)}'\n`;
}

function analysisOf(
  made: readonly Made[],
  columns: number,
  random: () => number,
  pick: <T>(from: readonly T[]) => T,
): Analysis {
  const nodes = new Map<string, AnalysedNode>();
  const edges: ColumnEdge[] = [];
  const names = namesOf(columns);
  for (const { id, parents } of made) {
    if (id.startsWith('exposure.')) continue;
    nodes.set(id, {
      unique_id: id,
      origin: 'analysis',
      columns: names.map((name, i) => ({ name, type: TYPES[i % TYPES.length]! })),
    });
    if (parents.length === 0) continue;
    for (const name of names) {
      const from = pick(parents);
      const kind: EdgeKind = random() < 0.7 ? 'copied' : random() < 0.5 ? 'renamed' : 'transformed';
      const column = kind === 'copied' ? name : pick(names);
      edges.push({ from: { node: from, column }, to: { node: id, column: name }, kind });
    }
    edges.push({
      from: { node: parents[0]!, column: 'status' },
      to: { node: id, column: null },
      kind: 'filter',
    });
  }
  return { nodes, edges };
}

function historyOf(ids: Iterable<string>, runs: number, random: () => number): RunRecord[] {
  const run = [...ids].filter((id) => id.startsWith('model.') || id.startsWith('test.'));
  return Array.from({ length: runs }, (_, r): RunRecord => {
    const clocks = [0, 0, 0, 0];
    const nodes = run.map((uniqueId, i): NodeRun => {
      const lane = i % clocks.length;
      const start = clocks[lane]!;
      const isTest = uniqueId.startsWith('test.');
      const end = start + Math.round((isTest ? 30 : 200) + random() * (isTest ? 60 : 2000));
      clocks[lane] = end;
      const failed = random() < 0.01;
      return {
        uniqueId,
        status: failed ? (isTest ? 'fail' : 'error') : isTest ? 'pass' : 'success',
        thread: lane + 1,
        start,
        end,
        rows: isTest ? null : Math.floor(random() * 1e6),
        failures: isTest ? (failed ? 12 : 0) : null,
        message: failed ? 'Database Error\n  it did not work' : null,
      };
    });
    return {
      invocationId: `run-${r}`,
      command: 'build',
      select: [],
      exclude: [],
      target: 'dev',
      startedAt: new Date(Date.UTC(2026, 10, 29 - r, 2)).toISOString(),
      elapsed: Math.max(0, ...clocks) + 120,
      success: !nodes.some(({ status }) => status === 'error' || status === 'fail'),
      interrupted: false,
      nodes,
    };
  });
}

function freshnessOf(made: readonly Made[], random: () => number): Freshness[] {
  return made
    .filter(({ id }) => id.startsWith('source.'))
    .slice(0, 20)
    .map(({ id }, i) => {
      const age = Math.floor(random() * 40 * 3600);
      return {
        uniqueId: id,
        status: i % 7 === 3 ? 'warn' : 'pass',
        maxLoadedAt: '2026-11-28T11:00:00Z',
        snapshottedAt: '2026-11-29T03:00:00Z',
        age,
        warnAfter: 'warn after 24 hours',
        errorAfter: 'error after 48 hours',
        error: null,
      };
    });
}
