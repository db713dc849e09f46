/** The generic tests of columns that say something of the values, so that a copy of the column passes them too. */
import type { Manifest, NodeSummary } from '../manifest/manifest.ts';
import type { CompiledNode } from '../manifest/nodes.ts';

export interface ColumnTest {
  unique_id: string;
  name: string;
  /** Equal for two tests that ask the same. */
  key: string;
}

/** What must not have happened to a column on its way, for the test to hold still. */
const HOLDS: Readonly<Record<string, (way: { nullable?: boolean; repeated?: boolean }) => boolean>> = {
  not_null: (way) => !way.nullable,
  unique: (way) => !way.repeated,
  // both let NULL pass
  accepted_values: () => true,
  relationships: () => true,
};

export function holds(test: ColumnTest, way: { nullable?: boolean; repeated?: boolean }): boolean {
  return HOLDS[test.name]?.(way) === true;
}

/** Tests of the node's columns, by the column's name in lower case. Those with a `where` hold for some rows only. */
export function columnTests(manifest: Manifest, nodeId: string): Map<string, ColumnTest[]> {
  const found = new Map<string, ColumnTest[]>();
  for (const id of manifest.children(nodeId)) {
    const summary = manifest.index.get(id);
    if (summary?.test?.kind !== 'generic') continue;
    if ((summary.test.attached_node ?? nodeId) !== nodeId) continue;
    if (summary.test.test_name === undefined || !Object.hasOwn(HOLDS, summary.test.test_name)) continue;
    const test = manifest.get(id) as CompiledNode;
    const column = test.column_name?.toLowerCase();
    if (!column || test.test_metadata?.namespace || test.config.where) continue;
    // a test of a source is attached to nothing: whom it asks is in the text of its argument
    if (summary.test.attached_node === undefined && !asksSource(test, manifest.index.get(nodeId)!)) continue;
    const { model: _model, column_name: _column, ...asked } = test.test_metadata?.kwargs ?? {};
    const name = summary.test.test_name;
    const list = found.get(column) ?? [];
    list.push({ unique_id: id, name, key: `${name} ${JSON.stringify(asked)}` });
    found.set(column, list);
  }
  return found;
}

function asksSource(test: CompiledNode, { source_name, name }: NodeSummary): boolean {
  const asked = /source\('((?:[^'\\]|\\.)*)',\s*'((?:[^'\\]|\\.)*)'\)/.exec(
    String(test.test_metadata?.kwargs.model),
  );
  return asked !== null && asked[1] === source_name && asked[2] === name;
}
