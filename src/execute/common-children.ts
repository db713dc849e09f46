/** Which vertices wait for a test that reads several nodes: the first ones that stand below all of them. */
import type { Task } from './scheduler.ts';

/**
 * For each vertex, the tests it waits for. A vertex waits when all nodes of the test stand above it and no
 * parent of it waits already. Walks on numbers, with marks in place of sets: there can be thousands of tests
 * over a graph of ten thousand vertices.
 */
export function commonChildren(
  tasks: readonly Task[],
  tests: readonly { test: string; parents: readonly string[] }[],
): Map<string, string[]> {
  const position = new Map(tasks.map((task, i) => [task.id, i]));
  const children: number[][] = tasks.map(() => []);
  const parentsOf = tasks.map((task) => task.parents.map((id) => position.get(id) as number));
  for (const [child, parents] of parentsOf.entries()) for (const p of parents) children[p]!.push(child);
  const seen = new Int32Array(tasks.length);
  const count = new Int32Array(tasks.length);
  let mark = 0;

  const below = (start: number): number[] => {
    mark += 1;
    const found: number[] = [];
    const visit = (from: number) => {
      for (const child of children[from]!) {
        if (seen[child] === mark) continue;
        seen[child] = mark;
        found.push(child);
      }
    };
    visit(start);
    for (let i = 0; i < found.length; i++) visit(found[i]!);
    return found;
  };

  const waits = new Map<string, string[]>();
  for (const { test, parents } of tests) {
    const reached = parents.map((id) => below(position.get(id) as number));
    for (const list of reached) for (const i of list) count[i]! += 1;
    for (const i of reached[0] ?? []) {
      const isCommon = count[i] === parents.length;
      if (!isCommon || parentsOf[i]!.some((p) => count[p] === parents.length)) continue;
      const id = tasks[i]!.id;
      waits.set(id, [...(waits.get(id) ?? []), test]);
    }
    for (const list of reached) for (const i of list) count[i] = 0;
  }
  return waits;
}
