/** The project as `src/select` knows a manifest: the selector box and `--select` are one grammar and one code. */

import type { Manifest, NodeSummary } from '../../../manifest/manifest.ts';
import type { GraphNode, ResourceType } from '../../../manifest/nodes.ts';
import type { TextChunk } from '../../chunks.ts';
import type { Project } from './project.ts';
import { neighbours } from './reach.ts';

/** `tests` makes tests selectable, too; without them, only what is drawn. */
export function selectable(project: Project, tests?: TextChunk['tests']): Manifest {
  const index = new Map<string, NodeSummary>();
  const children = new Map<string, string[]>();
  const configs = new Map<string, Record<string, unknown>>();
  const add = (summary: NodeSummary, config: Record<string, unknown>) => {
    index.set(summary.unique_id, summary);
    configs.set(summary.unique_id, config);
    for (const parent of summary.parents) {
      const siblings = children.get(parent);
      if (siblings === undefined) children.set(parent, [summary.unique_id]);
      else siblings.push(summary.unique_id);
    }
  };
  const { core } = project;
  const versions = new Map(core.versions.map(([v, version, latest]) => [v, { version, latest }]));
  for (let v = 0; v < project.count; v++) {
    const summary = summaryOf(project, v, versions.get(v));
    add(summary, {
      ...core.configs[core.config[v]!],
      ...(summary.materialized && { materialized: summary.materialized }),
      tags: summary.tags,
    });
  }
  if (tests !== undefined) {
    for (const summary of testSummaries(project, tests)) add(summary, { tags: summary.tags });
  }
  return {
    ...EMPTY,
    metadata: { ...EMPTY.metadata, project_name: core.project.name, adapter_type: core.project.adapter },
    index,
    children: (id) => children.get(id) ?? [],
    get: (id) => {
      const summary = index.get(id);
      return summary && ({ ...summary, config: configs.get(id) } as unknown as GraphNode);
    },
    selectors: new Map(core.selectors.map((selector) => [selector.name, selector])),
  };
}

interface Version {
  version: string | number;
  latest: string | number | null;
}

function summaryOf(project: Project, v: number, versioned: Version | undefined): NodeSummary {
  const { core } = project;
  const packageName = core.packages[core.package[v]!]!;
  const name = project.name(v);
  const group = core.groups[core.group[v]!]!;
  const access = core.accesses[core.access[v]!]!;
  const patch = core.patches[core.patch[v]!]!;
  const type = project.type(v) as ResourceType;
  return {
    unique_id: project.id(v),
    resource_type: type,
    name,
    package_name: packageName,
    fqn: [packageName, ...core.fqns[core.fqn[v]!]!.map((part) => (part === 0 ? name : part))],
    original_file_path: project.file(v),
    tags: project.tags(v),
    materialized: core.materializations[core.materialized[v]!]!,
    parents: [...neighbours(project.parents, v)].map((parent) => project.id(parent)),
    ...(type === 'source' && { source_name: core.sources[core.source[v]!]! }),
    ...(group !== '' && { group }),
    ...(access !== '' && { access }),
    ...(patch !== '' && { patch_path: patch }),
    ...(versioned && { version: versioned.version }),
    ...(versioned && versioned.latest !== null && { latest_version: versioned.latest }),
  };
}

function* testSummaries(project: Project, tests: TextChunk['tests']): Iterable<NodeSummary> {
  const { core } = project;
  const others = new Map<number, number[]>();
  for (let i = 0; i < tests.alsoReads.length; i += 2) {
    const own = others.get(tests.alsoReads[i]!) ?? [];
    own.push(tests.alsoReads[i + 1]!);
    others.set(tests.alsoReads[i]!, own);
  }
  for (const [t, name] of tests.name.entries()) {
    const kind = tests.kinds[tests.kind[t]!]!;
    const packageName = core.packages[tests.package[t]!]!;
    const node = tests.node[t]!;
    const parents = [...(others.get(t) ?? []), ...(node === -1 ? [] : [node])];
    const path = tests.path[t]!;
    yield {
      unique_id: testId(project, tests, t),
      resource_type: kind === 'unit' ? 'unit_test' : 'test',
      name,
      package_name: packageName,
      fqn: [packageName, ...path.split('/').slice(1, -1), name],
      original_file_path: path,
      tags: core.tagLists[tests.tags[t]!]!,
      materialized: 'test',
      parents: parents.map((v) => project.id(v)),
      test: {
        kind: kind === 'singular' ? 'singular' : 'generic',
        severity: tests.warnOnly[t] === 1 ? 'WARN' : 'ERROR',
        ...(kind !== 'singular' && kind !== 'unit' && { test_name: kind }),
        ...(kind !== 'singular' && node !== -1 && { attached_node: project.id(node) }),
      },
    };
  }
}

/** The unique id of a test. */
export function testId(project: Project, tests: TextChunk['tests'], t: number): string {
  const id = tests.id[t]!;
  if (id !== 0 && !id.startsWith('.')) return id;
  return `test.${project.core.packages[tests.package[t]!]}.${tests.name[t]}${id === 0 ? '' : id}`;
}

/** What a manifest has and no selector asks for. */
const EMPTY: Manifest = {
  metadata: {
    dbt_schema_version: '',
    dbt_version: '',
    generated_at: '',
    invocation_id: '',
    invocation_started_at: '',
    env: {},
    project_name: '',
    project_id: '',
    user_id: null,
    send_anonymous_usage_stats: null,
    adapter_type: '',
    quoting: { database: true, schema: true, identifier: true },
    run_started_at: '',
  },
  index: new Map(),
  get: () => undefined,
  children: () => [],
  macro: () => undefined,
  macroSpan: () => ({ line: 1, column: 1, offset: 0 }),
  macroPackages: [],
  macros: () => [],
  docs: () => [],
  groups: () => [],
  selectors: new Map(),
  disabledIds: () => [],
  disabled: () => [],
  findRef: () => undefined,
  findSource: () => undefined,
};
