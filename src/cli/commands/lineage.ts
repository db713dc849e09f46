import { extname, resolve } from 'node:path';
import type { LineageFormat } from '../../docs/export.ts';
import { readHistory } from '../../docs/history/read-history.ts';
import { builtRows } from '../../docs/lineage/built-rows.ts';
import { findColumn, findNode } from '../../docs/lineage/find-column.ts';
import { type LineageGraph, lineageGraph } from '../../docs/lineage/graph.ts';
import { type Trace, trace, tracedNodes, withTrace } from '../../docs/lineage/trace.ts';
import { withColumns } from '../../docs/lineage/with-columns.ts';
import { replaceFile } from '../../docs/replace-file.ts';
import type { TreeSpan } from '../../events.ts';
import type { Invocation } from '../../invocation.ts';
import { descendants } from '../../manifest/graph.ts';
import { SQ_VERSION } from '../../version.ts';
import { analysed } from '../analysed.ts';
import { buildTime } from '../build-time.ts';
import { type Opened, openAndParse } from '../open-and-parse.ts';
import { selectFor, words } from '../select-for.ts';
import type { Session } from '../session.ts';
import { UsageError } from '../usage-error.ts';

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

interface Drawing {
  graph: LineageGraph;
  /** Of one column. */
  traced?: Trace;
}

export async function run(session: Session): Promise<number> {
  const { invocation } = session;
  const { other } = invocation.flags;
  refuseBoth(other);
  const opened = await openAndParse(session);
  const output = typeof other.output === 'string' ? other.output : undefined;
  const format = (other.format as LineageFormat | undefined) ?? BY_EXTENSION[extname(output ?? '')] ?? 'tree';
  const drawing =
    typeof other.column === 'string'
      ? await columnDrawing(opened, other.column)
      : await nodeDrawing(session, opened, format);
  if (drawing === undefined) {
    invocation.emit({ name: 'NoNodesSelected' });
    return 0;
  }
  if (format === 'tree') await tellTree(invocation, drawing, output);
  else {
    const { exportLineage } = await import('../../docs/export.ts');
    tell(
      invocation,
      await exportLineage(format, drawing.graph, exportContext(opened)),
      output,
      drawing.graph,
    );
  }
  return 0;
}

/** A column's path is as long as it is. */
function refuseBoth(other: Record<string, unknown>): void {
  if (other.column === undefined || words(other.select).length + words(other.exclude).length === 0) return;
  throw new UsageError(
    '--column draws the whole path of a column: it goes without --select and --exclude.',
    'lineage',
  );
}

async function columnDrawing(opened: Opened, written: string): Promise<Drawing> {
  const { manifest } = opened.parsed;
  const { node, column } = findNode(manifest, written);
  const analysis = await analysed(opened, [node.unique_id, ...descendants(manifest, [node.unique_id])]);
  const traced = trace(analysis, findColumn(analysis, node, column));
  const graph = lineageGraph(manifest, tracedNodes(traced), rowsOf(opened));
  return { graph: withTrace(graph, traced, analysis), traced };
}

async function nodeDrawing(
  session: Session,
  opened: Opened,
  format: LineageFormat,
): Promise<Drawing | undefined> {
  const selected = selectFor(session, opened, 'lineage');
  if (selected.length === 0) return undefined;
  const graph = lineageGraph(opened.parsed.manifest, selected, rowsOf(opened));
  // only these two formats have columns of whole nodes
  if (format !== 'json' && format !== 'openlineage') return { graph };
  return { graph: withColumns(graph, await analysed(opened, selected)) };
}

function rowsOf({ context, parsed }: Opened): (uniqueId: string) => number | null {
  return builtRows(parsed.manifest, readHistory(context.projectDir));
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
  { graph, traced }: Drawing,
  output: string | undefined,
): Promise<void> {
  const { columnTree, plainTree, tree } = await import('../../docs/export/tree.ts');
  const lines: TreeSpan[][] = traced === undefined ? tree(graph) : columnTree(graph, traced);
  if (output !== undefined) return tell(invocation, plainTree(lines), output, graph);
  invocation.emit({ name: 'SqLineageTree', lines });
  const only = graph.nodes.length === 1 && traced === undefined ? graph.nodes[0] : undefined;
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
  replaceFile(resolve(invocation.cwd, output), text);
  const count = graph.nodes.length === 1 ? 'one node' : `${graph.nodes.length} nodes`;
  invocation.emit({ name: 'ListCmdOut', msg: `Lineage of ${count} written to ${output}` });
}
