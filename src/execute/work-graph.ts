/**
 * From a selection to tasks: what a command runs, in which order, which tests belong to the work of a node
 * and which nodes wait for tests. Linear in the selection and what stands between its nodes.
 */
import { descendants, type RunGraph, runGraph } from '../manifest/graph.ts';
import type { Manifest, NodeSummary } from '../manifest/manifest.ts';
import type { ResourceType } from '../manifest/nodes.ts';
import { commonChildren } from './common-children.ts';
import type { GraphCommand } from './contract.ts';
import { assignGuards, type Guards } from './guards.ts';
import type { Task } from './scheduler.ts';

export interface WorkGraph {
  tasks: Task[];
  guards: Guards;
  /** Nodes that count: everything that is run but ephemeral models. */
  total: number;
  /** Every node that is run, guards and ephemeral models included, parents first. */
  nodes: string[];
}

/** What each command runs; `build` everything that has a result under dbt. */
const RESOURCES: Record<GraphCommand, readonly ResourceType[]> = {
  run: ['model', 'function'],
  seed: ['seed'],
  clone: ['model', 'seed', 'snapshot'],
  snapshot: ['snapshot'],
  test: ['test', 'unit_test'],
  build: ['model', 'seed', 'snapshot', 'test', 'unit_test', 'saved_query', 'exposure', 'function'],
};

const NO_GUARDS: Guards = { byNode: new Map(), edges: new Map(), narrowed: [] };

export interface WorkGraphOptions {
  command: GraphCommand;
  manifest: Manifest;
  selected: readonly string[];
}

export function workGraph({ command, manifest, selected }: WorkGraphOptions): WorkGraph {
  const runnable = RESOURCES[command];
  const built: string[] = [];
  const tests: string[] = [];
  let total = 0;
  for (const id of selected) {
    const summary = manifest.index.get(id);
    if (summary === undefined || summary.empty || !runnable.includes(summary.resource_type)) continue;
    if (command === 'clone' && summary.materialized === 'ephemeral') continue;
    if (isTest(summary)) tests.push(id);
    else built.push(id);
    if (summary.materialized !== 'ephemeral' || isTest(summary)) total += 1;
  }
  // a clone reads another run's relation, none of this one
  if (command === 'clone') {
    return { tasks: looseTasks(built), guards: NO_GUARDS, total: built.length, nodes: built };
  }
  const graph = runGraph(manifest, built);
  const levels = command === 'build' && tests.length > 0 ? levelsOf(graph) : new Map<string, number>();
  const guards = command === 'build' ? assignGuards(manifest, tests, graph, levels) : NO_GUARDS;
  for (const [id, more] of guards.edges) graph.parents.set(id, [...(graph.parents.get(id) ?? []), ...more]);
  const guarding = new Set([...guards.byNode.values()].flat());
  const loose = tests.filter((id) => !guarding.has(id) && !isUnitTest(manifest, id));
  const unitTests = tests.filter((id) => isUnitTest(manifest, id));
  const tasks: Task[] = graph.order.map((id) => ({
    id,
    parents: graph.parents.get(id) ?? [],
    ...(graph.bridges.has(id) && { bridge: true }),
  }));
  const gated =
    command === 'build'
      ? beforeModels(manifest, gateTests(manifest, tasks, loose), unitTests)
      : [...tasks, ...looseTasks([...loose, ...unitTests])];
  const nodes = [...graph.order.filter((id) => !graph.bridges.has(id)), ...tests];
  return { tasks: gated, guards, total, nodes };
}

function isTest(summary: NodeSummary): boolean {
  return summary.resource_type === 'test' || summary.resource_type === 'unit_test';
}

function isUnitTest(manifest: Manifest, id: string): boolean {
  return manifest.index.get(id)?.resource_type === 'unit_test';
}

/** A unit test runs when its model could, before it; the model waits, and is skipped when the test fails. */
function beforeModels(manifest: Manifest, tasks: readonly Task[], unitTests: readonly string[]): Task[] {
  if (unitTests.length === 0) return [...tasks];
  const byModel = new Map<string, string[]>();
  for (const id of unitTests) append(byModel, manifest.index.get(id)?.parents[0] ?? '', id);
  const parents = new Map(tasks.map((task) => [task.id, task.parents]));
  const waiting = tasks.map((task) => ({
    ...task,
    parents: [...task.parents, ...(byModel.get(task.id) ?? [])],
  }));
  const early = [...byModel].flatMap(([model, tests]) =>
    tests.map((id) => ({ id, parents: parents.get(model) ?? [] })),
  );
  return [...waiting, ...early];
}

function looseTasks(ids: readonly string[]): Task[] {
  return ids.map((id) => ({ id, parents: [] }));
}

/** Longest way from a root of each vertex, bridges counted. */
function levelsOf({ order, parents }: RunGraph): Map<string, number> {
  const levels = new Map<string, number>();
  for (const id of order) {
    let level = 0;
    for (const parent of parents.get(id) ?? []) level = Math.max(level, (levels.get(parent) ?? 0) + 1);
    levels.set(id, level);
  }
  return levels;
}

/**
 * dbt's rule for `build`: what stands below every node a test reads waits for the test. For a test of one
 * node all of its children wait at a gate behind the node; for a test of several, the first vertices that
 * stand below all of them.
 */
function gateTests(manifest: Manifest, tasks: readonly Task[], tests: readonly string[]): Task[] {
  const known = new Set(tasks.map((task) => task.id));
  const gates = new Map<string, string[]>();
  const wide: { test: string; parents: string[] }[] = [];
  const testTasks: Task[] = [];
  const below = new Map<string, string[]>();
  for (const test of tests) {
    const all = [...new Set(manifest.index.get(test)?.parents ?? [])];
    const parents = all.filter((id) => known.has(id));
    // a test without what it reads (a retry): who stands below that waits for it all the same
    if (parents.length === 0) for (const id of tasksBelow(manifest, all, known)) append(below, id, test);
    testTasks.push({ id: test, parents });
    if (parents.length === 1) append(gates, parents[0]!, test);
    else if (parents.length > 1) wide.push({ test, parents });
  }
  const waits = wide.length === 0 ? new Map<string, string[]>() : commonChildren(tasks, wide);
  const out: Task[] = [];
  for (const task of tasks) {
    const through = task.parents.map((parent) => (gates.has(parent) ? gateOf(parent) : parent));
    const early = below.get(task.id) ?? [];
    out.push({ ...task, parents: [...through, ...(waits.get(task.id) ?? []), ...early] });
  }
  for (const [node, behind] of gates)
    out.push({ id: gateOf(node), parents: [node, ...behind], bridge: true });
  return [...out, ...testTasks];
}

/** Tasks below every one of the vertices. */
function tasksBelow(manifest: Manifest, parents: readonly string[], known: ReadonlySet<string>): string[] {
  const [first, ...others] = parents.map((id) => descendants(manifest, [id]));
  return [...(first ?? [])].filter((id) => known.has(id) && others.every((set) => set.has(id)));
}

function gateOf(id: string): string {
  return `tested ${id}`;
}

function append<T>(map: Map<string, T[]>, key: string, value: T): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}
