/** What a property file declares, without what it says of it. */
import type { PropertyFile } from './properties/index.ts';
import { sha1 } from './store/cache-file.ts';

/**
 * A short text that is the same for two versions of a file when they declare the same resources and tests in
 * the same order: then the vertices of the project are the same, whatever else was edited.
 */
export function declarationsOf(file: PropertyFile): string {
  const lines = [
    ...[...file.patches, ...file.resources].map(({ section, name, raw }) => [
      section,
      name,
      raw.versions === undefined ? '' : 'versions',
    ]),
    ...file.tables.map(({ source, name }) => ['source', source.name, name]),
    ...file.overrides.map(({ package: name, declaration }) => ['override', name, declaration.name]),
    ...file.tests.map(({ target, fullName, hash }) => ['test', target.section, fullName, hash]),
  ];
  return sha1(JSON.stringify(lines));
}
