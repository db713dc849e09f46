/** The command of run_results.json again, with its options, for what failed or was skipped. */
import { isAbsolute, join } from 'node:path';
import { SqError } from '../../errors.ts';
import type { BatchResults } from '../../execute/index.ts';
import { defaultFlags, type Flags, type Invocation } from '../../invocation.ts';
import { isMapping, readRunResults } from '../../load/index.ts';
import type { Manifest } from '../../manifest/manifest.ts';
import type { PreviousResult } from '../../manifest/previous-state.ts';
import { openProject } from '../../parse/index.ts';
import { COMMAND_SPECS } from '../command-specs.ts';
import { setFlag } from '../flags.ts';
import type { Repetition, Session } from '../session.ts';
import { loadCommand } from './index.ts';

/** Options that are those of this call, not of the command that is repeated. */
const OWN = new Set([
  'log_path',
  'output_path',
  'profiles_dir',
  'project_dir',
  'defer_state',
  'target_path',
  'warn_error',
]);

/** What the earlier call alone was asked: nothing of it is a flag any more. */
const NOT_FLAGS = new Set(['which', 'vars', 'invocation_command', 'warn_error_options', 'show', 'dry_run']);

const REPEATABLE = [
  'build',
  'compile',
  'clone',
  'generate',
  'seed',
  'snapshot',
  'test',
  'run',
  'run-operation',
];

export async function run(session: Session): Promise<number> {
  const { invocation } = session;
  const before = await previousRun(session);
  const args = isMapping(before.args) ? before.args : {};
  const which = String(args.which);
  if (!REPEATABLE.includes(which)) {
    throw new SqError({
      kind: 'Runtime',
      code: 'not-repeatable',
      message: `The previous command '${which}' cannot be retried`,
      hint: `commands that can: ${REPEATABLE.join(', ')}`,
    });
  }
  const repeated: Invocation = { ...invocation, flags: flagsOf(invocation.flags, which, args) };
  if (Object.keys(invocation.vars).length === 0 && isMapping(args.vars)) {
    Object.assign(repeated, { vars: args.vars });
  }
  const results = (before.results ?? []) as PreviousResult[];
  const again = repetition(results, which, { ...before, warnError: invocation.flags.warnError });
  const nothingFailed = results.every(({ status }) => !isRetried(status, false));
  if (which === 'run-operation' && nothingFailed) return 0;
  if (which === 'generate' && nothingFailed) {
    // a catalog of nothing would take the place of the one that is there
    invocation.emit({ name: 'NothingToDo' });
    return 0;
  }
  const command = COMMAND_SPECS.find((spec) => (spec.which ?? spec.name) === which)?.name ?? which;
  const module = await loadCommand(command);
  const argument = typeof args.macro === 'string' ? args.macro : undefined;
  return module.run({ ...session, invocation: repeated, argument, again });
}

/** run_results.json as it is. Throws dbt's error when there is none. */
async function previousRun({ invocation, projectFile }: Session): Promise<Record<string, unknown>> {
  const context = await openProject(invocation, projectFile);
  const { state } = invocation.flags.other;
  const folder = typeof state === 'string' ? state : context.targetPath;
  const results = readRunResults(isAbsolute(folder) ? folder : join(context.projectDir, folder));
  if (results !== undefined) return results;
  const shown = typeof state === 'string' ? state : context.project.targetPath;
  throw new SqError({
    kind: 'Runtime',
    code: 'no-previous-run',
    message: `Could not find previous run in '${shown}' target directory`,
    hint: 'name the folder that holds its run_results.json with --state',
  });
}

/** The flags of the earlier call, with those that only this call can know. */
function flagsOf(own: Flags, which: string, args: Readonly<Record<string, unknown>>): Flags {
  const flags: Flags = { ...own, ...defaultFlags(which), which, other: { ...own.other } };
  const kept: (keyof Flags)[] = [
    'logPath',
    'profilesDir',
    'projectDir',
    'targetPath',
    'warnError',
    'logFormat',
    'logFormatFile',
    'logLevel',
    'logLevelFile',
    'useColors',
    'useColorsFile',
    'debug',
    'quiet',
  ];
  for (const key of kept) Object.assign(flags, { [key]: own[key] });
  delete flags.other.state;
  for (const [name, value] of Object.entries(args)) {
    if (OWN.has(name) || NOT_FLAGS.has(name) || value === null || value === undefined) continue;
    if (LOGGING.test(name)) continue;
    setFlag(flags, name, value);
  }
  if (own.threads !== undefined) flags.threads = own.threads;
  return flags;
}

/** The reporter of this call is at work already. */
const LOGGING = /^(log_|use_colors|debug$|quiet$|printer_width)/;

function isRetried(status: string, warnError: boolean): boolean {
  if (status === 'warn') return warnError;
  return ['error', 'fail', 'skipped', 'runtime error', 'partial success'].includes(status);
}

function repetition(
  results: readonly PreviousResult[],
  which: string,
  before: Readonly<Record<string, unknown>> & { warnError: boolean },
): Repetition {
  const ours = results.filter(
    ({ unique_id }) => which === 'run-operation' || !unique_id.startsWith('operation.'),
  );
  const ids = ours.filter(({ status }) => isRetried(status, before.warnError)).map((one) => one.unique_id);
  const batches = new Map<string, BatchResults>();
  for (const { unique_id, batch_results } of ours) {
    if (!batch_results || batch_results.failed.length === 0 || batch_results.successful.length === 0)
      continue;
    batches.set(unique_id, batch_results);
  }
  const metadata = isMapping(before.metadata) ? before.metadata : {};
  const startedAt = metadata.invocation_started_at ?? metadata.generated_at;
  return {
    select: (manifest) => known(ids, manifest),
    batches,
    startedAt: typeof startedAt === 'string' ? startedAt : undefined,
  };
}

function known(ids: readonly string[], manifest: Manifest): string[] {
  for (const id of ids) {
    if (manifest.index.has(id)) continue;
    throw new SqError({
      kind: 'Runtime',
      code: 'retried-node-missing',
      message: `Couldn't find model '${id}' -- does it exist or is it disabled?`,
      hint: 'it failed in the run that is repeated, and is not in the project any more: run the command itself again',
    });
  }
  return [...ids];
}
