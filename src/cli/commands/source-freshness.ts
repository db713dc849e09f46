import { join, resolve } from 'node:path';
import { checkFreshness } from '../../execute/index.ts';
import { writeFreshness } from '../../report/index.ts';
import { connected } from '../connected.ts';
import { openAndParse, tellFound, writeManifest } from '../open-and-parse.ts';
import { exitCode } from '../run-nodes.ts';
import { selectFor } from '../select-for.ts';
import type { Session } from '../session.ts';

/** Answers the exit code: 0, 1 when a source is too old or could not be asked. */
export async function run(session: Session): Promise<number> {
  const { invocation } = session;
  const opened = await openAndParse(session);
  const { context, parsed } = opened;
  tellFound(opened);
  const selected = selectFor(session, opened, 'freshness');
  const outcome = await connected(opened, { readOnly: false, selected }, (connection) =>
    checkFreshness({
      context,
      manifest: parsed.manifest,
      ...connection,
      selected,
      threads: context.settings.threads,
      failFast: false,
      dryRun: false,
    }),
  );
  writeManifest(opened);
  writeFreshness(invocation, resultPath(session, context.targetPath), outcome);
  return exitCode(outcome);
}

function resultPath({ invocation }: Session, targetPath: string): string {
  const { output } = invocation.flags.other;
  if (typeof output !== 'string') return join(targetPath, 'sources.json');
  invocation.emit({
    name: 'Deprecation',
    event_name: 'CustomOutputPathInSourceFreshnessDeprecation',
    msg: `Custom output path usage \`--output ${output}\` usage detected in \`dbt source freshness\` command.`,
  });
  return resolve(invocation.cwd, output);
}
