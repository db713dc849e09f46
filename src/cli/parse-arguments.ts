/** The command line as values: which command, which options; dbt's way of writing both. */
import { Command, CommanderError, Option } from 'commander';
import { nearest } from '../errors.ts';
import { COMMAND_GROUPS, COMMAND_SPECS, type CommandSpec, commandSpec } from './command-specs.ts';
import { commandHelp, programHelp } from './help.ts';
import { longName, type OptionSpec } from './option-spec.ts';
import { OPTION_SPECS, optionsOf } from './option-specs.ts';
import { checkProjectName } from './project-name.ts';
import { UsageError } from './usage-error.ts';

/** Values by dbt's option names; only what was written on the command line. YAML is still text. */
export type Given = Readonly<Record<string, string | number | boolean | readonly string[]>>;

export type ParsedArguments =
  | { kind: 'help'; text: string; asked: boolean }
  | { kind: 'version' }
  | { kind: 'command'; command: string; argument: string | undefined; given: Given };

/**
 * Reads `argv` (what follows the program's name). Options may stand before or after the command.
 * `interactive`: a person can be asked for an argument that is missing. Throws UsageError with click's words.
 */
export function parseArguments(argv: readonly string[], interactive = false): ParsedArguments {
  const { command, rest } = splitCommand(argv);
  const asksHelp = argv.includes('--help') || argv.includes('-h');
  if (command === undefined) {
    if (rest.some((word) => ['--version', '-V', '-v'].includes(word))) return { kind: 'version' };
    const unknown = rest.find((word) => word.startsWith('-') && !asksHelp && !isKnownOption(word));
    if (unknown !== undefined) throw noSuchOption(unknown, OPTION_SPECS, undefined);
    const last = rest.at(-1);
    if (last !== undefined && !asksHelp && optionsWithValue().has(last)) {
      throw new UsageError(`Option '${last}' requires an argument.`);
    }
    return { kind: 'help', text: programHelp(), asked: asksHelp };
  }
  const spec = commandSpec(command);
  if (spec === undefined) throw noSuchCommand(command);
  if (asksHelp) return { kind: 'help', text: commandHelp(spec), asked: true };
  const parsed = parseOptions(spec, rest);
  checkArgument(spec, parsed.argument, interactive);
  return { kind: 'command', command: spec.name, ...parsed };
}

function checkArgument(spec: CommandSpec, argument: string | undefined, interactive: boolean): void {
  if (spec.argument === undefined) return;
  if (spec.argumentOptional) return;
  if (argument !== undefined) checkProjectName(argument);
  else if (!interactive)
    throw new UsageError(`Missing argument '${spec.argument[0].toUpperCase()}'.`, spec.name);
}

function parseOptions(
  spec: CommandSpec,
  words: readonly string[],
): { argument: string | undefined; given: Given } {
  const specs = optionsOf(spec.name);
  const program = new Command(`sq ${spec.name}`)
    .exitOverride()
    .configureOutput({ writeErr: () => {}, writeOut: () => {} })
    .helpOption(false)
    .argument('[argument]')
    .allowExcessArguments(true);
  for (const option of specs) addOption(program, option, spec.name);
  try {
    program.parse(canonical(words, specs), { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) throw inClicksWords(error, specs, spec.name);
    throw error;
  }
  const extra = program.args.slice(spec.argument ? 1 : 0);
  if (extra.length > 0) {
    const s = extra.length === 1 ? '' : 's';
    const words = extra.join(' ');
    const selects = specs.some(({ name }) => name === 'select');
    const hint = selects ? `. Did you mean '--select ${words}'?` : '';
    throw new UsageError(`Got unexpected extra argument${s} (${words})${hint}`, spec.name);
  }
  const values = program.opts<Record<string, string | number | boolean | string[] | undefined>>();
  const given: Record<string, string | number | boolean | readonly string[]> = {};
  for (const option of specs) {
    const value = values[camel(option.name)];
    if (value !== undefined) given[option.name] = value;
  }
  return { argument: program.args[0], given };
}

function addOption(program: Command, spec: OptionSpec, command: string): void {
  const name = longName(spec);
  const short = spec.short ? `-${spec.short}, ` : '';
  const check = (value: string) => checked(value, spec, command);
  switch (spec.kind) {
    case 'flag':
      program.option(`${short}${name}`);
      return;
    case 'switch':
      program.option(`${short}${name}`).option(`--no-${name.slice(2)}`);
      // commander starts `--no-x` at true; nothing given must stay nothing
      program.setOptionValue(camel(spec.name), undefined);
      return;
    case 'many':
      program.addOption(
        new Option(`${short}${name} <values...>`).argParser((value: string, before: string[] | undefined) => [
          ...(before ?? []),
          ...(spec.choices
            ? value.split(/[\s,]+/).map((one) => checked(one, spec, command) as string)
            : [value]),
        ]),
      );
      return;
    default:
      program.addOption(new Option(`${short}${name} <value>`).argParser(check));
  }
}

/** A value as its kind wants it; click compares choices without regard to case. */
export function checked(value: string, spec: OptionSpec, command?: string): string | number {
  if (spec.kind === 'integer') {
    if (/^[+-]?\d+$/.test(value.trim())) return Number(value);
    throw new UsageError(
      `Invalid value for '${longName(spec)}': '${value}' is not a valid integer.`,
      command,
    );
  }
  if (spec.choices) {
    const choice = spec.choices.find((one) => one === value.toLowerCase());
    if (choice !== undefined) return choice;
    const all = spec.choices.map((one) => `'${one}'`).join(', ');
    const near = nearest(value, spec.choices);
    const hint = near === undefined ? '' : ` Did you mean '${near}'?`;
    throw new UsageError(
      `Invalid value for '${longName(spec)}': '${value}' is not one of ${all}.${hint}`,
      command,
    );
  }
  return value;
}

/** The command, of one word or two, and the words without it. */
function splitCommand(argv: readonly string[]): { command: string | undefined; rest: string[] } {
  const first = firstWord(argv);
  if (first.command === undefined || !COMMAND_GROUPS.includes(first.command)) return first;
  const second = firstWord(first.rest);
  if (second.command !== undefined) return { ...second, command: `${first.command} ${second.command}` };
  if (commandSpec(first.command) !== undefined) return first;
  const members = COMMAND_SPECS.filter(({ name }) => name.startsWith(`${first.command} `));
  const names = members.map(({ name }) => `'sq ${name}'`).join(', ');
  throw new UsageError(`Missing command.${names === '' ? '' : ` It is one of ${names}.`}`, first.command);
}

/** The first word that is neither an option nor an option's value, and the words without it. */
function firstWord(argv: readonly string[]): { command: string | undefined; rest: string[] } {
  const takesValue = optionsWithValue();
  for (let i = 0; i < argv.length; i++) {
    const word = argv[i]!;
    if (word.startsWith('-') && word !== '-') {
      if (takesValue.has(word)) i += 1;
      continue;
    }
    return { command: word, rest: [...argv.slice(0, i), ...argv.slice(i + 1)] };
  }
  return { command: undefined, rest: [...argv] };
}

/** Spellings of options that are followed by a value. `-s` is one: init, where it is a flag, stands before its own. */
function optionsWithValue(): Set<string> {
  return new Set(
    OPTION_SPECS.filter((spec) => spec.kind !== 'flag' && spec.kind !== 'switch').flatMap(spellings),
  );
}

function spellings(spec: OptionSpec): string[] {
  return [longName(spec), ...(spec.short ? [`-${spec.short}`] : []), ...(spec.aliases ?? [])];
}

/** Other spellings become the one that commander knows: `-m a`, `--models=a` -> `--select a`. */
function canonical(words: readonly string[], specs: readonly OptionSpec[]): string[] {
  const names = new Map<string, string>();
  for (const spec of specs) for (const alias of spec.aliases ?? []) names.set(alias, longName(spec));
  return words.map((word) => {
    const equals = word.startsWith('--') ? word.indexOf('=') : -1;
    const name = equals < 0 ? word : word.slice(0, equals);
    const known = names.get(name);
    return known === undefined ? word : known + word.slice(name.length);
  });
}

function isKnownOption(word: string): boolean {
  const name = word.split('=')[0]!;
  return OPTION_SPECS.some((spec) => allNames(spec).includes(name));
}

function allNames(spec: OptionSpec): string[] {
  const no = spec.kind === 'switch' ? [`--no-${longName(spec).slice(2)}`] : [];
  return [...spellings(spec), ...no];
}

function inClicksWords(error: CommanderError, specs: readonly OptionSpec[], command: string): UsageError {
  const quoted = /'([^']*)'/.exec(error.message)?.[1] ?? '';
  if (error.code === 'commander.optionMissingArgument') {
    const name = quoted.split(/[ ,]+/).find((part) => part.startsWith('--')) ?? quoted;
    return new UsageError(`Option '${name}' requires an argument.`, command);
  }
  if (error.code === 'commander.unknownOption') return noSuchOption(quoted, specs, command);
  return new UsageError(error.message.replace(/^error: /, ''), command);
}

function noSuchOption(word: string, specs: readonly OptionSpec[], command: string | undefined): UsageError {
  const name = word.split('=')[0]!;
  const near = nearest(name, specs.filter((spec) => !spec.hidden).flatMap(allNames));
  const elsewhere = OPTION_SPECS.find((spec) => allNames(spec).includes(name));
  const hint =
    elsewhere?.on !== undefined && command !== undefined
      ? ` It belongs to: ${elsewhere.on.map((one) => `sq ${one}`).join(', ')}.`
      : near === undefined
        ? ''
        : ` Did you mean '${near}'?`;
  return new UsageError(`No such option '${name}'.${hint}`, command);
}

function noSuchCommand(word: string): UsageError {
  const near = nearest(word, [...COMMAND_SPECS.flatMap((spec) => [spec.name, ...(spec.aliases ?? [])])]);
  return new UsageError(`No such command '${word}'.${near === undefined ? '' : ` Did you mean '${near}'?`}`);
}

function camel(name: string): string {
  return name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase());
}
