/** `run`, `build`, `test` and `seed`: select, execute, file the results. */
import { keeping } from '../adapters/shared/kept.ts';
import { writeHistory } from '../docs/history/write-history.ts';
import { type ExecuteCommand, type ExecuteOutcome, execute } from '../execute/index.ts';
import { writeRunResults } from '../report/index.ts';
import { connected } from './connected.ts';
import { invocationArgs } from './invocation-args.ts';
import { type Opened, openAndParse, tellFound, writeManifest } from './open-and-parse.ts';
import { selectFor } from './select-for.ts';
import type { Session } from './session.ts';
import { showSeeds } from './show-seeds.ts';

/** Answers the exit code: 0, 1 when a node failed, 2 after Ctrl-C. */
export function runNodes(session: Session, command: ExecuteCommand): Promise<number> {
  return keeping(session.invocation.signal, () => selectExecuteFile(session, command));
}

async function selectExecuteFile(session: Session, command: ExecuteCommand): Promise<number> {
  const opened = await openAndParse(session);
  tellFound(opened);
  const outcome = await executed(session, opened, command);
  fileResults(session, opened, outcome);
  const { dryRun, other } = session.invocation.flags;
  if (!dryRun) fileHistory(session, opened, command, outcome);
  if (other.docs === true && !dryRun && !outcome.interrupted) await fileDocs(opened, outcome);
  return exitCode(outcome);
}

/** Selects as the session's flags say, and executes. Throws SqError when the run as a whole cannot go on. */
export async function executed(
  session: Session,
  opened: Opened,
  command: ExecuteCommand,
): Promise<ExecuteOutcome> {
  const { failFast, dryRun, other } = session.invocation.flags;
  const { context, parsed } = opened;
  try {
    const selected = selectFor(session, opened, command);
    return await connected(opened, { readOnly: dryRun, selected }, async (connection) => {
      const outcome = await execute({
        command,
        context,
        manifest: parsed.manifest,
        ...connection,
        selected,
        threads: context.settings.threads,
        failFast,
        dryRun,
        ...(session.again && { again: session.again }),
      });
      if (other.show === true && !dryRun) await showSeeds(opened, outcome, connection);
      return outcome;
    });
  } catch (error) {
    // dbt has written the manifest by then: who looks for the cause finds it
    writeManifest(opened);
    throw error;
  }
}

/** manifest.json and run_results.json of an outcome. */
export function fileResults(session: Session, opened: Opened, outcome: ExecuteOutcome): void {
  const { invocation } = session;
  writeManifest(opened, outcome.compiled);
  writeRunResults({
    invocation,
    targetPath: opened.context.targetPath,
    results: outcome.results,
    elapsed: outcome.elapsed,
    args: invocationArgs(invocation),
  });
}

function fileHistory(session: Session, { context }: Opened, command: string, outcome: ExecuteOutcome): void {
  const { success, interrupted, results, elapsed } = outcome;
  writeHistory(context.projectDir, {
    invocation: session.invocation,
    command,
    target: context.profile.targetName,
    elapsed,
    success,
    interrupted,
    results,
  });
}

/** `build --docs`; what failed in the build is what its page is for. */
async function fileDocs(opened: Opened, { compiled }: ExecuteOutcome): Promise<void> {
  const { generateDocs } = await import('./docs/generate-docs.ts');
  const { wholeDocs } = await import('./docs/docs-options.ts');
  await generateDocs(opened, wholeDocs(opened), compiled);
}

export function exitCode(outcome: Pick<ExecuteOutcome, 'success' | 'interrupted'>): number {
  if (outcome.interrupted) return 2;
  return outcome.success ? 0 : 1;
}
