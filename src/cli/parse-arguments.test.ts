import { describe, expect, test } from 'vitest';
import { COMMAND_SPECS } from './command-specs.ts';
import { commandHelp, programHelp } from './help.ts';
import { OPTION_SPECS } from './option-specs.ts';
import { parseArguments } from './parse-arguments.ts';
import { UsageError } from './usage-error.ts';

/** Words separated by single blanks; what stands in quotes stays together. */
function split(line: string): string[] {
  return [...line.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(
    ([, double, single, word]) => double ?? single ?? word ?? '',
  );
}

function given(line: string) {
  const parsed = parseArguments(split(line));
  if (parsed.kind !== 'command') throw new Error(`no command in ${line}`);
  return { command: parsed.command, ...parsed.given };
}

function refusal(line: string): string {
  try {
    parseArguments(split(line));
  } catch (error) {
    if (error instanceof UsageError) return error.text;
    throw error;
  }
  throw new Error(`${line} was taken`);
}

describe('options that take several values', () => {
  test.each([
    ['run -s a b+ c', ['a', 'b+', 'c']],
    ['run --select a --select b', ['a', 'b']],
    ["run --select 'a b'", ['a b']],
    ['run --select=a', ['a']],
    ['run -m a', ['a']],
    ['run --models a b', ['a', 'b']],
    ['run --model=a', ['a']],
    ['run -s @a +b tag:x,path:y', ['@a', '+b', 'tag:x,path:y']],
    ['run -s a --threads 2', ['a']],
  ])('%s', (line, select) => {
    expect(given(line)).toMatchObject({ command: 'run', select });
  });

  test('types are split and known', () => {
    expect(given("ls --resource-type model test --exclude-resource-types 'seed snapshot'")).toEqual({
      command: 'ls',
      resource_types: ['model', 'test'],
      exclude_resource_types: ['seed', 'snapshot'],
    });
  });

  test('-m of ls is another option than -s', () => {
    expect(given('ls -m a')).toEqual({ command: 'ls', models: ['a'] });
    expect(given('list -s a')).toEqual({ command: 'ls', select: ['a'] });
  });
});

describe('options stand before or after the command', () => {
  test.each([
    ['--debug run', { command: 'run', debug: true }],
    ['run --debug', { command: 'run', debug: true }],
    ['--log-format json build', { command: 'build', log_format: 'json' }],
    [
      '--project-dir p --profiles-dir q run --target t',
      { command: 'run', project_dir: 'p', profiles_dir: 'q', target: 't' },
    ],
    [
      '--no-partial-parse --threads 3 run -s a',
      { command: 'run', partial_parse: false, threads: 3, select: ['a'] },
    ],
    ['run --project-dir p --profiles-dir q', { command: 'run', project_dir: 'p', profiles_dir: 'q' }],
  ])('%s', (line, expected) => {
    expect(given(line)).toEqual(expected);
  });
});

describe('switches', () => {
  test('nothing given is nothing', () => {
    expect(given('build')).toEqual({ command: 'build' });
  });

  test.each(
    OPTION_SPECS.filter((spec) => spec.kind === 'switch').map(
      (spec) => [spec.name, spec.on?.[0] ?? 'run'] as const,
    ),
  )('%s is on, off, and the last one counts', (name, command) => {
    const option = name.replaceAll('_', '-');
    expect(given(`${command} --${option}`)).toEqual({ command, [name]: true });
    expect(given(`${command} --no-${option}`)).toEqual({ command, [name]: false });
    expect(given(`${command} --no-${option} --${option}`)).toEqual({ command, [name]: true });
  });

  test('short ones can be written together', () => {
    expect(given('run -xf')).toEqual({ command: 'run', fail_fast: true, full_refresh: true });
  });
});

test('a negative number is a value', () => {
  expect(given('show -s a --limit -1')).toMatchObject({ limit: -1 });
});

test('YAML stays text, read later', () => {
  expect(given("run --vars '{day: 2018-11-15}'")).toEqual({ command: 'run', vars: '{day: 2018-11-15}' });
});

test('options of dbt that mean nothing here are taken', () => {
  expect(
    given('run --no-static-parser --populate-cache --no-version-check --cache-selected-only -r out.txt'),
  ).toEqual({
    command: 'run',
    static_parser: false,
    populate_cache: true,
    version_check: false,
    cache_selected_only: true,
    record_timing_info: 'out.txt',
  });
});

test('the version is asked for without a command', () => {
  expect(parseArguments(['--debug', '--version'])).toEqual({ kind: 'version' });
});

describe('a wrong command line is refused in click’s words', () => {
  const usage = (command: string) =>
    `Usage: sq ${command} [OPTIONS]\nTry 'sq ${command} --help' for help.\n\n`;
  const top = "Usage: sq [OPTIONS] COMMAND [ARGS]...\nTry 'sq --help' for help.\n\n";

  test.each([
    ['run --selct a', `${usage('run')}Error: No such option '--selct'. Did you mean '--select'?\n`],
    ['run --zzz', `${usage('run')}Error: No such option '--zzz'.\n`],
    ['--zzz', `${top}Error: No such option '--zzz'.\n`],
    ['runn', `${top}Error: No such command 'runn'. Did you mean 'run'?\n`],
    ['xyz', `${top}Error: No such command 'xyz'.\n`],
    ['run --threads x', `${usage('run')}Error: Invalid value for '--threads': 'x' is not a valid integer.\n`],
    [
      'run --log-format jsn',
      `${usage('run')}Error: Invalid value for '--log-format': 'jsn' is not one of 'text', 'debug', 'json', 'default'. Did you mean 'json'?\n`,
    ],
    ['run --target', `${usage('run')}Error: Option '--target' requires an argument.\n`],
    ['run -s', `${usage('run')}Error: Option '--select' requires an argument.\n`],
    ['--target', `${top}Error: Option '--target' requires an argument.\n`],
    ['run foo', `${usage('run')}Error: Got unexpected extra argument (foo). Did you mean '--select foo'?\n`],
    [
      'run foo bar',
      `${usage('run')}Error: Got unexpected extra arguments (foo bar). Did you mean '--select foo bar'?\n`,
    ],
    [
      'show --empty',
      `${usage('show')}Error: No such option '--empty'. It belongs to: sq run, sq build, sq seed, sq snapshot, sq compile.\n`,
    ],
    ['init', `${usage('init')}Error: Missing argument 'NAME'.\n`],
    [
      'init 1-shop',
      `${usage('init')}Error: Invalid value for 'NAME': '1-shop' is not a valid project name: only letters, digits and underscores, and no digit first.\n`,
    ],
    ['source', `${usage('source')}Error: Missing command. It is one of 'sq source freshness'.\n`],
  ])('%s', (line, text) => {
    expect(refusal(line)).toBe(text);
  });
});

describe('help', () => {
  test('of the program names every command', () => {
    for (const { name, summary } of COMMAND_SPECS) {
      expect(programHelp()).toMatch(new RegExp(`^  ${name}\\b.*${summary.slice(0, 10)}`, 'm'));
    }
    expect(parseArguments(['--help'])).toMatchObject({ kind: 'help', asked: true });
    expect(parseArguments([])).toMatchObject({ kind: 'help', asked: false });
  });

  test.each(COMMAND_SPECS.map((spec) => [spec.name, spec] as const))(
    'of %s shows examples that sq takes',
    (name, spec) => {
      const text = commandHelp(spec);
      expect(text).toMatch(new RegExp(`^Usage: sq ${name} \\[OPTIONS\\]`));
      for (const [call] of spec.examples) {
        expect(text).toContain(call);
        const line = call.split('&& ').at(-1)!.replace(/^sq /, '');
        expect(() => parseArguments(split(line))).not.toThrow();
      }
      expect(Math.max(...text.split('\n').map((line) => line.length))).toBeLessThanOrEqual(110);
      expect(parseArguments([name, '--help'])).toEqual({ kind: 'help', text, asked: true });
    },
  );
});
