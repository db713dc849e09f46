/** `sq deps` with git repositories, archives and an index that the test makes itself. */
import { execFileSync } from 'node:child_process';
import { existsSync, lstatSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { create, Header } from 'tar';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CliProject } from '../testing/cli-project.ts';

let project: CliProject;
let server: Server;
let hubUrl: string;
/** What the hub serves, by path. */
const served = new Map<string, Buffer | string>();

const places = () => dirname(project.dir);

beforeAll(async () => {
  server = createServer((request, response) => {
    const body = served.get(request.url ?? '');
    response.statusCode = body === undefined ? 404 : 200;
    response.end(body);
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  hubUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
});
afterAll(() => new Promise((done) => server.close(done)));

beforeEach(() => {
  project?.remove();
  project = new CliProject({
    'dbt_project.yml': 'name: shop\nprofile: shop\n',
    'profiles.yml': 'shop: {target: dev, outputs: {dev: {type: duckdb, path: shop.duckdb, schema: main}}}\n',
  });
});
afterAll(() => project.remove());

/** A package with one macro, in a folder beside the project. */
function packageAt(folder: string, name: string, more: Record<string, string> = {}): string {
  const root = join(places(), folder);
  const files = {
    'dbt_project.yml': `name: ${name}\n`,
    [`macros/${name}.sql`]: `{% macro who() %}${name}{% endmacro %}`,
    ...more,
  };
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return root;
}

function git(folder: string, ...args: string[]): string {
  const identity = ['-c', 'user.name=a', '-c', 'user.email=a@b.c', '-c', 'init.defaultBranch=main'];
  return execFileSync('git', [...identity, ...args], { cwd: folder, encoding: 'utf8' }).trim();
}

function repository(folder: string, name: string, more: Record<string, string> = {}): string {
  const root = packageAt(folder, name, more);
  git(root, 'init', '-q');
  git(root, 'add', '.');
  git(root, 'commit', '-qm', 'first');
  return root;
}

async function archiveOf(root: string): Promise<Buffer> {
  const file = `${root}.tar.gz`;
  await create({ gzip: true, file, cwd: dirname(root) }, [root.slice(dirname(root).length + 1)]);
  return readFileSync(file);
}

/** Versions of one hub package: what each needs, and what it is called. */
async function onHub(
  id: string,
  versions: Record<string, { packages?: unknown[]; require?: string }>,
): Promise<void> {
  const name = id.slice(id.indexOf('/') + 1);
  const listed: Record<string, unknown> = {};
  for (const [version, { packages = [], require }] of Object.entries(versions)) {
    const root = packageAt(`${name}-${version}`, name, { 'version.txt': version });
    served.set(`/archives/${name}-${version}.tar.gz`, await archiveOf(root));
    listed[version] = {
      name,
      packages,
      downloads: { tarball: `${hubUrl}archives/${name}-${version}.tar.gz` },
      ...(require && { require_dbt_version: require }),
    };
  }
  served.set(`/api/v1/${id}.json`, JSON.stringify({ name, namespace: id.split('/')[0], versions: listed }));
  const known = JSON.parse(String(served.get('/api/v1/index.json') ?? '[]')) as string[];
  served.set('/api/v1/index.json', JSON.stringify([...new Set([...known, id])]));
}

const packagesYml = (entries: unknown[]) =>
  project.write({ 'packages.yml': JSON.stringify({ packages: entries }) });
const deps = (args = '', env: Record<string, string> = {}) =>
  project.here(`deps${args === '' ? '' : ` ${args}`}`, { DBT_PACKAGE_HUB_URL: hubUrl, ...env });
const installed = (name: string) => join(project.dir, 'dbt_packages', name);

describe('a folder', () => {
  it('is linked, and its macros can be called', async () => {
    packageAt('helpers', 'helpers');
    packagesYml([{ local: '../helpers' }]);
    const { code, stdout } = await deps();
    expect([code, project.plain(stdout)]).toEqual([0, expect.stringContaining('Installing ../helpers\n')]);
    expect(stdout).toContain('Installed from <local @ ../helpers>');
    expect(lstatSync(installed('helpers')).isSymbolicLink()).toBe(true);
    project.write({ 'models/a.sql': "select '{{ helpers.who() }}' as who" });
    expect((await project.here('run')).code).toBe(0);
  });

  it('that is missing is an error with the path', async () => {
    packagesYml([{ local: '../nowhere' }]);
    const { code, stdout } = await deps();
    expect([code, stdout]).toEqual([
      2,
      expect.stringContaining('Runtime Error\n  No dbt_project.yml found at expected path'),
    ]);
  });
});

describe('git', () => {
  it('gives one revision: a tag, a branch, a commit', async () => {
    const root = repository('tool', 'tool');
    const first = git(root, 'rev-parse', 'HEAD');
    git(root, 'tag', 'v1');
    writeFileSync(join(root, 'later.txt'), '2');
    git(root, 'add', '.');
    git(root, 'commit', '-qm', 'second');
    for (const [revision, isLater] of [
      ['v1', false],
      [first, false],
      ['main', true],
    ] as const) {
      packagesYml([{ git: `file://${root}`, revision }]);
      const { code, stdout } = await deps();
      expect([code, stdout]).toEqual([0, expect.stringContaining(`Installed from revision ${revision}`)]);
      expect(existsSync(join(installed('tool'), 'later.txt'))).toBe(isLater);
      expect(stdout.includes('pinned to the "main" branch')).toBe(revision === 'main');
    }
    expect(project.read('package-lock.yml')).toContain(`revision: ${git(root, 'rev-parse', 'HEAD')}`);
  });

  it('gives a folder of a repository', async () => {
    const root = repository('mono', 'outer', { 'inner/dbt_project.yml': 'name: inner\n' });
    packagesYml([{ git: root, subdirectory: 'inner', 'warn-unpinned': false }]);
    const { code, stdout } = await deps();
    expect([code, stdout]).toEqual([0, expect.stringContaining('and subdirectory inner')]);
    expect(readFileSync(join(installed('inner'), 'dbt_project.yml'), 'utf8')).toBe('name: inner\n');
    expect(stdout).not.toContain('not pinned');
  });

  it('that has no such revision says so', async () => {
    packagesYml([{ git: repository('tool', 'tool'), revision: 'nope' }]);
    const { code, stdout } = await deps();
    expect([code, stdout]).toEqual([2, expect.stringContaining("Error checking out spec='nope' for repo")]);
  });

  it('is given no options by a package file', async () => {
    packagesYml([{ git: '--upload-pack=touch /tmp/sq-owned', revision: 'x' }]);
    const { code, stdout } = await deps();
    expect([code, stdout]).toEqual([2, expect.stringContaining('is no git of a package')]);
  });

  it('must not hold links that lead out of it', async () => {
    const root = packageAt('tricky', 'tricky');
    symlinkSync('/etc', join(root, 'macros/etc'));
    git(root, 'init', '-q');
    git(root, 'add', '.');
    git(root, 'commit', '-qm', 'first');
    packagesYml([{ git: root }]);
    const { code, stdout } = await deps();
    expect([code, stdout]).toEqual([2, expect.stringContaining('macros/etc leads out of its folder')]);
    expect(existsSync(installed('tricky'))).toBe(false);
  });

  it('two revisions of one repository contradict each other', async () => {
    const tool = repository('tool', 'tool');
    git(tool, 'tag', 'v1');
    git(tool, 'tag', 'v2');
    packageAt('helpers', 'helpers', {
      'packages.yml': JSON.stringify({ packages: [{ git: tool, revision: 'v2' }] }),
    });
    packagesYml([{ git: tool, revision: 'v1' }, { local: '../helpers' }]);
    const { code, stdout } = await deps();
    expect([code, stdout]).toEqual([
      2,
      expect.stringContaining('Dependency Error\n  git dependencies should contain exactly one version.'),
    ]);
  });

  it('keeps a secret out of the lock file and the log', async () => {
    const root = repository('tool', 'tool');
    project.write({ 'packages.yml': `packages:\n  - git: "{{ env_var('DBT_ENV_SECRET_PLACE') }}/tool"\n` });
    const { code, stdout } = await deps('', { DBT_ENV_SECRET_PLACE: dirname(root) });
    expect(code).toBe(0);
    expect(stdout + project.read('package-lock.yml')).not.toContain(dirname(root));
    expect(project.read('package-lock.yml')).toContain("env_var('DBT_ENV_SECRET_PLACE')");
  });
});

describe('the package index', () => {
  it('answers the newest version within all ranges, and what that needs', async () => {
    await onHub('acme/base', { '1.0.0': {}, '1.2.0': {}, '1.3.0-rc1': {}, '2.0.0': {} });
    await onHub('acme/top', {
      '0.1.0': { packages: [{ package: 'acme/base', version: ['>=1.0.0', '<2.0.0'] }] },
    });
    packagesYml([{ package: 'acme/top', version: '0.1.0' }]);
    const { code, stdout } = await deps();
    expect(code).toBe(0);
    expect(stdout.split('\n').map((line) => line.slice(10))).toEqual(
      expect.arrayContaining([
        'Installing acme/top',
        'Installed from version 0.1.0',
        'Up to date!',
        'Installing acme/base',
        'Installed from version 1.2.0',
        'Updated version available: 2.0.0',
        "Updates available for packages: ['acme/base']",
      ]),
    );
    expect(readFileSync(join(installed('base'), 'version.txt'), 'utf8')).toBe('1.2.0');
    expect(project.read('package-lock.yml')).toBe(
      `packages:\n  - name: top\n    package: acme/top\n    version: 0.1.0\n  - name: base\n    package: acme/base\n    version: 1.2.0\nsha1_hash: ${/sha1_hash: (\w+)/.exec(project.read('package-lock.yml'))?.[1]}\n`,
    );
  });

  it('keeps to the lock file until packages.yml changes or --upgrade is given', async () => {
    await onHub('acme/base', { '1.0.0': {} });
    packagesYml([{ package: 'acme/base', version: ['>=1.0.0'] }]);
    await deps();
    await onHub('acme/base', { '1.0.0': {}, '1.1.0': {} });
    const version = () => readFileSync(join(installed('base'), 'version.txt'), 'utf8');
    await deps();
    expect(version()).toBe('1.0.0');
    await deps('--upgrade --lock');
    expect([version(), project.read('package-lock.yml')]).toEqual([
      '1.0.0',
      expect.stringContaining('version: 1.1.0'),
    ]);
    await deps();
    expect(version()).toBe('1.1.0');
  });

  it('passes over versions for other versions of dbt, and early ones', async () => {
    await onHub('acme/base', { '1.0.0': {}, '1.1.0-b1': {}, '2.0.0': { require: '>=3.0.0' } });
    packagesYml([{ package: 'acme/base', version: '>=1.0.0' }]);
    expect((await deps()).stdout).toContain('Installed from version 1.0.0');
    packagesYml([{ package: 'acme/base', version: '>=1.0.0', install_prerelease: true }]);
    expect((await deps()).stdout).toContain('Installed from version 1.1.0-b1');
    packagesYml([{ package: 'acme/base', version: '>=1.0.0', name: 'x' }]);
    expect((await deps('--no-version-check')).stdout).toContain('Installed from version 2.0.0');
  });

  it.each<[what: string, entry: unknown, message: string]>([
    [
      'a name that it does not know',
      { package: 'acme/none', version: '1.0.0' },
      'Package acme/none was not found in the package index',
    ],
    [
      'a version that it does not have',
      { package: 'acme/base', version: '9.0.0' },
      "Could not find a matching compatible version for package acme/base\n    Requested range: =9.0.0, =9.0.0\n    Compatible versions: ['1.0.0']",
    ],
    [
      'no version',
      { package: 'acme/base' },
      'acme/base is missing the version. When installing from the Hub package index, version is a required property',
    ],
    [
      'a name without namespace',
      { package: 'base', version: '1.0.0' },
      'base was not found in the package index. Packages on the index require a namespace, e.g dbt-labs/dbt_utils',
    ],
    [
      'ranges that exclude each other',
      { package: 'acme/base', version: ['>1.0.0', '<1.0.0'] },
      "Version error for package acme/base: Could not find a satisfactory version from options: ['>1.0.0', '<1.0.0']",
    ],
    [
      'a version that is none',
      { package: 'acme/base', version: 'latest' },
      '"latest" is not a valid semantic version.',
    ],
  ])('%s is an error', async (_, entry, message) => {
    await onHub('acme/base', { '1.0.0': {} });
    packagesYml([entry]);
    const { code, stdout } = await deps();
    expect([code, stdout]).toEqual([2, expect.stringContaining(message)]);
  });

  it('may be a folder', async () => {
    const root = packageAt('base-1.0.0', 'base');
    const mirror = join(places(), 'mirror');
    const write = (path: string, body: string | Buffer) => {
      mkdirSync(dirname(join(mirror, path)), { recursive: true });
      writeFileSync(join(mirror, path), body);
    };
    write('archives/base.tar.gz', await archiveOf(root));
    write('api/v1/index.json', '["acme/base"]');
    write(
      'api/v1/acme/base.json',
      JSON.stringify({
        name: 'base',
        versions: { '1.0.0': { name: 'base', packages: [], downloads: { tarball: 'archives/base.tar.gz' } } },
      }),
    );
    packagesYml([{ package: 'acme/base', version: '1.0.0' }]);
    const { code, stdout } = await deps('', { DBT_PACKAGE_HUB_URL: mirror });
    expect([code, stdout]).toEqual([0, expect.stringContaining('Installed from version 1.0.0')]);
    expect(existsSync(join(installed('base'), 'macros/base.sql'))).toBe(true);
  });
});

describe('an archive', () => {
  it('is unpacked under the name that is given', async () => {
    served.set('/extra.tar.gz', await archiveOf(packageAt('extra', 'extra')));
    packagesYml([{ tarball: `${hubUrl}extra.tar.gz`, name: 'extra' }]);
    const { code, stdout } = await deps();
    expect([code, stdout]).toEqual([
      0,
      expect.stringContaining(`Installed from tarball (url: ${hubUrl}extra.tar.gz)`),
    ]);
    expect(existsSync(join(installed('extra'), 'dbt_project.yml'))).toBe(true);
  });

  it.each(['../../escaped.txt', '/tmp/sq-escaped.txt', 'extra/../../escaped.txt'])(
    'with %s in it is refused',
    async (path) => {
      const header = new Header({ path, mode: 0o644, size: 0, type: 'File' });
      const block = Buffer.alloc(512);
      header.encode(block, 0);
      served.set('/bad.tar.gz', Buffer.concat([block, Buffer.alloc(1024)]));
      packagesYml([{ tarball: `${hubUrl}bad.tar.gz`, name: 'bad' }]);
      const { code, stdout } = await deps();
      expect([code, stdout]).toEqual([2, expect.stringContaining(`${path} leads out of its folder`)]);
      expect(existsSync(join(project.dir, 'escaped.txt'))).toBe(false);
    },
  );

  it('never makes links', async () => {
    const root = packageAt('linked', 'linked');
    symlinkSync('/etc', join(root, 'macros/etc'));
    served.set('/linked.tar.gz', await archiveOf(root));
    packagesYml([{ tarball: `${hubUrl}linked.tar.gz`, name: 'linked' }]);
    expect((await deps()).code).toBe(0);
    expect(existsSync(join(installed('linked'), 'macros/etc'))).toBe(false);
  });
});

describe('the project', () => {
  it('says which packages are missing', async () => {
    packagesYml([{ package: 'acme/base', version: '1.0.0' }]);
    const { code, stdout } = await project.here('parse');
    expect([code, stdout]).toEqual([
      2,
      expect.stringContaining(
        'dbt expects 1 package(s) based on packages specified in packages.yml, but found only 0 package(s) installed in dbt_packages. Run "dbt deps" to install package dependencies.',
      ),
    ]);
    expect(stdout).toContain('hint: run `sq deps`');
  });

  it('must not be one of its own packages, nor have two of one name', async () => {
    packageAt('one', 'shop');
    packagesYml([{ local: '../one' }]);
    expect((await deps()).stdout).toContain(
      'Found a dependency with the same name as the root project "shop".',
    );
    packageAt('one', 'twin');
    packageAt('two', 'twin');
    packagesYml([{ local: '../one' }, { local: '../two' }]);
    expect((await deps()).stdout).toContain('Found duplicate project "twin".');
  });

  it('reads variables and the environment in packages.yml', async () => {
    packageAt('helpers', 'helpers');
    project.write({
      'dependencies.yml': `packages:\n  - local: "../{{ var('place') }}{{ env_var('ENDING', '') }}"\n`,
    });
    const given = await project.here(['deps', '--vars', 'place: help'], { ENDING: 'ers' });
    expect([given.code, existsSync(installed('helpers'))]).toEqual([0, true]);
    const missing = await deps();
    expect([missing.code, missing.stdout]).toEqual([
      2,
      expect.stringContaining("Required var 'place' not found"),
    ]);
  });

  it('without packages needs none', async () => {
    const { code, stdout } = await deps();
    expect([code, stdout]).toEqual([
      0,
      expect.stringContaining('Warning: No packages were found in packages.yml'),
    ]);
  });

  it('can be given another package', async () => {
    await onHub('acme/base', { '1.0.0': {}, '1.1.0': {} });
    project.write({ 'packages.yml': '# ours\npackages:\n  - package: acme/base\n    version: 1.0.0\n' });
    const added = await deps('--add-package acme/base@1.1.0');
    expect(added.code).toBe(0);
    expect(added.stdout).toContain(
      'Found duplicate package in packages.yml, removing: {"package":"acme/base","version":"1.0.0"}',
    );
    expect(project.read('packages.yml')).toBe(
      '# ours\npackages:\n  - package: acme/base\n    version: 1.1.0\n',
    );
    packageAt('helpers', 'helpers');
    await project.here(['deps', '--add-package', '../helpers', '--source', 'local'], {
      DBT_PACKAGE_HUB_URL: hubUrl,
    });
    expect(project.read('packages.yml')).toContain('  - local: ../helpers\n');
    expect(existsSync(installed('helpers'))).toBe(true);
    const wrong = await deps('--add-package acme/base');
    expect([wrong.code, wrong.stderr]).toEqual([
      2,
      expect.stringContaining("Invalid value for '--add-package'"),
    ]);
  });
});
