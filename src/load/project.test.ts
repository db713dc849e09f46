import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { SqError } from '../errors.ts';
import type { SqEvent } from '../events.ts';
import { createInvocation, type InvocationOptions } from '../invocation.ts';
import { findProjectFolder, loadPackages, loadProject, readProjectFile } from './index.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'sq-project-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function write(files: Record<string, string>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
}

async function load(text: string, options: InvocationOptions & { target?: Record<string, unknown> } = {}) {
  write({ 'dbt_project.yml': text });
  const events: SqEvent[] = [];
  const invocation = createInvocation({
    env: {},
    cwd: root,
    emit: (event) => events.push(event),
    ...options,
  });
  const project = await loadProject({ invocation, file: readProjectFile(root), target: options.target });
  return { project, events, invocation };
}

async function failure(work: Promise<unknown>): Promise<SqError> {
  try {
    await work;
  } catch (error) {
    if (error instanceof SqError) return error;
    throw error;
  }
  throw new Error('it was accepted');
}

describe('finding the project', () => {
  const find = (cwd: string, projectDir?: string) =>
    findProjectFolder(
      createInvocation({
        cwd: join(root, cwd),
        env: {},
        flags: projectDir === undefined ? {} : { projectDir },
      }),
    );

  it('looks upwards, or where --project-dir says', () => {
    write({ 'dbt_project.yml': 'name: a\n', 'models/marts/x.sql': '', 'other/dbt_project.yml': 'name: b\n' });
    expect(find('models/marts')).toBe(root);
    expect(find('models', '../other')).toBe(join(root, 'other'));
  });

  it('says where it looked', () => {
    write({ 'models/x.sql': '' });
    const error = (() => {
      try {
        return find('models', '.');
      } catch (thrown) {
        return thrown as SqError;
      }
    })() as SqError;
    expect(error.text).toBe(
      [
        'Runtime Error',
        `  No dbt_project.yml found at expected path ${join(root, 'models/dbt_project.yml')}`,
        '  hint: --project-dir names a folder that holds no project',
      ].join('\n'),
    );
  });
});

describe('a project file', () => {
  it('needs no more than a name', async () => {
    const { project, events } = await load('name: shop\n');
    const { document, text, ...rest } = project;
    expect([text, document.path]).toEqual(['name: shop\n', 'dbt_project.yml']);
    expect(rest).toEqual({
      root,
      name: 'shop',
      version: null,
      profile: null,
      requireDbtVersion: [],
      modelPaths: ['models'],
      seedPaths: ['seeds'],
      testPaths: ['tests'],
      analysisPaths: ['analyses'],
      macroPaths: ['macros'],
      snapshotPaths: ['snapshots'],
      functionPaths: ['functions'],
      docsPaths: ['models', 'seeds', 'snapshots', 'analyses', 'macros', 'tests', 'functions'],
      assetPaths: [],
      targetPath: 'target',
      logPath: 'logs',
      packagesInstallPath: 'dbt_packages',
      cleanTargets: ['target'],
      quoting: {},
      onRunStart: [],
      onRunEnd: [],
      dispatch: [],
      vars: {},
      trees: {},
      unrenderedTrees: {},
      flags: {},
      queryComment: undefined,
      restrictAccess: false,
      sq: {},
      envVars: new Set(),
    });
    expect(events).toEqual([]);
  });

  it('gives what it says', async () => {
    const { project } = await load(
      [
        'name: shop',
        'version: 1.0',
        'profile: p',
        'require-dbt-version: ">=1.0.0,<2.0.0"',
        'model-paths: [models/, ./more]',
        'quoting: {schema: false}',
        'on-run-start: "select 1"',
        'on-run-end: [a, b]',
        'dispatch: [{macro_namespace: dbt_utils, search_order: [shop, dbt_utils]}]',
        'vars: {a: 1, shop: {b: "{{ later }}"}}',
        'tests: {+severity: warn}',
        'semantic_models: {shop: {+enabled: false}}',
        'sq: {history: 10}',
        'query-comment: "{{ x }}"',
        'restrict-access: true',
      ].join('\n'),
      { flags: { targetPath: 'elsewhere' } },
    );
    expect(project).toMatchObject({
      version: '1.0',
      profile: 'p',
      requireDbtVersion: ['>=1.0.0', '<2.0.0'],
      modelPaths: ['models', 'more'],
      quoting: { schema: false },
      onRunStart: ['select 1'],
      onRunEnd: ['a', 'b'],
      dispatch: [{ macroNamespace: 'dbt_utils', searchOrder: ['shop', 'dbt_utils'] }],
      vars: { a: 1, shop: { b: '{{ later }}' } },
      trees: { data_tests: { '+severity': 'warn' }, 'semantic-models': { shop: { '+enabled': false } } },
      targetPath: 'elsewhere',
      cleanTargets: ['elsewhere'],
      sq: { history: 10 },
      queryComment: '{{ x }}',
      restrictAccess: true,
    });
  });

  it('is rendered, but for what is rendered later', async () => {
    const { project } = await load(
      [
        'name: shop',
        'models:',
        '  shop:',
        "    +schema: \"{{ env_var('SQ_S', 'dev') }}\"",
        '    +enabled: "{{ target.name == \'prod\' }}"',
        '    +tags: ["{{ var(\'t\') }}"]',
        '    +pre-hook: "{{ log(1) }}"',
        'on-run-end: "{{ grant() }}"',
      ].join('\n'),
      { vars: { t: 'x' }, target: { name: 'prod' } },
    );
    expect(project.trees.models).toEqual({
      shop: { '+schema': 'dev', '+enabled': true, '+tags': ['x'], '+pre-hook': '{{ log(1) }}' },
    });
    expect(project.unrenderedTrees.models?.shop).toMatchObject({ '+schema': "{{ env_var('SQ_S', 'dev') }}" });
    expect(project.onRunEnd).toEqual(['{{ grant() }}']);
    expect(project.envVars).toEqual(new Set(['SQ_S']));
  });

  it('takes variables from vars.yml, the command line before them', async () => {
    write({ 'vars.yml': 'vars:\n  a: 1\n  t: file\n' });
    const { project } = await load('name: shop\nmodels:\n  +tags: "{{ var(\'t\') }}"\n', {
      vars: { t: 'cli' },
    });
    expect(project.vars).toEqual({ a: 1, t: 'file' });
    expect(project.trees.models).toEqual({ '+tags': 'cli' });
  });

  it('warns of paths that dbt wants on the command line', async () => {
    const { events } = await load('name: a\ntarget-path: build\nlog-path: logs\ndata-paths: [data]\n');
    expect(events.map((event) => event.name === 'Deprecation' && event.event_name)).toEqual([
      'ConfigTargetPathDeprecation',
      'ConfigDataPathDeprecation',
    ]);
  });
});

describe('a project file that is wrong', () => {
  it.each([
    ['', 1, 'dbt_project.yml does not parse to a dictionary'],
    ['nam: x\n', 1, 'Required "name" field not present in project'],
    ['name: 1x\n', 1, "at path ['name']: '1x' does not match '^[^\\\\d\\\\W]\\\\w*$'"],
    ['name: my-shop\n', 1, "at path ['name']: 'my-shop' does not match '^[^\\\\d\\\\W]\\\\w*$'"],
    ['name: source\n', 1, 'Invalid project name: source is a reserved word'],
    ['name: a\nmodel-paths: models\n', 2, "at path ['model-paths']: 'models' is not of type 'array', 'null'"],
    ['name: a\nmodels: [x]\n', 2, "at path ['models']: ['x'] is not of type 'object'"],
    [
      'name: a\ntests: {a: 1}\ndata_tests: {a: 1}\n',
      2,
      "at path []: Invalid project config: cannot have both 'tests' and 'data_tests' defined",
    ],
    [
      'name: a\ndispatch: [{macro_namespace: x}]\n',
      2,
      "Invalid project dispatch config: {'macro_namespace': 'x'}",
    ],
    ['name: a\nrequire-dbt-version: "1.x"\n', 2, '"1.x" is not a valid semantic version.'],
  ])('%j', async (text, line, message) => {
    const error = await failure(load(text));
    expect([error.kind, error.message, error.at?.line ?? 1]).toEqual(['Runtime', message, line]);
  });

  it('names what is missing and where', async () => {
    const error = await failure(load('name: a\nmodels:\n  +schema: "{{ env_var(\'SQ_NONE\') }}"\n'));
    expect(error.text).toBe(
      [
        'Parsing Error',
        "  Env var required but not provided: 'SQ_NONE'",
        '  at dbt_project.yml:3:12',
        "  hint: set SQ_NONE, put it into .env, or give a default: env_var('SQ_NONE', '...')",
      ].join('\n'),
    );
  });

  it('may not read secrets', async () => {
    const error = await failure(
      load('name: a\nprofile: "{{ env_var(\'DBT_ENV_SECRET_X\') }}"\n', { env: { DBT_ENV_SECRET_X: 'y' } }),
    );
    expect(error.message).toBe(
      "Secret env vars are allowed only in profiles.yml or packages.yml. Found 'DBT_ENV_SECRET_X' referenced elsewhere.",
    );
  });

  it('has variables in one place only', async () => {
    write({ 'vars.yml': 'vars: {a: 1}\n' });
    const error = await failure(load('name: a\nvars: {b: 1}\n'));
    expect(error.message).toBe('Variables cannot be defined in both vars.yml and dbt_project.yml. ');
  });

  it('asks for another version, unless nobody minds', async () => {
    const text = 'name: a\nrequire-dbt-version: "<1.0.0"\n';
    expect((await failure(load(text))).code).toBe('invalid-project');
    expect((await load(text, { flags: { other: { version_check: false } } })).project.name).toBe('a');
  });
});

describe('packages', () => {
  const install = (files: Record<string, string>) => write(files);
  async function packages(project: string) {
    const { project: config, invocation } = await load(project);
    return loadPackages({ invocation, project: config });
  }

  it('are the folders that are installed', async () => {
    install({
      'packages.yml': 'packages:\n  - package: dbt-labs/dbt_utils\n    version: 1.0.0\n  - local: ../x\n',
      'dbt_packages/dbt_utils/dbt_project.yml': 'name: dbt_utils\nvars: {a: 1}\n',
      'dbt_packages/a_local/dbt_project.yml': 'name: x\n',
    });
    expect(
      (await packages('name: shop\n')).map(({ root: at, config }) => [
        at.slice(root.length + 1),
        config.name,
      ]),
    ).toEqual([
      ['dbt_packages/a_local', 'x'],
      ['dbt_packages/dbt_utils', 'dbt_utils'],
    ]);
  });

  it('may be none', async () => expect(await packages('name: shop\n')).toEqual([]));

  it('say what is not installed', async () => {
    install({ 'dependencies.yml': 'packages:\n  - package: dbt-labs/dbt_utils\n    version: 1.0.0\n' });
    expect((await failure(packages('name: shop\n'))).text).toBe(
      [
        'Compilation Error',
        '  dbt expects 1 package(s) based on packages specified in dependencies.yml, but found only 0 package(s) installed in dbt_packages. Run "dbt deps" to install package dependencies.',
        '  hint: run `sq deps`',
      ].join('\n'),
    );
  });

  it('have names of their own', async () => {
    install({ 'packages.yml': 'packages: [{local: x}]\n', 'dbt_packages/x/dbt_project.yml': 'name: shop\n' });
    expect((await failure(packages('name: shop\n'))).message).toBe(
      'dbt found more than one package with the name "shop" included in this project. Package names must be unique in a project. Please rename one of these packages.',
    );
  });
});
