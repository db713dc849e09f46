/** The chunk that the page reads first: names, places, states, edges. */
import type { NodeSummary } from '../../manifest/manifest.ts';
import type { CoreChunk, Freshness, State } from '../chunks.ts';
import { ASKABLE_CONFIGS, FORMAT } from '../chunks.ts';
import type { DocsInput, PageOptions } from '../contract.ts';
import { commandLine } from './command-line.ts';
import { Dictionary } from './dictionary.ts';
import { mapPlaces } from './map-places.ts';
import { freshnessState, stateOf } from './state.ts';
import { configOf, type Subject, type Vertex } from './subject.ts';

/** Materializations that write all rows of their table, so that rows written are rows there. */
const WRITES_ALL: ReadonlySet<string> = new Set(['table', 'seed', 'copy']);

/** Dictionaries of which tests have a column, too. */
export class SharedDictionaries {
  readonly packages = new Dictionary<string>();
  readonly tagLists = new Dictionary<string[]>([[]]);
}

export function packCore(
  input: DocsInput,
  options: PageOptions,
  subject: Subject,
  { packages, tagLists }: SharedDictionaries,
  tests: TestCounts,
): CoreChunk {
  const { vertices, edges } = subject;
  const count = vertices.length;
  const types = new Dictionary<string>();
  const configs = new Dictionary<Record<string, unknown>>();
  const folders = new Dictionary<string>();
  const files = new Dictionary<string>(['']);
  const fqns = new Dictionary<(string | 0)[]>([[0]]);
  const materializations = new Dictionary<string>(['']);
  const sources = new Dictionary<string>(['']);
  const groups = new Dictionary<string>(['']);
  const accesses = new Dictionary<string>(['']);
  const patches = new Dictionary<string>(['']);
  const column = (of: (summary: NodeSummary, vertex: Vertex) => number) =>
    vertices.map((vertex) => of(vertex.summary, vertex));
  const freshness = packFreshness(input, subject);
  const stateOfSource = new Map(freshness.map((one) => [one.node, one.state]));
  const last = input.history[0];
  return {
    format: FORMAT,
    project: {
      name: input.project.name,
      adapter: input.project.adapter,
      generatedAt: input.project.generatedAt,
      version: input.project.version,
      ...(last && {
        lastRun: { command: commandLine(last), startedAt: last.startedAt, elapsed: last.elapsed },
      }),
    },
    count,
    id: vertices.map(({ id, summary: s }) =>
      id === `${s.resource_type}.${s.package_name}.${s.name}` ? 0 : id,
    ),
    name: vertices.map(({ summary }) => summary.name),
    type: column((s) => types.place(s.resource_type)),
    types: types.values,
    package: column((s) => packages.place(s.package_name)),
    packages: packages.values,
    folder: column((s) => folders.place(folderOf(s.original_file_path))),
    folders: folders.values,
    file: column((s) => {
      const file = s.original_file_path.slice(s.original_file_path.lastIndexOf('/') + 1);
      return files.place(file === usualFile(s) ? '' : file);
    }),
    files: files.values,
    fqn: column((s) => fqns.place(s.fqn.slice(1).map((part) => (part === s.name ? 0 : part)))),
    fqns: fqns.values,
    materialized: column((s) => materializations.place(s.materialized)),
    materializations: materializations.values,
    tags: column((s) => tagLists.place([...s.tags])),
    tagLists: tagLists.values,
    source: column((s) => sources.place(s.source_name ?? '')),
    sources: sources.values,
    group: column((s) => groups.place(s.group ?? '')),
    groups: groups.values,
    access: column((s) => accesses.place(s.access ?? '')),
    accesses: accesses.values,
    patch: column((s) => patches.place(s.patch_path ?? '')),
    patches: patches.values,
    versions: vertices.flatMap(({ summary: s }, v) =>
      s.version === undefined ? [] : [[v, s.version, s.latest_version ?? null] as const],
    ) as CoreChunk['versions'],
    state: vertices.map(({ id }, v): State => stateOfSource.get(v) ?? stateOf(input.latest.get(id)?.status)),
    rows: vertices.map((vertex) => rowsOf(input, vertex)),
    ms: vertices.map(({ id }) => durationOf(input.latest.get(id))),
    tests: tests.all,
    failing: tests.failing,
    warning: tests.warning,
    edges: [...edges],
    ...mapPlaces(subject.layout),
    freshness,
    selectors: [...input.manifest.selectors.values()],
    code: options.split ? 'beside' : 'inside',
    config: column((_, vertex) => configs.place(askableConfig(vertex))),
    configs: configs.values,
  };
}

/** Tests of each vertex. */
export interface TestCounts {
  all: number[];
  failing: number[];
  warning: number[];
}

function folderOf(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash === -1 ? '' : path.slice(0, slash);
}

function usualFile({ name, resource_type: type }: NodeSummary): string {
  return `${name}.${type === 'seed' ? 'csv' : 'sql'}`;
}

/** Milliseconds; -1 where nothing ran. */
export function durationOf(run: { start: number | null; end: number | null } | undefined): number {
  return run === undefined || run.start === null || run.end === null ? -1 : Math.round(run.end - run.start);
}

function rowsOf({ catalog, latest }: DocsInput, { id, summary }: Vertex): number {
  const counted = (catalog.nodes[id] ?? catalog.sources[id])?.stats['row_count']?.value;
  if (counted !== undefined && counted !== null && Number.isFinite(Number(counted))) return Number(counted);
  return WRITES_ALL.has(summary.materialized) ? (latest.get(id)?.rows ?? -1) : -1;
}

function packFreshness({ freshness }: DocsInput, { place }: Subject): Freshness[] {
  return freshness.flatMap((one) => {
    const node = place.get(one.uniqueId);
    if (node === undefined) return [];
    const rule = [one.warnAfter, one.errorAfter].filter((part) => part !== null).join(', ');
    return [
      {
        node,
        state: freshnessState(one.status),
        newest: one.maxLoadedAt,
        age: one.age,
        rule,
        ...(one.error !== null && { problem: one.error }),
      },
    ];
  });
}

/** Those that have columns of their own are left out. */
function askableConfig({ node }: Vertex): Record<string, unknown> {
  const config = configOf(node);
  return Object.fromEntries(
    ASKABLE_CONFIGS.filter((key) => key !== 'materialized' && key !== 'tags' && key in config).map((key) => [
      key,
      config[key],
    ]),
  );
}
