import { nearest } from '../../errors.ts';
import type { ResourceType } from '../../manifest/nodes.ts';
import { fnmatch } from '../fnmatch.ts';
import { selectionError } from '../selection-error.ts';
import type { NodeTest, SelectorMethod } from './contract.ts';

export const tag: SelectorMethod = ({ value }) => {
  const matches = fnmatch(String(value));
  return (node) => node.tags.some(matches);
};

/** Only what can belong to a group: nodes with SQL and metrics. */
export const group: SelectorMethod = ({ value }) => {
  const matches = fnmatch(String(value));
  return (node) =>
    Boolean(node.group) &&
    (isParsed(node.resource_type) || node.resource_type === 'metric') &&
    matches(node.group as string);
};

export const access: SelectorMethod =
  ({ value }) =>
  (node) =>
    node.resource_type === 'model' && node.access === value;

/** `package:this` is the root project. */
export const packageName: SelectorMethod = ({ value, manifest }) => {
  const matches = fnmatch(value === 'this' ? manifest.metadata.project_name : String(value));
  return (node) => matches(node.package_name);
};

const RESOURCE_TYPES: readonly (ResourceType | 'fixture' | 'rpc')[] = [
  'model',
  'analysis',
  'test',
  'snapshot',
  'operation',
  'seed',
  'rpc',
  'sql_operation',
  'doc',
  'source',
  'macro',
  'exposure',
  'metric',
  'group',
  'saved_query',
  'semantic_model',
  'unit_test',
  'fixture',
  'function',
];

export const resourceType: SelectorMethod = ({ value }) => {
  const known: readonly unknown[] = RESOURCE_TYPES;
  if (!known.includes(value)) {
    const near = nearest(String(value), RESOURCE_TYPES);
    throw selectionError(
      'selector-value',
      `Invalid resource_type selector "${value}"`,
      near === undefined ? `it is one of ${RESOURCE_TYPES.join(', ')}` : `did you mean '${near}'?`,
    );
  }
  return (node) => node.resource_type === value;
};

/** The name of the generic test, or of a unit test. */
export const testName: SelectorMethod = ({ value }) => {
  const matches = fnmatch(String(value));
  return (node) =>
    node.resource_type === 'unit_test'
      ? matches(node.name)
      : node.test?.test_name !== undefined && matches(node.test.test_name);
};

/** `schema` is an old word for `generic`. */
export const testType: SelectorMethod = ({ value }) => {
  const tests: Readonly<Record<string, NodeTest>> = {
    generic: (node) => node.test?.kind === 'generic',
    schema: (node) => node.test?.kind === 'generic',
    singular: (node) => node.test?.kind === 'singular',
    data: (node) => node.resource_type === 'test',
    unit: (node) => node.resource_type === 'unit_test',
  };
  const test = Object.hasOwn(tests, String(value)) ? tests[String(value)] : undefined;
  if (test !== undefined) return test;
  throw selectionError(
    'selector-value',
    `Invalid test type selector ${value}: expected "generic", "singular", "unit", or "data"`,
  );
};

/** `version:` of models: latest, prerelease (newer than the latest), old, none. */
export const version: SelectorMethod = ({ value }) => {
  const tests: Readonly<Record<string, NodeTest>> = {
    latest: (node) => node.version !== undefined && node.version === node.latest_version,
    prerelease: (node) => isBefore(node.latest_version, node.version),
    old: (node) => isBefore(node.version, node.latest_version),
    none: (node) => node.version === undefined,
  };
  const test = Object.hasOwn(tests, String(value)) ? tests[String(value)] : undefined;
  if (test !== undefined) return (node) => node.resource_type === 'model' && test(node);
  throw selectionError(
    'selector-value',
    `Invalid version type selector ${value}: expected one of: "latest", "prerelease", "old", or "none"`,
  );
};

/** As numbers where both are, else as text. */
function isBefore(one: string | number | undefined, other: string | number | undefined): boolean {
  if (!one || !other) return false;
  const [a, b] = [Number(one), Number(other)];
  return Number.isNaN(a) || Number.isNaN(b) ? String(one) < String(other) : a < b;
}

/** What dbt keeps among the manifest's `nodes`. */
export function isParsed(type: ResourceType): boolean {
  switch (type) {
    case 'model':
    case 'seed':
    case 'snapshot':
    case 'test':
    case 'analysis':
    case 'operation':
    case 'sql_operation':
      return true;
    default:
      return false;
  }
}
