import { execute } from '../../execute/index.ts';
import { connected } from '../connected.ts';
import { inlineNode } from '../inline-node.ts';
import { inlineText } from '../inline-or-select.ts';
import { onlyAskedFor } from '../only-asked-for.ts';
import { type Opened, openAndParse, tellFound, writeManifest } from '../open-and-parse.ts';
import { exitCode, fileResults } from '../run-nodes.ts';
import { selectFor } from '../select-for.ts';
import type { Session } from '../session.ts';
import { shownResult } from '../shown-result.ts';

export async function run(session: Session): Promise<number> {
  const inline = inlineText(session);
  const opened = await openAndParse(session);
  tellFound(opened);
  try {
    return inline === undefined
      ? await compileSelected(session, opened)
      : await compileInline(session, opened, inline);
  } catch (error) {
    writeManifest(opened);
    throw error;
  }
}

/** Not read-only: a template of the user may write while it is compiled, as under dbt (decision 13). */
async function compileSelected(session: Session, opened: Opened): Promise<number> {
  const { invocation } = session;
  const { context, parsed } = opened;
  const selected = selectFor(session, opened, 'compile');
  const outcome = await connected(
    opened,
    { readOnly: false, selected, onlyWhenAsked: true },
    ({ driver, warehouse, compiler }) =>
      execute({
        command: 'compile',
        context,
        manifest: parsed.manifest,
        compiler,
        driver,
        warehouse,
        selected,
        threads: context.settings.threads,
        failFast: true,
        dryRun: false,
      }),
  );
  fileResults(session, opened, outcome);
  const nodes = outcome.results.map(({ unique_id, compiled_code }) => ({
    name: parsed.manifest.index.get(unique_id)?.name ?? unique_id,
    unique_id,
    compiled: compiled_code ?? '',
  }));
  for (const { name, unique_id, compiled } of onlyAskedFor(nodes, invocation)) {
    tellCompiled(session, { node_name: name, unique_id, compiled, is_inline: false });
  }
  return exitCode(outcome);
}

async function compileInline(session: Session, opened: Opened, sql: string): Promise<number> {
  const { context } = opened;
  const node = inlineNode(sql, context);
  const begun = performance.now();
  const compiled = await connected(
    opened,
    { readOnly: false, selected: [node.unique_id], onlyWhenAsked: true },
    ({ compiler }) => compiler.compile(node).then((result) => result.sql),
  );
  fileResults(session, opened, {
    results: [shownResult(node.unique_id, compiled, (performance.now() - begun) / 1000)],
    elapsed: (performance.now() - begun) / 1000,
    success: true,
    interrupted: false,
    compiled: new Map(),
  });
  tellCompiled(session, { node_name: node.name, unique_id: node.unique_id, compiled, is_inline: true });
  return 0;
}

function tellCompiled(
  { invocation }: Session,
  what: { node_name: string; unique_id: string; compiled: string; is_inline: boolean },
): void {
  const output_format = invocation.flags.other.output === 'json' ? 'json' : 'text';
  invocation.emit({ name: 'CompiledNode', ...what, output_format });
}
