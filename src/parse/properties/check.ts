/** The shape of entries: what must be there, and of which type. dbt's messages, in its order. */
import { isMapping, pythonRepr, type YamlDocument } from '../../load/index.ts';
import type { Declaration, KeyPath, Section } from './contract.ts';
import { invalidEntry, parsingError } from './problems.ts';

const REQUIRED: Readonly<Partial<Record<Section, readonly string[]>>> = {
  exposures: ['type', 'owner'],
  groups: ['owner'],
  semantic_models: ['model'],
  saved_queries: ['query_params'],
  unit_tests: ['model', 'given', 'expect'],
  functions: ['returns'],
};

const ENUMS: Readonly<Partial<Record<Section, Readonly<Record<string, readonly string[]>>>>> = {
  exposures: {
    type: ['dashboard', 'notebook', 'analysis', 'ml', 'application'],
    maturity: ['low', 'medium', 'high'],
  },
};

/** Keys with a list of mappings that each have a name. */
const NAMED_LISTS: Readonly<Partial<Record<Section, readonly string[]>>> = {
  models: ['columns'],
  seeds: ['columns'],
  snapshots: ['columns'],
  analyses: ['columns'],
  macros: ['arguments'],
  functions: ['arguments'],
  sources: ['tables'],
};

/** Keys that dbt moves into config; in both places they are an error. */
const MOVED = ['meta', 'docs', 'group', 'contract', 'access'];
const WITH_MOVED: ReadonlySet<Section> = new Set([
  'models',
  'seeds',
  'snapshots',
  'analyses',
  'functions',
  'data_tests',
]);
const WITH_TESTS: ReadonlySet<Section> = new Set(['models', 'seeds', 'snapshots']);

/** Throws kind Parsing, code `invalid-properties`, at the first thing that is wrong with an entry. */
export function checkEntry(
  document: YamlDocument,
  section: Section,
  raw: Readonly<Record<string, unknown>>,
  keys: KeyPath,
): void {
  const fail = (inner: KeyPath, reason: string, hint?: string) =>
    invalidEntry(document, section, raw, keys, inner, reason, hint);
  for (const key of REQUIRED[section] ?? []) {
    // a unit test over several runs gives the rows of each of them
    if (key === 'given' && raw.runs !== undefined) continue;
    if (raw[key] === undefined) throw fail([], `'${key}' is a required property`);
  }
  if (typeof raw.name !== 'string') {
    throw fail(['name'], `${pythonRepr(raw.name)} is not of type 'string'`, 'put the name in quotes');
  }
  const { description, config } = raw;
  if (description !== undefined && description !== null && typeof description !== 'string') {
    throw fail(
      ['description'],
      `${pythonRepr(description)} is not of type 'string'`,
      'put the text in quotes',
    );
  }
  if (config !== undefined && config !== null && !isMapping(config)) {
    throw fail(['config'], `${pythonRepr(config)} is not of type 'object'`, 'config: holds keys and values');
  }
  for (const [key, allowed] of Object.entries(ENUMS[section] ?? {})) {
    const value = raw[key];
    if (value !== undefined && value !== null && !allowed.includes(String(value))) {
      throw fail(
        [key],
        `${pythonRepr(value)} is not one of [${allowed.map((one) => `'${one}'`).join(', ')}]`,
      );
    }
  }
  if (section === 'exposures' || section === 'groups') checkOwner(section, raw, fail);
  for (const key of NAMED_LISTS[section] ?? []) checkNamedList(raw, key, fail);
  if (section === 'models') checkVersions(raw, fail);
  if (WITH_TESTS.has(section)) checkTests(raw, fail);
  if (section === 'metrics') checkMetricName(raw, fail);
  if (section === 'sources' && raw.loaded_at_field === '')
    throw fail(['loaded_at_field'], 'loaded_at_field cannot be an empty string.');
  if (WITH_MOVED.has(section) && isMapping(config)) {
    for (const key of MOVED) {
      if (raw[key] === undefined || config[key] === undefined) continue;
      throw parsingError(
        document,
        [...keys, key],
        'invalid-properties',
        `In ${document.path}: found ${key} dictionary in 'config' dictionary and as top-level key.\nRemove the top-level key and define it under 'config' dictionary only.`,
      );
    }
  }
}

/** The same for a table of a source. */
export function checkTable(document: YamlDocument, source: Declaration, raw: unknown, index: number): void {
  const fail = (inner: KeyPath, reason: string, hint?: string) =>
    invalidEntry(document, 'sources', source.raw, source.keys, ['tables', index, ...inner], reason, hint);
  if (!isMapping(raw))
    throw fail([], `${pythonRepr(raw)} is not of type 'object'`, `write - name: ${String(raw)}`);
  if (typeof raw.name !== 'string') throw fail(['name'], `${pythonRepr(raw.name)} is not of type 'string'`);
  if (raw.loaded_at_field === '')
    throw fail(['loaded_at_field'], 'loaded_at_field cannot be an empty string.');
  checkNamedList(raw, 'columns', fail);
  checkTests(raw, fail);
}

type Fail = (inner: KeyPath, reason: string, hint?: string) => Error;

function checkOwner(section: Section, raw: Readonly<Record<string, unknown>>, fail: Fail): void {
  const { owner } = raw;
  if (!isMapping(owner))
    throw fail(['owner'], `${pythonRepr(owner)} is not of type 'object'`, 'owner: holds name: and email:');
  if (
    (owner.name === undefined || owner.name === null) &&
    (owner.email === undefined || owner.email === null)
  ) {
    throw fail(
      ['owner'],
      `${section === 'groups' ? 'Group' : 'Exposure'} owner must have at least one of 'name' or 'email'.`,
    );
  }
}

function checkNamedList(raw: Readonly<Record<string, unknown>>, key: string, fail: Fail): void {
  const list = raw[key];
  if (list === undefined || list === null) return;
  if (!Array.isArray(list))
    throw fail(
      [key],
      `${pythonRepr(list)} is not of type 'array'`,
      'each entry begins with a dash: - name: ...',
    );
  list.forEach((item: unknown, i) => {
    if (!isMapping(item))
      throw fail([key, i], `${pythonRepr(item)} is not of type 'object'`, `write - name: ${String(item)}`);
    if (item.name === undefined) throw fail([key, i], "'name' is a required property");
    if (typeof item.name !== 'string')
      throw fail(
        [key, i, 'name'],
        `${pythonRepr(item.name)} is not of type 'string'`,
        'put the name in quotes',
      );
  });
}

function checkVersions(raw: Readonly<Record<string, unknown>>, fail: Fail): void {
  const { versions } = raw;
  if (versions === undefined || versions === null) return;
  if (!Array.isArray(versions)) throw fail(['versions'], `${pythonRepr(versions)} is not of type 'array'`);
  versions.forEach((version: unknown, i) => {
    if (!isMapping(version))
      throw fail(
        ['versions', i],
        `${pythonRepr(version)} is not of type 'object'`,
        `write - v: ${String(version)}`,
      );
    if (version.v === undefined || version.v === null)
      throw fail(['versions', i], "'v' is a required property");
    checkTests(version, (inner, reason, hint) => fail(['versions', i, ...inner], reason, hint));
  });
}

/** `tests` or `data_tests`, of the entry and of its columns: a list, and not both. */
function checkTests(raw: Readonly<Record<string, unknown>>, fail: Fail): void {
  const { columns } = raw;
  testLists(raw, fail);
  if (!Array.isArray(columns)) return;
  columns.forEach((column: unknown, i) => {
    if (isMapping(column))
      testLists(column, (inner, reason, hint) => fail(['columns', i, ...inner], reason, hint));
  });
}

function testLists(raw: Readonly<Record<string, unknown>>, fail: Fail): void {
  const { tests, data_tests: dataTests } = raw;
  for (const [key, list] of [
    ['tests', tests],
    ['data_tests', dataTests],
  ] as const) {
    if (list !== undefined && list !== null && !Array.isArray(list)) {
      throw fail(
        [key],
        `${pythonRepr(list)} is not of type 'array'`,
        'each test begins with a dash: - unique',
      );
    }
  }
  if (Array.isArray(tests) && tests.length > 0 && dataTests !== undefined) {
    throw fail(
      ['tests'],
      "Invalid test config: cannot have both 'tests' and 'data_tests' defined",
      'tests is the old name of data_tests: put all of them there',
    );
  }
}

function checkMetricName(raw: Readonly<Record<string, unknown>>, fail: Fail): void {
  const name = String(raw.name);
  const errors: string[] = [];
  if (name.includes(' ')) errors.push('cannot contain spaces');
  if (name.length > 250) errors.push('cannot contain more than 250 characters');
  if (!/^[A-Za-z]/.test(name)) errors.push('must begin with a letter');
  if (!/^\w+$/.test(name)) errors.push('must contain only letters, numbers and underscores');
  if (errors.length > 0)
    throw fail(['name'], `The metric name '${name}' is invalid.  It ${errors.join(', ')}`);
}
