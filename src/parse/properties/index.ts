/**
 * Property files to declarations. `readPropertyFile` takes the text of one file and gives its patches, resources,
 * source tables and generic tests: found, checked against dbt's shapes, named as dbt names them, nothing rendered
 * and nothing merged. Each declaration has the key path of its place; `document.locate` turns it into a line.
 */
export type {
  Declaration,
  GenericTest,
  GenericTestTarget,
  KeyCheck,
  KeyPath,
  PatchSection,
  PropertyFile,
  PropertyOptions,
  ResourceSection,
  Section,
  SourceOverride,
  SourceTable,
} from './contract.ts';
export { duplicatePatch } from './problems.ts';
export { readProperties, readPropertyFile } from './read.ts';
export { type TestMetadata, type TestNameInput, type TestNames, testHash, testNames } from './test-name.ts';
export { testsOfTable } from './tests.ts';
export { type ModelVersion, versionsOf } from './versions.ts';
