/**
 * A property file -> its entries by section, each knowing its place. Which keys mean what is decided where the
 * entry is used; here only the outer shape is checked.
 */
import { nearest, SqError } from '../errors.ts';
import type { YamlDocument } from '../load/contract.ts';
import { isRecord } from './config/merge.ts';
import type { PackageSource, SourceFile, SqErrorPlace } from './session.ts';

export interface PropertyEntry {
  section: Section;
  raw: Record<string, unknown>;
  name: string;
  pkg: PackageSource;
  /** Relative to the package root. */
  path: string;
  /** Relative to the base folder, for fqns. */
  relative: string;
  at: (keys: (string | number)[]) => SqErrorPlace;
}

export const SECTIONS = [
  'models',
  'seeds',
  'snapshots',
  'analyses',
  'sources',
  'macros',
  'exposures',
  'groups',
  'metrics',
  'semantic_models',
  'saved_queries',
  'unit_tests',
  'data_tests',
  'functions',
] as const;
export type Section = (typeof SECTIONS)[number];

const OTHER_KEYS = new Set(['version', 'anchors', 'semantic-models', 'saved-queries', 'tests']);

export function propertyEntries(source: SourceFile, document: YamlDocument): PropertyEntry[] {
  const { file, package: pkg } = source;
  const { value } = document;
  if (value === null || value === undefined) return [];
  if (!isRecord(value)) {
    throw invalid(
      file.path,
      `Contents of file '${file.path}' are not valid. Dictionary expected.`,
      document.locate([]),
    );
  }
  const entries: PropertyEntry[] = [];
  for (const [key, list] of Object.entries(value)) {
    const section = SECTIONS.find((name) => name === key.replaceAll('-', '_'));
    if (section === undefined) {
      if (!OTHER_KEYS.has(key)) unknownKey(key, file.path, document);
      continue;
    }
    if (list === null || list === undefined) continue;
    if (!Array.isArray(list)) {
      throw invalid(
        file.path,
        `'${key}' of ${file.path} must be a list, got ${typeof list}`,
        document.locate([key], { key: true }),
      );
    }
    list.forEach((raw: unknown, i) => {
      const at = (keys: (string | number)[]) => document.locate([key, i, ...keys]);
      if (!isRecord(raw))
        throw invalid(
          file.path,
          `Invalid ${key} config given in ${file.path}: expected a dict, got ${JSON.stringify(raw)}`,
          at([]),
        );
      if (typeof raw.name !== 'string' && typeof raw.name !== 'number') {
        throw invalid(
          file.path,
          `Invalid ${key} config given in ${file.path} @ ${key}: ${JSON.stringify(raw)} - 'name' is a required property`,
          at([]),
        );
      }
      entries.push({
        section,
        raw,
        name: String(raw.name),
        pkg,
        path: file.path,
        relative: file.relative,
        at,
      });
    });
  }
  return entries;
}

/** dbt ignores unknown top-level keys with a deprecation; here a misspelt section is an error that says so. */
function unknownKey(key: string, path: string, document: YamlDocument): void {
  const near = nearest(key, SECTIONS);
  if (near === undefined) return;
  throw new SqError({
    kind: 'Parsing',
    code: 'unknown-section',
    message: `Unknown key '${key}' in ${path}`,
    at: document.locate([key], { key: true }),
    hint: `did you mean '${near}'?`,
  });
}

function invalid(path: string, message: string, at: SqErrorPlace): SqError {
  return new SqError({ kind: 'Parsing', code: 'property-file', message, at: { ...at, path } });
}
