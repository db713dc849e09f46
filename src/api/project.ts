/** A project that has been read: what the functions of the library work on. */

import type { Opened } from '../cli/open-and-parse.ts';
import { openAndParse } from '../cli/open-and-parse.ts';
import { SqError } from '../errors.ts';
import type { SqEvent } from '../events.ts';
import { createInvocation, type Flags, type Invocation } from '../invocation.ts';
import type { Manifest } from '../manifest/manifest.ts';

export interface LoadOptions {
  /** Folder of dbt_project.yml; default: the working folder, or the nearest above it. */
  projectDir?: string;
  /** Folder of profiles.yml; default as on the command line. */
  profilesDir?: string;
  profile?: string;
  target?: string;
  /** `--vars`. */
  vars?: Record<string, unknown>;
  /** For `env_var()`, secrets and the driver; default: the process's. Flags are not read from it. */
  env?: Record<string, string | undefined>;
  /** Default: the process's working folder. */
  cwd?: string;
  /** Every event, in order, as the JSON log has them. Default: none is heard. */
  onEvent?: (event: SqEvent) => void;
  /** Ends what runs: running statements are cancelled on the server. */
  signal?: AbortSignal;
  /** Any other flag of the command line. */
  flags?: Partial<Flags>;
}

export interface Project {
  readonly manifest: Manifest;
  /** Absolute folder. */
  readonly projectDir: string;
  /** Name of the target that is connected to. */
  readonly target: string;
  /** What was reused of the last parse. */
  readonly cache: { reuse: 'all' | 'some' | 'none'; files: number; parsedFiles: number };
  /** @internal What the parts of sq share about it. */
  readonly opened: Opened;
}

/**
 * Reads and parses a project; nothing is connected to yet. Throws SqError for a project, a profile or a file that
 * cannot be used.
 */
export async function load(options: LoadOptions = {}): Promise<Project> {
  const { projectDir, profilesDir, profile, target, flags } = options;
  const invocation = createInvocation({
    ...(options.env && { env: options.env }),
    ...(options.cwd && { cwd: options.cwd }),
    ...(options.vars && { vars: options.vars }),
    ...(options.onEvent && { emit: options.onEvent }),
    ...(options.signal && { signal: options.signal }),
    flags: { which: 'parse', projectDir, profilesDir, profile, target, ...flags, other: { ...flags?.other } },
  });
  return projectOf(await openAndParse({ invocation, argument: undefined, projectFile: undefined }));
}

function projectOf(opened: Opened): Project {
  const { context, parsed } = opened;
  return {
    manifest: parsed.manifest,
    projectDir: context.projectDir,
    target: context.profile.targetName,
    cache: parsed.cache,
    opened,
  };
}

/** The project with the flags of one call: each has an invocation of its own. */
export function withFlags(
  { opened }: Project,
  which: string,
  flags: Partial<Flags>,
  other: Record<string, unknown>,
): { invocation: Invocation; opened: Opened } {
  const before = opened.context.invocation;
  if (before.signal.aborted) {
    throw new SqError({
      kind: 'Runtime',
      code: 'interrupted',
      message: 'The signal of this project is aborted',
    });
  }
  const fresh = createInvocation({
    env: before.env,
    cwd: before.cwd,
    vars: before.vars,
    emit: (event) => before.emit(event),
    signal: before.signal,
    flags: { ...before.flags, ...flags, which, other: { ...before.flags.other, ...other } },
  });
  for (const secret of before.secrets) fresh.secrets.add(secret);
  const settings = { ...opened.context.settings, ...(flags.threads && { threads: flags.threads }) };
  return {
    invocation: fresh,
    opened: { ...opened, context: { ...opened.context, invocation: fresh, settings } },
  };
}
