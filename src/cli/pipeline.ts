/** Open, parse, select, connect: the steps that commands share, strung together. */
import { join } from 'node:path';
import type { Driver } from '../adapters/contract.ts';
import { type Compiler, createCompiler } from '../compile/index.ts';
import { SqError } from '../errors.ts';
import { createWarehouse, type Warehouse } from '../execute/index.ts';
import { openProject, type ParsedProject, type ProjectContext, parseProject } from '../parse/index.ts';
import { statLine } from '../report/index.ts';
import { parseSelection, resourceTypesOf, selectNodes } from '../select/index.ts';
import { lazyDriver } from './lazy-driver.ts';
import type { Session } from './session.ts';

export interface Opened {
  context: ProjectContext;
  parsed: ParsedProject;
}

/** Opens and parses the project of the session and says so. */
export async function openAndParse(session: Session): Promise<Opened> {
  const { invocation } = session;
  refuseLaterFlags(session);
  const context = await openProject(invocation, session.projectFile);
  const { type, version } = context.adapter;
  invocation.emit({ name: 'AdapterRegistered', adapter_name: type, adapter_version: `=${version}` });
  const parsed = await parseProject(context);
  refuseInterrupted(session);
  return { context, parsed };
}

/** `Found 5 models, ...`. */
export function tellFound({ context, parsed }: Opened): void {
  context.invocation.emit({ name: 'FoundStats', stat_line: statLine(parsed.manifest) });
}

/** Unique ids that the session's flags select for its command; criteria that match nothing are warnings. */
export function selectFor(session: Session, opened: Opened, command: string): string[] {
  const { invocation } = session;
  const { indirectSelection, other } = invocation.flags;
  const select = words(other.select);
  const exclude = words(other.exclude);
  const selector = typeof other.selector === 'string' ? other.selector : undefined;
  if (selector !== undefined && select.length + exclude.length > 0) {
    const msg = '--select and --exclude are ignored, because --selector is given';
    invocation.emit({ name: 'Warning', event_name: 'SelectExcludeIgnoredWithSelectorWarning', msg });
  }
  const { manifest } = opened.parsed;
  const wanted = parseSelection({
    select,
    exclude,
    selector,
    indirectSelection,
    selectors: manifest.selectors,
  });
  if (wanted.defaultSelector !== undefined) {
    invocation.emit({ name: 'Note', msg: `Using default selector ${wanted.defaultSelector}` });
  }
  const { selected, warnings } = selectNodes(manifest, wanted, {
    resourceTypes: resourceTypesOf(command, {
      include: words(other.resource_types),
      exclude: words(other.exclude_resource_types),
    }),
    includeEmpty: command === 'ls',
    projectRoot: opened.context.projectDir,
  });
  for (const warning of warnings) invocation.emit(warning);
  return [...selected];
}

export interface Connected {
  driver: Driver;
  warehouse: Warehouse;
  compiler: Compiler;
}

/** Lends a driver and a compiler that looks through it; closes the driver after. */
export async function connected<T>(
  opened: Opened,
  options: { readOnly: boolean; selected: readonly string[]; onlyWhenAsked?: boolean },
  work: (connection: Connected) => Promise<T>,
): Promise<T> {
  const { context, parsed } = opened;
  const { invocation, settings, projectDir } = context;
  const { dryRun, introspect } = invocation.flags;
  const open = () =>
    context.adapter.open(settings, {
      invocation,
      projectDir,
      threads: settings.threads,
      readOnly: options.readOnly,
    });
  const lazily = options.onlyWhenAsked === true || options.selected.length === 0;
  const driver = lazily ? lazyDriver(open) : await open();
  try {
    const warehouse = createWarehouse(context, driver, { dryRun });
    const compiler = createCompiler({
      context,
      manifest: parsed.manifest,
      ...(introspect ? { inspector: warehouse.inspector } : {}),
      selected: options.selected,
    });
    return await work({ driver, warehouse, compiler });
  } finally {
    await driver.close();
  }
}

/** Writes manifest.json where artefacts are wanted. */
export function writeManifest(
  { context, parsed }: Opened,
  compiled?: Parameters<ParsedProject['writeManifest']>[0],
): void {
  const { invocation, targetPath } = context;
  if (!invocation.flags.writeJson) return;
  parsed.writeManifest(compiled);
  const artifact_path = join(targetPath, 'manifest.json');
  invocation.emit({ name: 'ArtifactWritten', artifact_type: 'WritableManifest', artifact_path });
}

/** Values of an option that takes several. */
export function words(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return Array.isArray(value) ? value.map(String) : [];
}

/** Throws when Ctrl-C came meanwhile: exit code 2, nothing more to report. */
export function refuseInterrupted(session: Session): void {
  if (!session.invocation.signal.aborted) return;
  throw new SqError({
    kind: 'Runtime',
    code: 'interrupted',
    message: 'Stopped by the user before anything was built',
  });
}

/** Ignoring these would build something else than was asked for. */
function refuseLaterFlags({ invocation }: Session): void {
  const { other } = invocation.flags;
  for (const [name, option] of [
    ['defer', '--defer'],
    ['sample', '--sample'],
  ] as const) {
    if (other[name] === undefined || other[name] === false) continue;
    throw new SqError({
      kind: 'Runtime',
      code: 'later',
      message: `${option} comes with a later release of sq`,
      hint:
        name === 'defer'
          ? 'build the parents too: sq build -s +model'
          : 'use --empty, or a variable that limits the source',
    });
  }
}
