import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, extname, resolve } from 'node:path';
import type { LineageFormat } from '../../docs/export.ts';
import { readHistory } from '../../docs/history/read-history.ts';
import { builtRows } from '../../docs/lineage/built-rows.ts';
import { type LineageGraph, lineageGraph } from '../../docs/lineage/graph.ts';
import type { Invocation } from '../../invocation.ts';
import { SQ_VERSION } from '../../version.ts';
import { buildTime } from '../build-time.ts';
import { type Opened, openAndParse } from '../open-and-parse.ts';
import { selectFor } from '../select-for.ts';
import type { Session } from '../session.ts';

/** What the end of a file's name says, where no --format is given. */
const BY_EXTENSION: Readonly<Record<string, LineageFormat>> = {
  '.mmd': 'mermaid',
  '.mermaid': 'mermaid',
  '.dot': 'dot',
  '.gv': 'dot',
  '.json': 'json',
  '.svg': 'svg',
  '.jsonl': 'openlineage',
  '.ndjson': 'openlineage',
};

export async function run(session: Session): Promise<number> {
  const { invocation } = session;
  const { other } = invocation.flags;
  const opened = await openAndParse(session);
  const selected = selectFor(session, opened, 'lineage');
  if (selected.length === 0) {
    invocation.emit({ name: 'NoNodesSelected' });
    return 0;
  }
  const { manifest } = opened.parsed;
  const rows = builtRows(manifest, readHistory(opened.context.projectDir));
  const graph = lineageGraph(manifest, selected, rows);
  const output = typeof other.output === 'string' ? other.output : undefined;
  const format = (other.format as LineageFormat | undefined) ?? BY_EXTENSION[extname(output ?? '')] ?? 'tree';
  if (format === 'tree') await tellTree(invocation, graph, output);
  else {
    const { exportLineage } = await import('../../docs/export.ts');
    tell(invocation, await exportLineage(format, graph, exportContext(opened)), output, graph);
  }
  return 0;
}

function exportContext({ context }: Opened) {
  const { invocation, project, adapter, profile } = context;
  return {
    project: project.name,
    adapter: adapter.type,
    target: profile.targetName,
    generatedAt: buildTime(invocation).toISOString(),
    version: SQ_VERSION,
    jobNamespace: invocation.env.OPENLINEAGE_NAMESPACE,
  };
}

async function tellTree(
  invocation: Invocation,
  graph: LineageGraph,
  output: string | undefined,
): Promise<void> {
  const { plainTree, tree } = await import('../../docs/export/tree.ts');
  const lines = tree(graph);
  if (output !== undefined) return tell(invocation, plainTree(lines), output, graph);
  invocation.emit({ name: 'SqLineageTree', lines });
  const only = graph.nodes.length === 1 ? graph.nodes[0] : undefined;
  if (only === undefined) return;
  const hint = `hint: '-s +${only.name}' draws what it is made from, too; '-s ${only.name}+' what reads it`;
  invocation.emit({ name: 'SqLineageTree', lines: [[{ text: hint, tone: 'dim' }]] });
}

/** To stdout, or beside and then renamed: a program that watches the file never reads half of it. */
function tell(invocation: Invocation, text: string, output: string | undefined, graph: LineageGraph): void {
  if (output === undefined) {
    invocation.emit({ name: 'ListCmdOut', msg: text.trimEnd() });
    return;
  }
  const path = resolve(invocation.cwd, output);
  mkdirSync(dirname(path), { recursive: true });
  const beside = `${path}.${process.pid}.tmp`;
  writeFileSync(beside, text);
  renameSync(beside, path);
  const count = graph.nodes.length === 1 ? 'one node' : `${graph.nodes.length} nodes`;
  invocation.emit({ name: 'ListCmdOut', msg: `Lineage of ${count} written to ${output}` });
}
