/**
 * The parse cache is never wrong: after any history of edits, of variables and of broken cache files, a parse
 * that may reuse the last one gives the manifest that a cold parse gives.
 */
import { spawn } from 'node:child_process';
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { createInvocation } from '../invocation.ts';
import { openProject, parseProject } from './index.ts';
import { cacheFolder } from './store/cache-file.ts';

const folders: string[] = [];
afterEach(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

function write(folder: string, files: Record<string, string>): void {
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
}

const START: Record<string, string> = {
  'dbt_project.yml':
    'name: shop\nprofile: shop\nmodels:\n  shop:\n    marts:\n      +materialized: table\n      +tags: [m]\nvars:\n  limit: 5\n',
  'models/staging/a.sql': "select 1 as id, '{{ env_var('COLOUR', 'red') }}' as colour",
  'models/staging/b.sql': "select * from {{ ref('a') }} where id < {{ var('limit') }}",
  'models/marts/c.sql':
    "{{ config(tags=['x']) }} select {{ twice('id') }} as id from {{ ref('b') }} join {{ ref('s') }} using (id)",
  'models/marts/c.yml':
    'models:\n  - name: c\n    description: "{{ doc(\'c\') }}"\n    columns:\n      - name: id\n        data_tests: [unique, not_null]\n',
  'models/docs.md': '{% docs c %}all of c{% enddocs %}',
  'models/sources.yml':
    'sources:\n  - name: raw\n    tables:\n      - name: plays\n        columns: [{name: id, data_tests: [not_null]}]\nmodels:\n  - name: a\n    columns: [{name: id, data_tests: [unique]}]\n',
  'macros/twice.sql': '{% macro twice(x) %}{{ x }} * 2{% endmacro %}',
  'seeds/s.csv': 'id\n1\n2\n',
  'tests/none.sql': "select * from {{ ref('c') }} where id < 0",
  'analyses/top.sql': "select * from {{ ref('c') }}",
};

interface World {
  folder: string;
  env: Record<string, string>;
  vars: Record<string, unknown>;
  names: string[];
}

/** Everything a reader of manifest.json sees, but for times and ids. */
async function parse(world: World, targetPath: string, partialParse: boolean): Promise<unknown> {
  const invocation = createInvocation({
    cwd: world.folder,
    env: { HOME: world.folder, ...world.env },
    vars: world.vars,
    flags: { which: 'parse', partialParse, targetPath },
  });
  try {
    const context = await openProject(invocation);
    const parsed = await parseProject(context);
    parsed.writeManifest();
    const summaries = [...parsed.manifest.index.values()];
    const nodes = summaries.map((summary) => parsed.manifest.get(summary.unique_id));
    const artefact = JSON.parse(readFileSync(join(world.folder, targetPath, 'manifest.json'), 'utf8'));
    delete artefact.metadata;
    return JSON.parse(
      JSON.stringify({ summaries, nodes, artefact }, (key, value) => (key === 'created_at' ? 0 : value)),
    );
  } catch (error) {
    return { error: String(error) };
  }
}

type Edit = (world: World, pick: number) => void;
const FILES = Object.keys(START);

/** The modification time of a file that pretends not to have changed. */
const LONG_AGO = new Date(1_500_000_000_000);

const EDITS: Record<string, Edit> = {
  'append a comment to a file': ({ folder }, pick) => {
    const file = FILES[1 + (pick % (FILES.length - 1))]!;
    appendFileSync(
      join(folder, file),
      file.endsWith('.csv') ? `${10 + pick}\n` : file.endsWith('.yml') ? '# note\n' : `\n-- ${pick}`,
    );
  },
  'change what a model reads': ({ folder }, pick) => {
    const parent = ['a', 's', 'b'][pick % 3];
    writeFileSync(join(folder, 'models/marts/c.sql'), `select id from {{ ref('${parent}') }} -- ${pick}`);
  },
  'give a model another config': ({ folder }, pick) => {
    const config = [
      "alias='z'",
      "materialized='view'",
      "tags='late'",
      'enabled=false',
      "schema='other'",
      "group='g'",
    ][pick % 6];
    writeFileSync(
      join(folder, 'models/staging/b.sql'),
      `{{ config(${config}) }} select * from {{ ref('a') }}`,
    );
  },
  'use a variable of the environment': ({ folder }, pick) =>
    writeFileSync(
      join(folder, 'models/staging/a.sql'),
      `select 1 as id {{ "-- " ~ env_var('SHADE', '${pick}') }}`,
    ),
  'set the environment': (world, pick) => {
    world.env[['COLOUR', 'SHADE', 'UNUSED'][pick % 3]!] = `v${pick}`;
  },
  'set a variable': (world, pick) => {
    world.vars = pick % 2 === 0 ? { limit: pick } : {};
  },
  'make a cycle, or break one': ({ folder }, pick) =>
    writeFileSync(
      join(folder, 'models/staging/a.sql'),
      pick % 2 ? "select * from {{ ref('c') }}" : 'select 3 as id',
    ),
  'change a macro': ({ folder }, pick) =>
    writeFileSync(
      join(folder, 'macros/twice.sql'),
      `{% macro twice(x) %}{{ config(tags=['t${pick}']) }}{{ x }} * ${pick}{% endmacro %}`,
    ),
  'add or remove a model': ({ folder, names }, pick) => {
    const name = `extra_${pick % 3}`;
    const path = join(folder, 'models', `${name}.sql`);
    if (names.includes(name)) {
      names.splice(names.indexOf(name), 1);
      rmSync(path);
    } else {
      names.push(name);
      writeFileSync(path, "select * from {{ ref('a') }}");
    }
  },
  'edit the properties': ({ folder }, pick) =>
    writeFileSync(
      join(folder, 'models/marts/c.yml'),
      `models:\n  - name: c\n    description: number ${pick}\n    config: {meta: {n: ${pick}}}\n    columns: [{name: id, data_tests: [not_null]}]\n`,
    ),
  'say something else of the same things': ({ folder }, pick) => {
    const config = [
      '{tags: [p]}',
      '{enabled: false}',
      '{alias: y}',
      '{meta: {m: \'{{ var("limit") }}\'}}',
      '{schema: s}',
    ][pick % 5];
    const test = [
      'unique: {}',
      'unique: {config: {severity: warn}}',
      'unique: {config: {enabled: false}}',
      'not_null: {}',
    ][pick % 4];
    const table = [
      'description: d',
      'loaded_at_field: t',
      'identifier: other',
      "description: \"{{ env_var('SHADE', 'x') }}\"",
    ][pick % 4];
    writeFileSync(
      join(folder, 'models/sources.yml'),
      `sources:\n  - name: raw\n    tables:\n      - name: plays\n        ${table}\n        columns: [{name: id, data_tests: [not_null]}]\nmodels:\n  - name: a\n    description: "${pick} {{ doc('c') }}"\n    config: ${config}\n    columns: [{name: id, data_tests: [{${test}}]}]\n`,
    );
  },
  'edit the project file': ({ folder }, pick) =>
    appendFileSync(join(folder, 'dbt_project.yml'), pick % 2 ? `# ${pick}\n` : ''),
  'same size, same modification time': ({ folder }, pick) => {
    const path = join(folder, 'models/staging/b.sql');
    const text = readFileSync(path, 'utf8');
    writeFileSync(path, text.slice(0, -1) + String.fromCharCode(97 + (pick % 26)));
    utimesSync(path, LONG_AGO, LONG_AGO);
  },
  'lose part of the cache': ({ folder }, pick) => {
    const cache = cacheFolder(join(folder, 'target'));
    const names = readdirSync(cache);
    const name = names[pick % Math.max(1, names.length)];
    if (name) truncateSync(join(cache, name), pick % 50);
  },
  'leave the temporary files of a killed run': ({ folder }) => {
    writeFileSync(join(cacheFolder(join(folder, 'target')), 'index-dead.tmp'), '{"format": 3');
    writeFileSync(join(cacheFolder(join(folder, 'target')), 'body-dead.json'), '"nodes"');
  },
  'somebody else writes manifest.json': ({ folder }) =>
    writeFileSync(join(folder, 'target/manifest.json'), '{}'),
};

describe('the parse cache', () => {
  it('gives what a cold parse gives, after any history', async () => {
    const step = fc.tuple(fc.constantFrom(...Object.keys(EDITS)), fc.nat(40));
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 6 }), async (steps) => {
        const folder = mkdtempSync(join(tmpdir(), 'sq-cache-'));
        folders.push(folder);
        const world: World = { folder, env: {}, vars: {}, names: [] };
        write(folder, START);
        utimesSync(join(folder, 'models/staging/b.sql'), LONG_AGO, LONG_AGO);
        await parse(world, 'target', true);
        for (const [name, pick] of steps) {
          EDITS[name]!(world, pick);
          const warm = await parse(world, 'target', true);
          expect(warm, name).toEqual(await parse(world, 'cold', false));
        }
      }),
      { numRuns: 40 },
    );
  });

  it('survives a process that is killed at any moment of a parse', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sq-cache-'));
    folders.push(folder);
    write(folder, START);
    for (let i = 0; i < 60; i++) {
      write(folder, { [`models/many/m${i}.sql`]: `select * from {{ ref('a') }} -- ${'x'.repeat(500)}` });
    }
    const world: World = { folder, env: {}, vars: {}, names: [] };
    const cli = new URL('../../dist/cli.js', import.meta.url).pathname;
    for (let round = 0; round < 12; round++) {
      writeFileSync(join(folder, 'models/marts/c.sql'), `select id from {{ ref('b') }} -- round ${round}`);
      const child = spawn(process.execPath, [cli, 'parse'], { cwd: folder, stdio: 'ignore' });
      // listened for from the start: a fast machine ends the parse before the kill
      const closed = new Promise((resolve) => child.on('close', resolve));
      await new Promise((resolve) => setTimeout(resolve, 60 + round * 25));
      child.kill('SIGKILL');
      await closed;
      expect(await parse(world, 'target', true), `round ${round}`).toEqual(await parse(world, 'cold', false));
    }
  });

  it('makes only those vertices anew that a changed property file describes', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sq-cache-'));
    folders.push(folder);
    write(folder, START);
    const world: World = { folder, env: {}, vars: {}, names: [] };
    await parse(world, 'target', true);
    const path = join(folder, 'models/sources.yml');
    const reuse = async (text: string) => {
      writeFileSync(path, text);
      const invocation = createInvocation({ cwd: folder, env: { HOME: folder }, flags: { which: 'parse' } });
      const { cache, manifest } = await parseProject(await openProject(invocation));
      return [cache.reuse, manifest.get('model.shop.a')?.description];
    };
    const text = readFileSync(path, 'utf8');
    expect(await reuse(text.replace('- name: a', '- name: a\n    description: first'))).toEqual([
      'some',
      'first',
    ]);
    expect(await reuse(text)).toEqual(['some', '']);
    const more = text.replace('[unique]', '[unique, not_null]');
    expect(await reuse(more), 'another test').toEqual(['none', '']);
  });

  it('is not used by another version of sq', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sq-cache-'));
    folders.push(folder);
    write(folder, START);
    const world: World = { folder, env: {}, vars: {}, names: [] };
    await parse(world, 'target', true);
    const path = join(cacheFolder(join(folder, 'target')), 'index.json');
    writeFileSync(path, readFileSync(path, 'utf8').replace(/"format":\d+/, '"format":1'));
    const invocation = createInvocation({ cwd: folder, env: { HOME: folder }, flags: { which: 'parse' } });
    const parsed = await parseProject(await openProject(invocation));
    expect(parsed.cache).toMatchObject({
      reuse: 'none',
      reason: 'saved manifest is of another version of sq',
    });
  });
});
