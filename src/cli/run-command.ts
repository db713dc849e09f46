/** One command in one invocation: events to the reporter, errors to text, Ctrl-C to an abort signal. */
import { setMaxListeners } from 'node:events';
import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { resolve } from 'node:path';
import { asSqError, SqError } from '../errors.ts';
import { createInvocation, type Invocation } from '../invocation.ts';
import type { ProjectFileContents } from '../load/index.ts';
import { createReporter, type Reporter } from '../report/index.ts';
import { DBT_VERSION } from '../version.ts';
import { loadCommand } from './commands/index.ts';
import { applyProjectFlags, type ResolvedFlags, resolveFlags } from './flags.ts';
import { invocationArgs } from './invocation-args.ts';
import type { Given, ParsedArguments } from './parse-arguments.ts';
import type { Session } from './session.ts';
import { UsageError } from './usage-error.ts';

/** What the process gives; a test gives its own. */
export interface RunningProcess {
  argv: readonly string[];
  cwd: string;
  env: Record<string, string | undefined>;
  stdout(text: string): void;
  stderr(text: string): void;
  terminal: { readonly columns: number } | undefined;
  /** A person can be asked. */
  interactive: boolean;
  /** Calls `handle` at every Ctrl-C (or request to end). */
  onInterrupt(handle: () => void): void;
  /** Ends at once, without waiting for anything. */
  kill(): void;
}

/** Answers the exit code. Throws UsageError when options make no sense. */
export async function runCommand(
  parsed: Extract<ParsedArguments, { kind: 'command' }>,
  around: RunningProcess,
): Promise<number> {
  const { command, given } = parsed;
  const vars = await readYaml(given, 'vars', command);
  const warn_error_options = await readYaml(given, 'warn_error_options', command, around.env);
  const resolved = resolveFlags(command, given, around.env, { warn_error_options });
  const args = await readYaml(given, 'args', command);
  if (args !== undefined) resolved.flags.other.args = args;
  refuseMissingFolders(command, resolved.flags, around.cwd);
  const projectFile = command === 'init' ? undefined : await peekProject(around.cwd, resolved);
  const abort = new AbortController();
  // every build of a backfill and every node that waits listens: more than ten are no leak
  setMaxListeners(0, abort.signal);
  let reporter: Reporter | undefined;
  const invocation = createInvocation({
    env: around.env,
    cwd: around.cwd,
    vars: vars ?? {},
    flags: resolved.flags,
    argv: around.argv,
    signal: abort.signal,
    emit: (event) => reporter?.emit(event),
  });
  reporter = await createReporter({
    invocation,
    stdout: around.stdout,
    stderr: around.stderr,
    terminal: around.terminal,
  });
  around.onInterrupt(() => {
    if (abort.signal.aborted) around.kill();
    invocation.emit({ name: 'MainKeyboardInterrupt' });
    abort.abort();
  });
  reporter.logTo(logFolder(invocation, projectFile));
  const session: Session = { invocation, argument: parsed.argument, projectFile };
  const begun = performance.now();
  const code = await guarded(session, command);
  invocation.emit({
    name: 'CommandCompleted',
    command: `sq ${command}`,
    success: code === 0,
    elapsed: (performance.now() - begun) / 1000,
    completed_at: invocation.now().toISOString(),
  });
  reporter.close();
  return code;
}

async function guarded(session: Session, command: string): Promise<number> {
  const { invocation } = session;
  try {
    invocation.emit({ name: 'MainReportVersion', version: `=${DBT_VERSION}`, log_version: 3 });
    invocation.emit({ name: 'MainReportArgs', args: invocationArgs(invocation) });
    const module = await loadCommand(command);
    return await module.run(session);
  } catch (thrown) {
    if (thrown instanceof UsageError) throw thrown;
    const error = asSqError(thrown, invocation.cwd);
    invocation.emit({ name: 'MainEncounteredError', exc: error.text });
    if (error.kind === 'Internal' && thrown instanceof Error && thrown.stack) {
      invocation.emit({ name: 'MainStackTrace', stack_trace: thrown.stack });
    }
    return 2;
  }
}

/** As click does for options that name a folder; `debug` and `init` tell in their own way what is missing. */
function refuseMissingFolders(command: string, flags: ResolvedFlags['flags'], cwd: string): void {
  const named = { '--project-dir': flags.projectDir, '--profiles-dir': flags.profilesDir };
  for (const [option, folder] of Object.entries(named)) {
    if (folder === undefined || existsSync(resolve(cwd, folder.replace(/^~(?=\/|$)/, homedir())))) continue;
    if (option === '--profiles-dir' && ['debug', 'init'].includes(command)) continue;
    throw new UsageError(`Invalid value for '${option}': Path '${folder}' does not exist.`, command);
  }
}

/** dbt_project.yml, its flags applied; undefined when there is none to read: the command itself will say why. */
async function peekProject(cwd: string, resolved: ResolvedFlags): Promise<ProjectFileContents | undefined> {
  const { findProjectFolder, readProjectFile } = await import('../load/project-file.ts');
  try {
    const file = readProjectFile(findProjectFolder({ cwd, flags: resolved.flags }));
    applyProjectFlags(resolved, file.flags);
    return file;
  } catch (error) {
    if (error instanceof SqError) return undefined;
    throw error;
  }
}

/** Where dbt.log is: as flags say (relative to the working folder), as the project says, `logs` in the project. */
function logFolder(invocation: Invocation, file: ProjectFileContents | undefined): string | undefined {
  const { logPath } = invocation.flags;
  if (logPath !== undefined) return resolve(invocation.cwd, logPath);
  if (file === undefined) return undefined;
  const written = file.values['log-path'];
  return resolve(file.root, typeof written === 'string' && !written.includes('{') ? written : 'logs');
}

async function readYaml(
  given: Given,
  name: 'vars' | 'args' | 'warn_error_options',
  command: string,
  env: Readonly<Record<string, string | undefined>> = {},
): Promise<Record<string, unknown> | undefined> {
  const key = name.toUpperCase();
  const text = given[name] ?? env[`DBT_ENGINE_${key}`] ?? env[`DBT_${key}`] ?? env[`SQ_${key}`];
  if (typeof text !== 'string' || (given[name] === undefined && text === '')) return undefined;
  const { parseYamlOption } = await import('../load/vars.ts');
  try {
    return parseYamlOption(text, name === 'vars' ? 'vars' : 'args');
  } catch (error) {
    if (!(error instanceof SqError)) throw error;
    const hint = error.hint === undefined ? '' : ` (${error.hint})`;
    const option = `--${name.replaceAll('_', '-')}`;
    throw new UsageError(`Invalid value for '${option}': String '${text}' is not valid YAML${hint}`, command);
  }
}
