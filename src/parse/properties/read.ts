/** One property file -> its declarations. */
import { SqError } from '../../errors.ts';
import {
  duplicateKeyDeprecations,
  isMapping,
  parseYaml,
  pythonRepr,
  pythonTypeName,
  type YamlDocument,
} from '../../load/index.ts';
import { checkEntry, checkTable } from './check.ts';
import type {
  Declaration,
  PatchSection,
  PropertyFile,
  PropertyOptions,
  ResourceSection,
  Section,
  SourceOverride,
  SourceTable,
} from './contract.ts';
import { parsingError } from './problems.ts';
import { testsOfModel, testsOfNode, testsOfTable } from './tests.ts';
import { UnknownKeys } from './unknown-keys.ts';

/** dbt's order of sections. */
const PATCHES: readonly PatchSection[] = [
  'models',
  'seeds',
  'snapshots',
  'macros',
  'data_tests',
  'analyses',
  'functions',
];
const RESOURCES: readonly ResourceSection[] = [
  'exposures',
  'metrics',
  'groups',
  'semantic_models',
  'unit_tests',
  'saved_queries',
];

/** Sections that dbt checks first, in its order and with its words. */
const CHECKED_FIRST: readonly Section[] = [
  'models',
  'seeds',
  'snapshots',
  'sources',
  'macros',
  'analyses',
  'exposures',
  'metrics',
  'semantic_models',
  'saved_queries',
  'functions',
];

/**
 * Reads the text of a property file. `path` is relative to the package's root, `relative` to the base folder.
 * Throws kind Parsing, code `properties-yaml`, for what is no YAML or no mapping (dbt: YamlLoadError).
 */
export function readPropertyFile(
  text: string,
  path: string,
  relative: string,
  options: PropertyOptions,
): PropertyFile {
  const unreadable = (reason: string, cause?: SqError) =>
    new SqError({
      kind: 'Parsing',
      code: 'properties-yaml',
      message: `Error reading ${options.packageName}: ${relative} - Runtime Error\n${reason.replace(/^(?=.)/gm, '  ')}`,
      at: cause?.at ?? { path, line: 1, column: 1 },
      hint: cause?.hint,
      cause,
    });
  let document: YamlDocument;
  try {
    document = parseYaml(text, path);
  } catch (error) {
    throw error instanceof SqError ? unreadable(error.message, error) : error;
  }
  if (document.value !== null && !isMapping(document.value)) {
    throw unreadable(`Contents of file '${path}' are not valid. Dictionary expected.`);
  }
  return readProperties(document, options);
}

/**
 * The declarations of a document. Emits dbt's deprecations (duplicate and unknown keys, arguments of tests).
 * Throws kind Parsing for entries that do not have the shape of their section, kind Compilation for tests whose
 * arguments dbt refuses.
 */
export function readProperties(document: YamlDocument, options: PropertyOptions): PropertyFile {
  for (const event of duplicateKeyDeprecations(document)) options.emit(event);
  const file = (document.value ?? {}) as Record<string, unknown>;
  const unknown = new UnknownKeys(document, options);
  unknown.file(file);
  checkFirst(file, document);

  const patches: (Declaration & { section: PatchSection })[] = [];
  const resources: (Declaration & { section: ResourceSection })[] = [];
  const out: PropertyFile & {
    tests: PropertyFile['tests'][number][];
    tables: SourceTable[];
    overrides: SourceOverride[];
  } = {
    path: document.path,
    document,
    patches,
    resources,
    tables: [],
    overrides: [],
    tests: [],
  };
  const read = <S extends Section>(section: S): (Declaration & { section: S })[] => {
    const found =
      section === 'data_tests'
        ? singularTests<S>(file, document, options)
        : declarations(file, section, document);
    for (const { raw, keys } of found) {
      unknown.entry(section, raw, keys);
      checkEntry(document, section, raw, keys);
    }
    return found;
  };
  for (const section of PATCHES) {
    if (file[section] === undefined) continue;
    for (const patch of read(section)) {
      patches.push(patch);
      if (section === 'models') out.tests.push(...testsOfModel(patch, document, options));
      else if (section === 'seeds' || section === 'snapshots')
        out.tests.push(...testsOfNode(patch, section, document, options));
    }
  }
  if (file.sources !== undefined) {
    for (const source of read('sources')) readSource(source, document, options, unknown, out);
  }
  for (const section of RESOURCES) if (file[section] !== undefined) resources.push(...read(section));
  return out;
}

/** A top-level `data_tests:` was no section before dbt 1.9: what it cannot read there, dbt only tells. */
function singularTests<S extends Section>(
  file: Record<string, unknown>,
  document: YamlDocument,
  options: PropertyOptions,
): (Declaration & { section: S })[] {
  try {
    return declarations(file, 'data_tests' as S, document);
  } catch (error) {
    if (!(error instanceof SqError)) throw error;
    options.emit({
      name: 'Note',
      msg: `Unable to parse 'data_tests' section of file '${document.path}'\n${error.text}`,
    });
    return [];
  }
}

function readSource(
  source: Declaration,
  document: YamlDocument,
  options: PropertyOptions,
  unknown: UnknownKeys,
  out: { tables: SourceTable[]; overrides: SourceOverride[]; tests: PropertyFile['tests'][number][] },
): void {
  const { overrides } = source.raw;
  if (overrides !== undefined) {
    options.emit({
      name: 'Deprecation',
      event_name: 'SourceOverrideDeprecation',
      msg: `The source property \`overrides\` is deprecated but was found on source \`${source.name}\` in file \`${document.path}\`. Instead, \`enabled\` should be used to disable the unwanted source.`,
    });
    out.overrides.push({ package: String(overrides), declaration: source });
    return;
  }
  const tables = source.raw.tables;
  if (!Array.isArray(tables)) return;
  tables.forEach((raw: Record<string, unknown>, i) => {
    const keys = [...source.keys, 'tables', i];
    unknown.table(raw, keys);
    checkTable(document, source, raw, i);
    const table: SourceTable = { source, name: String(raw.name), raw, keys };
    out.tables.push(table);
    out.tests.push(...testsOfTable(table, document, options));
  });
}

function checkFirst(file: Record<string, unknown>, document: YamlDocument): void {
  for (const section of CHECKED_FIRST) {
    const entries = file[section];
    if (entries === undefined) continue;
    const invalid = (keys: (string | number)[], reason: string, hint?: string) =>
      parsingError(
        document,
        keys,
        'invalid-properties',
        `The schema file at ${document.path} is invalid because ${reason}`,
        hint,
      );
    if (!Array.isArray(entries)) {
      throw invalid(
        [section],
        `the value of '${section}' is not a list`,
        'each entry begins with a dash: - name: ...',
      );
    }
    entries.forEach((entry: unknown, i) => {
      if (!isMapping(entry))
        throw invalid(
          [section, i],
          `a list element for '${section}' is not a dictionary`,
          `write - name: ${String(entry)}`,
        );
      if (!Object.hasOwn(entry, 'name')) {
        throw invalid(
          [section, i],
          `a list element for '${section}' does not have a name attribute.`,
          'the line under the dash is indented as far as the text behind it',
        );
      }
    });
  }
}

/** The entries of a section, each a mapping with a name. */
function declarations<S extends Section>(
  file: Record<string, unknown>,
  section: S,
  document: YamlDocument,
): (Declaration & { section: S })[] {
  const entries = file[section];
  if (!Array.isArray(entries)) {
    const shown = pythonRepr(entries);
    const trimmed = shown.length < 50 ? shown : `${shown.slice(0, 44)}...${shown.slice(-3)}`;
    throw parsingError(
      document,
      [section],
      'invalid-properties',
      `${section} must be a list, got <class '${pythonTypeName(entries)}'> instead: (${trimmed})`,
      'each entry begins with a dash: - name: ...',
    );
  }
  return entries.map((raw: unknown, i) => {
    const keys = [section, i];
    if (!isMapping(raw)) {
      throw parsingError(
        document,
        keys,
        'invalid-properties',
        `Invalid ${section} config given in ${document.path} @ ${section}: ${pythonRepr(entries)} - expected a dict with string keys`,
      );
    }
    if (raw.name === undefined && raw.model === undefined) {
      throw parsingError(document, keys, 'invalid-properties', 'Entry did not contain a name');
    }
    return { section, name: String(raw.name), raw, keys };
  });
}
