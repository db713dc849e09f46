/**
 * Columns of every node and where each comes from, from compiled SQL alone. What is asked about, and what stands
 * above it, is analysed in the order of the graph; nodes whose parents are done are worked on side by side.
 */

import { ancestors, topologicalOrder } from '../manifest/graph.ts';
import type { Analysis, AnalyzeRequest } from './contract.ts';
import { ProjectAnalysis } from './project-analysis.ts';

export type * from './contract.ts';

/** Kinds of vertices that have columns. */
const WITH_COLUMNS = new Set(['model', 'seed', 'snapshot', 'source']);

/** Throws only where nothing can be analysed at all; what is wrong with one node is in its `problem`. */
export async function analyze(request: AnalyzeRequest): Promise<Analysis> {
  const { manifest } = request;
  const asked = request.select === undefined ? [...manifest.index.keys()] : [...request.select];
  const wanted = new Set([...asked, ...(request.select === undefined ? [] : ancestors(manifest, asked))]);
  const order = topologicalOrder(manifest, wanted).filter((id) =>
    WITH_COLUMNS.has(manifest.index.get(id)?.resource_type ?? ''),
  );
  const analysis = new ProjectAnalysis(request);
  try {
    return await analysis.run(order);
  } finally {
    await analysis.close();
  }
}
