import { describe, expect, it } from 'vitest';
import type { CoreChunk, RunsChunk } from '../../chunks.ts';
import { criticalPath } from './critical-path.ts';
import { Project } from './project.ts';

const project = (count: number, edges: number[]) => new Project({ count, edges } as unknown as CoreChunk);
const runs = (steps: [item: number, start: number, ms: number][]) =>
  ({
    item: steps.map(([i]) => i),
    start: steps.map(([, s]) => s),
    ms: steps.map(([, , m]) => m),
  }) as RunsChunk;

describe('the critical path', () => {
  it('goes from what finished last to the parent that finished last', () => {
    // 0 and 1 feed 2; 3 stands alone; the test -1 finishes after everything
    const path = criticalPath(
      project(4, [0, 2, 1, 2]),
      runs([
        [0, 0, 100],
        [1, 0, 300],
        [3, 0, 350],
        [2, 310, 90],
        [-1, 400, 50],
      ]),
    );
    expect(path).toEqual({ steps: [1, 3], work: 390, until: 400 });
  });

  it('passes over a parent that did not run', () => {
    const path = criticalPath(project(3, [0, 1, 1, 2]), runs([[2, 5, 10]]));
    expect(path).toEqual({ steps: [0], work: 10, until: 15 });
  });

  it('is empty where nothing ran', () => {
    expect(criticalPath(project(1, []), runs([]))).toEqual({ steps: [], work: 0, until: 0 });
  });
});
