/** Texts of `--help`: what a command does, examples first, then its options. */
import { COMMAND_SPECS, type CommandSpec } from './command-specs.ts';
import { longName, type OptionGroup, type OptionSpec } from './option-spec.ts';
import { optionsOf } from './option-specs.ts';

const WIDTH = 100;
const COMMAND_WIDTH = 16;
const GROUPS: readonly OptionGroup[] = ['Selecting', 'Doing', 'Showing', 'Project and connection', 'Logging'];

/** `sq --help`. */
export function programHelp(): string {
  const commands = COMMAND_SPECS.map((spec) => {
    const name = [spec.name, ...(spec.aliases ?? []).filter((alias) => alias.length < 6)].join(', ');
    return `  ${name.padEnd(COMMAND_WIDTH)} ${spec.summary}`;
  });
  return [
    'Usage: sq [OPTIONS] COMMAND [ARGS]...',
    '',
    ...fold(
      'Declarative SQL for warehouses: models are SELECTs, built in order, tested before they are published.',
      '',
    ),
    '',
    'Start here:',
    '  sq init shop && cd shop    a new project',
    '  sq build                   build and test everything',
    '  sq show -s orders          look at a table',
    '',
    'Commands:',
    ...commands,
    '',
    'Selecting (-s), the same in every command:',
    '  songs        one node            songs+       it and all that reads it',
    '  +songs       it and its parents  1+songs+2    limited to so many steps',
    '  tag:daily    by tag              path:models/marts, config.materialized:table, source:raw',
    '  a b          a or b              a,tag:daily  both at once; --exclude takes away',
    '',
    "Options may stand before or after the command. 'sq COMMAND --help' tells its options.",
    'Projects of dbt are read as they are; so are its environment variables (DBT_TARGET, DBT_PROFILES_DIR, ...).',
    'Exit codes: 0 success, 1 a node failed, 2 anything else.',
    '',
  ].join('\n');
}

/** `sq run --help`. */
export function commandHelp(spec: CommandSpec): string {
  const argument = spec.argument ? ` [${spec.argument[0].toUpperCase()}]` : '';
  const width = Math.max(...spec.examples.map(([call]) => call.length));
  const lines = [
    `Usage: sq ${spec.name} [OPTIONS]${argument}`,
    '',
    ...fold(spec.about, ''),
    '',
    'Examples:',
    ...spec.examples.map(([call, what]) => `  ${call.padEnd(width)}  ${what}`.trimEnd()),
  ];
  if (spec.argument) lines.push('', 'Argument:', `  ${spec.argument[0].toUpperCase()}  ${spec.argument[1]}`);
  const options = optionsOf(spec.name).filter((option) => !option.hidden);
  for (const group of GROUPS) {
    const members = options.filter((option) => option.group === group);
    if (members.length > 0) lines.push('', `${group}:`, ...members.flatMap(optionLines));
  }
  return `${lines.join('\n')}\n`;
}

const INDENT = 34;

function optionLines(spec: OptionSpec): string[] {
  const short = spec.short ? `-${spec.short}, ` : '    ';
  const name = longName(spec);
  const long = spec.kind === 'switch' ? `${name}/--no-${name.slice(2)}` : name;
  const value = spec.choices && spec.kind !== 'many' ? spec.choices.join('|') : (spec.value ?? '');
  const left = `  ${short}${long}${value ? ` ${value}` : ''}`;
  const help = fold(spec.help, ' '.repeat(INDENT));
  return left.length < INDENT - 1
    ? [left.padEnd(INDENT) + help[0]!.trimStart(), ...help.slice(1)]
    : [left, ...help];
}

/** Lines of at most WIDTH characters, broken at blanks. */
function fold(text: string, indent: string): string[] {
  const lines: string[] = [];
  let line = indent;
  for (const word of text.split(' ')) {
    if (line.length > indent.length && line.length + 1 + word.length > WIDTH) {
      lines.push(line);
      line = indent;
    }
    line += line.length > indent.length ? ` ${word}` : word;
  }
  lines.push(line);
  return lines;
}
