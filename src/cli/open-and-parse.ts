/** The steps that every command on a project shares: open it, parse it, write its manifest. */
import { join } from 'node:path';
import { eventTimeWindow } from '../compile/event-time.ts';
import { SqError } from '../errors.ts';
import {
  openProject,
  type ParsedProject,
  type ProjectContext,
  parseProject,
  unusedConfigPaths,
} from '../parse/index.ts';
import { statLine } from '../report/index.ts';
import type { Session } from './session.ts';
import { type StateFolders, stateFolders } from './state-folders.ts';
import { UsageError } from './usage-error.ts';

export interface Opened {
  context: ProjectContext;
  parsed: ParsedProject;
  /** Of `--state` and `--defer-state`. */
  folders: StateFolders;
}

/** Opens and parses the project of the session and says so. */
export async function openAndParse(session: Session): Promise<Opened> {
  const { invocation } = session;
  checkMoments(session);
  const context = await openProject(invocation, session.projectFile);
  const { type, version } = context.adapter;
  invocation.emit({ name: 'AdapterRegistered', adapter_name: type, adapter_version: `=${version}` });
  const parsed = await parseProject(context);
  tellUnusedConfig(context, parsed);
  refuseInterrupted(session);
  return { context, parsed, folders: stateFolders(context) };
}

/** dbt's warning of folder config that applies to nothing. */
function tellUnusedConfig(context: ProjectContext, parsed: ParsedProject): void {
  const unused = unusedConfigPaths(context.project, parsed.manifest);
  if (unused.length === 0) return;
  const list = unused.map((path) => `- ${path}`).join('\n');
  context.invocation.emit({
    name: 'Warning',
    event_name: 'UnusedResourceConfigPath',
    msg: `Configuration paths exist in your dbt_project.yml file which do not apply to any resources.\nThere are ${unused.length} unused configuration paths:\n${list}`,
  });
}

/** `Found 5 models, ...`. */
export function tellFound({ context, parsed }: Opened): void {
  context.invocation.emit({ name: 'FoundStats', stat_line: statLine(parsed.manifest) });
}

/** Writes manifest.json where artefacts are wanted; answers the name of the body it holds. */
export function writeManifest(
  { context, parsed }: Opened,
  compiled?: Parameters<ParsedProject['writeManifest']>[0],
): string | undefined {
  const { invocation, targetPath } = context;
  if (!invocation.flags.writeJson) return undefined;
  const body = parsed.writeManifest(compiled);
  const artifact_path = join(targetPath, 'manifest.json');
  invocation.emit({ name: 'ArtifactWritten', artifact_type: 'WritableManifest', artifact_path });
  return body;
}

/** Throws when Ctrl-C came meanwhile: exit code 2, nothing more to report. */
function refuseInterrupted(session: Session): void {
  if (!session.invocation.signal.aborted) return;
  throw new SqError({
    kind: 'Runtime',
    code: 'interrupted',
    message: 'Stopped by the user before anything was built',
  });
}

/** Moments of the command line are read before anything is done; click's words for what is none. */
function checkMoments({ invocation }: Session): void {
  try {
    eventTimeWindow(invocation);
  } catch (error) {
    if (!(error instanceof SqError) || !error.message.startsWith('Invalid value for')) throw error;
    throw new UsageError(error.message, invocation.flags.which);
  }
}
