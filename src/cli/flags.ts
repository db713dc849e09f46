/** Options, environment and project flags as one set of Flags. Precedence as dbt: in that order. */
import { defaultFlags, type Flags } from '../invocation.ts';
import { commandSpec } from './command-specs.ts';
import type { OptionSpec } from './option-spec.ts';
import { optionsOf } from './option-specs.ts';
import { checked, type Given } from './parse-arguments.ts';
import { UsageError } from './usage-error.ts';

type Env = Readonly<Record<string, string | undefined>>;

/** Names of dbt (`full_refresh`) to members of Flags; every other option stays under `other`. */
const MEMBERS = {
  debug: 'debug',
  quiet: 'quiet',
  fail_fast: 'failFast',
  full_refresh: 'fullRefresh',
  warn_error: 'warnError',
  partial_parse: 'partialParse',
  write_json: 'writeJson',
  use_colors: 'useColors',
  use_colors_file: 'useColorsFile',
  printer_width: 'printerWidth',
  log_format: 'logFormat',
  log_format_file: 'logFormatFile',
  log_level: 'logLevel',
  log_level_file: 'logLevelFile',
  log_path: 'logPath',
  log_file_max_bytes: 'logFileMaxBytes',
  show_all_deprecations: 'showAllDeprecations',
  store_failures: 'storeFailures',
  empty: 'empty',
  introspect: 'introspect',
  print: 'print',
  indirect_selection: 'indirectSelection',
  dry_run: 'dryRun',
  threads: 'threads',
  target: 'target',
  profile: 'profile',
  profiles_dir: 'profilesDir',
  project_dir: 'projectDir',
  target_path: 'targetPath',
} as const satisfies Record<string, keyof Flags>;

export interface ResolvedFlags {
  flags: Flags;
  /** dbt's names of what the command line or the environment said: project flags do not change these. */
  decided: ReadonlySet<string>;
}

/** What YAML options hold, read beforehand: reading YAML is loaded only when one is given. */
export interface YamlValues {
  warn_error_options?: Record<string, unknown> | undefined;
}

/** Command line over environment over defaults. Throws UsageError for a value that is none. */
export function resolveFlags(command: string, given: Given, env: Env, yaml: YamlValues = {}): ResolvedFlags {
  // dbt colours its log file; people read it with tools that show the codes
  const flags: Flags = { ...defaultFlags(commandSpec(command)?.which ?? command), useColorsFile: false };
  const decided = new Set<string>();
  for (const spec of optionsOf(command)) {
    const value = given[spec.name] ?? fromEnvironment(spec, env, command);
    if (value === undefined) {
      if (spec.usual !== undefined) setFlag(flags, spec.name, spec.usual);
      continue;
    }
    decided.add(spec.name);
    if (spec.name !== 'warn_error_options') setFlag(flags, spec.name, value);
  }
  if (yaml.warn_error_options) flags.warnErrorOptions = warnErrorOptions(yaml.warn_error_options);
  followConsole(flags, decided);
  // its output goes into other programs; warnings go to stderr
  if (command === 'lineage' && !decided.has('log_level') && !flags.debug) flags.logLevel = 'warn';
  return { flags, decided };
}

/** `flags:` of dbt_project.yml, where nothing nearer has decided. Behaviour flags go to `other`. */
export function applyProjectFlags(resolved: ResolvedFlags, project: Readonly<Record<string, unknown>>): void {
  const { flags, decided } = resolved;
  for (const [name, value] of Object.entries(project)) {
    if (decided.has(name) || value === null || value === undefined) continue;
    if (name === 'warn_error_options') {
      if (typeof value === 'object')
        flags.warnErrorOptions = warnErrorOptions(value as Record<string, unknown>);
    } else {
      setFlag(flags, name, value);
    }
  }
}

/** Sets a flag by dbt's name; a value of another type than the flag's is passed over. */
export function setFlag(flags: Flags, name: string, value: unknown): void {
  const member = MEMBERS[name as keyof typeof MEMBERS];
  if (member === undefined) {
    flags.other[name] = value;
    return;
  }
  const before = flags[member];
  if (before !== undefined && typeof before !== typeof value) return;
  Object.assign(flags, { [member]: value });
}

/** dbt: `--log-format`, `--log-level` and `--use-colors` hold for the log file too, unless it has its own. */
function followConsole(flags: Flags, decided: ReadonlySet<string>): void {
  if (decided.has('log_format') && !decided.has('log_format_file')) flags.logFormatFile = flags.logFormat;
  if (decided.has('log_level') && !decided.has('log_level_file')) flags.logLevelFile = flags.logLevel;
}

/** The value of DBT_ENGINE_X, else DBT_X, else SQ_X. */
function fromEnvironment(spec: OptionSpec, env: Env, command: string): Given[string] | undefined {
  if (spec.env === false) return undefined;
  const name = spec.name.toUpperCase();
  const found = [`DBT_ENGINE_${name}`, `DBT_${name}`, `SQ_${name}`].find((key) => env[key]);
  if (found === undefined) return undefined;
  const text = env[found]!;
  switch (spec.kind) {
    case 'flag':
    case 'switch':
      return truth(text, found, command);
    case 'many':
      return text.split(/[\s,]+/).map((one) => String(checked(one, spec, command)));
    default:
      return checked(text, spec, command);
  }
}

function truth(text: string, name: string, command: string): boolean {
  const word = text.trim().toLowerCase();
  if (['1', 'true', 't', 'yes', 'y', 'on'].includes(word)) return true;
  if (['0', 'false', 'f', 'no', 'n', 'off'].includes(word)) return false;
  throw new UsageError(
    `Invalid value for environment variable ${name}: '${text}' is not a valid boolean.`,
    command,
  );
}

/** `{error: all, warn: [..], silence: [..]}`; `include`/`exclude` are the old names of error and warn. */
function warnErrorOptions(value: Readonly<Record<string, unknown>>): Flags['warnErrorOptions'] {
  const error = value.error ?? value.include;
  return {
    error: error === 'all' || error === '*' ? 'all' : names(error),
    warn: names(value.warn ?? value.exclude),
    silence: names(value.silence),
  };
}

function names(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  return Array.isArray(value) ? value.map(String) : [];
}
