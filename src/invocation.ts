/**
 * One call of sq: everything that is not data of the project. There is no module-level state, so several
 * invocations can run in one process without meeting (decision 8).
 */
import { randomUUID } from 'node:crypto';
import type { SqEvent } from './events.ts';

/** Global flags after precedence: command line, then DBT_ENGINE_* / DBT_* / SQ_*, then `flags:` of the project. */
export interface Flags {
  /** The command as typed: `run`, `build`, `ls`, ... */
  which: string;
  debug: boolean;
  quiet: boolean;
  failFast: boolean;
  fullRefresh: boolean;
  warnError: boolean;
  warnErrorOptions: { error: string[] | 'all'; warn: string[]; silence: string[] };
  partialParse: boolean;
  writeJson: boolean;
  useColors: boolean;
  useColorsFile: boolean;
  printerWidth: number;
  logFormat: 'text' | 'debug' | 'json' | 'default';
  logFormatFile: 'text' | 'debug' | 'json' | 'default';
  logLevel: 'debug' | 'info' | 'warn' | 'error' | 'none';
  logLevelFile: 'debug' | 'info' | 'warn' | 'error' | 'none';
  logPath: string | undefined;
  logFileMaxBytes: number;
  showAllDeprecations: boolean;
  storeFailures: boolean;
  empty: boolean;
  introspect: boolean;
  print: boolean;
  indirectSelection: 'eager' | 'cautious' | 'buildable' | 'empty';
  dryRun: boolean;
  threads: number | undefined;
  target: string | undefined;
  profile: string | undefined;
  profilesDir: string | undefined;
  projectDir: string | undefined;
  targetPath: string | undefined;
  /** Every other flag by its dbt name (lower case, underscores), for `flags.X` in templates and for `args`. */
  other: Record<string, unknown>;
}

export interface Invocation {
  /** UUID v4, dbt's invocation_id. */
  readonly id: string;
  readonly startedAt: Date;
  /** The clock; stands still at SQ_TEST_NOW when that is set. Never used to measure durations. */
  now(): Date;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Absolute. */
  readonly cwd: string;
  /** `--vars`, parsed. */
  readonly vars: Readonly<Record<string, unknown>>;
  readonly flags: Flags;
  /** The command line after the program's name, for `invocation_command`. */
  readonly argv: readonly string[];
  emit(event: SqEvent): void;
  /** Aborted on Ctrl-C. */
  readonly signal: AbortSignal;
  /** Values that must never be shown: DBT_ENV_SECRET_*, SQ_SECRET_*, passwords of the profile. */
  readonly secrets: Set<string>;
}

export function defaultFlags(which: string): Flags {
  return {
    which,
    debug: false,
    quiet: false,
    failFast: false,
    fullRefresh: false,
    warnError: false,
    warnErrorOptions: { error: [], warn: [], silence: [] },
    partialParse: true,
    writeJson: true,
    useColors: true,
    useColorsFile: true,
    printerWidth: 80,
    logFormat: 'default',
    logFormatFile: 'debug',
    logLevel: 'info',
    logLevelFile: 'debug',
    logPath: undefined,
    logFileMaxBytes: 10 * 1024 * 1024,
    showAllDeprecations: false,
    storeFailures: false,
    empty: false,
    introspect: true,
    print: true,
    indirectSelection: 'eager',
    dryRun: false,
    threads: undefined,
    target: undefined,
    profile: undefined,
    profilesDir: undefined,
    projectDir: undefined,
    targetPath: undefined,
    other: {},
  };
}

export interface InvocationOptions {
  env?: Record<string, string | undefined>;
  cwd?: string;
  vars?: Record<string, unknown>;
  flags?: Partial<Flags>;
  argv?: readonly string[];
  emit?: (event: SqEvent) => void;
  signal?: AbortSignal;
}

/** A new invocation; what is left out is taken from the process (environment, folder) or is silent (events). */
export function createInvocation(options: InvocationOptions = {}): Invocation {
  const env = options.env ?? process.env;
  const frozenNow = env.SQ_TEST_NOW ? new Date(env.SQ_TEST_NOW) : undefined;
  const now = () => frozenNow ?? new Date();
  return {
    id: randomUUID(),
    startedAt: now(),
    now,
    env,
    cwd: options.cwd ?? process.cwd(),
    vars: options.vars ?? {},
    flags: { ...defaultFlags('parse'), ...options.flags },
    argv: options.argv ?? [],
    emit: options.emit ?? (() => {}),
    signal: options.signal ?? new AbortController().signal,
    secrets: new Set(secretValues(env)),
  };
}

/** Values of DBT_ENV_SECRET_* and SQ_SECRET_* that are not blank (decision 24). */
export function secretValues(env: Readonly<Record<string, string | undefined>>): string[] {
  return Object.entries(env)
    .filter(
      ([name, value]) =>
        /^(DBT_ENV_SECRET_|SQ_SECRET_)/.test(name) && value !== undefined && value.trim() !== '',
    )
    .map(([, value]) => value as string);
}

/** `text` with every secret replaced by `*****` (dbt's mask). Longest first, so that one inside another goes too. */
export function scrub(text: string, secrets: ReadonlySet<string>): string {
  if (secrets.size === 0) return text;
  let out = text;
  for (const secret of [...secrets].sort((a, b) => b.length - a.length)) {
    if (secret !== '' && out.includes(secret)) out = out.replaceAll(secret, '*****');
  }
  return out;
}
