import { SqError } from '../../errors.ts';
import { type NodeResult, type Shown, showNode } from '../../execute/index.ts';
import { type CompiledNode, isCompiled } from '../../manifest/nodes.ts';
import { rowsJson, tableText } from '../../report/index.ts';
import { connected } from '../connected.ts';
import { inlineNode } from '../inline-node.ts';
import { inlineText } from '../inline-or-select.ts';
import { onlyAskedFor } from '../only-asked-for.ts';
import { type Opened, openAndParse, tellFound, writeManifest } from '../open-and-parse.ts';
import { fileResults } from '../run-nodes.ts';
import { selectFor, words } from '../select-for.ts';
import type { Session } from '../session.ts';
import { shownResult } from '../shown-result.ts';

export async function run(session: Session): Promise<number> {
  const { invocation } = session;
  const { other } = invocation.flags;
  const inline = inlineText(session);
  if (inline === undefined && words(other.select).length === 0 && other.selector === undefined) {
    throw new SqError({
      kind: 'Runtime',
      code: 'nothing-to-show',
      message: 'Either --select or --inline must be passed to show',
      hint: 'sq show -s songplays, or sq show --inline "select 1"',
    });
  }
  const opened = await openAndParse(session);
  tellFound(opened);
  try {
    return await showNodes(session, opened, inline);
  } catch (error) {
    writeManifest(opened);
    throw error;
  }
}

async function showNodes(session: Session, opened: Opened, inline: string | undefined): Promise<number> {
  const nodes = inline === undefined ? selectedNodes(session, opened) : [inlineNode(inline, opened.context)];
  if (nodes.length === 0) session.invocation.emit({ name: 'NothingToDo' });
  else tellThreads(opened, nodes.length);
  await showAll(session, opened, nodes);
  return 0;
}

function selectedNodes(session: Session, opened: Opened): CompiledNode[] {
  const { manifest } = opened.parsed;
  const nodes = selectFor(session, opened, 'show')
    .map((id) => manifest.get(id))
    .filter((node) => node !== undefined)
    .filter(isCompiled);
  // a named selector has no text to look for names in
  return words(session.invocation.flags.other.select).length === 0
    ? nodes
    : onlyAskedFor(nodes, session.invocation);
}

async function showAll(session: Session, opened: Opened, nodes: readonly CompiledNode[]): Promise<void> {
  const { invocation } = session;
  const begun = performance.now();
  const seconds = () => (performance.now() - begun) / 1000;
  const results: NodeResult[] = [];
  const shown: { node: CompiledNode; table: Shown['table'] }[] = [];
  const limit = limitOf(invocation.flags.other.limit);
  await connected(
    opened,
    { readOnly: true, selected: nodes.map((node) => node.unique_id) },
    async (connection) => {
      for (const node of nodes) {
        const { query, table } = await showNode({ context: opened.context, ...connection, node, limit });
        results.push(shownResult(node.unique_id, query, seconds()));
        shown.push({ node, table });
      }
    },
  );
  fileResults(session, opened, {
    results,
    elapsed: seconds(),
    success: true,
    interrupted: false,
    compiled: new Map(),
  });
  const output_format = invocation.flags.other.output === 'json' ? 'json' : 'text';
  for (const { node, table } of shown) {
    invocation.emit({
      name: 'ShowNode',
      node_name: node.name,
      preview: output_format === 'json' ? rowsJson(table) : tableText(table),
      is_inline: node.resource_type === 'sql_operation',
      output_format,
      unique_id: node.unique_id,
    });
  }
}

/** Negative: all rows. */
function limitOf(value: unknown): number | null {
  return typeof value === 'number' && value >= 0 ? value : null;
}

function tellThreads({ context }: Opened, node_count: number): void {
  context.invocation.emit({
    name: 'ConcurrencyLine',
    num_threads: context.settings.threads,
    target_name: context.profile.targetName,
    node_count,
  });
}
