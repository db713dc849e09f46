import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SqError } from '../errors.ts';
import type { SqEvent } from '../events.ts';
import { createInvocation, type InvocationOptions } from '../invocation.ts';
import { loadProfile, readProjectFile, shownTarget } from './index.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'sq-profile-'));
  write({ 'project/dbt_project.yml': 'name: shop\nprofile: test\n', 'home/.keep': '' });
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function write(files: Record<string, string>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}

async function load(options: InvocationOptions = {}) {
  const events: SqEvent[] = [];
  const invocation = createInvocation({
    cwd: join(root, 'project'),
    emit: (event) => events.push(event),
    ...options,
    env: { HOME: join(root, 'home'), ...options.env },
  });
  const profile = await loadProfile({ invocation, file: readProjectFile(join(root, 'project')) });
  return { profile, events, invocation };
}

async function failure(options: InvocationOptions = {}): Promise<SqError> {
  try {
    await load(options);
  } catch (error) {
    if (error instanceof SqError) return error;
    throw error;
  }
  throw new Error('it was accepted');
}

const TWO =
  'test:\n  target: dev\n  outputs:\n    dev: {type: duckdb, path: dev.duckdb}\n    prod: {type: postgres, host: h, threads: 4}\n';

describe('choosing the connection', () => {
  it('takes the target of the profile', async () => {
    write({ 'project/profiles.yml': TWO });
    expect((await load()).profile).toEqual({
      name: 'test',
      targetName: 'dev',
      output: { type: 'duckdb', path: 'dev.duckdb' },
      path: join(root, 'project/profiles.yml'),
      locate: expect.any(Function),
      envVars: new Set(),
    });
  });

  it('takes --target and --profile first', async () => {
    write({ 'project/profiles.yml': `${TWO}other: {outputs: {x: {type: duckdb}}}\n` });
    expect((await load({ flags: { target: 'prod' } })).profile.output).toMatchObject({ type: 'postgres' });
    const { profile } = await load({ flags: { profile: 'other', target: 'x' } });
    expect([profile.name, profile.targetName]).toEqual(['other', 'x']);
  });

  it("looks in the working folder, the project's, then in ~/.dbt; with --profiles-dir there alone", async () => {
    const of = (name: string) => `test: {target: d, outputs: {d: {type: duckdb, path: ${name}}}}\n`;
    write({ 'home/.dbt/profiles.yml': of('home') });
    expect((await load()).profile.output.path).toBe('home');
    write({ 'project/profiles.yml': of('project'), 'else/profiles.yml': of('else') });
    expect((await load()).profile.output.path).toBe('project');
    expect((await load({ cwd: join(root, 'else') })).profile.output.path).toBe('else');
    expect((await load({ flags: { profilesDir: '../else' } })).profile.output.path).toBe('else');
    write({ 'else/profiles.yml': 'another: {outputs: {d: {type: duckdb}}}\n' });
    expect((await load({ cwd: join(root, 'else') })).profile.output.path).toBe('project');
  });

  it('says so when no target is named, and takes default', async () => {
    write({ 'project/profiles.yml': 'test: {outputs: {default: {type: duckdb}}}\n' });
    const { profile, events } = await load();
    expect(profile.targetName).toBe('default');
    expect(events).toEqual([
      {
        name: 'SqNotice',
        topic: 'profile',
        msg: `target not specified in profile 'test' (${join(root, 'project/profiles.yml')}), using 'default'`,
      },
    ]);
  });

  it('is the embedded engine when nobody has the profile', async () => {
    write({ 'project/profiles.yml': 'another: {outputs: {d: {type: duckdb}}}\n' });
    const { profile, events } = await load();
    expect(profile).toEqual({
      name: 'test',
      targetName: 'default',
      output: { type: 'duckdb', path: join(root, 'project/shop.duckdb'), schema: 'main', threads: 4 },
      path: undefined,
      envVars: new Set(),
    });
    expect(events).toEqual([
      {
        name: 'SqNotice',
        topic: 'engine',
        msg: "Using the embedded DuckDB in shop.duckdb: no profiles.yml has the profile 'test'",
      },
    ]);
  });
});

describe('rendering', () => {
  it('touches only what is chosen, and knows secrets', async () => {
    write({
      'project/profiles.yml': [
        'test:',
        "  target: \"{{ env_var('SQ_TARGET', 'dev') }}\"",
        '  outputs:',
        '    dev:',
        '      type: postgres',
        '      port: "{{ env_var(\'SQ_PORT\') | as_number }}"',
        '      password: "{{ env_var(\'DBT_ENV_SECRET_PW\') }}"',
        '    other: {type: duckdb, path: "{{ env_var(\'SQ_MISSING\') }}"}',
      ].join('\n'),
    });
    const { profile, invocation } = await load({ env: { SQ_PORT: '5433', DBT_ENV_SECRET_PW: 'hush' } });
    expect(profile.output).toEqual({ type: 'postgres', port: 5433, password: 'hush' });
    expect(profile.envVars).toEqual(new Set(['SQ_TARGET', 'SQ_PORT', 'DBT_ENV_SECRET_PW']));
    expect(invocation.secrets).toEqual(new Set(['hush']));
    expect(shownTarget(profile)).toEqual({
      type: 'postgres',
      port: 5433,
      threads: 1,
      name: 'dev',
      target_name: 'dev',
      profile_name: 'test',
    });
  });

  it('leaves a password that only looks like Jinja, and keeps it from being shown', async () => {
    write({
      'project/profiles.yml':
        "test: {target: d, outputs: {d: {type: postgres, user: root, password: 'a{{%b{{c'}}}\n",
    });
    const { profile, invocation } = await load();
    expect(profile.output.password).toBe('a{{%b{{c');
    expect([...invocation.secrets]).toEqual(['a{{%b{{c']);
  });

  it('does not mask words of the connection', async () => {
    write({
      'project/profiles.yml':
        'test: {target: d, outputs: {d: {type: postgres, user: postgres, password: postgres}}}\n',
    });
    expect((await load()).invocation.secrets.size).toBe(0);
  });
});

describe('what is wrong', () => {
  it('lists the targets there are', async () => {
    write({ 'project/profiles.yml': TWO });
    expect((await failure({ flags: { target: 'prd' } })).text).toBe(
      [
        'Runtime Error',
        "  The profile 'test' does not have a target named 'prd'. The valid target names for this profile are:",
        '   - dev',
        '   - prod',
        '  at profiles.yml:3:3',
        "  hint: did you mean 'prod'?",
      ].join('\n'),
    );
  });

  it('has no such profile', async () => {
    write({ 'project/profiles.yml': TWO });
    expect((await failure({ flags: { profile: 'tset' } })).text).toBe(
      [
        'Runtime Error',
        "  Could not find profile named 'tset'",
        `  hint: did you mean 'test'? looked for profiles.yml in ${join(root, 'project')}, ${join(root, 'home/.dbt')}`,
      ].join('\n'),
    );
    rmSync(join(root, 'project/profiles.yml'));
    expect((await failure({ flags: { target: 'dev' } })).message).toBe("Could not find profile named 'test'");
  });

  it.each([
    [
      '',
      /dbt encountered an error while trying to read your profiles.yml file.\n\nThe profiles.yml file at .* is empty\n/,
    ],
    ['test:\n', /Profile test in profiles.yml is empty/],
    ['test: {target: x}\n', /^outputs not specified in profile 'test'$/],
    [
      'test: {target: x, outputs: {x: 1}}\n',
      /^output 'x' of profile 'test' is misconfigured in profiles.yml$/,
    ],
    [
      'test: {target: x, outputs: {x: {path: a}}}\n',
      /^required field "type" not found in profile test and target x$/,
    ],
    [
      'test:\n  a: [\n',
      /dbt encountered an error while trying to read your profiles.yml file.\n\nRuntime Error\n {2}Syntax error near line 3\n/,
    ],
    [
      'test: {target: x, outputs: {x: {type: "{{ env_var(\'SQ_NO\') }}"}}}\n',
      /^Env var required but not provided: 'SQ_NO'$/,
    ],
  ])('%j', async (text, message) => {
    write({ 'project/profiles.yml': text });
    expect((await failure()).message).toMatch(message);
  });
});
