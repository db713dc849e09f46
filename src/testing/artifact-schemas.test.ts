/** Every field of our artefacts against dbt's own JSON schemas (scripts/dbt-schemas.py), on a project of many kinds. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import Ajv2020 from 'ajv/dist/2020.js';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CliProject } from './cli-project.ts';
import { GOVERNED_PROJECT } from './governed-project.ts';

const SCHEMAS = fileURLToPath(new URL('fixtures/dbt-schemas', import.meta.url));

let shop: CliProject;
beforeAll(() => {
  shop = new CliProject(GOVERNED_PROJECT);
});
afterAll(() => shop.remove());

/** What is wrong with an artefact, as lines of place and reason. */
function faults(name: string): string[] {
  const validate = new Ajv2020({ strict: false, allErrors: true, validateFormats: false }).compile(
    JSON.parse(readFileSync(`${SCHEMAS}/${name}.json`, 'utf8')),
  );
  const artefact = JSON.parse(shop.read(`target/${name}.json`)) as unknown;
  validate(artefact);
  return (validate.errors ?? []).map((error) => `${error.instancePath} ${error.message}`);
}

test('build: manifest.json and run_results.json', async () => {
  expect(await shop.here('seed')).toMatchObject({ code: 0 });
  const built = await shop.here('build');
  expect(built.stdout).toContain('Completed successfully');
  expect(built.code).toBe(0);
  expect(faults('manifest')).toEqual([]);
  expect(faults('run_results')).toEqual([]);
});

test('source freshness: sources.json', async () => {
  await shop.here('source freshness');
  expect(faults('sources')).toEqual([]);
});

test('docs generate: catalog.json', async () => {
  expect(await shop.here('docs generate --no-column-lineage')).toMatchObject({ code: 0 });
  expect(faults('catalog')).toEqual([]);
  expect(faults('manifest')).toEqual([]);
});
